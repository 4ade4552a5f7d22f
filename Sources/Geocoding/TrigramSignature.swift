/// Which three-letter sequences a name holds, in 256 bits: two names' shared ones are counted in four instructions,
/// so that all streets of a city are ranked in microseconds.
///
/// Different sequences may share a bit: the count ranks candidates, it never decides.
struct TrigramSignature: Sendable {
    private(set) var bits = SIMD4<UInt64>()

    /// Adds the sequences of a word, its ends marked.
    mutating func insert(_ word: UnsafeBufferPointer<UInt8>) {
        let end = UInt32(UInt8(ascii: "_"))
        var first = end
        var second = word.first.map(UInt32.init) ?? end
        for index in 1...max(1, word.count) {
            let third = index < word.count ? UInt32(word[index]) : end
            insert(first << 16 | second << 8 | third)
            first = second
            second = third
        }
    }

    private mutating func insert(_ trigram: UInt32) {
        // Fibonacci hashing: the high bits of a product with the golden ratio are well spread.
        let bit = Int((trigram &* 2_654_435_769) >> 24)
        bits[bit >> 6] |= 1 << UInt64(bit & 63)
    }

    var count: Int { Self.count(bits) }

    func shared(with other: Self) -> Int { Self.count(bits & other.bits) }

    private static func count(_ bits: SIMD4<UInt64>) -> Int {
        bits[0].nonzeroBitCount + bits[1].nonzeroBitCount + bits[2].nonzeroBitCount + bits[3].nonzeroBitCount
    }
}

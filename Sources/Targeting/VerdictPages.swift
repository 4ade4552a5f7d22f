import AlertModel

/// The verdicts of one zone over a register as bits, 4,096 recipients to a page: what counting needs, and no reasons.
///
/// A million recipients combine in microseconds. Not `Sendable`: made and combined within one selection; the
/// combining verbs change the receiver.
package final class VerdictPages {
    /// Recipients of a page: their row numbers share all but the last twelve bits.
    package static let pageBits: Int64 = 12
    package static let wordsPerPlane = 64

    /// The bits of one page. The three planes never share a bit.
    package struct Page {
        package let number: Int64
        package let certain: UnsafeMutablePointer<UInt64>
        package var possible: UnsafeMutablePointer<UInt64> { certain + wordsPerPlane }
        package var notLocated: UnsafeMutablePointer<UInt64> { certain + 2 * wordsPerPlane }
    }

    private static let wordsPerPage = 3 * wordsPerPlane

    /// Pages found by a table up to this number: a quarter of a thousand million recipients. Others by a dictionary.
    private static let directoryCount = 65_536

    private var directory: [Int32] = []
    private var far: [Int64: Int32] = [:]
    private var numbers: [Int64] = []
    private var words: UnsafeMutablePointer<UInt64>
    private var capacity: Int

    package init() {
        capacity = 16
        words = .allocate(capacity: capacity * Self.wordsPerPage)
    }

    deinit {
        words.deallocate()
    }

    // MARK: Filling

    /// Adds a verdict; who was met before keeps the surest.
    package func insert(_ recipient: RecipientID, _ verdict: Verdict) {
        guard verdict != .outside else { return }
        let page = page(at: slot(of: recipient.rawValue >> Self.pageBits))
        let (word, bit) = Self.place(of: recipient)
        switch verdict {
        case .outside: return
        case .certain:
            page.certain[word] |= bit
            page.possible[word] &= ~bit
            page.notLocated[word] &= ~bit
        case .possible:
            page.possible[word] |= bit & ~page.certain[word]
            page.notLocated[word] &= ~bit
        case .notLocated:
            page.notLocated[word] |= bit & ~(page.certain[word] | page.possible[word])
        }
    }

    /// Adds recipients as certain, none of whom has another verdict yet.
    package func insertCertain(_ recipients: UnsafeBufferPointer<Int64>) {
        var lastNumber = Int64.min
        var certain = words
        for recipient in recipients {
            let number = recipient >> Self.pageBits
            if number != lastNumber {
                certain = page(at: slot(of: number)).certain
                lastNumber = number
            }
            certain[Int(truncatingIfNeeded: recipient & 4095) >> 6] |= 1 << UInt64(truncatingIfNeeded: recipient & 63)
        }
    }

    private static func place(of recipient: RecipientID) -> (word: Int, bit: UInt64) {
        let row = Int(truncatingIfNeeded: recipient.rawValue & 4095)
        return (row >> 6, 1 << UInt64(row & 63))
    }

    // MARK: Reading

    /// The pages that may hold somebody, in the order of row numbers.
    package var pages: [Page] {
        numbers.indices.map { page(at: Int32($0)) }.sorted { $0.number < $1.number }
    }

    package func verdict(of recipient: RecipientID) -> Verdict {
        guard let slot = knownSlot(of: recipient.rawValue >> Self.pageBits) else { return .outside }
        let page = page(at: slot)
        let (word, bit) = Self.place(of: recipient)
        if page.certain[word] & bit != 0 { return .certain }
        if page.possible[word] & bit != 0 { return .possible }
        return page.notLocated[word] & bit != 0 ? .notLocated : .outside
    }

    /// Everyone not outside, in the order of row numbers.
    package func forEach(_ body: (RecipientID, Verdict) throws -> Void) rethrows {
        for page in pages {
            for word in 0..<Self.wordsPerPlane {
                var bits = page.certain[word] | page.possible[word] | page.notLocated[word]
                while bits != 0 {
                    let low = bits & (0 &- bits)
                    let row = Int64(word * 64 + bits.trailingZeroBitCount)
                    bits ^= low
                    try body(
                        RecipientID(rawValue: page.number << Self.pageBits | row),
                        page.certain[word] & low != 0 ? .certain : page.possible[word] & low != 0 ? .possible : .notLocated)
                }
            }
        }
    }

    // MARK: Combining, as `Verdict` does for one recipient

    func formUnion(_ other: VerdictPages) {
        for right in other.pages {
            let left = page(at: slot(of: right.number))
            for word in 0..<Self.wordsPerPlane {
                let certain = left.certain[word] | right.certain[word]
                let possible = left.possible[word] | right.possible[word]
                left.notLocated[word] = (left.notLocated[word] | right.notLocated[word]) & ~(certain | possible)
                left.possible[word] = possible & ~certain
                left.certain[word] = certain
            }
        }
    }

    func formIntersection(_ other: VerdictPages) {
        for left in pages {
            guard let slot = other.knownSlot(of: left.number) else {
                left.certain.update(repeating: 0, count: Self.wordsPerPage)
                continue
            }
            let right = other.page(at: slot)
            for word in 0..<Self.wordsPerPlane {
                let certain = left.certain[word] & right.certain[word]
                let leftIn = left.certain[word] | left.possible[word]
                let rightIn = right.certain[word] | right.possible[word]
                let both = leftIn & rightIn
                let all = (leftIn | left.notLocated[word]) & (rightIn | right.notLocated[word])
                left.certain[word] = certain
                left.possible[word] = both & ~certain
                left.notLocated[word] = all & ~both
            }
        }
    }

    func subtract(_ other: VerdictPages) {
        for left in pages {
            guard let slot = other.knownSlot(of: left.number) else { continue }
            let right = other.page(at: slot)
            for word in 0..<Self.wordsPerPlane {
                let doubted = right.possible[word] | right.notLocated[word]
                let kept = ~right.certain[word]
                let certain = left.certain[word]
                left.certain[word] = certain & kept & ~doubted
                left.possible[word] = (left.possible[word] & kept) | (certain & doubted)
                left.notLocated[word] &= kept
            }
        }
    }

    /// Leaves out who is only possibly in, as `VerdictSet.certainOnly` does.
    func removePossible() {
        for page in pages { page.possible.update(repeating: 0, count: Self.wordsPerPlane) }
    }

    // MARK: Pages

    private func page(at slot: Int32) -> Page {
        Page(number: numbers[Int(slot)], certain: words + Int(slot) * Self.wordsPerPage)
    }

    private func knownSlot(of number: Int64) -> Int32? {
        guard number >= 0, number < Self.directoryCount else { return far[number] }
        let index = Int(number)
        guard index < directory.count, directory[index] >= 0 else { return nil }
        return directory[index]
    }

    private func slot(of number: Int64) -> Int32 {
        if let known = knownSlot(of: number) { return known }
        let slot = Int32(numbers.count)
        if numbers.count == capacity { grow() }
        numbers.append(number)
        page(at: slot).certain.initialize(repeating: 0, count: Self.wordsPerPage)
        if number >= 0, number < Self.directoryCount {
            let index = Int(number)
            if index >= directory.count {
                directory.append(contentsOf: repeatElement(-1, count: index + 1 - directory.count))
            }
            directory[index] = slot
        } else {
            far[number] = slot
        }
        return slot
    }

    private func grow() {
        let grown = UnsafeMutablePointer<UInt64>.allocate(capacity: 2 * capacity * Self.wordsPerPage)
        grown.moveInitialize(from: words, count: capacity * Self.wordsPerPage)
        words.deallocate()
        words = grown
        capacity *= 2
    }
}

import Store

/// An external identifier as 128 bits: which ones a file has had is remembered for a million rows.
struct IdentifierKey: Hashable, Sendable {
    fileprivate let high: UInt64
    fileprivate let low: UInt64

    init(_ identifier: String) {
        var identifier = identifier
        (high, low) = identifier.withUTF8 { bytes in
            // FNV-1a from either end, mixed.
            var forwards: UInt64 = 0xCBF2_9CE4_8422_2325 &+ 11
            var backwards: UInt64 = 0xCBF2_9CE4_8422_2325 &+ 13
            for index in bytes.indices {
                forwards = (forwards ^ UInt64(bytes[index])) &* 0x100_0000_01B3
                backwards = (backwards ^ UInt64(bytes[bytes.count - 1 - index])) &* 0x100_0000_01B3
            }
            return (IdentityKeys.mixed(forwards), IdentityKeys.mixed(backwards))
        }
    }
}

/// The line on which each identifier of a file stood first.
///
/// A table with open addressing: the keys are spread already, so that a dictionary's hashing would be done for nothing.
/// A number drawn at random keeps a file from choosing the places.
struct IdentifierLines {
    private struct Entry {
        var key: IdentifierKey
        /// 0 in an empty place: lines count from 1.
        var line: Int32
    }

    private var entries: [Entry] = []
    private var count = 0
    private let seed = UInt64.random(in: .min ... .max)

    /// - Parameter line: from 1.
    /// - Returns: the line on which the identifier stood before; nil when this is the first.
    mutating func insert(_ key: IdentifierKey, line: Int32) -> Int32? {
        // Three quarters full at most: a key is then found at the third look.
        if count * 4 >= entries.count * 3 { grow() }
        let place = place(of: key)
        guard entries[place].line == 0 else { return entries[place].line }
        entries[place] = Entry(key: key, line: line)
        count += 1
        return nil
    }

    private func place(of key: IdentifierKey) -> Int {
        let mask = entries.count - 1
        var place = Int(truncatingIfNeeded: IdentityKeys.mixed(key.low &+ key.high &* 31 ^ seed)) & mask
        while entries[place].line != 0, entries[place].key != key { place = (place + 1) & mask }
        return place
    }

    private mutating func grow() {
        let old = entries
        let empty = Entry(key: IdentifierKey(""), line: 0)
        entries = [Entry](repeating: empty, count: max(1024, old.count * 2))
        for entry in old where entry.line != 0 { entries[place(of: entry.key)] = entry }
    }
}

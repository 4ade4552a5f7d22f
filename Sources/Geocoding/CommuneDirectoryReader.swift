import GeoModel

/// Looks up communes in the block of a `CommuneDirectory`; answers are their numbers, in order of their codes.
struct CommuneDirectoryReader {
    let bytes: UnsafeRawBufferPointer
    let layout: CommuneDirectoryLayout

    private typealias Part = CommuneDirectoryLayout.Part

    // MARK: Lookups

    func commune(_ code: CommuneCode) -> Int? {
        let wanted = Array(code.rawValue.utf8)
        let found = lowerBound(count(.recordStarts) - 1) { index in
            var record = RecordCursor(bytes: bytes, layout.range(.records), at: number(.recordStarts, index))
            return record.texts().first.map { Array($0.utf8).lexicographicallyPrecedes(wanted) } ?? false
        }
        guard found < count(.recordStarts) - 1 else { return nil }
        var record = RecordCursor(bytes: bytes, layout.range(.records), at: number(.recordStarts, found))
        return record.texts().first == code.rawValue ? found : nil
    }

    func communes(postcode: String) -> [Int] {
        let wanted = Int(CommuneRecord.number(postcode))
        let index = lowerBound(count(.postcodes)) { number(.postcodes, $0) < wanted }
        guard index < count(.postcodes), number(.postcodes, index) == wanted else { return [] }
        return list(index, .servedStarts, .served)
    }

    func communes(keys: [String]) -> [Int] {
        var found: [Int] = []
        for key in keys {
            guard let index = self.index(ofKey: key) else { continue }
            for bearer in list(index, .bearerStarts, .bearers) where !found.contains(bearer >> 1) {
                found.append(bearer >> 1)
            }
        }
        return found.sorted()
    }

    func communes(beginningWith key: String, limit: Int) -> [Int] {
        let beginning = Array(key.utf8) + [UInt8(ascii: " ")]
        var index = lowerBound(count(.keyStarts) - 1) { self.key($0).lexicographicallyPrecedes(beginning) }
        var found: Set<Int> = []
        while index < count(.keyStarts) - 1, found.count < limit, self.key(index).starts(with: beginning) {
            for bearer in list(index, .bearerStarts, .bearers) where bearer & 1 == 1 { found.insert(bearer >> 1) }
            index += 1
        }
        return found.sorted().prefix(limit).map { $0 }
    }

    /// The communes one of whose names shares most three-letter sequences with the key, for the length of either: a name
    /// may be misspelt whole, or its first words may.
    func communes(similarTo key: String, limit: Int) -> [Int] {
        let letters = Array(key.utf8)
        let trigrams = CommuneRecord.trigrams(letters)
        guard !trigrams.isEmpty else { return [] }
        var shared = [UInt8](repeating: 0, count: count(.keyStarts) - 1)
        for trigram in trigrams {
            let index = lowerBound(count(.trigrams)) { number(.trigrams, $0) < Int(trigram) }
            guard index < count(.trigrams), number(.trigrams, index) == Int(trigram) else { continue }
            let start = number(.holderStarts, index), end = number(.holderStarts, index + 1)
            let holders = layout.range(.holders).lowerBound
            guard start <= end, end <= count(.holders) else { continue }
            for position in start..<end {
                let holder = UInt32(littleEndian: bytes.loadUnaligned(
                    fromByteOffset: holders + position * 4, as: UInt32.self))
                if Int(holder) < shared.count, shared[Int(holder)] < .max { shared[Int(holder)] += 1 }
            }
        }
        let fewest = trigrams.count < 5 ? 1 : 2
        // Flat, because a few letters are shared with thousands of names.
        var likeness = [Double](repeating: 0, count: max(0, count(.recordStarts) - 1))
        var alike: [Int] = []
        for index in shared.indices where Int(shared[index]) >= fewest {
            let count = shared[index]
            let length = number(.keyStarts, index + 1) - number(.keyStarts, index)
            // Most share an ending with the key and nothing else.
            if Int(count) * 3 < trigrams.count { continue }
            let whole = 2 * Double(count) / Double(trigrams.count + length)
            let part = Self.shareOfPart * Double(count) / Double(trigrams.count)
            for position in range(index, .bearerStarts) {
                let commune = number(.bearers, position) >> 1
                guard likeness.indices.contains(commune) else { continue }
                if likeness[commune] == 0 { alike.append(commune) }
                likeness[commune] = max(likeness[commune], whole, part)
            }
        }
        return Self.best(limit, of: alike) { (likeness[$1], $0) < (likeness[$0], $1) }
    }

    /// The first so many in an order, without putting the rest in order: a limit is a handful, the communes thousands.
    private static func best(_ limit: Int, of communes: [Int], _ precedes: (Int, Int) -> Bool) -> [Int] {
        var best: [Int] = []
        for commune in communes {
            if best.count == limit, let last = best.last, !precedes(commune, last) { continue }
            let place = best.firstIndex { precedes(commune, $0) } ?? best.count
            best.insert(commune, at: place)
            if best.count > limit { best.removeLast() }
        }
        return best
    }

    /// What a name of which the key is a part counts beside one that it is all of.
    private static let shareOfPart = 0.7

    func entry(_ index: Int) -> CommuneEntry? {
        var record = RecordCursor(bytes: bytes, layout.range(.records), at: number(.recordStarts, index))
        return record.commune()
    }

    // MARK: The block

    private func count(_ part: Part) -> Int { layout.range(part).count / 4 }

    /// A number of a part; 0 outside of it.
    private func number(_ part: Part, _ index: Int) -> Int {
        let range = layout.range(part)
        let offset = range.lowerBound + index * 4
        guard index >= 0, offset + 4 <= range.upperBound else { return 0 }
        return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    private func list(_ index: Int, _ starts: Part, _ part: Part) -> [Int] {
        range(index, starts).map { number(part, $0) }
    }

    private func range(_ index: Int, _ starts: Part) -> Range<Int> {
        let start = number(starts, index), end = number(starts, index + 1)
        return start..<max(start, end)
    }

    private func key(_ index: Int) -> UnsafeRawBufferPointer {
        let range = layout.range(.keys)
        let start = range.lowerBound + number(.keyStarts, index), end = range.lowerBound + number(.keyStarts, index + 1)
        guard start <= end, end <= range.upperBound else { return UnsafeRawBufferPointer(rebasing: bytes[0..<0]) }
        return UnsafeRawBufferPointer(rebasing: bytes[start..<end])
    }

    private func index(ofKey key: String) -> Int? {
        let mask = count(.slots) - 1
        guard mask >= 0, !key.isEmpty else { return nil }
        var slot = Int(CommuneRecord.hash(key.utf8)) & mask
        // The slots are never full: a search ends at an empty one.
        for _ in 0...mask {
            let index = number(.slots, slot)
            if index == 0 { return nil }
            if self.key(index - 1).elementsEqual(key.utf8) { return index - 1 }
            slot = (slot + 1) & mask
        }
        return nil
    }

    private func lowerBound(_ count: Int, _ precedes: (Int) -> Bool) -> Int {
        var low = 0, high = count
        while low < high {
            let middle = (low + high) / 2
            if precedes(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }
}

/// Reads a record from its beginning; what a damaged block lacks reads as empty.
private struct RecordCursor {
    let bytes: UnsafeRawBufferPointer
    private let end: Int
    private var offset: Int

    init(bytes: UnsafeRawBufferPointer, _ range: Range<Int>, at start: Int) {
        self.bytes = bytes
        end = range.upperBound
        offset = min(range.lowerBound + start, range.upperBound)
    }

    private mutating func number() -> Int {
        guard offset + 4 <= end else { return 0 }
        defer { offset += 4 }
        return Int(UInt32(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self)))
    }

    private mutating func double() -> Double {
        guard offset + 8 <= end else { return .nan }
        defer { offset += 8 }
        return Double(bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt64.self)))
    }

    mutating func texts() -> [String] {
        var texts: [String] = []
        for _ in 0..<number() {
            let length = number()
            guard offset + length <= end else { return texts }
            texts.append(String(decoding: bytes[offset..<(offset + length)], as: UTF8.self))
            offset += length
        }
        return texts
    }

    mutating func commune() -> CommuneEntry? {
        guard let code = texts().first.flatMap({ CommuneCode($0) }) else { return nil }
        let longitude = double(), latitude = double(), hallLongitude = double(), hallLatitude = double()
        guard let name = texts().first else { return nil }
        let others = texts(), postal = texts(), postcodes = texts(), keys = texts()
        return CommuneEntry(
            code: code, name: name, otherNames: others, postalNames: postal, postcodes: postcodes,
            position: Position(longitude: longitude, latitude: latitude),
            townHall: hallLongitude.isNaN ? nil : Position(longitude: hallLongitude, latitude: hallLatitude),
            keys: keys, strongKeyCount: number())
    }
}

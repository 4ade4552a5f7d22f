import GeoModel

/// Makes the block of a `CommuneDirectory`.
struct CommunePacker {
    private var records: [UInt8] = []
    private var recordStarts: [UInt32] = [0]
    private var bearers: [[UInt8]: [UInt32]] = [:]
    private var served: [UInt32: [UInt32]] = [:]

    mutating func add(_ commune: CommuneEntry) {
        let index = UInt32(recordStarts.count - 1)
        for (offset, key) in commune.keyBytes.enumerated() where !key.isEmpty {
            let isStrong: UInt32 = offset < commune.strongKeys.count ? 1 : 0
            bearers[key, default: []].append(index << 1 | isStrong)
        }
        for postcode in commune.postcodes { served[CommuneRecord.number(postcode), default: []].append(index) }
        CommuneRecord.append(commune, to: &records)
        recordStarts.append(UInt32(records.count))
    }

    func packed() -> ([UInt8], CommuneDirectoryLayout) {
        let names = bearers.sorted { $0.key.lexicographicallyPrecedes($1.key) }
        let keyLists = Self.lists(names.map { $0.key })
        let bearerLists = Self.lists(names.map(\.value))
        let postcodes = served.sorted { $0.key < $1.key }
        let servedLists = Self.lists(postcodes.map(\.value))
        var holders: [UInt32: [UInt32]] = [:]
        for (index, name) in names.enumerated() {
            for trigram in CommuneRecord.trigrams(name.key) { holders[trigram, default: []].append(UInt32(index)) }
        }
        let trigrams = holders.sorted { $0.key < $1.key }
        let holderLists = Self.lists(trigrams.map(\.value))
        let parts: [[UInt8]] = [
            Self.bytes(recordStarts), records, Self.bytes(keyLists.starts), keyLists.all, Self.bytes(bearerLists.starts),
            Self.bytes(bearerLists.all), Self.bytes(Self.slots(names.map { $0.key })), Self.bytes(postcodes.map(\.key)),
            Self.bytes(servedLists.starts), Self.bytes(servedLists.all), Self.bytes(trigrams.map(\.key)),
            Self.bytes(holderLists.starts), Self.bytes(holderLists.all),
        ]
        var starts = [CommuneDirectoryLayout.headerCount * 4]
        for part in parts { starts.append(starts[starts.count - 1] + part.count) }
        let header = [CommuneDirectoryLayout.magic] + starts.map { UInt32($0) }
        return (Self.bytes(header) + parts.joined(), CommuneDirectoryLayout(starts: starts))
    }

    private static func lists<Element>(_ lists: [[Element]]) -> (starts: [UInt32], all: [Element]) {
        var starts: [UInt32] = [0]
        for list in lists { starts.append(starts[starts.count - 1] + UInt32(list.count)) }
        return (starts, Array(lists.joined()))
    }

    /// At most half full, so that a key that is not there is soon known not to be.
    private static func slots(_ keys: [[UInt8]]) -> [UInt32] {
        var count = 16
        while count < keys.count * 2 { count *= 2 }
        var slots = [UInt32](repeating: 0, count: count)
        for (index, key) in keys.enumerated() {
            var slot = Int(CommuneRecord.hash(key)) & (count - 1)
            while slots[slot] != 0 { slot = (slot + 1) & (count - 1) }
            slots[slot] = UInt32(index + 1)
        }
        return slots
    }

    private static func bytes(_ numbers: [UInt32]) -> [UInt8] {
        numbers.map(\.littleEndian).withUnsafeBytes { Array($0) }
    }
}

/// One commune in the block.
enum CommuneRecord {
    static func append(_ commune: CommuneEntry, to bytes: inout [UInt8]) {
        func append(_ number: UInt32) { withUnsafeBytes(of: number.littleEndian) { bytes.append(contentsOf: $0) } }
        func append(_ number: Double) {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { bytes.append(contentsOf: $0) }
        }
        func append(_ texts: [String]) {
            append(UInt32(texts.count))
            for text in texts {
                append(UInt32(text.utf8.count))
                bytes.append(contentsOf: text.utf8)
            }
        }
        append([commune.code.rawValue])
        for number in [
            commune.position.longitude, commune.position.latitude, commune.townHall?.longitude ?? .nan,
            commune.townHall?.latitude ?? .nan,
        ] { append(number) }
        append([commune.name])
        for texts in [commune.otherNames, commune.postalNames, commune.postcodes, commune.keys] { append(texts) }
        append(UInt32(commune.strongKeys.count))
    }

    /// A postcode's figures; what is none (there are no letters in one) is a number that no postcode has.
    static func number(_ postcode: String) -> UInt32 { UInt32(postcode) ?? .max }

    /// FNV-1a of 32 bits.
    static func hash(_ key: some Sequence<UInt8>) -> UInt32 {
        key.reduce(0x811C_9DC5) { ($0 ^ UInt32($1)) &* 0x0100_0193 }
    }

    static func trigrams(_ key: [UInt8]) -> Set<UInt32> {
        let marked = [UInt8(ascii: " ")] + key + [UInt8(ascii: " ")]
        guard marked.count >= 3 else { return [] }
        return Set((0...(marked.count - 3)).map { start in
            marked[start..<(start + 3)].reduce(0) { trigram, byte in trigram << 8 | UInt32(byte) }
        })
    }
}

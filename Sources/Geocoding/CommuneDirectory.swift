import GeoModel

/// All communes in memory, for a process that places many addresses: a text of ten words holds thirty runs that may
/// name a commune, and each is asked for. France's 37,000 take 30 MB.
package final class CommuneDirectory: Sendable {
    private let communes: [CommuneEntry]
    private let byCode: [CommuneCode: Int32]
    private let byKey: [String: [Int32]]
    private let byPostcode: [String: [Int32]]
    /// Where a name's trigrams occur: indexes into `names`.
    private let byTrigram: [UInt32: [Int32]]
    private let names: [Int32]

    /// - Parameter communes: in order of their codes, which is the order of every answer.
    package init(_ communes: [CommuneEntry]) {
        var byCode: [CommuneCode: Int32] = [:]
        var byKey: [String: [Int32]] = [:]
        var byPostcode: [String: [Int32]] = [:]
        var byTrigram: [UInt32: [Int32]] = [:]
        var names: [Int32] = []
        for (offset, commune) in communes.enumerated() {
            let index = Int32(offset)
            byCode[commune.code] = index
            for postcode in commune.postcodes { byPostcode[postcode, default: []].append(index) }
            for (key, bytes) in zip(commune.keys, commune.keyBytes) where !key.isEmpty {
                byKey[key, default: []].append(index)
                Self.trigrams(bytes).forEach { byTrigram[$0, default: []].append(Int32(names.count)) }
                names.append(index)
            }
        }
        self.communes = communes
        self.byCode = byCode
        self.byKey = byKey
        self.byPostcode = byPostcode
        self.byTrigram = byTrigram
        self.names = names
    }

    package func communes(_ search: CommuneSearch) -> [CommuneEntry] {
        switch search {
        case .code(let code): byCode[code].map { [communes[Int($0)]] } ?? []
        case .postcode(let postcode): (byPostcode[postcode] ?? []).map { communes[Int($0)] }
        case .keys(let keys): named(keys)
        case .similar(let key, let limit): similar(key, limit)
        }
    }

    private func named(_ keys: [String]) -> [CommuneEntry] {
        var found: [Int32] = []
        for key in keys {
            guard let indexes = byKey[key] else { continue }
            for index in indexes where !found.contains(index) { found.append(index) }
        }
        return found.sorted().map { communes[Int($0)] }
    }

    /// The communes one of whose names shares most trigrams with the key.
    private func similar(_ key: String, _ limit: Int) -> [CommuneEntry] {
        var shared: [Int32: Int] = [:]
        for trigram in Self.trigrams(Array(key.utf8)) {
            for name in byTrigram[trigram] ?? [] { shared[name, default: 0] += 1 }
        }
        var best: [Int32: Int] = [:]
        for (name, count) in shared {
            let commune = names[Int(name)]
            best[commune] = max(best[commune] ?? 0, count)
        }
        return best.sorted { ($1.value, $0.key) < ($0.value, $1.key) }.prefix(limit).map { communes[Int($0.key)] }
    }

    private static func trigrams(_ key: [UInt8]) -> Set<UInt32> {
        let marked = [UInt8(ascii: " ")] + key + [UInt8(ascii: " ")]
        guard marked.count >= 3 else { return [] }
        return Set((0...(marked.count - 3)).map { start in
            marked[start..<(start + 3)].reduce(0) { trigram, byte in trigram << 8 | UInt32(byte) }
        })
    }
}

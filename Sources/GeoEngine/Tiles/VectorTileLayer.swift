import GeoModel

/// A layer being gathered. Field numbers are those of `vector_tile.proto`.
struct VectorTileLayer {
    private var features = ProtobufWriter()
    private var keys: [String: UInt32] = [:]
    private var values: [JSONValue: UInt32] = [:]
    private var dictionary = (keys: ProtobufWriter(), values: ProtobufWriter())
    private(set) var isEmpty = true

    mutating func append(id: UInt64?, _ attributes: JSONObject, _ geometry: [UInt32]) {
        isEmpty = false
        var tags: [UInt32] = []
        for member in attributes.members {
            guard let value = Self.encoded(member.value) else { continue }
            tags.append(Self.index(of: member.key, in: &keys) { dictionary.keys.field(3, Array(member.key.utf8)) })
            tags.append(Self.index(of: member.value, in: &values) { dictionary.values.field(4, value) })
        }
        var message = ProtobufWriter()
        if let id { message.field(1, id) }
        message.field(2, packed: tags)
        message.field(3, UInt64(3))  // POLYGON
        message.field(4, packed: geometry)
        features.field(2, message.bytes)
    }

    /// The file of a tile that has this layer alone.
    func file(name: String) -> [UInt8] {
        var file = ProtobufWriter()
        file.field(3, encoded(name: name))
        return file.bytes
    }

    private func encoded(name: String) -> [UInt8] {
        var message = ProtobufWriter()
        message.field(15, UInt64(2))  // version
        message.field(1, Array(name.utf8))
        message.field(5, UInt64(VectorTile.extent))
        return message.bytes + features.bytes + dictionary.keys.bytes + dictionary.values.bytes
    }

    private static func index<Key: Hashable>(
        of key: Key, in table: inout [Key: UInt32], whenNew: () -> Void
    ) -> UInt32 {
        if let known = table[key] { return known }
        let index = UInt32(table.count)
        table[key] = index
        whenNew()
        return index
    }

    private static func encoded(_ value: JSONValue) -> [UInt8]? {
        var message = ProtobufWriter()
        switch value {
        case .string(let text): message.field(1, Array(text.utf8))
        case .bool(let bool): message.field(7, UInt64(bool ? 1 : 0))
        case .number(let number):
            if let integer = Int64(exactly: number) {
                integer < 0 ? message.field(6, zigzag: integer) : message.field(5, UInt64(integer))
            } else {
                message.field(3, number)
            }
        case .array, .object, .null: return nil
        }
        return message.bytes
    }
}

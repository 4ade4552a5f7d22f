import GeoModel
import Testing

/// A small reader of vector tiles, written from the specification and not from the encoder.
struct DecodedTile {
    struct Feature {
        var id: UInt64?
        var attributes: [String: JSONValue] = [:]
        /// Rings in tile units, closed by their first point.
        var rings: [[(x: Int, y: Int)]] = []

        /// The surveyor's formula of the specification, section 4.3.3.3.
        static func area(_ ring: [(x: Int, y: Int)]) -> Int {
            zip(ring, ring.dropFirst()).reduce(0) { $0 + $1.0.x * $1.1.y - $1.1.x * $1.0.y } / 2
        }
    }

    var name = ""
    var version = 0
    var extent = 0
    var features: [Feature] = []

    init(_ bytes: [UInt8]) throws {
        let layers = try Message(bytes).fields
        try #require(layers.count == 1 && layers[0].number == 3)
        let layer = try Message(layers[0].bytes)
        var keys: [String] = [], values: [JSONValue] = []
        for field in layer.fields {
            switch field.number {
            case 1: name = String(decoding: field.bytes, as: UTF8.self)
            case 3: keys.append(String(decoding: field.bytes, as: UTF8.self))
            case 4: values.append(try Self.value(field.bytes))
            case 5: extent = Int(field.integer)
            case 15: version = Int(field.integer)
            default: break
            }
        }
        for field in layer.fields where field.number == 2 {
            var feature = Feature()
            for part in try Message(field.bytes).fields {
                switch part.number {
                case 1: feature.id = part.integer
                case 2:
                    let tags = try Message.varints(part.bytes)
                    for index in stride(from: 0, to: tags.count, by: 2) {
                        feature.attributes[keys[Int(tags[index])]] = values[Int(tags[index + 1])]
                    }
                case 3: try #require(part.integer == 3)
                case 4: feature.rings = try Self.rings(Message.varints(part.bytes))
                default: break
                }
            }
            features.append(feature)
        }
    }

    private static func value(_ bytes: [UInt8]) throws -> JSONValue {
        let field = try #require(try Message(bytes).fields.first)
        switch field.number {
        case 1: return .string(String(decoding: field.bytes, as: UTF8.self))
        case 3: return .number(Double(bitPattern: field.integer))
        case 5: return .number(Double(field.integer))
        case 6: return .number(Double(Int64(bitPattern: (field.integer >> 1) ^ (0 &- (field.integer & 1)))))
        case 7: return .bool(field.integer == 1)
        default: throw Malformed()
        }
    }

    private static func rings(_ words: [UInt64]) throws -> [[(x: Int, y: Int)]] {
        var rings: [[(x: Int, y: Int)]] = []
        var cursor = (x: 0, y: 0)
        var index = 0
        func delta(_ word: UInt64) -> Int { Int(word >> 1) ^ -Int(word & 1) }
        while index < words.count {
            let (command, count) = (words[index] & 7, Int(words[index] >> 3))
            index += 1
            switch command {
            case 1, 2:
                if command == 1 {
                    try #require(count == 1)
                    rings.append([])
                }
                for _ in 0..<count {
                    cursor = (cursor.x + delta(words[index]), cursor.y + delta(words[index + 1]))
                    rings[rings.count - 1].append(cursor)
                    index += 2
                }
            case 7:
                try #require(count == 1)
                let last = try #require(rings.last)
                rings[rings.count - 1].append(try #require(last.first))
            default: throw Malformed()
            }
        }
        return rings
    }

    struct Malformed: Error {}

    private struct Message {
        struct Field {
            let number: Int
            var integer: UInt64 = 0
            var bytes: [UInt8] = []
        }
        var fields: [Field] = []

        init(_ bytes: [UInt8]) throws {
            var index = 0
            while index < bytes.count {
                let tag = try Self.varint(bytes, &index)
                var field = Field(number: Int(tag >> 3))
                switch tag & 7 {
                case 0: field.integer = try Self.varint(bytes, &index)
                case 1:
                    for shift in 0..<8 { field.integer |= UInt64(bytes[index + shift]) << (8 * UInt64(shift)) }
                    index += 8
                case 2:
                    let count = Int(try Self.varint(bytes, &index))
                    try #require(index + count <= bytes.count)
                    field.bytes = Array(bytes[index..<(index + count)])
                    index += count
                default: throw Malformed()
                }
                fields.append(field)
            }
        }

        static func varint(_ bytes: [UInt8], _ index: inout Int) throws -> UInt64 {
            var value: UInt64 = 0
            for shift in stride(from: UInt64(0), to: 64, by: 7) {
                let byte = try #require(index < bytes.count ? bytes[index] : nil)
                index += 1
                value |= UInt64(byte & 0x7F) << shift
                if byte < 0x80 { return value }
            }
            throw Malformed()
        }

        static func varints(_ bytes: [UInt8]) throws -> [UInt64] {
            var index = 0
            var values: [UInt64] = []
            while index < bytes.count { values.append(try varint(bytes, &index)) }
            return values
        }
    }
}

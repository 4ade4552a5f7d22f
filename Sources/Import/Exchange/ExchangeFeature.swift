import GeoModel

/// One feature of a foreign file.
package struct ExchangeFeature: Sendable {
    /// The attributes that are set, in the order of the layer's fields.
    package let properties: JSONObject
    /// The surface in WGS 84, not yet validated. Nil when there is no geometry, or none of polygons: see `geometryType`.
    package let area: Area<WGS84>?
    /// GeoJSON's name of what the geometry was, or `Surface`; nil when there is none.
    package let geometryType: String?
    /// The feature's number in the layer, from 1.
    package let number: Int

    /// - Throws: `crashed` for what `tocsin-exchange` does not write.
    init(_ value: JSONValue) throws {
        guard case .object(let properties)? = value["p"], let number = value["n"]?.number.flatMap({ Int(exactly: $0) })
        else { throw ExchangeProcess.Failure.crashed }
        self.properties = properties
        self.number = number
        geometryType = value["t"]?.string
        area = try value["g"]?.string.map { text in
            guard let bytes = Self.bytes(text), let area: Area<WGS84> = try? WKB.decode(bytes),
                area.polygons.allSatisfy({ $0.rings.allSatisfy { $0.positions.allSatisfy(\.isInRange) } })
            else { throw ExchangeProcess.Failure.crashed }
            return area
        }
    }

    private static func bytes(_ hexadecimal: String) -> [UInt8]? {
        var text = hexadecimal
        return text.withUTF8 { digits in
            guard digits.count.isMultiple(of: 2) else { return nil }
            var isValid = true
            func value(_ digit: UInt8) -> UInt8 {
                switch digit {
                case 0x30...0x39: return digit - 0x30
                case 0x61...0x66: return digit - 0x61 + 10
                default:
                    isValid = false
                    return 0
                }
            }
            let bytes = stride(from: 0, to: digits.count, by: 2).map { value(digits[$0]) << 4 | value(digits[$0 + 1]) }
            return isValid ? bytes : nil
        }
    }
}

/// The layer that features are read from.
package struct ExchangeLayer: Sendable {
    package let name: String
    /// All layers with geometry.
    package let layers: [String]
    /// The reference system that the coordinates were brought to WGS 84 from: `EPSG:2154`, or a name.
    package let system: String
    /// Whether the file names no system, and it was recognised by the coordinates: to be said to the operator.
    package let isSystemAssumed: Bool
    /// How many features the file says it has.
    package let featureCount: Int?
}

extension ExchangeLayer {
    /// - Throws: `crashed` for what `tocsin-exchange` does not write.
    init(_ value: JSONValue) throws {
        guard let name = value["layer"]?.string, let system = value["crs"]?.string,
            case .bool(let isAssumed)? = value["assumed"]
        else { throw ExchangeProcess.Failure.crashed }
        self.init(
            name: name, layers: value["layers"]?.texts ?? [], system: system, isSystemAssumed: isAssumed,
            featureCount: value["count"]?.number.flatMap { Int(exactly: $0) })
    }
}

import GeoModel
import Geocoding
import Store

/// Prints what is at a place, one JSON object a line: doors, then streets, localities and the commune.
struct NearbyListing {
    /// The words of `--type`, which are the national geocoder's.
    static let kinds: [String: PlacePrecision] = [
        "housenumber": .houseNumber, "street": .street, "locality": .locality, "municipality": .commune,
    ]

    let store: AlertDatabase
    let types: [String]
    let limit: Int

    func print(_ position: Position<WGS84>, readAs order: CoordinateText.Order? = nil) throws {
        if let order {
            Terminal.warn("read as \(order.rawValue): \(position.longitude) east, \(position.latitude) north")
        }
        let wanted = types.isEmpty ? PlacePrecision.allCases : types.compactMap { Self.kinds[$0] }
        var isEmpty = true
        for kind in PlacePrecision.allCases where wanted.contains(kind) {
            for near in try store.nearest(to: [position], kinds: [kind], limit: limit)[0] {
                isEmpty = false
                Terminal.out(Self.json(near, order) + "\n")
            }
        }
        if isEmpty { Terminal.warn("nothing imported is within \(Int(AddressIndex.farthestMetres / 1000)) km of there") }
    }

    private static func json(_ near: NearbyAddress, _ order: CoordinateText.Order?) -> String {
        var object = JSONObject()
        object.append("label", .string(near.record.label))
        object.append("lon", .number(near.record.position.longitude))
        object.append("lat", .number(near.record.position.latitude))
        object.append("distance_metres", .number((near.metres * 10).rounded() / 10))
        object.append("precision", .string(near.record.kind.rawValue))
        object.append("id", .string(near.record.identifier))
        object.append("commune_code", .string(near.record.communeCode.rawValue))
        object.append("commune", .string(near.record.communeName))
        object.append("postcode", near.record.postcode.map { .string($0) } ?? .null)
        if let order { object.append("read_as", .string(order.rawValue)) }
        var writer = JSONWriter()
        writer.value(.object(object))
        return writer.text
    }
}

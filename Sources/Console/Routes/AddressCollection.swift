import GeoModel

/// An answer about addresses as addok writes it: a GeoJSON FeatureCollection with members of its own, in its order.
struct AddressCollection {
    /// Whose data: both are what the national service says.
    static let attribution = "BAN"
    static let licence = "ETALAB-2.0"

    let found: [FoundAddress]
    let limit: Int
    var query: String?
    var filters: [(name: String, values: [String])] = []
    var centre: Position<WGS84>?
    var read: ReadCoordinates?

    var json: [UInt8] {
        var writer = JSONWriter(reservingCapacity: 512 * (found.count + 1))
        writer.raw(#"{"type":"FeatureCollection","version":"draft","features":"#)
        writer.separated(found, open: "[", close: "]") { $0.value(Self.feature($1)) }
        var rest = JSONObject()
        rest.append("attribution", .string(Self.attribution))
        rest.append("licence", .string(Self.licence))
        if let query { rest.append("query", .string(query)) }
        if !filters.isEmpty {
            rest.append(
                "filters",
                .object(
                    JSONObject(
                        filters.map { .init(key: $0.name, value: .array($0.values.map { .string($0) })) })))
        }
        if let centre { rest.append("center", Self.coordinates(centre)) }
        rest.append("limit", .number(Double(limit)))
        if let read {
            // Not addok's: a query that was a pair of coordinates, and which number was taken for which.
            rest.append(
                "interpretation",
                .object(
                    JSONObject([
                        .init(key: "type", value: "coordinates"), .init(key: "order", value: .string(read.order)),
                        .init(key: "coordinates", value: Self.coordinates(read.position)),
                    ])))
        }
        for member in rest.members {
            writer.raw(",")
            writer.string(member.key)
            writer.raw(":")
            writer.value(member.value)
        }
        writer.raw("}")
        return writer.bytes
    }

    private static func coordinates(_ position: Position<WGS84>) -> JSONValue {
        .array([.number(position.longitude), .number(position.latitude)])
    }

    private static func feature(_ found: FoundAddress) -> JSONValue {
        var properties = JSONObject()
        func add(_ key: String, _ text: String?) {
            if let text { properties.append(key, .string(text)) }
        }
        func add(_ key: String, _ number: Double?) {
            if let number { properties.append(key, .number(number)) }
        }
        add("label", found.label)
        add("score", found.score)
        add("housenumber", found.houseNumber)
        add("id", found.identifier)
        add("type", found.kind.rawValue)
        add("name", found.houseNumber.map { "\($0) \(found.name)" } ?? found.name)
        add("postcode", found.postcode)
        add("citycode", found.cityCode)
        add("x", found.eastingMetres)
        add("y", found.northingMetres)
        add("city", found.city)
        add("oldcitycode", found.oldCityCode)
        add("oldcity", found.oldCity)
        add("context", found.context)
        add("population", found.population.map(Double.init))
        add("importance", found.importance)
        // The kind names a member too; a house number's is its street.
        add(found.kind == .housenumber ? "street" : found.kind.rawValue, found.name)
        add("distance", found.distanceMetres.map { $0.rounded(.down) })
        return .object(
            JSONObject([
                .init(key: "type", value: "Feature"),
                .init(
                    key: "geometry",
                    value: .object(
                        JSONObject([
                            .init(key: "type", value: "Point"),
                            .init(key: "coordinates", value: coordinates(found.position)),
                        ]))),
                .init(key: "properties", value: .object(properties)),
            ]))
    }
}

/// One feature of a large file.
package struct GeoJSONFeature: Hashable, Sendable {
    /// A string or a number, when the feature has one.
    package let id: JSONValue?
    /// The properties; empty when they are null or missing.
    package let properties: JSONObject
    /// The surface in WGS 84. Nil when the geometry is missing, null, or no surface: see `geometryType`.
    package let area: Area<WGS84>?
    /// The geometry's GeoJSON type; nil when there is no geometry.
    package let geometryType: String?
    /// The feature's number in the file, from 1.
    package let number: Int
    /// The line it starts on, from 1.
    package let line: Int
    package let warnings: [DecodedPerimeter.Warning]
}

extension GeoJSONDecoder {
    /// Reads a whole document that is one Feature.
    /// - Parameter crs: the system that the collection around it names.
    mutating func decodeStandaloneFeature(
        number: Int, line: Int, path: String, crs: Int?
    ) throws(GeoJSONError) -> GeoJSONFeature {
        feature = number
        let members = try scanMembers(path: path)
        guard try typeName(of: members, path: path) == "Feature" else {
            throw failure(.notGeoJSON, "expected a Feature", path: path)
        }
        try checkFeature(members, path: path)
        let crs = try decodeCRS(members, path: path, inherited: crs)
        let type = try decodeFeatureGeometry(members, path: Self.join(path, "geometry"), crs: crs)
        guard isWGS84 else {
            throw failure(
                .unsupportedCRS,
                "the file is in EPSG:\(epsgCode ?? 0); convert it first: "
                    + "ogr2ogr -t_srs EPSG:4326 out.geojson in.geojson",
                path: Self.join(path, "crs"))
        }
        let isInFrance = try Plausibility.check(polygons, origins: origins)
        return GeoJSONFeature(
            id: try members.id.flatMap { (offset) throws(GeoJSONError) in try identifier(at: offset, path: path) },
            properties: try object(at: members.properties),
            area: polygons.isEmpty ? nil : Area<ForeignCRS>(polygons).assumed(as: WGS84.self),
            geometryType: type, number: number, line: line,
            warnings: isInFrance ? [] : [.outsideFrenchTerritories])
    }

    private mutating func decodeFeatureGeometry(
        _ members: Members, path: String, crs: Int?
    ) throws(GeoJSONError) -> String? {
        guard let geometry = members.geometry else { return nil }
        scanner.index = geometry
        if try scanner.consumeNull() { return nil }
        let type = try typeName(of: try scanMembers(path: path), path: path)
        guard ["Polygon", "MultiPolygon", "GeometryCollection"].contains(type) else { return type }
        scanner.index = geometry
        try decodeGeometry(path: path, crs: crs)
        return type
    }

    private mutating func identifier(at offset: Int, path: String) throws(GeoJSONError) -> JSONValue {
        scanner.index = offset
        let id = try scanner.parseValue(depth: 0)
        guard id.text != nil else {
            throw failure(.notGeoJSON, "a feature's id must be a string or a number", path: Self.join(path, "id"))
        }
        return id
    }

    private mutating func object(at offset: Int?) throws(GeoJSONError) -> JSONObject {
        guard let offset else { return JSONObject() }
        scanner.index = offset
        guard case .object(let object) = try scanner.parseValue(depth: 0) else { return JSONObject() }
        return object
    }
}

/// Walks a GeoJSON text that `JSONScanner` has already checked, and gathers its polygons.
///
/// An object's members may come in any order, so each object is first read for where its members are, then
/// interpreted by its type.
struct GeoJSONDecoder {
    var scanner: JSONScanner
    let limits: GeoJSONLimits
    private(set) var polygons: [Polygon<ForeignCRS>] = []
    private(set) var origins: [PolygonOrigin] = []
    /// The system of every polygon gathered so far; nil when nothing names one.
    private(set) var epsgCode: Int?
    private var hasAdopted = false
    var vertexCount = 0
    /// The number of the feature being read, from 1.
    var feature: Int?

    init(_ scanner: JSONScanner, limits: GeoJSONLimits) {
        self.scanner = scanner
        self.limits = limits
    }

    var isWGS84: Bool { (epsgCode ?? WGS84.epsgCode) == WGS84.epsgCode }

    // MARK: Document

    /// Reads a whole document.
    /// - Returns: the name it gives itself.
    mutating func decodeRoot() throws(GeoJSONError) -> String? {
        let members = try scanMembers(path: "")
        let type = try typeName(of: members, path: "")
        let crs = try decodeCRS(members, path: "", inherited: nil)
        switch type {
        case "FeatureCollection": return try decodeFeatureCollection(members, crs: crs)
        case "Feature": return try decodeFeature(members, path: "", crs: crs)
        default:
            try decodeGeometry(members, type: type, path: "", crs: crs)
            return nil
        }
    }

    private mutating func decodeFeatureCollection(
        _ members: Members, crs: Int?
    ) throws(GeoJSONError) -> String? {
        try refuse(members, path: "", [("geometry", members.geometry), ("coordinates", members.coordinates),
            ("geometries", members.geometries)], in: "FeatureCollection")
        guard let features = members.features, byte(at: features) == UInt8(ascii: "[") else {
            throw failure(.notGeoJSON, "a FeatureCollection must have an array of features", path: "features")
        }
        var names: [String?] = []
        scanner.index = features
        try decodeArray(
            path: "features", empty: .emptyGeometry,
            "the collection has no feature; draw or export at least one polygon"
        ) { (decoder, index) throws(GeoJSONError) in
            decoder.feature = index + 1
            names.append(try decoder.decodeFeature(path: "features[\(index)]", crs: crs))
        }
        feature = nil
        if names.count == 1, let name = names[0] { return name }
        return try members.name.flatMap { (offset) throws(GeoJSONError) in try string(at: offset) }
    }

    private mutating func decodeFeature(path: String, crs: Int?) throws(GeoJSONError) -> String? {
        let members = try scanMembers(path: path)
        let end = scanner.index
        let type = try typeName(of: members, path: path)
        guard type == "Feature" else {
            throw failure(.notGeoJSON, "expected a Feature, found a “\(type.prefix(40))”", path: path)
        }
        let name = try decodeFeature(members, path: path, crs: crs)
        scanner.index = end
        return name
    }

    private mutating func decodeFeature(
        _ members: Members, path: String, crs: Int?
    ) throws(GeoJSONError) -> String? {
        try checkFeature(members, path: path)
        let geometryPath = Self.join(path, "geometry")
        guard let geometry = members.geometry else {
            throw failure(.nullGeometry, "the feature has no geometry member", path: geometryPath)
        }
        let crs = try decodeCRS(members, path: path, inherited: crs)
        scanner.index = geometry
        try decodeGeometry(path: geometryPath, crs: crs)
        guard let properties = members.properties else { return nil }
        return try name(inPropertiesAt: properties)
    }

    /// The members that RFC 7946 demands and forbids in a feature.
    func checkFeature(_ members: Members, path: String) throws(GeoJSONError) {
        try refuse(members, path: path, [("features", members.features), ("coordinates", members.coordinates),
            ("geometries", members.geometries)], in: "Feature")
        if let properties = members.properties, byte(at: properties) != UInt8(ascii: "{"),
            byte(at: properties) != UInt8(ascii: "n")
        {
            throw failure(.notGeoJSON, "a feature's properties must be an object or null",
                path: Self.join(path, "properties"))
        }
    }

    private mutating func name(inPropertiesAt offset: Int) throws(GeoJSONError) -> String? {
        scanner.index = offset
        guard case .object(let object) = try scanner.parseValue(depth: 0) else { return nil }
        for member in object.members where ["name", "nom"].contains(member.key.lowercased()) {
            if let name = member.value.string, !name.allSatisfy(\.isWhitespace) { return name }
        }
        return nil
    }

    // MARK: Geometry

    /// Reads the geometry at the reading point, and moves past it.
    mutating func decodeGeometry(path: String, crs: Int?) throws(GeoJSONError) {
        scanner.skipWhitespace()
        if try scanner.consumeNull() {
            throw failure(.nullGeometry, "the geometry is null; remove the feature or give it a polygon", path: path)
        }
        let members = try scanMembers(path: path)
        let end = scanner.index
        let crs = try decodeCRS(members, path: path, inherited: crs)
        try decodeGeometry(members, type: try typeName(of: members, path: path), path: path, crs: crs)
        scanner.index = end
    }

    private mutating func decodeGeometry(
        _ members: Members, type: String, path: String, crs: Int?
    ) throws(GeoJSONError) {
        try refuse(members, path: path, [("geometry", members.geometry), ("features", members.features),
            ("properties", members.properties)], in: "\(type.prefix(40))")
        switch type {
        case "Polygon", "MultiPolygon":
            try refuse(members, path: path, [("geometries", members.geometries)], in: type)
            let path = Self.join(path, "coordinates")
            guard let coordinates = members.coordinates, byte(at: coordinates) == UInt8(ascii: "[") else {
                throw failure(.notGeoJSON, "a \(type) must have an array of coordinates", path: path)
            }
            scanner.index = coordinates
            try adopt(crs: crs, path: path)
            if type == "Polygon" {
                try decodePolygon(number: 1, path: path)
            } else {
                try decodeArray(path: path, empty: .emptyGeometry, "the MultiPolygon has no polygon") {
                    (decoder, index) throws(GeoJSONError) in
                    try decoder.decodePolygon(number: index + 1, path: "\(path)[\(index)]")
                }
            }
        case "GeometryCollection":
            try refuse(members, path: path, [("coordinates", members.coordinates)], in: type)
            let path = Self.join(path, "geometries")
            guard let geometries = members.geometries, byte(at: geometries) == UInt8(ascii: "[") else {
                throw failure(.notGeoJSON, "a GeometryCollection must have an array of geometries", path: path)
            }
            scanner.index = geometries
            try decodeArray(path: path, empty: .emptyGeometry, "the GeometryCollection is empty") {
                (decoder, index) throws(GeoJSONError) in
                try decoder.decodeGeometry(path: "\(path)[\(index)]", crs: crs)
            }
        case "Point", "MultiPoint", "LineString", "MultiLineString":
            throw failure(
                .notAnArea, "a \(type) has no inside; give polygons only, or draw a circle around a point", path: path)
        default:
            throw failure(.unknownType, Self.unknownType(type), path: path)
        }
    }

    private mutating func decodePolygon(number: Int, path: String) throws(GeoJSONError) {
        scanner.skipWhitespace()
        let place = GeoJSONError.Place(feature: feature, polygon: number)
        guard scanner.current == UInt8(ascii: "[") else {
            throw failure(.badPosition, "a polygon must be an array of rings", path: path, place: place)
        }
        var rings: [Ring<ForeignCRS>] = []
        try decodeArray(path: path, empty: .emptyGeometry, "the polygon has no ring") {
            (decoder, index) throws(GeoJSONError) in
            var place = place
            place.ring = index + 1
            rings.append(try decoder.decodeRing(path: "\(path)[\(index)]", place: place))
        }
        polygons.append(Polygon(exterior: rings[0], holes: Array(rings.dropFirst())))
        origins.append(PolygonOrigin(feature: feature, polygon: number, path: path))
    }

    /// Walks the array at the reading point and refuses an empty one.
    private mutating func decodeArray(
        path: String, empty: GeoJSONError.Code, _ reason: String,
        _ body: (inout GeoJSONDecoder, Int) throws(GeoJSONError) -> Void
    ) throws(GeoJSONError) {
        guard scanner.consume(UInt8(ascii: "[")) else { throw failure(.notGeoJSON, "expected an array", path: path) }
        if scanner.consume(UInt8(ascii: "]")) { throw failure(empty, reason, path: path) }
        var index = 0
        repeat {
            try body(&self, index)
            index += 1
        } while scanner.consume(UInt8(ascii: ","))
        try scanner.expect(UInt8(ascii: "]"), "the end of the array")
    }

    /// Polygons of two systems in one file are refused: nobody means that.
    private mutating func adopt(crs: Int?, path: String) throws(GeoJSONError) {
        let (own, other) = (epsgCode ?? WGS84.epsgCode, crs ?? WGS84.epsgCode)
        guard !hasAdopted || own == other else {
            throw failure(
                .unsupportedCRS, "the file mixes EPSG:\(own) and EPSG:\(other); export it in one system", path: path)
        }
        hasAdopted = true
        epsgCode = epsgCode ?? crs
    }
}

extension GeoJSONDecoder {
    /// Where the values of an object's GeoJSON members are, as offsets into the text.
    struct Members {
        var type: Int?
        var geometry: Int?
        var coordinates: Int?
        var geometries: Int?
        var features: Int?
        var properties: Int?
        var crs: Int?
        var id: Int?
        var name: Int?
    }

    /// Reads the object at the reading point for where its members are, and moves past it.
    mutating func scanMembers(path: String) throws(GeoJSONError) -> Members {
        scanner.skipWhitespace()
        guard scanner.current == UInt8(ascii: "{") else {
            throw failure(.notGeoJSON, "expected a GeoJSON object", path: path)
        }
        var members = Members()
        var duplicate: StaticString?
        try scanner.forEachMember(depth: 0) { (scanner, key, _) throws(GeoJSONError) in
            scanner.skipWhitespace()
            let known: [(StaticString, WritableKeyPath<Members, Int?>)] = Self.knownMembers
            for (name, member) in known where key.equals(name, in: scanner.bytes) {
                if members[keyPath: member] != nil { duplicate = name }
                members[keyPath: member] = scanner.index
            }
            try scanner.skipValue(depth: 0)
        }
        if let duplicate {
            throw failure(.duplicateKey, "the member “\(duplicate)” is written twice; keep one", path: path)
        }
        return members
    }

    private static var knownMembers: [(StaticString, WritableKeyPath<Members, Int?>)] {
        [
            ("type", \.type), ("geometry", \.geometry), ("coordinates", \.coordinates), ("geometries", \.geometries),
            ("features", \.features), ("properties", \.properties), ("crs", \.crs), ("id", \.id), ("name", \.name),
        ]
    }

    func typeName(of members: Members, path: String) throws(GeoJSONError) -> String {
        guard let type = try members.type.flatMap({ (offset) throws(GeoJSONError) in try string(at: offset) }) else {
            throw failure(
                .notGeoJSON, "this is not GeoJSON: an object has no “type”", path: Self.join(path, "type"))
        }
        guard Self.types.contains(type) else {
            throw failure(.unknownType, Self.unknownType(type), path: Self.join(path, "type"))
        }
        return type
    }

    private static let types: Set<String> = [
        "FeatureCollection", "Feature", "Polygon", "MultiPolygon", "GeometryCollection", "Point", "MultiPoint",
        "LineString", "MultiLineString",
    ]

    static func unknownType(_ type: String) -> String {
        let near = types.first { $0.lowercased() == type.lowercased() }
        return "“\(type.prefix(40))” is not a GeoJSON type" + (near.map { "; write “\($0)”" } ?? "")
    }

    /// RFC 7946, section 7.1: members that would say something else are not ignored, they are refused.
    func refuse(
        _ members: Members, path: String, _ forbidden: [(String, Int?)], in type: String
    ) throws(GeoJSONError) {
        for (name, offset) in forbidden where offset != nil {
            throw failure(.notGeoJSON, "a \(type) cannot have a member “\(name)”", path: Self.join(path, name))
        }
    }

    // MARK: Small things

    func byte(at offset: Int) -> UInt8? {
        offset < scanner.bytes.count ? scanner.bytes[offset] : nil
    }

    /// The string at an offset, or nil when the value there is no string.
    func string(at offset: Int) throws(GeoJSONError) -> String? {
        guard byte(at: offset) == UInt8(ascii: "\"") else { return nil }
        var scanner = scanner
        scanner.index = offset
        return try scanner.scanString().text(in: scanner.bytes)
    }

    static func join(_ path: String, _ member: String) -> String {
        path.isEmpty ? member : "\(path).\(member)"
    }

    func failure(
        _ code: GeoJSONError.Code, _ reason: String, path: String, place: GeoJSONError.Place? = nil,
        position: Position<ForeignCRS>? = nil
    ) -> GeoJSONError {
        GeoJSONError(
            code, reason: reason, path: path, place: place ?? GeoJSONError.Place(feature: feature), position: position)
    }
}

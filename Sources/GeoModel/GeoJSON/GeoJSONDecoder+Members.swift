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

        enum Name: String {
            case type, geometry, coordinates, geometries, features, properties, crs, id, name
        }

        /// - Returns: false when the member was noted before.
        mutating func note(_ name: Name, at offset: Int) -> Bool {
            func set(_ member: inout Int?) -> Bool {
                defer { member = offset }
                return member == nil
            }
            return switch name {
            case .type: set(&type)
            case .geometry: set(&geometry)
            case .coordinates: set(&coordinates)
            case .geometries: set(&geometries)
            case .features: set(&features)
            case .properties: set(&properties)
            case .crs: set(&crs)
            case .id: set(&id)
            case .name: set(&self.name)
            }
        }
    }

    /// Reads the object at the reading point for where its members are, and moves past it.
    mutating func scanMembers(path: String) throws(GeoJSONError) -> Members {
        scanner.skipWhitespace()
        guard scanner.current == UInt8(ascii: "{") else {
            throw failure(.notGeoJSON, "expected a GeoJSON object", path: path)
        }
        var members = Members()
        var duplicate: Members.Name?
        try scanner.forEachMember(depth: 0) { (scanner, key, _) throws(GeoJSONError) in
            scanner.skipWhitespace()
            if let name = Members.Name(rawValue: key.text(in: scanner.bytes)), !members.note(name, at: scanner.index) {
                duplicate = name
            }
            try scanner.skipValidatedValue()
        }
        if let duplicate {
            throw failure(.duplicateKey, "the member “\(duplicate.rawValue)” is written twice; keep one", path: path)
        }
        return members
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
        "LineString", "MultiLineString"
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

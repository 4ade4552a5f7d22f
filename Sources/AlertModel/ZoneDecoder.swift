import GeoModel

/// Interprets a zone document that has been read as JSON, counting what it costs as it goes.
struct ZoneDecoder {
    let limits: ZoneDocument.Limits
    private var itemCount = 0
    private var vertexCount = 0

    init(limits: ZoneDocument.Limits) {
        self.limits = limits
    }

    mutating func decode(_ node: JSONNode, path: String, depth: Int) throws(ZoneDocumentError) -> Zone {
        guard depth <= limits.maxDepth else {
            throw ZoneDocumentError(
                .tooDeep, path: path, reason: "zones are nested more than \(limits.maxDepth) levels deep",
                limit: limits.maxDepth)
        }
        itemCount += 1
        guard itemCount <= limits.maxItems else {
            throw ZoneDocumentError(
                .tooLarge, path: path, reason: "there are more than \(limits.maxItems) zones; merge some of them",
                limit: limits.maxItems)
        }
        guard case .object(let members) = node else { throw invalid("a zone must be an object", path) }
        let type = try text(members, "type", path)
        switch type {
        case "perimeter": return try perimeter(members, path)
        case "circle": return try circle(members, path)
        case "communes":
            try allow(["type", "codes", "vintage"], members, path)
            return .communes(try codes(members, path), vintage: try vintage(members, path))
        case "department":
            try allow(["type", "code"], members, path)
            return .department(try department(members, path))
        case "list":
            try allow(["type", "name"], members, path)
            return .list(try name(members, path))
        case "union":
            try allow(["type", "zones"], members, path)
            return .union(try zones(members, path, depth))
        case "intersection":
            try allow(["type", "zones"], members, path)
            return .intersection(try zones(members, path, depth))
        case "difference":
            try allow(["type", "zone", "except"], members, path)
            let zone = try decode(try member(members, "zone", path), path: join(path, "zone"), depth: depth + 1)
            let except = try decode(try member(members, "except", path), path: join(path, "except"), depth: depth + 1)
            return .difference(zone, except: except)
        default: throw invalid("there is no zone of type “\(type.prefix(40))”", join(path, "type"))
        }
    }

    // MARK: Kinds of zone

    private mutating func perimeter(
        _ members: [String: JSONNode], _ path: String
    ) throws(ZoneDocumentError) -> Zone {
        try allow(["type", "name", "geometry"], members, path)
        let name = try name(members, path)
        let area = try ZoneDocument.area(
            try member(members, "geometry", path), path: join(path, "geometry"),
            maxVertices: limits.maxVertices - vertexCount)
        vertexCount += area.vertexCount
        return .perimeter(name: name, area: area)
    }

    private func circle(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> Zone {
        try allow(["type", "longitude", "latitude", "metres"], members, path)
        let centre = Position<WGS84>(
            longitude: try number(members, "longitude", path), latitude: try number(members, "latitude", path))
        guard centre.isInRange else {
            throw ZoneDocumentError(
                geometry: GeoJSONError(.outOfRange, reason: "the centre is not on Earth: degrees are due"), path: path)
        }
        let metres = try number(members, "metres", path)
        guard metres > 0, metres <= limits.maxRadiusMetres else {
            let reason = "the radius must be over 0 and at most \(Int(limits.maxRadiusMetres)) metres"
            throw invalid(reason, join(path, "metres"))
        }
        return .circle(centre: centre, radiusMetres: metres)
    }

    private func codes(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> [CommuneCode] {
        let path = join(path, "codes")
        guard case .array(let elements)? = members["codes"] else { throw invalid("an array of codes is due", path) }
        guard elements.count <= limits.maxCodes else {
            throw ZoneDocumentError(
                .tooLarge, path: path, reason: "there are more than \(limits.maxCodes) codes", limit: limits.maxCodes)
        }
        var codes: [CommuneCode] = []
        codes.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() {
            guard case .string(let text) = element, let code = CommuneCode(text) else {
                throw invalid("a commune's code has five characters, such as 80021", "\(path)[\(index)]")
            }
            codes.append(code)
        }
        return codes
    }

    private func vintage(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> Int? {
        guard members["vintage"] != nil else { return nil }
        guard let year = Int(exactly: try number(members, "vintage", path)), CommuneHistory.vintages.contains(year) else {
            throw invalid("a year is due, such as 2016", join(path, "vintage"))
        }
        return year
    }

    private func department(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> String {
        let code = try text(members, "code", path).uppercased()
        let isCode =
            (2...3).contains(code.utf8.count)
            && code.utf8.allSatisfy { ("0"..."9").contains(Character(Unicode.Scalar($0))) || $0 == 65 || $0 == 66 }
        guard isCode else { throw invalid("a department's code is such as 80, 2A or 974", join(path, "code")) }
        return code
    }

    private mutating func zones(
        _ members: [String: JSONNode], _ path: String, _ depth: Int
    ) throws(ZoneDocumentError) -> [Zone] {
        let path = join(path, "zones")
        guard case .array(let elements)? = members["zones"] else { throw invalid("an array of zones is due", path) }
        var zones: [Zone] = []
        for (index, element) in elements.enumerated() {
            zones.append(try decode(element, path: "\(path)[\(index)]", depth: depth + 1))
        }
        return zones
    }

    // MARK: Members

    /// A misspelt member would be left out in silence, and with it a part of the zone.
    private func allow(
        _ keys: Set<String>, _ members: [String: JSONNode], _ path: String
    ) throws(ZoneDocumentError) {
        guard let stranger = members.keys.filter({ !keys.contains($0) }).min() else { return }
        throw invalid("this type of zone has no such member", join(path, String(stranger.prefix(40))))
    }

    private func member(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ZoneDocumentError) -> JSONNode {
        guard let node = members[key] else { throw invalid("the member is missing", join(path, key)) }
        return node
    }

    private func text(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ZoneDocumentError) -> String {
        guard case .string(let text) = try member(members, key, path) else {
            throw invalid("a text is due", join(path, key))
        }
        return text
    }

    private func name(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> String {
        let name = try text(members, "name", path)
        guard !name.isEmpty, name.unicodeScalars.count <= limits.maxNameLength else {
            throw invalid("a name of 1 to \(limits.maxNameLength) characters is due", join(path, "name"))
        }
        return name
    }

    private func number(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ZoneDocumentError) -> Double {
        guard case .number(let number) = try member(members, key, path) else {
            throw invalid("a number is due", join(path, key))
        }
        return number
    }

    private func invalid(_ reason: String, _ path: String) -> ZoneDocumentError {
        ZoneDocumentError(.invalidZone, path: path, reason: reason)
    }

    private func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

extension ZoneDocument {
    /// Reads a geometry member as an area.
    /// - CRS: WGS 84, longitude first.
    /// - Parameters:
    ///   - node: read with `keepingTextOf: textKeys`.
    ///   - path: where the geometry is; errors say so, down to the vertex.
    package static func area(
        _ node: JSONNode, path: String, maxVertices: Int
    ) throws(ZoneDocumentError) -> Area<WGS84> {
        guard case .text(let bytes) = node else {
            throw ZoneDocumentError(.invalidZone, path: path, reason: "a GeoJSON geometry is due")
        }
        let perimeter: DecodedPerimeter
        do {
            perimeter = try GeoJSON.decodePerimeter(
                bytes, limits: GeoJSONLimits(maxBytes: bytes.count, maxVertices: maxVertices))
        } catch {
            throw ZoneDocumentError(geometry: error, path: path)
        }
        guard case .wgs84(let area) = perimeter.surface else {
            let error = GeoJSONError(.unsupportedCRS, reason: "only WGS 84 is accepted here; upload the file instead")
            throw ZoneDocumentError(geometry: error, path: path)
        }
        return area
    }
}

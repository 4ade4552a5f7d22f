import GeoModel

/// Interprets a zone document that has been read as JSON, counting what it costs as it goes.
struct ZoneDecoder {
    let limits: ZoneDocument.Limits
    /// Saved perimeters, by name.
    private let saved: (String) -> Area<WGS84>?
    private var itemCount = 0
    private var vertexCount = 0

    init(limits: ZoneDocument.Limits, saved: @escaping (String) -> Area<WGS84>?) {
        self.limits = limits
        self.saved = saved
    }

    /// The root, which alone has a version and a precision.
    mutating func document(_ node: JSONNode, path: String) throws(ZoneDocumentError) -> Zone {
        guard case .object(var members) = node else { throw invalid("a zone must be an object", path) }
        if let version = members.removeValue(forKey: "version") {
            guard version == .number(Double(ZoneDocument.version)) else {
                throw invalid(
                    "this is not version \(ZoneDocument.version) of a zone document: a newer Tocsin wrote it",
                    join(path, "version"))
            }
        }
        var isCertainOnly = false
        if let precision = members.removeValue(forKey: "precision") {
            guard case .string(let word) = precision, ["certain", "possible"].contains(word) else {
                throw invalid("certain, or possible (which takes both) is due", join(path, "precision"))
            }
            isCertainOnly = word == "certain"
        }
        let zone = try decode(.object(members), path: path, depth: 1)
        return isCertainOnly ? .certainly(zone) : zone
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
        guard case .object(var members) = node else { throw invalid("a zone must be an object", path) }
        let margin = try margin(&members, path)
        let zone = try zone(members, path, depth)
        guard margin > 0 else { return zone }
        guard let widened = zone.widened(byMetres: margin) else {
            throw invalid("there is no place here that a margin could widen", join(path, "margin"))
        }
        return widened
    }

    private mutating func zone(
        _ members: [String: JSONNode], _ path: String, _ depth: Int
    ) throws(ZoneDocumentError) -> Zone {
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
        case "epci":
            try allow(["type", "siren"], members, path)
            return .epci(try siren(members, path))
        case "list":
            try allow(["type", "name"], members, path)
            return .list(try name(members, path))
        case "tag":
            try allow(["type", "name"], members, path)
            return .members(.tag(try name(members, path)))
        case "filter":
            try allow(["type", "filter"], members, path)
            return .members(.filter(try filter(members, path)))
        case "campaign":
            try allow(["type", "campaign", "outcome"], members, path)
            return .members(try campaign(members, path))
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
        if members["geometry"] == nil, let area = saved(name) {
            vertexCount += area.vertexCount
            return .perimeter(name: name, area: area)
        }
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

    private func siren(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> String {
        let siren = try text(members, "siren", path)
        guard Zone.isSIREN(siren) else { throw invalid("a SIREN number has nine digits", join(path, "siren")) }
        return siren
    }

    private func filter(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> RecipientFilter {
        let path = join(path, "filter")
        do throws(ListDocumentError) {
            return try ListDocument.filter(try membersOwn(members["filter"]))
        } catch {
            throw invalid(error.reason, error.path.isEmpty ? path : join(path, error.path))
        }
    }

    private func membersOwn(_ node: JSONNode?) throws(ListDocumentError) -> JSONNode {
        guard let node else { throw ListDocumentError(path: "", reason: "the member is missing") }
        return node
    }

    private func campaign(_ members: [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> Membership {
        guard let id = Int64(exactly: try number(members, "campaign", path)), id > 0 else {
            throw invalid("the number of a campaign is due", join(path, "campaign"))
        }
        guard let outcome = CampaignOutcome(rawValue: try text(members, "outcome", path)) else {
            let words = CampaignOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("one of \(words) is due", join(path, "outcome"))
        }
        return .campaign(CampaignID(rawValue: id), outcome)
    }

    /// Takes a margin in metres out of the members; 0 without one.
    private func margin(_ members: inout [String: JSONNode], _ path: String) throws(ZoneDocumentError) -> Double {
        guard members["margin"] != nil else { return 0 }
        let margin = try number(members, "margin", path)
        members["margin"] = nil
        guard (0...Zone.greatestMarginMetres).contains(margin) else {
            throw invalid("a margin is 0 to \(Int(Zone.greatestMarginMetres)) metres", join(path, "margin"))
        }
        return margin
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

extension Zone {
    /// Whether a text is a SIREN number: nine digits.
    package static func isSIREN(_ text: String) -> Bool {
        text.utf8.count == 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

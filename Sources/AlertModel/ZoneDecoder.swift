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
        var members = try object(node, path)
        if members.has("version") {
            guard try member("version", of: &members) == .number(Double(ZoneDocument.version)) else {
                throw invalid(
                    "this is not version \(ZoneDocument.version) of a zone document: a newer Tocsin wrote it",
                    members.place(of: "version"))
            }
        }
        var isCertainOnly = false
        if members.has("precision") {
            guard case .string(let word) = try member("precision", of: &members), ["certain", "possible"].contains(word) else {
                throw invalid("certain, or possible (which takes both) is due", members.place(of: "precision"))
            }
            isCertainOnly = word == "certain"
        }
        let zone = try decode(members, depth: 1)
        return isCertainOnly ? .certainly(zone) : zone
    }

    private mutating func decode(_ node: JSONNode, path: String, depth: Int) throws(ZoneDocumentError) -> Zone {
        try decode(try object(node, path), depth: depth)
    }

    private mutating func decode(_ members: JSONMembers, depth: Int) throws(ZoneDocumentError) -> Zone {
        let path = members.path
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
        var members = members
        let margin = try margin(&members)
        let zone = try zone(members, depth)
        guard margin > 0 else { return zone }
        guard let widened = zone.widened(byMetres: margin) else {
            throw invalid("there is no place here that a margin could widen", members.place(of: "margin"))
        }
        return widened
    }

    private mutating func zone(_ members: JSONMembers, _ depth: Int) throws(ZoneDocumentError) -> Zone {
        let type = try text(members, "type")
        switch type {
        case "perimeter": return try perimeter(members)
        case "circle": return try circle(members)
        case "communes":
            try allow(["type", "codes", "vintage"], members)
            return .communes(try codes(members), vintage: try vintage(members))
        case "department":
            try allow(["type", "code"], members)
            return .department(try department(members))
        case "epci":
            try allow(["type", "siren"], members)
            return .epci(try siren(members))
        case "list":
            try allow(["type", "name"], members)
            return .list(try name(members))
        case "tag":
            try allow(["type", "name"], members)
            return .members(.tag(try name(members)))
        case "filter":
            try allow(["type", "filter"], members)
            return .members(.filter(try filter(members)))
        case "campaign":
            try allow(["type", "campaign", "outcome"], members)
            return .members(try campaign(members))
        case "union":
            try allow(["type", "zones"], members)
            return .union(try zones(members, depth))
        case "intersection":
            try allow(["type", "zones"], members)
            return .intersection(try zones(members, depth))
        case "difference":
            try allow(["type", "zone", "except"], members)
            let zone = try decode(try value(members, "zone"), path: members.place(of: "zone"), depth: depth + 1)
            let except = try decode(try value(members, "except"), path: members.place(of: "except"), depth: depth + 1)
            return .difference(zone, except: except)
        default: throw invalid("there is no zone of type “\(type.prefix(40))”", members.place(of: "type"))
        }
    }

    // MARK: Kinds of zone

    private mutating func perimeter(_ members: JSONMembers) throws(ZoneDocumentError) -> Zone {
        try allow(["type", "name", "geometry"], members)
        let name = try name(members)
        if !members.has("geometry"), let area = saved(name) {
            vertexCount += area.vertexCount
            return .perimeter(name: name, area: area)
        }
        let area = try ZoneDocument.area(
            try value(members, "geometry"), path: members.place(of: "geometry"),
            maxVertices: limits.maxVertices - vertexCount)
        vertexCount += area.vertexCount
        return .perimeter(name: name, area: area)
    }

    private func circle(_ members: JSONMembers) throws(ZoneDocumentError) -> Zone {
        try allow(["type", "longitude", "latitude", "metres"], members)
        let centre = Position<WGS84>(
            longitude: try number(members, "longitude"), latitude: try number(members, "latitude"))
        guard centre.isInRange else {
            throw ZoneDocumentError(
                geometry: GeoJSONError(.outOfRange, reason: "the centre is not on Earth: degrees are due"), path: members.path)
        }
        let metres = try number(members, "metres")
        guard metres > 0, metres <= limits.maxRadiusMetres else {
            let reason = "the radius must be over 0 and at most \(Int(limits.maxRadiusMetres)) metres"
            throw invalid(reason, members.place(of: "metres"))
        }
        return .circle(centre: centre, radiusMetres: metres)
    }

    private func codes(_ members: JSONMembers) throws(ZoneDocumentError) -> [CommuneCode] {
        let path = members.place(of: "codes")
        guard case .array(let elements) = try value(members, "codes") else { throw invalid("an array of codes is due", path) }
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

    private func vintage(_ members: JSONMembers) throws(ZoneDocumentError) -> Int? {
        guard members.has("vintage") else { return nil }
        guard let year = Int(exactly: try number(members, "vintage")), CommuneHistory.vintages.contains(year) else {
            throw invalid("a year is due, such as 2016", members.place(of: "vintage"))
        }
        return year
    }

    private func department(_ members: JSONMembers) throws(ZoneDocumentError) -> String {
        let code = try text(members, "code").uppercased()
        let isCode =
            (2...3).contains(code.utf8.count)
            && code.utf8.allSatisfy { ("0"..."9").contains(Character(Unicode.Scalar($0))) || $0 == 65 || $0 == 66 }
        guard isCode else { throw invalid("a department's code is such as 80, 2A or 974", members.place(of: "code")) }
        return code
    }

    private func siren(_ members: JSONMembers) throws(ZoneDocumentError) -> String {
        let siren = try text(members, "siren")
        guard Zone.isSIREN(siren) else { throw invalid("a SIREN number has nine digits", members.place(of: "siren")) }
        return siren
    }

    private func filter(_ members: JSONMembers) throws(ZoneDocumentError) -> RecipientFilter {
        let path = members.place(of: "filter")
        let filter = try value(members, "filter")
        do throws(ListDocumentError) {
            return try ListDocument.filter(filter)
        } catch {
            throw invalid(error.reason, error.path.isEmpty ? path : "\(path).\(error.path)")
        }
    }

    private func campaign(_ members: JSONMembers) throws(ZoneDocumentError) -> Membership {
        guard let id = Int64(exactly: try number(members, "campaign")), id > 0 else {
            throw invalid("the number of a campaign is due", members.place(of: "campaign"))
        }
        guard let outcome = CampaignOutcome(rawValue: try text(members, "outcome")) else {
            let words = CampaignOutcome.allCases.map(\.rawValue).joined(separator: ", ")
            throw invalid("one of \(words) is due", members.place(of: "outcome"))
        }
        return .campaign(CampaignID(rawValue: id), outcome)
    }

    /// Takes a margin in metres out of the members; 0 without one.
    private func margin(_ members: inout JSONMembers) throws(ZoneDocumentError) -> Double {
        guard members.has("margin") else { return 0 }
        let margin = try number(members, "margin")
        _ = try member("margin", of: &members)
        guard (0...Zone.greatestMarginMetres).contains(margin) else {
            throw invalid("a margin is 0 to \(Int(Zone.greatestMarginMetres)) metres", members.place(of: "margin"))
        }
        return margin
    }

    private mutating func zones(_ members: JSONMembers, _ depth: Int) throws(ZoneDocumentError) -> [Zone] {
        let path = members.place(of: "zones")
        guard case .array(let elements) = try value(members, "zones") else { throw invalid("an array of zones is due", path) }
        var zones: [Zone] = []
        for (index, element) in elements.enumerated() {
            zones.append(try decode(element, path: "\(path)[\(index)]", depth: depth + 1))
        }
        return zones
    }

    // MARK: Members

    private func object(_ node: JSONNode, _ path: String) throws(ZoneDocumentError) -> JSONMembers {
        guard case .object = node else { throw invalid("a zone must be an object", path) }
        return try reading { () throws(JSONMemberError) in try JSONMembers(node, path: path) }
    }

    private func allow(_ keys: Set<String>, _ members: JSONMembers) throws(ZoneDocumentError) {
        try reading { () throws(JSONMemberError) in try members.allow(keys) }
    }

    private func value(_ members: JSONMembers, _ key: String) throws(ZoneDocumentError) -> JSONNode {
        try reading { () throws(JSONMemberError) in try members.value(key) }
    }

    private func member(_ key: String, of members: inout JSONMembers) throws(ZoneDocumentError) -> JSONNode {
        try reading { () throws(JSONMemberError) in try members.node(key) }
    }

    private func text(_ members: JSONMembers, _ key: String) throws(ZoneDocumentError) -> String {
        guard case .string(let text) = try value(members, key) else {
            throw invalid("a text is due", members.place(of: key))
        }
        return text
    }

    private func name(_ members: JSONMembers) throws(ZoneDocumentError) -> String {
        let name = try text(members, "name")
        guard !name.isEmpty, name.unicodeScalars.count <= limits.maxNameLength else {
            throw invalid("a name of 1 to \(limits.maxNameLength) characters is due", members.place(of: "name"))
        }
        return name
    }

    private func number(_ members: JSONMembers, _ key: String) throws(ZoneDocumentError) -> Double {
        guard case .number(let number) = try value(members, key) else {
            throw invalid("a number is due", members.place(of: key))
        }
        return number
    }

    private func reading<Value>(_ work: () throws(JSONMemberError) -> Value) throws(ZoneDocumentError) -> Value {
        do throws(JSONMemberError) {
            return try work()
        } catch {
            throw invalid(error.reason, error.path)
        }
    }

    private func invalid(_ reason: String, _ path: String) -> ZoneDocumentError {
        ZoneDocumentError(.invalidZone, path: path, reason: reason)
    }
}

extension Zone {
    /// Whether a text is a SIREN number: nine digits.
    package static func isSIREN(_ text: String) -> Bool {
        text.utf8.count == 9 && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
}

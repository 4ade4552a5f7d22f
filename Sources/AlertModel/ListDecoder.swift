import GeoModel

/// Interprets a list's document that has been read as JSON, counting what it costs as it goes.
struct ListDecoder {
    let limits: ListDocument.Limits
    private var itemCount = 0
    private var valueCount = 0

    init(limits: ListDocument.Limits) {
        self.limits = limits
    }

    mutating func definition(_ node: JSONNode) throws(ListDocumentError) -> ListDefinition {
        let members = try object(node, "")
        if let operation = ListCombination.Operation(rawValue: try text(members, "type", "")) {
            try allow(["type", "lists"], members, "")
            let lists = try texts(members, "lists", "")
            guard (2...limits.maxLists).contains(lists.count) else {
                throw fault("2 to \(limits.maxLists) names of lists are due", "lists")
            }
            guard Set(lists).count == lists.count else { throw fault("a list is named twice", "lists") }
            return .combination(ListCombination(operation, of: lists))
        }
        return .filter(try filter(node, path: "", depth: 1))
    }

    private mutating func filter(_ node: JSONNode, path: String, depth: Int) throws(ListDocumentError)
        -> RecipientFilter
    {
        guard depth <= limits.maxDepth else {
            throw fault("filters are nested more than \(limits.maxDepth) levels deep", path)
        }
        itemCount += 1
        guard itemCount <= limits.maxItems else { throw fault("there are more than \(limits.maxItems) filters", path) }
        let members = try object(node, path)
        let type = try text(members, "type", path)
        switch type {
        case "all": return .all(try filters(members, path, depth))
        case "any": return .any(try filters(members, path, depth))
        case "not":
            try allow(["type", "filter"], members, path)
            return .not(try filter(try member(members, "filter", path), path: join(path, "filter"), depth: depth + 1))
        case "confirmed": return try confirmed(members, path)
        default:
            if let field = RecipientFilter.TextField(rawValue: type) {
                try allow(["type", "contains"], members, path)
                return .contains(field, try text(members, "contains", path))
            }
            return try condition(type, members, path)
        }
    }

    private mutating func condition(
        _ type: String, _ members: [String: JSONNode], _ path: String
    ) throws(ListDocumentError) -> RecipientFilter {
        guard Self.conditions.contains(type) else {
            throw fault("there is no filter of type “\(type.prefix(40))”", join(path, "type"))
        }
        try allow(["type", "values"], members, path)
        let values = Set(try texts(members, "values", path)).sorted(by: utf8Order)
        guard !values.isEmpty else { throw fault("at least one value is due", join(path, "values")) }
        let place = join(path, "values")
        switch type {
        case "kind": return .kind(try all(values, place, "person, household or office") { RecipientKind(rawValue: $0) })
        case "commune":
            return .commune(try all(values, place, "an INSEE code such as 80021") { CommuneCode($0) })
        case "channel": return .channel(try all(values, place, "sms, voice, email or fax") { Channel(rawValue: $0) })
        case "precision":
            return .precision(try all(
                values, place, Precision.allCases.map(\.rawValue).joined(separator: ", ")) { Precision(rawValue: $0) })
        case "language":
            return .language(try all(values, place, "a language tag such as fr or pt-br") { Self.languageTag($0) })
        case "postcode": return .postcode(values)
        case "tag": return .tag(values)
        case "household": return .household(values)
        case "building": return .building(values)
        case "source": return .source(values)
        default: return .list(values)
        }
    }

    private static let conditions: Set<String> = [
        "kind", "commune", "postcode", "language", "tag", "channel", "precision", "household", "building", "source",
        "list",
    ]

    private func confirmed(
        _ members: [String: JSONNode], _ path: String
    ) throws(ListDocumentError) -> RecipientFilter {
        try allow(["type", "since", "before"], members, path)
        func day(_ key: String) throws(ListDocumentError) -> CalendarDate? {
            guard members[key] != nil else { return nil }
            // Other spellings of a day are for files: a document has one.
            let text = try text(members, key, path)
            guard let day = CalendarDate(text), day.text == text else {
                throw fault("a day such as 2024-02-29 is due", join(path, key))
            }
            return day
        }
        let since = try day("since"), before = try day("before")
        guard since != nil || before != nil else { throw fault("since, before or both are due", path) }
        if let since, let before, since >= before {
            throw fault("no day is both since and before these: nobody could match", path)
        }
        return .confirmed(since: since, before: before)
    }

    private mutating func filters(
        _ members: [String: JSONNode], _ path: String, _ depth: Int
    ) throws(ListDocumentError) -> [RecipientFilter] {
        try allow(["type", "filters"], members, path)
        let path = join(path, "filters")
        guard case .array(let elements)? = members["filters"], !elements.isEmpty else {
            throw fault("an array of at least one filter is due", path)
        }
        var filters: [RecipientFilter] = []
        for (index, element) in elements.enumerated() {
            filters.append(try filter(element, path: "\(path)[\(index)]", depth: depth + 1))
        }
        return filters
    }

    // MARK: Members

    private func object(_ node: JSONNode, _ path: String) throws(ListDocumentError) -> [String: JSONNode] {
        guard case .object(let members) = node else { throw fault("an object is due", path) }
        return members
    }

    /// A misspelt member would be left out in silence, and with it a condition.
    private func allow(
        _ keys: Set<String>, _ members: [String: JSONNode], _ path: String
    ) throws(ListDocumentError) {
        guard let stranger = members.keys.filter({ !keys.contains($0) }).min() else { return }
        throw fault("this type has no such member", join(path, String(stranger.prefix(40))))
    }

    private func member(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ListDocumentError) -> JSONNode {
        guard let node = members[key] else { throw fault("the member is missing", join(path, key)) }
        return node
    }

    private func text(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ListDocumentError) -> String {
        try text(try member(members, key, path), join(path, key))
    }

    private func text(_ node: JSONNode, _ path: String) throws(ListDocumentError) -> String {
        guard case .string(let text) = node, !text.isEmpty, text.unicodeScalars.count <= limits.maxTextLength else {
            throw fault("a text of 1 to \(limits.maxTextLength) characters is due", path)
        }
        return text
    }

    private mutating func texts(
        _ members: [String: JSONNode], _ key: String, _ path: String
    ) throws(ListDocumentError) -> [String] {
        let node = try member(members, key, path)
        let path = join(path, key)
        guard case .array(let elements) = node else { throw fault("an array is due", path) }
        valueCount += elements.count
        guard valueCount <= limits.maxValues else { throw fault("there are more than \(limits.maxValues) values", path) }
        var texts: [String] = []
        texts.reserveCapacity(elements.count)
        for (index, element) in elements.enumerated() { texts.append(try text(element, "\(path)[\(index)]")) }
        return texts
    }

    private func all<Value: Hashable>(
        _ values: [String], _ path: String, _ due: String, _ read: (String) -> Value?
    ) throws(ListDocumentError) -> [Value] {
        var result: [Value] = []
        var seen: Set<Value> = []
        for value in values {
            guard let read = read(value) else { throw fault("each value must be \(due)", path) }
            // Two spellings of one value are one.
            if seen.insert(read).inserted { result.append(read) }
        }
        return result
    }

    /// The tag as the register keeps it: in lower case.
    private static func languageTag(_ text: String) -> String? {
        let tag = text.lowercased()
        let isTag =
            (2...11).contains(tag.utf8.count)
            && tag.utf8.allSatisfy { (97...122).contains($0) || (48...57).contains($0) || $0 == 45 }
        return isTag ? tag : nil
    }

    private func fault(_ reason: String, _ path: String) -> ListDocumentError {
        ListDocumentError(path: path, reason: reason)
    }

    private func join(_ path: String, _ key: String) -> String { path.isEmpty ? key : "\(path).\(key)" }
}

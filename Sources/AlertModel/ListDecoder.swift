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
        let members = try JSONMembers(node, path: "")
        if let operation = ListCombination.Operation(rawValue: try text(members, "type")) {
            try members.allow(["type", "lists"])
            let lists = try texts(members, "lists")
            guard (2...limits.maxLists).contains(lists.count) else {
                throw members.fault("lists", "2 to \(limits.maxLists) names of lists are due")
            }
            guard Set(lists).count == lists.count else { throw members.fault("lists", "a list is named twice") }
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
        let members = try JSONMembers(node, path: path)
        let type = try text(members, "type")
        switch type {
        case "all": return .all(try filters(members, depth))
        case "any": return .any(try filters(members, depth))
        case "not":
            try members.allow(["type", "filter"])
            return .not(try filter(try members.value("filter"), path: members.place(of: "filter"), depth: depth + 1))
        case "confirmed": return try confirmed(members)
        default:
            if let field = RecipientFilter.TextField(rawValue: type) {
                try members.allow(["type", "contains"])
                return .contains(field, try text(members, "contains"))
            }
            return try condition(type, members)
        }
    }

    private mutating func condition(_ type: String, _ members: JSONMembers) throws(ListDocumentError) -> RecipientFilter {
        guard Self.conditions.contains(type) else {
            throw members.fault("type", "there is no filter of type “\(type.prefix(40))”")
        }
        try members.allow(["type", "values"])
        let values = Set(try texts(members, "values")).sorted(by: utf8Order)
        guard !values.isEmpty else { throw members.fault("values", "at least one value is due") }
        let place = members.place(of: "values")
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

    private func confirmed(_ members: JSONMembers) throws(ListDocumentError) -> RecipientFilter {
        try members.allow(["type", "since", "before"])
        func day(_ key: String) throws(ListDocumentError) -> CalendarDate? {
            guard members.has(key) else { return nil }
            // Other spellings of a day are for files: a document has one.
            let text = try text(members, key)
            guard let day = CalendarDate(text), day.text == text else {
                throw members.fault(key, "a day such as 2024-02-29 is due")
            }
            return day
        }
        let since = try day("since"), before = try day("before")
        guard since != nil || before != nil else { throw fault("since, before or both are due", members.path) }
        if let since, let before, since >= before {
            throw fault("no day is both since and before these: nobody could match", members.path)
        }
        return .confirmed(since: since, before: before)
    }

    private mutating func filters(_ members: JSONMembers, _ depth: Int) throws(ListDocumentError) -> [RecipientFilter] {
        try members.allow(["type", "filters"])
        let path = members.place(of: "filters")
        guard case .array(let elements) = try members.value("filters"), !elements.isEmpty else {
            throw fault("an array of at least one filter is due", path)
        }
        var filters: [RecipientFilter] = []
        for (index, element) in elements.enumerated() {
            filters.append(try filter(element, path: "\(path)[\(index)]", depth: depth + 1))
        }
        return filters
    }

    // MARK: Members

    private func text(_ members: JSONMembers, _ key: String) throws(ListDocumentError) -> String {
        try text(try members.value(key), members.place(of: key))
    }

    private func text(_ node: JSONNode, _ path: String) throws(ListDocumentError) -> String {
        guard case .string(let text) = node, !text.isEmpty, text.unicodeScalars.count <= limits.maxTextLength else {
            throw fault("a text of 1 to \(limits.maxTextLength) characters is due", path)
        }
        return text
    }

    private mutating func texts(_ members: JSONMembers, _ key: String) throws(ListDocumentError) -> [String] {
        let path = members.place(of: key)
        guard case .array(let elements) = try members.value(key) else { throw fault("an array is due", path) }
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
}

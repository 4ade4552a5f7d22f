import GeoModel

/// The JSON form of a saved filter or of a combination of lists, read strictly and written canonically.
///
/// One filter has one text: keys sorted, no space, values sorted and each once. Types of filters: `all`, `any` (with
/// `filters`), `not` (with `filter`); `kind`, `commune`, `postcode`, `language`, `tag`, `channel`, `precision`,
/// `household`, `building`, `source`, `list` (with `values`, of which one must hold); `confirmed` (with `since`,
/// `before` or both, days); `name` and `address` (with `contains`). Types of combinations: `union`, `intersection`,
/// `difference` (with `lists`).
package enum ListDocument {
    /// Bounds on a document that a stranger sends.
    package struct Limits: Hashable, Sendable {
        /// Nesting of `all`, `any` and `not`.
        package var maxDepth = 16
        /// Filters in all.
        package var maxItems = 200
        /// Values of all conditions together: more than France has communes.
        package var maxValues = 40_000
        /// Characters of a value or a name.
        package var maxTextLength = 200
        /// Lists of a combination.
        package var maxLists = 100

        package init() {}
    }

    /// Reads a filter or a combination.
    ///
    /// - Throws: the first fault, with the path of its member.
    package static func decode(_ bytes: [UInt8], limits: Limits = Limits()) throws(ListDocumentError) -> ListDefinition {
        let node: JSONNode
        do {
            node = try JSONNode.read(
                bytes,
                limits: JSONNode.Limits(
                    maxDepth: 2 * limits.maxDepth + 8, maxValues: limits.maxValues + 8 * limits.maxItems))
        } catch {
            throw ListDocumentError(path: "", reason: "\(error)")
        }
        var decoder = ListDecoder(limits: limits)
        return try decoder.definition(node)
    }

    /// Reads a filter that is a member of a document already read.
    package static func filter(
        _ node: JSONNode, limits: Limits = Limits()
    ) throws(ListDocumentError) -> RecipientFilter {
        var decoder = ListDecoder(limits: limits)
        guard case .filter(let filter) = try decoder.definition(node) else {
            throw ListDocumentError(path: "type", reason: "a filter is due, not a combination of lists")
        }
        return filter
    }

    /// The canonical text of a filter, in UTF-8.
    package static func encode(_ filter: RecipientFilter) -> [UInt8] {
        var writer = JSONWriter()
        writer.filter(filter)
        return writer.bytes
    }

    /// The canonical text of a filter or a combination, in UTF-8; nil for a list of members, which has none.
    package static func encode(_ definition: ListDefinition) -> [UInt8]? {
        var writer = JSONWriter()
        switch definition {
        case .members: return nil
        case .filter(let filter): writer.filter(filter)
        case .combination(let combination):
            writer.raw(#"{"lists":"#)
            writer.separated(combination.lists, open: "[", close: "]") { $0.string($1) }
            writer.type(combination.operation.rawValue)
        }
        return writer.bytes
    }
}

/// Why a list's document was refused, with a path such as `filters[2].values`.
package typealias ListDocumentError = JSONMemberError

extension JSONWriter {
    /// Appends a filter's canonical text. The keys below are in order.
    fileprivate mutating func filter(_ filter: RecipientFilter) {
        switch filter {
        case .all(let filters): self.filters(filters, "all")
        case .any(let filters): self.filters(filters, "any")
        case .not(let filter):
            raw(#"{"filter":"#)
            self.filter(filter)
            type("not")
        case .kind(let values): self.values(values.map(\.rawValue), "kind")
        case .commune(let values): self.values(values.map(\.rawValue), "commune")
        case .postcode(let values): self.values(values, "postcode")
        case .language(let values): self.values(values, "language")
        case .tag(let values): self.values(values, "tag")
        case .channel(let values): self.values(values.map(\.rawValue), "channel")
        case .precision(let values): self.values(values.map(\.rawValue), "precision")
        case .household(let values): self.values(values, "household")
        case .building(let values): self.values(values, "building")
        case .source(let values): self.values(values, "source")
        case .list(let values): self.values(values, "list")
        case .confirmed(let since, let before):
            raw("{")
            if let before {
                raw(#""before":"#)
                string(before.text)
                if since != nil { raw(",") }
            }
            if let since {
                raw(#""since":"#)
                string(since.text)
            }
            type("confirmed")
        case .contains(let field, let text):
            raw(#"{"contains":"#)
            string(text)
            type(field.rawValue)
        }
    }

    private mutating func filters(_ filters: [RecipientFilter], _ type: String) {
        raw(#"{"filters":"#)
        separated(filters, open: "[", close: "]") { $0.filter($1) }
        self.type(type)
    }

    private mutating func values(_ values: [String], _ type: String) {
        raw(#"{"type":"#)
        string(type)
        raw(#","values":"#)
        separated(Set(values).sorted(by: utf8Order), open: "[", close: "]") { $0.string($1) }
        raw("}")
    }

    /// The last member of an object.
    fileprivate mutating func type(_ type: String) {
        raw(#","type":"#)
        string(type)
        raw("}")
    }
}

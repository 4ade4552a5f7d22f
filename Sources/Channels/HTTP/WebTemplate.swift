import AlertModel
import Foundation
import GeoModel

/// A request with places to fill in, each written as where it stands asks: there is nothing to escape in the file.
///
/// Places: `{to}` (+33…), `{digits}` (33…), `{text}`, `{sender}`, `{reference}` (our id), `{callback}`, `{secret}`,
/// `{validityMinutes}`, `{validitySeconds}`. In JSON a text that is one of the last two alone becomes a number.
struct WebTemplate: Sendable {
    private enum Body: Sendable { case none, json(JSONNode), form([(name: String, value: String)]) }
    enum Method: String, CaseIterable, Sendable { case get = "GET", post = "POST", put = "PUT" }

    private static let places: Set<String> = [
        "to", "digits", "text", "sender", "reference", "callback", "secret", "validityMinutes", "validitySeconds",
    ]
    private static let numbers: Set<String> = ["{validityMinutes}", "{validitySeconds}"]

    private let method: Method
    private let query: [(name: String, value: String)]
    private let headers: [(name: String, value: String)]
    private let body: Body

    init(_ settings: inout JSONMembers, hasSecret: Bool) throws(JSONMemberError) {
        query = try Self.fields("query", &settings)
        headers = try Self.fields("headers", &settings)
        var texts = (query + headers).map(\.value)
        switch (settings.has("json"), settings.has("form")) {
        case (true, true): throw settings.fault("form", "a body is JSON or a form, not both")
        case (true, false):
            let node = try settings.node("json")
            texts += Self.texts(in: node)
            body = .json(node)
        case (false, true):
            let fields = try Self.fields("form", &settings)
            texts += fields.map(\.value)
            body = .form(fields)
        case (false, false): body = .none
        }
        let isEmpty = if case .none = body { true } else { false }
        method = try settings.word("method", standard: isEmpty ? .get : .post)
        guard method != .get || isEmpty else { throw settings.fault("method", "a body goes with POST or PUT") }
        guard !headers.contains(where: { header in
            header.name.isEmpty || !header.name.utf8.allSatisfy { byte in
                (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == 45 || byte == 95
            }
        }) else { throw settings.fault("headers", "a header's name has letters, digits and hyphens") }
        let used = texts.reduce(into: Set<String>()) { $0.formUnion(Self.places(in: $1)) }
        if let stranger = used.subtracting(Self.places).min() {
            throw settings.fault("json", "{\(stranger.prefix(40))} is no place that is filled in: \(Self.places.sorted().joined(separator: ", ")) are")
        }
        guard used.contains("text"), used.contains("to") || used.contains("digits") else {
            throw settings.fault("json", "{text}, and {to} or {digits}, stand nowhere in the request")
        }
        guard used.contains("secret") == hasSecret else {
            throw settings.fault("secretFile", "{secret} and secretFile or secretVariable go together")
        }
    }

    static func values(_ message: WebMessage, secret: String) -> [String: String] {
        [
            "to": message.to, "digits": message.digits, "text": message.text, "sender": message.sender.description,
            "reference": message.reference, "callback": message.callback ?? "", "secret": secret,
            "validityMinutes": String((message.validitySeconds + 59) / 60), "validitySeconds": String(message.validitySeconds),
        ]
    }

    func request(url: String, values: [String: String]) -> WebRequest {
        func filled(_ fields: [(name: String, value: String)]) -> [(name: String, value: String)] {
            fields.map { ($0.name, Self.fill($0.value, values)) }
        }
        var request = WebRequest(method: method.rawValue, url: url)
        if !query.isEmpty { request.url += (url.contains("?") ? "&" : "?") + WebForm.encode(filled(query)) }
        // A line end in a value would begin another header.
        request.headers = filled(headers).map { header in (header.name, header.value.filter { !$0.isNewline }) }
        switch body {
        case .none: break
        case .form(let fields):
            request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
            request.body = Array(WebForm.encode(filled(fields)).utf8)
        case .json(let node):
            request.headers.append(("Content-Type", "application/json"))
            let data = try? JSONSerialization.data(
                withJSONObject: Self.value(node, values), options: [.sortedKeys, .withoutEscapingSlashes, .fragmentsAllowed])
            request.body = Array(data ?? Data())
        }
        return request
    }

    /// The headers that say who asks, without a message.
    func headers(secret: String) -> [(name: String, value: String)] {
        headers.filter { Self.places(in: $0.value).subtracting(["secret"]).isEmpty }
            .map { ($0.name, Self.fill($0.value, ["secret": secret])) }
    }

    private static func fields(_ key: String, _ settings: inout JSONMembers) throws(JSONMemberError) -> [(name: String, value: String)] {
        guard settings.has(key) else { return [] }
        guard case .object(let members) = try settings.node(key) else { throw settings.fault(key, "an object of texts is due") }
        var fields: [(name: String, value: String)] = []
        for (name, value) in members.sorted(by: { $0.key < $1.key }) {
            guard case .string(let text) = value, text.utf8.count <= 2_000, !text.contains(where: \.isNewline) else {
                throw settings.fault("\(key).\(name.prefix(40))", "a text without line ends is due")
            }
            fields.append((name, text))
        }
        return fields
    }

    private static func texts(in node: JSONNode) -> [String] {
        switch node {
        case .string(let text): [text]
        case .array(let elements): elements.flatMap(texts)
        case .object(let members): members.values.flatMap(texts)
        case .number, .bool, .null, .text, .area: []
        }
    }

    private static func places(in text: String) -> Set<String> {
        Set(text.matches(of: #/\{([A-Za-z]+)\}/#).map { String($0.output.1) })
    }

    /// In one pass: what a message holds is never taken for a place.
    private static func fill(_ text: String, _ values: [String: String]) -> String {
        text.replacing(#/\{([A-Za-z]+)\}/#) { values[String($0.output.1)] ?? "" }
    }

    private static func value(_ node: JSONNode, _ values: [String: String]) -> Any {
        switch node {
        case .string(let text):
            let filled = fill(text, values)
            return numbers.contains(text) ? (Int(filled) ?? 0) as Any : filled
        case .number(let number): return number == number.rounded() && abs(number) < 1e15 ? Int64(number) as Any : number
        case .bool(let bool): return bool
        case .array(let elements): return elements.map { value($0, values) }
        case .object(let members): return members.mapValues { value($0, values) }
        case .null, .text, .area: return NSNull()
        }
    }
}

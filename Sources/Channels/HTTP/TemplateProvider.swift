import AlertModel
import Dispatching
import Foundation
import GeoModel

/// `"kind": "http"`: any provider, described by the file: what is asked, and what its answers and callbacks mean.
struct TemplateProviderKind: WebProviderKind {
    static let word = "http"
    /// Rules of one provider, members of one request: more than any needs.
    private static let mostRules = 50

    let url: String
    private let template: WebTemplate
    private let user: String?
    private let password: GatewaySecret?
    private let secret: GatewaySecret?
    private let rules: [AnswerRule]
    private let id: String?
    private let probe: String?
    private let words: CallbackWords

    init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        url = try settings.text("url")
        guard !url.contains("{") else { throw settings.fault("url", "what changes goes into \"query\"") }
        secret = try settings.secret("secret")
        template = try WebTemplate(&settings, hasSecret: secret != nil)
        user = try settings.optionalText("user")
        password = try settings.secret("password")
        guard (user == nil) == (password == nil) else {
            throw settings.fault("user", "a user goes with passwordFile or passwordVariable, and they with a user")
        }
        id = try settings.optionalText("id")
        probe = try settings.optionalText("probe")
        if let probe, WebAddress.origin(probe) != WebAddress.origin(url) {
            throw settings.fault("probe", "an address at the same host is due, and by the same scheme, since it is sent the same credentials")
        }
        var rules: [AnswerRule] = []
        for var rule in try settings.list("answers", atMost: Self.mostRules) { rules.append(try AnswerRule(&rule)) }
        self.rules = rules
        words = try CallbackWords(&settings)
    }

    func provider(secrets: GatewaySecrets) throws -> any WebProvider {
        let basic = try user.map { user in
            "Basic " + Data("\(user):\(try password.map(secrets.read) ?? "")".utf8).base64EncodedString()
        }
        return TemplateProvider(
            url: url, template: template, authorization: basic.map { Redacted($0) },
            secret: Redacted(try secret.map(secrets.read) ?? ""), rules: rules, id: id, probeURL: probe, words: words)
    }
}

/// What an answer means, where its status alone does not say.
struct AnswerRule: Hashable, Sendable {
    enum Meaning: String, CaseIterable, Sendable {
        case accepted, throttled, refused, network
        case invalidAddress = "invalid_address"
    }

    let status: Int?
    /// Of the answer's JSON; nil for the whole text.
    let path: String?
    /// What is found there; nil for anything.
    let holds: String?
    let means: Meaning

    init(_ members: inout JSONMembers) throws(JSONMemberError) {
        status = members.has("status") ? try members.integer("status", 100...599) : nil
        path = try members.optionalText("path")
        holds = try members.optionalText("holds")
        guard status != nil || path != nil || holds != nil else { throw members.fault("status", "a rule says what it looks at") }
        means = try members.word("means")
        try members.finish()
    }

    func applies(to answer: WebAnswer, _ node: JSONNode?) -> Bool {
        if let status, status != answer.status { return false }
        if let path {
            guard let leaf = node?.leaf(path) else { return false }
            return holds.map { leaf == $0 } ?? true
        }
        return holds.map { answer.text.contains($0) } ?? true
    }
}

struct TemplateProvider: WebProvider {
    let url: String
    let template: WebTemplate
    let authorization: Redacted<String>?
    let secret: Redacted<String>
    let rules: [AnswerRule]
    let id: String?
    let probeURL: String?
    let words: CallbackWords

    func request(for message: WebMessage) -> WebRequest {
        var request = template.request(url: url, values: WebTemplate.values(message, secret: secret.value))
        if let authorization { request.headers.append(("Authorization", authorization.value)) }
        return request
    }

    func verdict(of answer: WebAnswer) -> WebVerdict {
        let node = try? JSONNode.read(answer.body, limits: JSONNode.Limits(maxDepth: 16, maxValues: 1_000))
        let rule = rules.first { $0.applies(to: answer, node) }
        switch rule?.means {
        case .throttled: return .failed(.throttled, detail: "http \(answer.status)", isGatewayFailure: false)
        case .refused: return .failed(.refused, detail: "http \(answer.status)", isGatewayFailure: false)
        case .invalidAddress: return .failed(.invalidAddress, detail: "http \(answer.status)", isGatewayFailure: false)
        case .network: return .failed(.network, detail: "http \(answer.status)", isGatewayFailure: true)
        case nil:
            let standard = WebVerdict.standard(answer)
            guard case .accepted = standard else { return standard }
        case .accepted: break
        }
        guard let id else { return .accepted(id: nil) }
        guard let found = node?.leaf(id) else { return .inDoubt("no id in the answer") }
        return .accepted(id: found)
    }

    var probe: WebRequest? {
        probeURL.map { url in
            var request = WebRequest(method: "GET", url: url, headers: template.headers(secret: secret.value))
            if let authorization { request.headers.append(("Authorization", authorization.value)) }
            return request
        }
    }

    func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews { try words.read(callback.fields) }
}

import AlertModel
import Crypto
import Dispatching
import Foundation
import GeoModel

/// `"kind": "twilio"`: Twilio's Messages resource, and those that speak as it does. Written after its published
/// documents (the resource, status callbacks, signatures); never tried against Twilio itself.
struct TwilioProviderKind: WebProviderKind {
    static let word = "twilio"
    let url: String
    private let account: String
    private let token: GatewaySecret
    private let apiKey: (user: String, secret: GatewaySecret)?
    private let service: String?

    init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        let given = try settings.optionalText("url") ?? "https://api.twilio.com"
        guard let base = WebAddress.base(given) else { throw settings.fault("url", "an address without a query is due") }
        account = try settings.text("account")
        guard !account.isEmpty, account.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) }) else {
            throw settings.fault("account", "the account's SID is due, AC and its letters and digits")
        }
        url = "\(base)/2010-04-01/Accounts/\(account)"
        guard let token = try settings.secret("token") else {
            throw settings.fault("tokenFile", "the account's auth token is due, in a file or a variable: callbacks are signed with it")
        }
        self.token = token
        let user = try settings.optionalText("apiKey")
        let secret = try settings.secret("apiSecret")
        guard (user == nil) == (secret == nil) else {
            throw settings.fault("apiKey", "an apiKey goes with apiSecretFile or apiSecretVariable, and they with it")
        }
        apiKey = if let user, let secret { (user, secret) } else { nil }
        service = try settings.optionalText("service")
    }

    func provider(secrets: GatewaySecrets) throws -> any WebProvider {
        let token = try secrets.read(token)
        let (user, password) = try apiKey.map { ($0.user, try secrets.read($0.secret)) } ?? (account, token)
        let basic = Data("\(user):\(password)".utf8).base64EncodedString()
        return TwilioProvider(url: url, authorization: Redacted("Basic \(basic)"), token: Redacted(token), service: service)
    }
}

struct TwilioProvider: WebProvider {
    /// ValidityPeriod's bounds, in seconds.
    private static let validity = 1...36_000

    let url: String
    let authorization: Redacted<String>
    let token: Redacted<String>
    let service: String?

    func request(for message: WebMessage) -> WebRequest {
        var fields: [(name: String, value: String)] = [("To", message.to), ("Body", message.text)]
        if let service { fields.append(("MessagingServiceSid", service)) } else { fields.append(("From", message.sender.description)) }
        if let callback = message.callback { fields.append(("StatusCallback", callback)) }
        let seconds = min(max(message.validitySeconds, Self.validity.lowerBound), Self.validity.upperBound)
        fields.append(("ValidityPeriod", String(seconds)))
        return WebRequest(
            url: "\(url)/Messages.json", headers: headers + [("Content-Type", "application/x-www-form-urlencoded")],
            body: Array(WebForm.encode(fields).utf8))
    }

    private var headers: [(name: String, value: String)] { [("Authorization", authorization.value), ("Accept", "application/json")] }

    func verdict(of answer: WebAnswer) -> WebVerdict {
        let node = try? JSONNode.read(answer.body, limits: JSONNode.Limits(maxDepth: 16, maxValues: 1_000))
        if (200..<300).contains(answer.status) {
            guard let id = node?.leaf("sid") else { return .inDoubt("no sid in the answer") }
            return .accepted(id: id)
        }
        guard let code = node?.leaf("code").flatMap({ Int($0) }) else { return .standard(answer) }
        let detail = "twilio \(code)"
        return switch code {
        // Not a number, not a mobile, not reachable by this account; unknown or unreachable.
        case 21211, 21214, 21217, 21401, 21407, 21421, 21614, 30005, 30006: .failed(.invalidAddress, detail: detail, isGatewayFailure: false)
        // The person refused our messages at the provider's.
        case 21610: .failed(.refused, detail: detail, isGatewayFailure: false)
        case 14107, 20429, 21611, 30001, 30022: .failed(.throttled, detail: detail, isGatewayFailure: false)
        // Our sender or messaging service is not theirs (any more): nobody would be reached through it.
        case 21212, 21603, 21606, 21659, 21660, 21703, 21705:
            .failed(.network, detail: "\(detail): the sender or service is refused", isGatewayFailure: true)
        case 20003: .failed(.network, detail: "\(detail): our credentials are refused", isGatewayFailure: true)
        default: .standard(answer)
        }
    }

    var probe: WebRequest? { WebRequest(method: "GET", url: "\(url).json", headers: headers) }

    func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews {
        let form = callback.bodyFields
        guard let given = callback.headers["x-twilio-signature"].flatMap({ Data(base64Encoded: $0) }),
            HMAC<Insecure.SHA1>.isValidAuthenticationCode(
                given, authenticating: Data(Self.signed(callback.url, form).utf8), using: SymmetricKey(data: Data(token.value.utf8)))
        else { throw .forged }
        let fields = Dictionary(form.map { ($0.name, $0.value) }, uniquingKeysWith: { first, _ in first })
        guard let id = fields["MessageSid"] ?? fields["SmsSid"] else { throw .unreadable }
        var news = CallbackNews()
        if let status = fields["MessageStatus"], status != "received", status != "receiving" {
            switch status {
            case "delivered", "read": news.receipts = [(id, .delivered)]
            case "undelivered", "failed": news.receipts = [(id, .failed(Self.cause(fields["ErrorCode"])))]
            case "canceled": news.receipts = [(id, .failed(.refused))]
            // accepted, scheduled, queued, sending, sent: on its way.
            default: break
            }
        } else if let sender = fields["From"], let text = fields["Body"] {
            news.messages = [(id, Redacted(sender), fields["To"] ?? "", Redacted(text))]
        } else {
            throw .unreadable
        }
        return news
    }

    /// The url as it was called, and the form's fields by name, each name followed by its value.
    static func signed(_ url: String, _ form: [(name: String, value: String)]) -> String {
        url + form.sorted { Array($0.name.utf8).lexicographicallyPrecedes(Array($1.name.utf8)) }.map { $0.name + $0.value }.joined()
    }

    private static func cause(_ code: String?) -> FailureCause {
        switch code.flatMap({ Int($0) }) {
        case 30005, 30006: .invalidAddress
        case 30004, 30007, 21610: .refused
        default: .noAnswer
        }
    }
}

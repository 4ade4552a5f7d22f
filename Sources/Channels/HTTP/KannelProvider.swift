import AlertModel
import Dispatching
import Foundation
import GeoModel

/// `"kind": "kannel"`: a Kannel's `sendsms` (its user's guide, chapter 6). Checked against Kannel 1.4.5 itself.
struct KannelProviderKind: WebProviderKind {
    static let word = "kannel"
    /// With the path: `http://127.0.0.1:13013/cgi-bin/sendsms`.
    let url: String
    private let user: String
    private let password: GatewaySecret
    private let smsc: String?

    init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        let given = try settings.text("url")
        url = given.contains("/cgi-bin/") ? given : (given.hasSuffix("/") ? String(given.dropLast()) : given) + "/cgi-bin/sendsms"
        guard !url.contains("?") else { throw settings.fault("url", "without a query: the other members say what it holds") }
        user = try settings.text("user")
        guard let password = try settings.secret("password") else {
            throw settings.fault("passwordFile", "the sendsms-user's password is due, in a file or a variable")
        }
        self.password = password
        smsc = try settings.optionalText("smsc")
    }

    func provider(secrets: GatewaySecrets) throws -> any WebProvider {
        KannelProvider(url: url, user: user, password: Redacted(try secrets.read(password)), smsc: smsc)
    }
}

struct KannelProvider: WebProvider {
    let url: String
    let user: String
    let password: Redacted<String>
    let smsc: String?

    /// By POST, with its text as the body and the rest in headers: nothing of a person, and no password, stands in an
    /// address that proxies write to their logs.
    func request(for message: WebMessage) -> WebRequest {
        var headers = credentials + [
            ("X-Kannel-From", message.sender.description), ("X-Kannel-To", message.to),
            ("X-Kannel-Coding", SMSText(message.text).encoding == .gsm7 ? "0" : "2"),
            // Minutes; what is left of one is still worth a try.
            ("X-Kannel-Validity", String((message.validitySeconds + 59) / 60)),
            ("Content-Type", "text/plain; charset=UTF-8"),
        ]
        if message.isFlash { headers.append(("X-Kannel-MClass", "0")) }
        if let smsc { headers.append(("X-Kannel-SMSC", smsc)) }
        if let callback = message.callback {
            // 1 delivered, 2 not delivered, 16 refused by the SMSC; Kannel fills in %d.
            headers.append(("X-Kannel-DLR-Mask", "19"))
            headers.append(("X-Kannel-DLR-Url", "\(callback)?ref=\(message.reference)&etat=%d"))
        }
        return WebRequest(url: url, headers: headers, body: Array(message.text.utf8))
    }

    private var credentials: [(name: String, value: String)] {
        [("X-Kannel-Username", user), ("X-Kannel-Password", password.value)]
    }

    func verdict(of answer: WebAnswer) -> WebVerdict {
        let text = answer.text
        let status = "kannel \(answer.status)"
        switch answer.status {
        case 202, 200:
            // “0: Accepted for delivery”, “3: Queued for later delivery”; older ones say “Sent.”
            if text.hasPrefix("0:") || text.hasPrefix("3:") || text.hasPrefix("Sent.") { return .accepted(id: nil) }
            return .inDoubt("not an answer of Kannel's")
        case 403 where text.contains("Authorization"):
            return .failed(.network, detail: "\(status): user or password refused", isGatewayFailure: true)
        case 403 where text.contains("Denied") || text.contains("Not routable"):
            return .failed(.refused, detail: "\(status): not routable", isGatewayFailure: false)
        case 503 where text.contains("Temporal"): return .failed(.network, detail: "\(status): no SMSC", isGatewayFailure: true)
        case 400 where text.contains("receiver"):
            return .failed(.invalidAddress, detail: "\(status): number refused", isGatewayFailure: false)
        default: return .standard(answer)
        }
    }

    /// Without a number Kannel refuses the message, but looks at the password first.
    var probe: WebRequest? {
        WebRequest(url: url, headers: credentials + [("Content-Type", "text/plain; charset=UTF-8")], body: Array("?".utf8))
    }

    func health(of answer: WebAnswer) -> ProbeAnswer {
        if answer.text.contains("Authorization") { return .down("kannel \(answer.status): user or password refused") }
        return answer.text.contains("receiver") ? .up : .down("kannel \(answer.status): not an answer of Kannel's")
    }

    func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews {
        let fields = callback.fields
        var news = CallbackNews()
        if let reference = fields["ref"], let state = fields["etat"] {
            switch Int(state) {
            case 1: news.receipts = [(reference, .delivered)]
            // DLR_FAIL, and its own words for expired and unknown.
            case 2, 0x22, 0x42: news.receipts = [(reference, .failed(.noAnswer))]
            case 16: news.receipts = [(reference, .failed(.refused))]
            // On its way.
            case 4, 8, 12: break
            default: throw .unreadable
            }
        } else if let sender = callback.headers["x-kannel-from"] {
            // `post-url`: the text is the body, so that neither it nor the number stands in an address.
            let isUTF16 = callback.headers["content-type"]?.uppercased().contains("UTF-16") == true
            let text = isUTF16 ? String(bytes: callback.body, encoding: .utf16BigEndian) : String(decoding: callback.body, as: UTF8.self)
            guard let text else { throw .unreadable }
            news.messages = [(fields["id"], Redacted(sender), callback.headers["x-kannel-to"] ?? "", Redacted(text))]
        } else if let sender = fields["from"], let text = fields["text"] {
            news.messages = [(fields["id"], Redacted(sender), fields["to"] ?? "", Redacted(text))]
        } else {
            throw .unreadable
        }
        return news
    }
}

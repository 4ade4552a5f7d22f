import AlertModel
import Crypto
import Dispatching
import Foundation
import GeoModel

/// `"kind": "ovh"`: OVHcloud's SMS API. Requests and signatures are written after its published guides; never tried
/// against OVHcloud itself. What its callbacks hold no document at hand says: receipts are off unless asked for.
struct OVHProviderKind: WebProviderKind {
    static let word = "ovh"
    static let receiptsStandard = false
    let url: String
    private let application: String
    private let secret: GatewaySecret
    private let consumer: GatewaySecret

    init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        let given = try settings.optionalText("url") ?? "https://eu.api.ovh.com/1.0"
        guard let base = WebAddress.base(given) else { throw settings.fault("url", "an address without a query is due") }
        let service = try settings.text("service")
        guard service.utf8.allSatisfy({ (48...57).contains($0) || (65...90).contains($0) || (97...122).contains($0) || $0 == 45 || $0 == 95 })
        else { throw settings.fault("service", "the SMS account's name is due, such as sms-ab12345-1") }
        url = "\(base)/sms/\(service)"
        application = try settings.text("applicationKey")
        guard let secret = try settings.secret("applicationSecret") else {
            throw settings.fault("applicationSecretFile", "the application's secret is due, in a file or a variable")
        }
        guard let consumer = try settings.secret("consumerKey") else {
            throw settings.fault("consumerKeyFile", "the consumer key is due, in a file or a variable")
        }
        (self.secret, self.consumer) = (secret, consumer)
    }

    func provider(secrets: GatewaySecrets) throws -> any WebProvider {
        OVHProvider(
            url: url, application: application, secret: Redacted(try secrets.read(secret)),
            consumer: Redacted(try secrets.read(consumer)))
    }
}

struct OVHProvider: WebProvider {
    let url: String
    let application: String
    let secret: Redacted<String>
    let consumer: Redacted<String>
    /// Seconds since 1970.
    var clock: @Sendable () -> Int64 = { Int64(Date().timeIntervalSince1970) }

    func request(for message: WebMessage) -> WebRequest {
        let isGSM = SMSText(message.text).encoding == .gsm7
        let isShort = if case .short = message.sender { true } else { false }
        var job: [String: Any] = [
            "message": message.text, "receivers": [message.to], "charset": "UTF-8", "coding": isGSM ? "7bit" : "unicode",
            "class": message.isFlash ? "flash" : "phoneDisplay", "priority": "high",
            // An alert carries no advertisement's clause, which would also hold it back at night.
            "noStopClause": true, "validityPeriod": (message.validitySeconds + 59) / 60, "tag": message.reference,
            // A short number is OVHcloud's own, by which people can answer.
            "senderForResponse": isShort,
        ]
        if !isShort { job["sender"] = message.sender.description }
        let body = (try? JSONSerialization.data(withJSONObject: job, options: [.sortedKeys, .withoutEscapingSlashes])) ?? Data()
        return signed("POST", "\(url)/jobs", Array(body))
    }

    var probe: WebRequest? { signed("GET", url, []) }

    private func signed(_ method: String, _ url: String, _ body: [UInt8]) -> WebRequest {
        let timestamp = String(clock())
        let text = [secret.value, consumer.value, method, url, String(decoding: body, as: UTF8.self), timestamp].joined(separator: "+")
        let digest = Insecure.SHA1.hash(data: Data(text.utf8)).map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
        return WebRequest(
            method: method, url: url,
            headers: [
                ("X-Ovh-Application", application), ("X-Ovh-Consumer", consumer.value), ("X-Ovh-Timestamp", timestamp),
                ("X-Ovh-Signature", "$1$\(digest)"), ("Content-Type", "application/json; charset=utf-8"),
            ], body: body)
    }

    func verdict(of answer: WebAnswer) -> WebVerdict {
        let node = try? JSONNode.read(answer.body, limits: JSONNode.Limits(maxDepth: 16, maxValues: 1_000))
        guard (200..<300).contains(answer.status) else {
            if answer.status == 400, node?.leaf("message")?.lowercased().contains("timestamp") == true {
                return .failed(.network, detail: "ovh 400: our clock is wrong", isGatewayFailure: true)
            }
            return .standard(answer)
        }
        if node?.leaf("invalidReceivers.0") != nil {
            return .failed(.invalidAddress, detail: "ovh: invalid receiver", isGatewayFailure: false)
        }
        guard let id = node?.leaf("ids.0") else { return .inDoubt("no id in the answer") }
        return .accepted(id: id)
    }

    func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews {
        let fields = callback.fields
        var news = CallbackNews()
        if let id = fields["id"], let state = fields["state"] ?? fields["descriptionDlr"] ?? fields["description"] {
            let word = state.lowercased()
            if word.contains("undeliver") || word.contains("fail") || word.contains("expired") || word.contains("error") {
                news.receipts = [(id, .failed(.noAnswer))]
            } else if word == "delivered" {
                news.receipts = [(id, .delivered)]
            }
        } else if let sender = fields["senderid"] ?? fields["from"], let text = fields["message"] ?? fields["text"] {
            news.messages = [(fields["id"], Redacted(sender), fields["to"] ?? "", Redacted(text))]
        } else {
            throw .unreadable
        }
        return news
    }
}

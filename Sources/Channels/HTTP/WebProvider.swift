import AlertModel
import Dispatching

/// A message as a provider is asked to carry it.
struct WebMessage: Sendable {
    /// E.164 with its plus sign.
    let to: String
    let text: String
    let sender: SMSSender
    /// Our own id of it, for providers that give none or take one: unique among the messages of a database.
    let reference: String
    let validitySeconds: Int
    let isFlash: Bool
    /// Where its receipts are told; nil where the provider cannot reach us, or is not asked to.
    let callback: String?

    var digits: String { to.hasPrefix("+") ? String(to.dropFirst()) : to }
}

/// What a provider's answer means.
enum WebVerdict: Hashable, Sendable {
    /// - Parameter id: by which its receipts name the message; nil for our own reference.
    case accepted(id: String?)
    case failed(FailureCause, detail: String, isGatewayFailure: Bool)
    /// Refused without a word about why: it may be this message of it, or every one.
    case unexplained(String)
    /// The answer says neither.
    case inDoubt(String)

    /// What the status alone says, where the provider's own words say nothing.
    static func standard(_ answer: WebAnswer) -> WebVerdict {
        let status = "http \(answer.status)"
        return switch answer.status {
        case 200..<300: .accepted(id: nil)
        case 429: .failed(.throttled, detail: status, isGatewayFailure: false)
        case 503 where answer.retryAfter != nil: .failed(.throttled, detail: status, isGatewayFailure: false)
        case 401, 403, 407: .failed(.network, detail: "\(status): our credentials are refused", isGatewayFailure: true)
        case 402: .failed(.network, detail: "\(status): the account has no credit", isGatewayFailure: true)
        case 300..<400, 404, 405: .failed(.network, detail: "\(status): the url is not the provider's", isGatewayFailure: true)
        // The message may have been taken before it broke, or by whoever stands behind the proxy that says so.
        case 500, 502, 504: .inDoubt("the provider failed")
        case 400..<500 where answer.status != 408: .unexplained(status)
        default: .failed(.network, detail: status, isGatewayFailure: true)
        }
    }
}

/// One provider's way to be asked, to answer and to tell.
protocol WebProvider: Sendable {
    func request(for message: WebMessage) -> WebRequest
    func verdict(of answer: WebAnswer) -> WebVerdict
    /// What is asked to see whether it is there and takes our credentials, without a message; nil where nothing is.
    var probe: WebRequest? { get }
    func health(of answer: WebAnswer) -> ProbeAnswer
    /// What a callback says. The path's key was checked before.
    func read(_ callback: Callback) throws(CallbackRefusal) -> CallbackNews
}

extension WebProvider {
    func health(of answer: WebAnswer) -> ProbeAnswer {
        switch WebVerdict.standard(answer) {
        case .accepted: .up
        case .failed(_, let detail, _), .unexplained(let detail): .down(detail)
        case .inDoubt(let reason): .down(reason)
        }
    }
}

import AlertModel
import Dispatching
import Synchronization

/// SMS through a provider's HTTP interface, for real alerts only.
enum WebGateway {
    /// Seconds a provider may ask to be left alone for; what asks for more is down.
    static let longestPause = 300
    /// Beyond the message's validity, how long its receipt may still take.
    static let receiptMargin = Duration.seconds(300)
    /// A provider keeps a message no longer than this.
    static let longestValidity = Duration.seconds(7 * 86_400)

    /// - Parameter callback: where receipts are told; nil for none, which are then not waited for.
    static func gateway(
        _ traits: GatewayTraits, _ settings: WebGatewaySettings, provider: any WebProvider, callback: String?,
        time: DispatcherTime = .system
    ) -> Gateway {
        var web = settings.web
        web.connections = traits.window
        let client = WebClient(settings: web)
        let pause = WebPause()
        let refusals = RefusalRun()
        var probe: (@Sendable () async -> ProbeAnswer)?
        if let request = provider.probe {
            probe = {
                switch await client.send(request) {
                case .answered(let answer): provider.health(of: answer)
                case .unsent(let reason), .inDoubt(let reason): .down("http: \(reason)")
                }
            }
        }
        return Gateway(
            traits, isSimulator: false, segments: { max(1, SMSText($0.text).segments) },
            probe: probe, close: { await client.close() }
        ) { submission in
            // The dispatcher has checked it; what reaches people checks again.
            guard submission.mode == .real else { return .failed(.withheld, detail: "wrong_mode") }
            guard submission.channel == .sms, SMPPDesk.isNumber(submission.address.value) else { return .failed(.invalidAddress) }
            guard !submission.message.text.isEmpty else { return .failed(.refused, detail: "empty text") }
            let now = time.now()
            if let late = SubmissionResult.tooLate(submission, now: now) { return late }
            if pause.lasts(at: now) {
                return .failed(.throttled, detail: "http: the provider asked to wait")
            }
            let validity = min(Duration.milliseconds(submission.expiresAt.milliseconds(since: now)), longestValidity)
            let message = WebMessage(
                to: submission.address.value, text: submission.message.text, sender: settings.sender,
                reference: "t\(submission.attempt)", validitySeconds: max(1, Int(validity.components.seconds)),
                isFlash: settings.isFlash, callback: callback)
            switch await client.send(provider.request(for: message)) {
            case .unsent(let reason): return .failed(.network, detail: "http: \(reason)")
            case .inDoubt(let reason): return SubmissionResult(.inDoubt, detail: "http: \(reason)")
            case .answered(let answer):
                if let seconds = answer.retryAfter, answer.status == 429 || answer.status == 503 {
                    pause.begin(until: time.now().advanced(bySeconds: min(max(0, seconds), longestPause)))
                }
                return result(
                    of: refusals.judged(provider.verdict(of: answer), of: submission.campaign), answer, message,
                    within: callback == nil ? nil : validity + receiptMargin)
            }
        }
    }

    private static func result(
        of verdict: WebVerdict, _ answer: WebAnswer, _ message: WebMessage, within: Duration?
    ) -> SubmissionResult {
        switch verdict {
        case .accepted(let id):
            SubmissionResult(
                .known(.accepted), reference: id ?? message.reference, receiptWithin: within, detail: "http \(answer.status)")
        case .failed(let cause, let detail, let isGatewayFailure):
            .failed(cause, detail: detail, isGatewayFailure: isGatewayFailure)
        case .unexplained(let detail): .failed(.network, detail: detail, isGatewayFailure: false)
        case .inDoubt(let reason): SubmissionResult(.inDoubt, detail: "http \(answer.status): \(reason)")
        }
    }
}

/// What every provider's gateway is told, whichever it is.
struct WebGatewaySettings: Sendable {
    var web = WebSettings()
    let sender: SMSSender
    var isFlash = false
    var wantsReceipts: Bool
    /// Where this installation is for the provider, without a last slash; nil for its public address.
    var callbackBase: String?
}

/// How long a provider asked to be left alone.
private final class WebPause: Sendable {
    private let until = Mutex<UTCTime?>(nil)

    func begin(until moment: UTCTime) { until.withLock { $0 = moment } }
    func lasts(at now: UTCTime) -> Bool { until.withLock { $0 }.map { now < $0 } ?? false }
}

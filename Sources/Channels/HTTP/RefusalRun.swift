import AlertModel
import Synchronization

/// Answers of a provider that refuse a message without a word about why (a bare 400).
///
/// One of them may be about its message: it costs that message a try, and is tried again as the policy says, like a status
/// of an SMSC's that nobody explained. A run of them is about none: what is wrong is our settings or the provider, and the
/// gateway's circuit opens, rather than the whole audience failing one by one.
final class RefusalRun: Sendable {
    /// So many different messages of one campaign have nothing in common but the gateway: a register holds bad numbers
    /// apart, not ten in a row.
    static let longest = 10

    private let count = Mutex(0)

    /// - Returns: the verdict, with what is not explained laid on the message or on the gateway.
    func judged(_ verdict: WebVerdict) -> WebVerdict {
        switch verdict {
        case .accepted:
            count.withLock { $0 = 0 }
            return verdict
        case .failed(_, _, let isGatewayFailure):
            // Whoever says what is wrong with a message takes messages.
            if !isGatewayFailure { count.withLock { $0 = 0 } }
            return verdict
        case .unexplained(let detail):
            let run = count.withLock { count in
                count = min(count + 1, Self.longest)
                return count
            }
            guard run == Self.longest else { return verdict }
            return .failed(.network, detail: "\(detail): one message after the other is refused", isGatewayFailure: true)
        case .inDoubt: return verdict
        }
    }
}

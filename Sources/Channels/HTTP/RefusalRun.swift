import AlertModel
import Synchronization

/// Answers of a provider that refuse a message without a word about why (a bare 400).
///
/// One of them may be about its message: it costs that message a try, and is tried again as the policy says, like a status
/// of an SMSC's that nobody explained. A run of them within one campaign may be about its text, which all of its messages
/// share: it still costs that campaign's messages alone. Once a second campaign runs into the same, it is about none: what is
/// wrong is our settings or the provider, and the gateway's circuit opens, rather than whole audiences failing one by one.
final class RefusalRun: Sendable {
    /// So many different messages of one campaign have nothing in common but its text and the gateway: a register holds bad
    /// numbers apart, not ten in a row.
    static let longest = 10
    /// So many campaigns with such a run have nothing in common but the gateway.
    static let campaigns = 2

    /// Refusals in a row, by campaign; empty from whenever the provider took a message, or said what is wrong with one.
    private let counts = Mutex<[CampaignID: Int]>([:])

    /// - Returns: the verdict, with what is not explained laid on the message or on the gateway.
    func judged(_ verdict: WebVerdict, of campaign: CampaignID) -> WebVerdict {
        switch verdict {
        case .accepted:
            counts.withLock { $0.removeAll() }
            return verdict
        case .failed(_, _, let isGatewayFailure):
            // Whoever says what is wrong with a message takes messages.
            if !isGatewayFailure { counts.withLock { $0.removeAll() } }
            return verdict
        case .unexplained(let detail):
            let runs = counts.withLock { counts in
                counts[campaign] = min((counts[campaign] ?? 0) + 1, Self.longest)
                return counts.values.count(where: { $0 == Self.longest })
            }
            guard runs >= Self.campaigns else { return verdict }
            return .failed(
                .network, detail: "\(detail): the messages of \(runs) campaigns are refused one after the other",
                isGatewayFailure: true)
        case .inDoubt: return verdict
        }
    }
}

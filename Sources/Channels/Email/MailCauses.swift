import AlertModel
import Mail

/// What a relay's refusal, at once or by a message that came back, means for a leg.
///
/// | code | cause |
/// |---|---|
/// | 421; 4.3.x (the relay is full or going down); 4.4.5 (congestion) | throttled: later, and does not count |
/// | 4.2.x but 4.2.0, 452 at the recipient without a code (mailbox busy or full) | busy |
/// | other 4xx: grey-listing (4.7.x, 4.2.0, 450), network (4.4.x), 451 | network |
/// | 5.1.x but 5.1.7 and 5.1.8 (which are of the sender), 5.2.0, 5.2.1, 5.4.4; 550, 551, 553 at the recipient without a code | invalid address |
/// | 5.4.x, 5.3.5: the way there is broken for good | network |
/// | other 5xx: policy (5.7.x), too large (5.2.3, 5.3.4), full (5.2.2), content (5.6.x) | refused |
enum MailCauses {
    /// - Parameter stage: nil when a relay further on said so, in a message that came back.
    static func cause(_ stage: MailOutcome.Stage?, reply: Int?, _ status: EnhancedStatus?) -> FailureCause {
        if reply == 421 { return .throttled }
        // A greeting, TLS or password refused is our set-up's fault, not the recipient's: tried again.
        if stage == .connect { return .network }
        // The two may disagree; the reply is what SMTP goes by.
        let isForGood = reply.map { $0 >= 500 } ?? (status?.kind == 5)
        let code = status.flatMap { ($0.kind == 5) == isForGood ? ($0.subject, $0.detail) : nil }
        return isForGood ? forGood(stage, reply, code) : forNow(stage, reply, code)
    }

    private static func forNow(
        _ stage: MailOutcome.Stage?, _ reply: Int?, _ code: (subject: Int, detail: Int)?
    ) -> FailureCause {
        switch code {
        // A message that came back was not throttled: a relay gave it up.
        case (3, _)?, (4, 5)?: stage == nil ? .network : .throttled
        case (2, 1...)?: .busy
        case nil: stage == .recipient && reply == 452 ? .busy : .network
        default: .network
        }
    }

    private static func forGood(
        _ stage: MailOutcome.Stage?, _ reply: Int?, _ code: (subject: Int, detail: Int)?
    ) -> FailureCause {
        // What the sender or the text is refused for says nothing of the recipient's address.
        let isOfRecipient = stage == nil || stage == .recipient || stage == .end
        switch code {
        case (1, 7)?, (1, 8)?: return .refused
        case (1, _)?, (2, 0)?, (2, 1)?, (4, 4)?: return isOfRecipient ? .invalidAddress : .refused
        case (4, _)?, (3, 5)?: return .network
        case nil, (0, _)?:
            return (stage == nil || stage == .recipient) && [550, 551, 553].contains(reply) ? .invalidAddress : .refused
        default: return .refused
        }
    }
}

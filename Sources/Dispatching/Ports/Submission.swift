import AlertModel

/// What a gateway is asked to carry: one leg, once.
package struct Submission: Sendable {
    package let attempt: AttemptID
    package let leg: LegID
    package let campaign: CampaignID
    package let audience: AudienceHash
    package let mode: CampaignMode
    package let kind: CampaignKind
    package let channel: Channel
    package let address: Redacted<String>
    /// As it leaves; in an exercise it already starts with EXERCICE.
    package let message: Message
    /// What it is worded in, for whoever speaks it; empty where the message names no language.
    package let language: String
    /// Its text is this recipient's alone.
    package let isPersonal: Bool
    /// From 1. A throttled submission keeps its number, one of a crashed process too.
    package let number: Int
    /// An earlier attempt of this leg may have reached the recipient.
    package let possibleDuplicate: Bool
    package let claimedAt: UTCTime
    /// The gateway need not try after this.
    package let expiresAt: UTCTime
    /// When quiet hours begin: from then on it does not leave. Never, for an alert.
    package let quietAt: UTCTime

    package init(
        attempt: AttemptID, leg: LegID, campaign: CampaignID, audience: AudienceHash, mode: CampaignMode,
        channel: Channel, address: Redacted<String>, message: Message, language: String = "", isPersonal: Bool = false, number: Int,
        possibleDuplicate: Bool, claimedAt: UTCTime, expiresAt: UTCTime, kind: CampaignKind = .alert, quietAt: UTCTime = .never
    ) {
        self.isPersonal = isPersonal
        self.quietAt = quietAt
        self.kind = kind
        self.attempt = attempt
        self.leg = leg
        self.campaign = campaign
        self.audience = audience
        self.mode = mode
        self.channel = channel
        self.address = address
        self.message = message
        self.language = language
        self.number = number
        self.possibleDuplicate = possibleDuplicate
        self.claimedAt = claimedAt
        self.expiresAt = expiresAt
    }
}

/// What a gateway answered to one submission.
package struct SubmissionResult: Hashable, Sendable {
    package enum Verdict: Hashable, Sendable {
        case known(Outcome)
        /// The message may have left: the connection dropped between the message's last byte and the answer.
        case inDoubt
    }

    package let verdict: Verdict
    /// The gateway's own id of the message, by which later receipts name it; of its first part, where it left in several.
    package let reference: String?
    /// The ids of all its parts in order, where each of several gets a receipt of its own; otherwise empty.
    package let parts: [String]
    /// How long a receipt may still come; nil when the gateway gives none.
    package let receiptWithin: Duration?
    /// A short technical word for the ledger (a reply code), never an address or a text.
    package let detail: String?
    /// Whether it was the gateway that failed (no connection, no answer) and not this message of it: failures of that
    /// kind open its circuit, and the leg goes to another gateway where there is one.
    package let isGatewayFailure: Bool
    /// Some parts of it left before the others were refused: whoever has them sees a torn message, and another try may
    /// come to them as a duplicate.
    package let isPartial: Bool
    /// The person asked, in the same breath, for no more information at this address.
    package let refusesInformation: Bool
    /// It failed to reach anybody, and left the message behind (on an answering machine): once no try remains, it has passed.
    package let isLeftBehind: Bool

    /// - Parameter isGatewayFailure: nil for what the verdict suggests: a network failure or doubt is the gateway's.
    package init(
        _ verdict: Verdict, reference: String? = nil, parts: [String] = [], receiptWithin: Duration? = nil,
        detail: String? = nil, isGatewayFailure: Bool? = nil, isPartial: Bool = false, refusesInformation: Bool = false,
        isLeftBehind: Bool = false
    ) {
        self.isLeftBehind = isLeftBehind
        self.refusesInformation = refusesInformation
        self.isPartial = isPartial
        self.parts = parts
        self.verdict = verdict
        self.isGatewayFailure = isGatewayFailure ?? (verdict == .inDoubt || verdict == .known(.failed(.network)))
        self.reference = reference
        self.receiptWithin = receiptWithin
        self.detail = detail
    }

    /// The same, its detail without what a provider may have written of a person.
    var scrubbed: SubmissionResult {
        guard let detail else { return self }
        let told = GatewayRemark.scrubbed(detail)
        return told == detail ? self : SubmissionResult(
            verdict, reference: reference, parts: parts, receiptWithin: receiptWithin, detail: told,
            isGatewayFailure: isGatewayFailure, isPartial: isPartial, refusesInformation: refusesInformation, isLeftBehind: isLeftBehind)
    }

    package static func failed(
        _ cause: FailureCause, detail: String? = nil, isGatewayFailure: Bool? = nil
    ) -> SubmissionResult {
        SubmissionResult(.known(.failed(cause)), detail: detail, isGatewayFailure: isGatewayFailure)
    }

    /// What a gateway answers to a submission it may not begin any more, by the clock of just before; nil while it may.
    package static func tooLate(_ submission: Submission, now: UTCTime) -> SubmissionResult? {
        if now >= submission.expiresAt { return .failed(.expired) }
        return now >= submission.quietAt ? .quiet : nil
    }

    /// Quiet hours began before it left: it costs no try, and is due again when they end.
    package static let quiet = SubmissionResult.failed(.withheld, detail: quietWord)
    package static let quietWord = "quiet_hours"
}

/// What a gateway says later of a message it had accepted.
package struct Receipt: Hashable, Sendable {
    package let gateway: String
    package let reference: String
    package let outcome: Outcome
    package let receivedAt: UTCTime
    /// What the gateway's `confirm` is told once the ledger has it; nil where nobody waits for that.
    package let ticket: UInt64?

    package init(gateway: String, reference: String, outcome: Outcome, receivedAt: UTCTime, ticket: UInt64? = nil) {
        self.gateway = gateway
        self.reference = reference
        self.outcome = outcome
        self.receivedAt = receivedAt
        self.ticket = ticket
    }
}

extension Submission {
    /// One message that belongs to no campaign: ids of 0, and an audience of nobody.
    package static func alone(
        to address: Redacted<String>, by channel: Channel, _ message: Message, mode: CampaignMode, now: UTCTime
    ) -> Submission {
        Submission(
            attempt: AttemptID(rawValue: now.millisecondsSince1970), leg: LegID(rawValue: 0),
            campaign: CampaignID(rawValue: 0), audience: AudienceHash(hexadecimal: String(repeating: "0", count: 64))!,
            mode: mode, channel: channel, address: address, message: message, number: 1, possibleDuplicate: false,
            claimedAt: now, expiresAt: now.advanced(bySeconds: aloneValiditySeconds))
    }

    /// Whoever tries a gateway waits in front of it.
    private static let aloneValiditySeconds = 600
}

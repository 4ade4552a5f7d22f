/// A set of recipients that no geometry decides: what the register or the ledger says of them, at the moment of asking.
package enum Membership: Hashable, Sendable {
    /// A list of any kind.
    case list(String)
    /// Whoever bears the label.
    case tag(String)
    /// Whoever the filter takes, without a list of that name.
    case filter(RecipientFilter)
    /// The recipients of a former campaign, by what became of it.
    case campaign(CampaignID, CampaignOutcome)
}

/// What a former campaign came to for a recipient.
package enum CampaignOutcome: String, CaseIterable, Hashable, Sendable {
    /// Everybody of its audience.
    case all
    /// Something passed to their device, answered or not.
    case reached
    case acknowledged
    /// Everybody but those who acknowledged: also who could not be reached, and who is still waiting.
    case notAcknowledged = "not_acknowledged"
    /// Nothing passed, and nothing more is tried: given up, cancelled, or without any address.
    case failed
}

extension CampaignOutcome {
    /// The states of a delivery that it takes.
    package var states: Set<DeliveryState> {
        switch self {
        case .all: Set(DeliveryState.allCases)
        case .reached: [.passed, .answered, .acknowledged]
        case .acknowledged: [.acknowledged]
        case .notAcknowledged: Set(DeliveryState.allCases).subtracting([.acknowledged])
        case .failed: [.failed, .cancelled, .unreachable]
        }
    }
}

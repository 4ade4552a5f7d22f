import GeoModel

/// People of a campaign that are listed together, by what became of it for them.
package enum OutcomeGroup: String, CaseIterable, Codable, Hashable, Sendable {
    case acknowledged
    /// Answered without confirming.
    case answered
    case passed, pending, failed, unreachable, cancelled
    /// Nothing passed and nothing more is tried: failed, unreachable or cancelled.
    case notReached = "not_reached"
    /// Everybody but those who confirmed.
    case notAcknowledged = "not_acknowledged"
    /// Of the register, but nowhere on the map: no zone takes them. As the register is now.
    case notLocated = "not_located"

    /// The states that are in it; none for those who are in no campaign.
    package var states: Set<DeliveryState> {
        switch self {
        case .acknowledged: [.acknowledged]
        case .answered: [.answered]
        case .passed: [.passed]
        case .pending: [.pending]
        case .failed: [.failed]
        case .unreachable: [.unreachable]
        case .cancelled: [.cancelled]
        case .notReached: CampaignOutcome.failed.states
        case .notAcknowledged: CampaignOutcome.notAcknowledged.states
        case .notLocated: []
        }
    }
}

/// Which people of a campaign to list.
package struct PeopleFilter: Hashable, Sendable {
    package var group: OutcomeGroup
    /// Only who has a way on the channel in this campaign.
    package var channel: Channel?
    /// Only who has a way that failed for this cause.
    package var cause: FailureCause?
    package var commune: CommuneCode?
    /// Only who is on the list now, or bears the tag now.
    package var list: String?
    package var tag: String?
    /// Only who is in the protected table of vulnerable people.
    package var isVulnerable: Bool

    package init(
        group: OutcomeGroup, channel: Channel? = nil, cause: FailureCause? = nil, commune: CommuneCode? = nil,
        list: String? = nil, tag: String? = nil, isVulnerable: Bool = false
    ) {
        self.group = group
        self.channel = channel
        self.cause = cause
        self.commune = commune
        self.list = list
        self.tag = tag
        self.isVulnerable = isVulnerable
    }

    /// Why nobody can be listed so; nil when it can be asked.
    package var fault: String? {
        if group == .notLocated, channel != nil || cause != nil || commune != nil {
            return "who could not be located is in no campaign: there is no channel, cause or commune to choose by"
        }
        return nil
    }

    /// Without personal data, for the journal.
    package var detail: [String: String] {
        var detail = ["group": group.rawValue]
        detail["channel"] = channel?.rawValue
        detail["cause"] = cause?.rawValue
        detail["commune"] = commune?.rawValue
        detail["list"] = list
        detail["tag"] = tag
        if isVulnerable { detail["vulnerable"] = "yes" }
        return detail
    }
}

import AlertModel

/// What is expected of a campaign, beside what was measured of it: in a preview and in a campaign's own document.
package struct EstimateDocument: Codable, Hashable, Sendable {
    /// Where a channel's pace is known from, and what past campaigns make expect besides.
    package struct OfChannel: Codable, Hashable, Sendable {
        package let channel: Channel
        package let pace: CampaignEstimate.Pace
        package let furtherAttempts: Int?
    }

    package let figures: [CampaignAccount.Figure]
    /// Of all attempts together: with retries and a cascade's later turns; empty where nothing is foreseen of them.
    package let outlook: [CampaignAccount.Figure]
    package let channels: [OfChannel]
    /// Campaigns under way that the gateways are shared with.
    package let beside: Int
    /// Messages that a cascade may add; 0 for none.
    package let later: Int
    /// False while the campaign is under way, and before it is launched.
    package let isMeasured: Bool

    package init(_ account: CampaignAccount) {
        figures = account.figures
        outlook = account.outlook
        channels = (account.estimate?.channels ?? []).map {
            OfChannel(channel: $0.channel, pace: $0.pace, furtherAttempts: $0.furtherAttempts)
        }
        beside = account.estimate?.beside ?? 0
        later = account.estimate?.later ?? 0
        isMeasured = account.measure != nil
    }
}

import AlertModel
import Foundation

/// How far a campaign is. The recipients' counters are exclusive: a recipient is counted once.
package struct CampaignProgress: Codable, Hashable, Sendable {
    /// Legs of one channel, by state.
    package struct Legs: Codable, Hashable, Sendable {
        package let queued: Int
        package let inFlight: Int
        package let accepted: Int
        package let delivered: Int
        package let answered: Int
        package let acknowledged: Int
        package let failed: Int
        package let cancelled: Int

        package init(_ legs: [LegState: Int]) {
            queued = legs[.queued] ?? 0
            inFlight = legs[.inFlight] ?? 0
            accepted = legs[.accepted] ?? 0
            delivered = legs[.delivered] ?? 0
            answered = legs[.answered] ?? 0
            acknowledged = legs[.acknowledged] ?? 0
            failed = legs[.failed] ?? 0
            cancelled = legs[.cancelled] ?? 0
        }
    }

    package let recipients: Int
    package let pending: Int
    package let passed: Int
    package let answered: Int
    package let acknowledged: Int
    package let failed: Int
    package let unreachable: Int
    package let cancelled: Int
    /// Only the channels the campaign uses.
    package let channels: ByChannel<Legs>
    /// Legs that may have been submitted twice because of an interruption.
    package let possibleDuplicates: Int

    /// - Parameters:
    ///   - deliveries: recipients by their delivery's state; `recipients` is their sum.
    ///   - legs: legs by channel and state, for the channels the campaign uses.
    package init(deliveries: [DeliveryState: Int], legs: [Channel: [LegState: Int]], possibleDuplicates: Int) {
        recipients = deliveries.values.reduce(0, +)
        pending = deliveries[.pending] ?? 0
        passed = deliveries[.passed] ?? 0
        answered = deliveries[.answered] ?? 0
        acknowledged = deliveries[.acknowledged] ?? 0
        failed = deliveries[.failed] ?? 0
        unreachable = deliveries[.unreachable] ?? 0
        cancelled = deliveries[.cancelled] ?? 0
        channels = ByChannel(legs.mapValues(Legs.init))
        self.possibleDuplicates = possibleDuplicates
    }
}

/// One value of a campaign's live stream.
package struct ProgressUpdate: Codable, Hashable, Sendable {
    package let state: CampaignState
    @Nullable package var startedAt: Date?
    @Nullable package var endedAt: Date?
    package let progress: CampaignProgress

    package init(state: CampaignState, startedAt: Date?, endedAt: Date?, progress: CampaignProgress) {
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.progress = progress
    }
}

import AlertModel
import Campaigns
import Foundation

/// One value of a campaign's live stream.
package struct ProgressUpdate: Codable, Hashable, Sendable {
    package let state: CampaignState
    @Nullable package var startedAt: Date?
    @Nullable package var endedAt: Date?
    /// Until when quiet hours hold back what has not left.
    @Nullable package var waitsUntil: Date?
    package let progress: CampaignProgress

    package init(state: CampaignState, startedAt: Date?, endedAt: Date?, waitsUntil: Date? = nil, progress: CampaignProgress) {
        self.waitsUntil = waitsUntil
        self.state = state
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.progress = progress
    }
}

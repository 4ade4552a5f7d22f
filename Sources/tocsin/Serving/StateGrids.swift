import AlertModel
import Campaigns
import Foundation
import Store

/// Maps of campaigns by state, read once for all who look at them: a hundred followers cost what one does.
actor StateGrids {
    struct Kept: Sendable {
        let grid: StateGrid
        /// As it stood when the map was read: while it does, so does the map.
        let progress: CampaignProgress
        let at: Date
        let cost: Duration
        let readAt: ContinuousClock.Instant
    }

    /// Campaigns whose maps are kept.
    private static let mostKept = 16
    /// A map is not read again sooner, nor before ten times what reading it took.
    private static let leastAge = Duration.seconds(2)

    private var kept: [CampaignID: Kept] = [:]
    private var reading: [CampaignID: Task<Kept, any Error>] = [:]

    /// - Parameter read: reads the campaign's map, away from this actor.
    func grid(
        of id: CampaignID, standing progress: CampaignProgress, read: @escaping @Sendable () throws -> StateGrid
    ) async throws -> Kept {
        let now = ContinuousClock.now
        if let known = kept[id], known.progress == progress || now - known.readAt < max(Self.leastAge, known.cost * 10) {
            return known
        }
        if let task = reading[id] { return try await task.value }
        let task = Task {
            let at = Date()
            let grid = try await Offload.run(read)
            return Kept(grid: grid, progress: progress, at: at, cost: ContinuousClock.now - now, readAt: .now)
        }
        reading[id] = task
        defer { reading[id] = nil }
        let fresh = try await task.value
        if kept.count >= Self.mostKept, let oldest = kept.min(by: { $0.value.readAt < $1.value.readAt })?.key { kept[oldest] = nil }
        kept[id] = fresh
        return fresh
    }
}

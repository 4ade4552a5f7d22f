import AlertModel
import Dispatching
import GRDB

/// An operator's commands on a campaign: each stands or falls with its entry in the journal.
extension AlertDatabase {
    /// Submits nothing more until resumed. What is in flight ends and is recorded.
    ///
    /// - Throws: `LedgerError.unknownCampaign`, `LedgerError.notAllowed`.
    package func pauseCampaign(_ id: CampaignID, actor: String) throws {
        try command("pause", id, to: .paused, actor: actor)
    }

    /// - Throws: as `pauseCampaign`.
    package func resumeCampaign(_ id: CampaignID, actor: String) throws {
        try command("resume", id, to: .running, resumedAt: .now, actor: actor)
    }

    /// Ends a campaign for good: whatever had not left never will.
    ///
    /// - Returns: how many messages had not left.
    /// - Throws: as `pauseCampaign`.
    package func stopCampaign(_ id: CampaignID, actor: String) throws -> Int {
        let now = UTCTime.now
        try command("stop", id, to: .stopped, endedAt: now, actor: actor)
        return try ledger.cancelQueuedLegs(of: id, now: now)
    }

    private func command(
        _ name: String, _ id: CampaignID, to state: CampaignState, endedAt: UTCTime? = nil, resumedAt: UTCTime? = nil,
        actor: String
    ) throws {
        try pool.write { database in
            try database.move(id, to: state, endedAt: endedAt, resumedAt: resumedAt, command: name)
            try database.audit(actor: actor, action: "campaign.\(name)", subject: id.description)
        }
    }
}

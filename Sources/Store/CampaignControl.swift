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

    /// Takes a campaign back in the seconds after its launch: all of it, or nothing.
    ///
    /// - Returns: how many messages were cancelled. None had left, and none will.
    /// - Throws: `LedgerError.unknownCampaign`, `.notAllowed`, `.tooLateToUndo`.
    @discardableResult
    package func undoCampaign(_ id: CampaignID, actor: String, now: UTCTime = .now) throws -> Int {
        try pool.write { database in
            try requireMode(of: id, in: database)
            let held = try Row.fetchOne(
                database, sql: "SELECT held_until FROM campaigns WHERE id = ?", arguments: [id.rawValue])
            guard let held else { throw LedgerError.unknownCampaign(id) }
            // The dispatcher opens attempts in write transactions: in this one none can begin.
            let attempts = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM attempts WHERE campaign_id = ?", arguments: [id.rawValue])
            guard let until = held["held_until"] as Int64?, now < UTCTime(stored: until), attempts == 0 else {
                throw LedgerError.tooLateToUndo(id)
            }
            try database.move(id, to: .stopped, endedAt: now, command: "undo")
            try database.audit(actor: actor, action: "campaign.undo", subject: id.description, detail: ["submitted": "0"])
        }
        return try ledger.cancelQueuedLegs(of: id, now: now)
    }

    private func command(
        _ name: String, _ id: CampaignID, to state: CampaignState, endedAt: UTCTime? = nil, resumedAt: UTCTime? = nil,
        actor: String
    ) throws {
        try pool.write { database in
            try requireMode(of: id, in: database)
            try database.move(id, to: state, endedAt: endedAt, resumedAt: resumedAt, command: name)
            try database.audit(actor: actor, action: "campaign.\(name)", subject: id.description)
        }
    }
}

import AlertModel
import Dispatching
import GRDB

extension CampaignLedger {
    /// Submits nothing more until resumed. What is in flight ends and is recorded.
    /// - Throws: `LedgerError.unknownCampaign`, `LedgerError.notAllowed`.
    package func pause(_ campaign: CampaignID) throws {
        try writer.write { try $0.move(campaign, to: .paused, command: "pause") }
    }

    /// - Throws: as `pause`.
    package func resume(_ campaign: CampaignID, now: UTCTime = .now) throws {
        try writer.write { try $0.move(campaign, to: .running, resumedAt: now, command: "resume") }
    }

    /// Ends a campaign for good: whatever had not left never will. Takes hold at once; the legs are then
    /// cancelled in short transactions, by the dispatcher if this process is killed half-way.
    /// - Returns: how many legs were cancelled.
    /// - Throws: as `pause`.
    @discardableResult
    package func stop(_ campaign: CampaignID, now: UTCTime) throws -> Int {
        try writer.write { try $0.move(campaign, to: .stopped, endedAt: now, command: "stop") }
        return try cancelQueuedLegs(of: campaign, now: now)
    }

    /// Cancels what a stopped campaign has not submitted. - Returns: how many legs.
    func cancelQueuedLegs(of campaign: CampaignID, now: UTCTime) throws -> Int {
        var cancelled = 0
        while true {
            let count = try writer.write {
                try $0.endQueuedLegs(of: campaign.rawValue, to: .cancelled, cause: nil, limit: 2_000, now: now)
            }
            cancelled += count
            if count == 0 { return cancelled }
        }
    }
}

extension Database {
    func move(_ id: CampaignID, to next: CampaignState, endedAt: UTCTime? = nil, resumedAt: UTCTime? = nil, command: String) throws {
        let word = try String.fetchOne(self, sql: "SELECT state FROM campaigns WHERE id = ?", arguments: [id.rawValue])
        guard let word else { throw LedgerError.unknownCampaign(id) }
        let state = try CampaignState(stored: word)
        guard state.canBecome(next) else { throw LedgerError.notAllowed(id, state: state, command: command) }
        try execute(
            sql: "UPDATE campaigns SET state = ?, ended_at = ?, resumed_at = ifnull(?, resumed_at) WHERE id = ?",
            arguments: [
                next.rawValue, endedAt?.millisecondsSince1970, resumedAt?.millisecondsSince1970, id.rawValue,
            ])
    }
}

import AlertModel
import Dispatching

extension AlertDatabase {
    /// As `CampaignLedger.pause`, traced.
    package func pauseCampaign(_ id: CampaignID, actor: String) throws {
        try ledger.pause(id)
        try audit(actor: actor, action: "campaign.pause", subject: id.description)
    }

    /// As `CampaignLedger.resume`, traced.
    package func resumeCampaign(_ id: CampaignID, actor: String) throws {
        try ledger.resume(id)
        try audit(actor: actor, action: "campaign.resume", subject: id.description)
    }

    /// As `CampaignLedger.stop`, traced. - Returns: how many messages had not left.
    package func stopCampaign(_ id: CampaignID, actor: String) throws -> Int {
        let cancelled = try ledger.stop(id, now: UTCTime.now)
        try audit(
            actor: actor, action: "campaign.stop", subject: id.description, detail: ["cancelled": String(cancelled)])
        return cancelled
    }
}

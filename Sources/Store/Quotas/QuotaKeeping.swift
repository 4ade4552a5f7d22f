import AlertModel
import Campaigns
import GRDB

extension Database {
    /// What a launch is expected to use; kept also where nobody it counts for has a quota, for one may be settled while it is
    /// under way.
    func reservation(of entries: [AudienceEntry], for plan: CampaignPlan, now: UTCTime) throws -> [Charge] {
        guard plan.mode == .real else { return [] }
        var loads = try AudienceLoads(plan)
        for entry in entries { try loads.take(entry) }
        return try charges(of: loads.first, for: plan.organisation, now: now)
    }

    /// Keeps which quotas a launch went beyond, or nearly used up, in the journal of whoever has them.
    func journal(_ findings: [QuotaFinding], of campaign: CampaignID, by actor: String) throws {
        for finding in findings {
            let quota = finding.level.quota
            try audit(
                actor: actor, action: finding.isExceeded ? "quota.exceeded" : "quota.warning", subject: finding.level.name,
                detail: [
                    "campaign": campaign.description, "period": quota.period.rawValue,
                    "quota": quota.measure.words(quota.amount), "left": quota.measure.words(finding.level.left),
                    "needed": finding.need.map { quota.measure.words($0) } ?? "unknown",
                ], organisation: finding.level.organisation)
        }
    }
}

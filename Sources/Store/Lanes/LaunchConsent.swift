import AlertModel
import Campaigns
import GRDB

/// The last look, inside the launching transaction, at whether one person may launch; and what is kept of it.
extension Database {
    /// - Throws: `LaunchError.guarded` when a second person is due and none agreed, `.emptyAudience`.
    func requireConsent(of plan: CampaignPlan, _ guards: [GuardFinding]) throws {
        if let refusal = guards.refusal(acceptance: plan.agreement) { throw refusal }
        // Without a request nobody was asked: that is for organisations where there is nobody to ask.
        guard case .brokenGlass(_, request: nil) = plan.circumstances.consent,
            let finding = guards.first(where: { $0.consequence == .secondPerson }),
            try !approvers(of: plan.organisation, besides: plan.createdBy).isEmpty
        else { return }
        throw LaunchError.guarded(finding)
    }

    /// Keeps how the campaign came to be launched; nothing of it leaves before the time to take it back is over. A launch
    /// that one person made where a second was due stands in the journal as critical.
    func note(_ plan: CampaignPlan, lane: Lane, of campaign: CampaignID, now: UTCTime) throws {
        let circumstances = plan.circumstances
        var approver: String?
        var alone: String?
        var isJournalled = false
        switch circumstances.consent {
        case .approved(let by, _): approver = by
        case .brokenGlass(let reason, let request):
            alone = reason
            // A request's decision is an entry of its own.
            isJournalled = request != nil
        case .none: alone = lane == .secondPerson ? plan.acceptance : nil
        }
        try execute(
            sql: """
                UPDATE campaigns SET lane = ?, scenario = ?, opened_at = ?, held_until = ?, approved_by = ?, alone_reason = ?
                WHERE id = ?
                """,
            arguments: [
                lane.rawValue, circumstances.scenario, circumstances.openedAt?.millisecondsSince1970,
                circumstances.undoSeconds > 0
                    ? now.advanced(bySeconds: circumstances.undoSeconds).millisecondsSince1970 : nil,
                approver, alone, campaign.rawValue,
            ])
        guard let alone, !isJournalled else { return }
        try audit(
            actor: plan.createdBy, action: "launch.break_glass", subject: campaign.description,
            detail: ["severity": "critical", "reason": alone, "campaign": campaign.description])
    }
}

/// A launch that one person made where a second was due.
package struct BrokenGlass: Sendable {
    package let at: UTCTime
    package let user: String
    package let reason: String
    package let campaign: CampaignID
}

extension AlertDatabase {
    /// Launches of an organisation that one person made where a second was due, the latest first.
    package func brokenGlass(of organisation: OrganisationID?, since: UTCTime, limit: Int = 20) throws -> [BrokenGlass] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT id, created_at, created_by, alone_reason FROM campaigns
                    WHERE (?1 IS NULL OR organisation_id = ?1) AND alone_reason IS NOT NULL AND created_at >= ?2
                    ORDER BY id DESC LIMIT ?3
                    """, arguments: [organisation?.rawValue, since.millisecondsSince1970, limit]
            ).map { row in
                BrokenGlass(
                    at: UTCTime(stored: row["created_at"]), user: row["created_by"], reason: row["alone_reason"],
                    campaign: CampaignID(rawValue: row["id"]))
            }
        }
    }
}

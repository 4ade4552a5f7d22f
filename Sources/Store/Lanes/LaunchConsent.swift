import AlertModel
import Campaigns
import Dispatching
import Foundation
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
            detail: ["severity": "critical", "reason": alone, "campaign": campaign.description],
            organisation: plan.organisation)
        try noticeAlone(campaign, of: plan.organisation, by: plan.createdBy, now: now)
    }

    /// An e-mail to whoever may approve or administer, that somebody went on alone.
    func noticeAlone(_ campaign: CampaignID, of organisation: OrganisationID, by user: String, now: UTCTime) throws {
        try notice(
            .breakGlass, campaign.rawValue, to: organisation, besides: user,
            until: now.advanced(bySeconds: Self.aloneNoticeSeconds), now: now)
    }

    /// As long as the console's strip says it.
    private static let aloneNoticeSeconds = 86_400
}

/// What one person changes of a real campaign under way where a launch would take a second: nobody is waited for, a reason
/// is due. Stopping and pausing ask for nothing.
package enum AloneChange: String, Hashable, Sendable {
    /// Another text.
    case amend
    /// More people than one person alerts.
    case join
}

extension Database {
    /// - Parameters:
    ///   - row: the campaign's `mode` and `organisation_id`.
    ///   - people: whom one person added by hand, this time included.
    /// - Returns: the reason that is to be kept; nil where none is due: in an exercise, of the machine's administrator, or
    ///   where the organisation settled that the rail asks nothing.
    /// - Throws: `LedgerError.reasonNeeded`; `LaunchError.guarded` where the rail stops.
    func reasonDue(
        _ rail: GuardRail, in row: Row, of campaign: CampaignID, people: Int = 1, author: LaunchAuthor, reason: String?
    ) throws -> String? {
        guard author != .machine, try CampaignMode(stored: row["mode"]) == .real else { return nil }
        let policy = try guardPolicy(of: OrganisationID(rawValue: row["organisation_id"]))
        let facts = GuardFacts(recipients: people, register: 0, mode: .real, author: .account)
        guard let finding = policy.findings(facts).first(where: { $0.rail == rail }) else { return nil }
        switch finding.consequence {
        case .none, .warn: return nil
        case .stop: throw LaunchError.guarded(finding)
        case .secondPerson:
            guard let reason, ApprovalRules.isReason(reason) else {
                throw LedgerError.reasonNeeded(campaign, why: finding.description)
            }
            return reason
        }
    }

    /// Keeps the reason in the journal, as critical.
    func noteAlone(
        _ change: AloneChange, of campaign: CampaignID, in row: Row, by actor: String, reason: String,
        _ detail: [String: String]
    ) throws {
        let entry = ["severity": "critical", "reason": reason, "campaign": campaign.description, "change": change.rawValue]
        try audit(
            actor: actor, action: "launch.break_glass", subject: campaign.description,
            detail: entry.merging(detail) { first, _ in first },
            organisation: OrganisationID(rawValue: row["organisation_id"]))
        try noticeAlone(campaign, of: OrganisationID(rawValue: row["organisation_id"]), by: actor, now: .now)
    }
}

/// A launch that one person made where a second was due, or a change of a campaign.
package struct BrokenGlass: Sendable {
    package let at: UTCTime
    package let user: String
    package let reason: String
    package let campaign: CampaignID
    /// Nil for a launch.
    package let change: AloneChange?
}

extension AlertDatabase {
    /// Launches of an organisation that one person made where a second was due, and such changes of campaigns, the latest
    /// first.
    package func brokenGlass(of organisation: OrganisationID?, since: UTCTime, limit: Int = 20) throws -> [BrokenGlass] {
        try pool.read { database in
            let launches = try Row.fetchAll(
                database, sql: """
                    SELECT id, created_at, created_by, alone_reason FROM campaigns
                    WHERE (?1 IS NULL OR organisation_id = ?1) AND mode = 'real' AND alone_reason IS NOT NULL
                        AND created_at >= ?2
                    ORDER BY id DESC LIMIT ?3
                    """, arguments: [organisation?.rawValue, since.millisecondsSince1970, limit]
            ).map { row in
                BrokenGlass(
                    at: UTCTime(stored: row["created_at"]), user: row["created_by"], reason: row["alone_reason"],
                    campaign: CampaignID(rawValue: row["id"]), change: nil)
            }
            let changes = try database.aloneChanges(of: organisation, since: since, limit: limit)
            return Array((launches + changes).sorted { ($0.at, $0.campaign) > ($1.at, $1.campaign) }.prefix(limit))
        }
    }
}

extension Database {
    /// From the journal, backwards, as far as the time goes.
    fileprivate func aloneChanges(of organisation: OrganisationID?, since: UTCTime, limit: Int) throws -> [BrokenGlass] {
        var changes: [BrokenGlass] = []
        let rows = try Row.fetchCursor(
            self, sql: """
                SELECT at, action, actor, subject, detail FROM audit_entries WHERE ?1 IS NULL OR organisation_id = ?1
                ORDER BY id DESC
                """, arguments: [organisation?.rawValue])
        while changes.count < limit, let row = try rows.next(), let at = Int64.fromDatabaseValue(row["at"]),
            at >= since.millisecondsSince1970
        {
            guard String.fromDatabaseValue(row["action"]) == "launch.break_glass",
                let campaign = String.fromDatabaseValue(row["subject"]).flatMap({ Int64($0) }),
                let user = String.fromDatabaseValue(row["actor"]), let text = String.fromDatabaseValue(row["detail"]),
                let detail = try? JSONDecoder().decode([String: String].self, from: Data(text.utf8)),
                let change = detail["change"].flatMap({ AloneChange(rawValue: $0) })
            else { continue }
            changes.append(
                BrokenGlass(
                    at: UTCTime(millisecondsSince1970: at), user: user, reason: detail["reason"] ?? "",
                    campaign: CampaignID(rawValue: campaign), change: change))
        }
        return changes
    }
}

import AlertModel
import Campaigns
import Foundation
import GRDB

/// A launch that waits for a second person.
package struct ApprovalDraft: Sendable {
    /// With the hash that was shown.
    package let plan: CampaignPlan
    package let recipients: Int
    package let certain: Int
    /// The communes' names, those with most recipients first.
    package let communes: [String]
    package let communesTotal: Int
    /// The guard rails that ask.
    package let guards: [GuardRail]
    package let isAllClear: Bool

    package init(
        plan: CampaignPlan, recipients: Int, certain: Int, communes: [String], communesTotal: Int, guards: [GuardRail],
        isAllClear: Bool
    ) {
        self.plan = plan
        self.recipients = recipients
        self.certain = certain
        self.communes = communes
        self.communesTotal = communesTotal
        self.guards = guards
        self.isAllClear = isAllClear
    }
}

/// A request as it is kept.
package struct SavedApproval: Sendable {
    package let id: ApprovalID
    package let organisation: OrganisationID
    package let facts: ApprovalFacts
    package let requestKey: String
    package let kind: CampaignKind
    package let weight: Int
    package let zoneDocument: String
    package let message: Message
    package let policy: Policy
    package let isAllClear: Bool
    package let scenario: String?
    package let audience: AudienceHash
    package let recipients: Int
    package let certain: Int
    package let notLocated: Int
    package let communes: [String]
    package let communesTotal: Int
    package let guards: [GuardRail]
    package let openedAt: UTCTime?
    package let decidedBy: String?
    package let decidedAt: UTCTime?
    package let reason: String?
    package let campaign: CampaignID?

    /// As it stands at a moment: nobody decides on what is too old.
    package func state(at now: UTCTime) -> ApprovalState {
        facts.state == .pending && now >= facts.expiresAt ? .expired : facts.state
    }

    /// The launch that was asked for, as it was shown.
    package func plan(_ consent: LaunchConsent) -> CampaignPlan {
        CampaignPlan(
            organisation: organisation, requestKey: requestKey, mode: .real, zoneDocument: zoneDocument, message: message,
            policy: policy, notLocated: notLocated, approvedHash: audience, createdBy: facts.askedBy, kind: kind,
            weight: weight,
            // Named after a scenario is not approved as one: where the text was asked about, it is the asker's own.
            circumstances: LaunchCircumstances(
                author: scenario == nil || guards.contains(.freeText) ? .account : .scenario, consent: consent,
                openedAt: openedAt, scenario: scenario))
    }
}

extension SavedApproval {
    init(_ row: Row) throws {
        guard let state = ApprovalState(rawValue: row["state"]), let audience = AudienceHash(hexadecimal: row["audience_hash"])
        else { throw LedgerError.unreadable("a request's state or hash") }
        let message: Message
        do {
            message = try MessageDocument.decode(Array((row["message"] as String).utf8))
        } catch {
            throw LedgerError.unreadable("a request's message")
        }
        id = ApprovalID(rawValue: row["id"])
        organisation = OrganisationID(rawValue: row["organisation_id"])
        facts = ApprovalFacts(
            state: state, askedBy: row["asked_by"], askedAt: UTCTime(stored: row["asked_at"]),
            expiresAt: UTCTime(stored: row["expires_at"]), breakGlassAt: UTCTime(stored: row["break_glass_at"]))
        requestKey = row["request_key"]
        kind = try CampaignKind(stored: row["kind"])
        weight = row["weight"]
        zoneDocument = row["zone"]
        self.message = message
        policy = try Policy(row)
        isAllClear = row["is_all_clear"]
        scenario = row["scenario"]
        self.audience = audience
        recipients = row["recipients"]
        certain = row["certain"]
        notLocated = row["not_located"]
        communes = try JSONDecoder().decode([String].self, from: Data((row["communes"] as String).utf8))
        communesTotal = row["communes_total"]
        guards = (row["guards"] as String).split(separator: ",").compactMap { GuardRail(rawValue: String($0)) }
        openedAt = (row["opened_at"] as Int64?).map(UTCTime.init(stored:))
        decidedBy = row["decided_by"]
        decidedAt = (row["decided_at"] as Int64?).map(UTCTime.init(stored:))
        reason = row["reason"]
        campaign = (row["campaign_id"] as Int64?).map(CampaignID.init)
    }
}

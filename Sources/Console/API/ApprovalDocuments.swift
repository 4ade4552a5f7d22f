import AlertModel
import Campaigns
import Foundation

/// A request for approval: what would leave, to how many, where, who asks and since when.
package struct ApprovalCard: Codable, Hashable, Sendable {
    package let id: ApprovalID
    package let state: ApprovalState
    package let subject: String
    package let text: String
    package let channels: [Channel]
    package let kind: CampaignKind
    package let recipients: Int
    package let certain: Int
    package let notLocated: Int
    /// Names of the communes with the most recipients, most first, ten at most.
    package let communes: [String]
    package let communesTotal: Int
    /// The zone in words.
    package let zone: String
    package let audienceHash: String
    /// Codes of the guard rails that ask.
    package let guards: [String]
    @Nullable package var scenario: String?
    package let askedBy: String
    package let askedAt: Date
    /// From when whoever asked may go on alone.
    package let breakGlassAt: Date
    package let expiresAt: Date
    @Nullable package var decidedBy: String?
    @Nullable package var decidedAt: Date?
    @Nullable package var reason: String?
    @Nullable package var campaign: CampaignID?
    /// Whether the account asked for it.
    package let isMine: Bool
    /// Whether the account may answer it now.
    package let mayApprove: Bool

    package init(
        id: ApprovalID, state: ApprovalState, subject: String, text: String, channels: [Channel], kind: CampaignKind,
        recipients: Int, certain: Int, notLocated: Int, communes: [String], communesTotal: Int, zone: String,
        audienceHash: String, guards: [String], scenario: String?, askedBy: String, askedAt: Date, breakGlassAt: Date,
        expiresAt: Date, decidedBy: String?, decidedAt: Date?, reason: String?, campaign: CampaignID?, isMine: Bool,
        mayApprove: Bool
    ) {
        self.id = id
        self.state = state
        self.subject = subject
        self.text = text
        self.channels = channels
        self.kind = kind
        self.recipients = recipients
        self.certain = certain
        self.notLocated = notLocated
        self.communes = communes
        self.communesTotal = communesTotal
        self.zone = zone
        self.audienceHash = audienceHash
        self.guards = guards
        self.askedBy = askedBy
        self.askedAt = askedAt
        self.breakGlassAt = breakGlassAt
        self.expiresAt = expiresAt
        self.isMine = isMine
        self.mayApprove = mayApprove
        self.scenario = scenario
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.reason = reason
        self.campaign = campaign
    }
}

/// `GET /api/approvals`.
package struct ApprovalBoard: Codable, Hashable, Sendable {
    /// A launch that one person made where a second was due, or a change of a campaign.
    package struct Alone: Codable, Hashable, Sendable {
        package let campaign: CampaignID
        package let user: String
        package let at: Date
        package let reason: String
        /// `launch`, `amend` for another text, `join` for people added by hand.
        package let change: String

        package init(campaign: CampaignID, user: String, at: Date, reason: String, change: String = "launch") {
            self.change = change
            self.campaign = campaign
            self.user = user
            self.at = at
            self.reason = reason
        }
    }

    /// Newest first.
    package let approvals: [ApprovalCard]
    /// Of the last day, the latest first.
    package let alone: [Alone]
    /// How many besides the account may approve what it asks for; with none it goes on alone at once, for a reason.
    package let approvers: Int
    /// Other texts of campaigns under way, newest first.
    package let amendments: [AmendmentCard]
    /// How many scenarios wait for the account's approval.
    package let scenarios: Int
    /// How many requests of other organisations wait for the account's answer.
    package let handed: Int

    package init(
        approvals: [ApprovalCard], alone: [Alone], approvers: Int, amendments: [AmendmentCard] = [], scenarios: Int = 0,
        handed: Int = 0
    ) {
        self.amendments = amendments
        self.scenarios = scenarios
        self.handed = handed
        self.approvals = approvals
        self.alone = alone
        self.approvers = approvers
    }
}

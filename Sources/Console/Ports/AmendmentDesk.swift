import AlertModel
import Campaigns
import Foundation

/// Requests for another text of a campaign under way, as the console needs them. Every function may throw `ConsoleProblem`;
/// another organisation's is `not_found`, as one that is not there.
package struct AmendmentDesk: Sendable {
    /// Asked again with the same key, it is the same request.
    package var ask: @Sendable (Account, CampaignID, Message, _ version: Int, _ requestKey: UUID) async throws -> AmendmentCard
    package var approve: @Sendable (Account, AmendmentID) async throws -> AmendmentCard
    package var refuse: @Sendable (Account, AmendmentID, _ reason: String) async throws -> AmendmentCard
    package var withdraw: @Sendable (Account, AmendmentID) async throws -> AmendmentCard
    package var breakGlass: @Sendable (Account, AmendmentID, _ reason: String) async throws -> AmendmentCard

    package init(
        ask: @escaping @Sendable (Account, CampaignID, Message, Int, UUID) async throws -> AmendmentCard,
        approve: @escaping @Sendable (Account, AmendmentID) async throws -> AmendmentCard,
        refuse: @escaping @Sendable (Account, AmendmentID, String) async throws -> AmendmentCard,
        withdraw: @escaping @Sendable (Account, AmendmentID) async throws -> AmendmentCard,
        breakGlass: @escaping @Sendable (Account, AmendmentID, String) async throws -> AmendmentCard
    ) {
        self.ask = ask
        self.approve = approve
        self.refuse = refuse
        self.withdraw = withdraw
        self.breakGlass = breakGlass
    }
}

/// A request for another text: what it says now, what it would say, who asks.
package struct AmendmentCard: Codable, Hashable, Sendable {
    package let id: AmendmentID
    package let state: ApprovalState
    package let campaign: CampaignID
    package let subject: String
    package let text: String
    /// Other wordings, by language and channel.
    package let wordings: [String]
    /// The text that is replaced; nil when it can't be read any more.
    @Nullable package var before: String?
    package let askedBy: String
    package let askedAt: Date
    package let breakGlassAt: Date
    package let expiresAt: Date
    @Nullable package var decidedBy: String?
    @Nullable package var decidedAt: Date?
    @Nullable package var reason: String?
    package let isMine: Bool
    package let mayApprove: Bool

    package init(
        id: AmendmentID, state: ApprovalState, campaign: CampaignID, subject: String, text: String, wordings: [String],
        before: String?, askedBy: String, askedAt: Date, breakGlassAt: Date, expiresAt: Date, decidedBy: String?,
        decidedAt: Date?, reason: String?, isMine: Bool, mayApprove: Bool
    ) {
        self.id = id
        self.state = state
        self.campaign = campaign
        self.subject = subject
        self.text = text
        self.wordings = wordings
        self.askedBy = askedBy
        self.askedAt = askedAt
        self.breakGlassAt = breakGlassAt
        self.expiresAt = expiresAt
        self.isMine = isMine
        self.mayApprove = mayApprove
        self.before = before
        self.decidedBy = decidedBy
        self.decidedAt = decidedAt
        self.reason = reason
    }
}

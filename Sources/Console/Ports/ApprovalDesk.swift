import AlertModel
import Foundation

/// Requests for a second person's approval, as the console needs them. Every function may throw `ConsoleProblem`; a
/// request of another organisation is `not_found`, as one that is not there.
package struct ApprovalDesk: Sendable {
    /// Asks for the launch of a plan; asked again with the same key, it is the same request.
    package var ask: @Sendable (Account, CampaignLaunch) async throws -> ApprovalCard
    /// Newest first.
    package var list: @Sendable (Account) async throws -> ApprovalBoard
    package var find: @Sendable (Account, ApprovalID) async throws -> ApprovalCard
    /// Recomputes the audience in the launching transaction: `audience_changed` voids the request.
    package var approve: @Sendable (Account, ApprovalID) async throws -> CampaignID
    package var refuse: @Sendable (Account, ApprovalID, _ reason: String) async throws -> ApprovalCard
    package var withdraw: @Sendable (Account, ApprovalID) async throws -> ApprovalCard
    /// Launches alone what nobody answered, for a reason that is kept.
    package var breakGlass: @Sendable (Account, ApprovalID, _ reason: String) async throws -> CampaignID

    package init(
        ask: @escaping @Sendable (Account, CampaignLaunch) async throws -> ApprovalCard,
        list: @escaping @Sendable (Account) async throws -> ApprovalBoard,
        find: @escaping @Sendable (Account, ApprovalID) async throws -> ApprovalCard,
        approve: @escaping @Sendable (Account, ApprovalID) async throws -> CampaignID,
        refuse: @escaping @Sendable (Account, ApprovalID, String) async throws -> ApprovalCard,
        withdraw: @escaping @Sendable (Account, ApprovalID) async throws -> ApprovalCard,
        breakGlass: @escaping @Sendable (Account, ApprovalID, String) async throws -> CampaignID
    ) {
        self.ask = ask
        self.list = list
        self.find = find
        self.approve = approve
        self.refuse = refuse
        self.withdraw = withdraw
        self.breakGlass = breakGlass
    }
}

import Foundation

/// One right given to somebody, for a time or until it is withdrawn. What a person may do is the union of what their
/// grants give at that moment, and nothing else.
package struct Grant: Hashable, Sendable {
    /// Who receives it.
    package enum Beneficiary: Hashable, Sendable {
        case person(UserID)
        case group(GroupID)
    }

    /// What is given.
    package enum Gift: Hashable, Sendable {
        /// A role, by its name.
        case role(String)
        /// A role for a turn of duty.
        case shift(String)
        /// Whatever this person may do by themselves: what others lent them is not lent on.
        case rights(of: UserID)
        /// What the group is given.
        case membership(GroupID)
    }

    package enum State: String, CaseIterable, Codable, Hashable, Sendable {
        /// Gives nothing until a second administrator has confirmed it.
        case pending
        case active
        case refused
        case withdrawn
    }

    package let id: GrantID
    package let beneficiary: Beneficiary
    package let gift: Gift
    package let state: State
    package let startsAt: Date
    /// Nil: until it is withdrawn.
    package let endsAt: Date?

    package init(
        id: GrantID, beneficiary: Beneficiary, gift: Gift, state: State, startsAt: Date, endsAt: Date? = nil
    ) {
        self.id = id
        self.beneficiary = beneficiary
        self.gift = gift
        self.state = state
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    /// Whether it gives anything at a moment; its end is no longer part of it.
    package func isInForce(at moment: Date) -> Bool {
        state == .active && startsAt <= moment && (endsAt.map { moment < $0 } ?? true)
    }

    /// Whether the rights are lent for a time by somebody else.
    package var isDelegation: Bool {
        if case .rights = gift { true } else { false }
    }
}

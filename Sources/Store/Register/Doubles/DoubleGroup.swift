import AlertModel

/// People of one register who may be one, found by what they share.
package struct DoubleGroup: Sendable, Hashable {
    /// The strongest first.
    package enum Reason: Int, CaseIterable, Sendable {
        /// The same name (its words in any order, without accents) and a number or mailbox in common.
        case nameAndContact
        /// The same name at the same address of the same commune.
        case nameAndAddress
        /// A number or mailbox in common, under different names: most live or work together.
        case contact
    }

    /// People looked at together. A number that more have is a switchboard's, and says nothing of who is who.
    package static let most = 12

    package let reason: Reason
    /// Ascending.
    package let members: [RecipientID]
    /// How many more there are than `most`.
    package let others: Int
}

/// All of a register's at one moment, the strongest reasons first.
package struct DoubleFindings: Sendable {
    /// More are not worked through by hand before the register is looked through again.
    package static let mostGroups = 20_000

    package let groups: [DoubleGroup]
    /// Whether there were more than `mostGroups`.
    package let isCut: Bool
}

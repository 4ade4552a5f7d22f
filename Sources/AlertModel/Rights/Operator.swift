/// In whose name something is done, and what they may do: a signed-in account, or whoever runs a command on the
/// machine itself.
package struct Operator: Hashable, Sendable {
    /// What the journal writes.
    package let name: String
    /// Nil for the machine's administrator.
    package let user: UserID?
    /// The one whose affairs they manage; nil for the machine's administrator, who manages all of them.
    package let organisation: OrganisationID?
    package let capabilities: Set<Capability>

    package init(name: String, user: UserID?, organisation: OrganisationID?, capabilities: Set<Capability>) {
        self.name = name
        self.user = user
        self.organisation = organisation
        self.capabilities = capabilities
    }

    /// What the machine's administrator's name begins with in the journal, before the login.
    package static let machinePrefix = "cli:"

    /// Who runs a command under no account: holds the database's file, and so has every right over it.
    package static func machine(login: String) -> Operator {
        Operator(name: "\(machinePrefix)\(login)", user: nil, organisation: nil, capabilities: Set(Capability.allCases))
    }

    /// - Throws: `RightsError.notPermitted`.
    package func require(_ capability: Capability) throws {
        guard capabilities.contains(capability) else { throw RightsError.notPermitted(capability) }
    }
}

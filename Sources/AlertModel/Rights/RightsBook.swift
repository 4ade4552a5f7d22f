import Foundation

/// Who may do what at one moment, from the grants of one organisation.
package struct RightsBook: Sendable {
    /// A capability set and the grant it comes from.
    package struct Source: Hashable, Sendable {
        package let grant: GrantID
        package let capabilities: Set<Capability>
    }

    private let grants: [Grant.Beneficiary: [Grant]]
    private let roles: [String: Role]
    private let open: Set<UserID>

    /// - Parameters:
    ///   - grants: of the organisation; those not in force at the moment give nothing.
    ///   - roles: the organisation's own, besides the built-in ones.
    ///   - open: the people whose accounts are open: nobody else has, or lends, any right.
    package init(grants: [Grant], roles: [Role], open: Set<UserID>, at moment: Date) {
        self.grants = Dictionary(grouping: grants.filter { $0.isInForce(at: moment) }, by: \.beneficiary)
        self.roles = Dictionary((Role.builtIn + roles).map { ($0.name, $0) }, uniquingKeysWith: { builtIn, _ in builtIn })
        self.open = open
    }

    package func capabilities(of person: UserID) -> Set<Capability> {
        sources(of: person).reduce(into: []) { $0.formUnion($1.capabilities) }
    }

    /// What each grant in force gives the person, those of their groups included, by grant.
    package func sources(of person: UserID) -> [Source] {
        guard open.contains(person) else { return [] }
        let lent = (grants[.person(person)] ?? []).compactMap { grant -> Source? in
            guard case .rights(let lender) = grant.gift else { return nil }
            return Source(grant: grant.id, capabilities: ownCapabilities(of: lender))
        }
        return (own(of: person) + lent).sorted { $0.grant < $1.grant }
    }

    /// What the person may do without what others lent.
    package func ownCapabilities(of person: UserID) -> Set<Capability> {
        own(of: person).reduce(into: []) { $0.formUnion($1.capabilities) }
    }

    /// The groups the person is in now.
    package func groups(of person: UserID) -> Set<GroupID> {
        Set((grants[.person(person)] ?? []).compactMap { grant in
            if case .membership(let group) = grant.gift { group } else { nil }
        })
    }

    /// What a group gives each of its members.
    package func capabilities(of group: GroupID) -> Set<Capability> {
        named(grants[.group(group)] ?? []).reduce(into: []) { $0.formUnion($1.capabilities) }
    }

    /// An unknown role gives nothing.
    package func capabilities(ofRole name: String) -> Set<Capability> { roles[name]?.capabilities ?? [] }

    private func own(of person: UserID) -> [Source] {
        guard open.contains(person) else { return [] }
        return named(grants[.person(person)] ?? []) + groups(of: person).flatMap { named(grants[.group($0)] ?? []) }
    }

    private func named(_ grants: [Grant]) -> [Source] {
        grants.compactMap { grant in
            switch grant.gift {
            case .role(let name), .shift(let name):
                Source(grant: grant.id, capabilities: capabilities(ofRole: name))
            case .rights, .membership: nil
            }
        }
    }
}

/// A named set of capabilities.
package struct Role: Hashable, Sendable {
    /// Longest name, in characters: it stands in menus.
    package static let longestName = 60

    /// A built-in role's word, or the name an organisation gave its own.
    package let name: String
    package let capabilities: Set<Capability>

    /// - Parameter capabilities: completed with what they cannot be used without.
    package init(name: String, capabilities: Set<Capability>) {
        self.name = name
        self.capabilities = capabilities.completed
    }

    /// Everything.
    package static let administrator = Role(name: "administrator", capabilities: Set(Capability.allCases))
    /// Who answers for alerts: the mayor, the head of the crisis cell.
    package static let manager = Role(
        name: "manager", capabilities: [.prepare, .launch, .approve, .seePersonalData, .statistics])
    /// Who prepares and launches them.
    package static let `operator` = Role(
        name: "operator", capabilities: [.prepare, .launch, .seePersonalData, .statistics])
    /// Who keeps the register and alerts nobody.
    package static let registrar = Role(name: "registrar", capabilities: [.editRegister, .seePersonalData])
    /// Sees counts and results, names nobody, changes nothing.
    package static let observer = Role(name: "observer", capabilities: [.statistics])

    /// The roles every organisation has; an organisation's own may not take their names.
    package static let builtIn = [administrator, manager, `operator`, registrar, observer]

    package static func builtIn(named name: String) -> Role? { builtIn.first { $0.name == name } }
}

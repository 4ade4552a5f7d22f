import Testing

@testable import AlertModel

@Suite struct RoleTests {
    @Test func `an administrator may do everything`() {
        #expect(Role.administrator.capabilities == Set(Capability.allCases))
    }

    @Test func `who alerts sees the counts, whatever the role forgot`() {
        for capability in [Capability.prepare, .launch, .approve] {
            #expect(Role(name: "astreinte", capabilities: [capability]).capabilities == [capability, .statistics])
        }
        #expect(Role(name: "registre", capabilities: [.editRegister]).capabilities == [.editRegister])
    }

    @Test func `only administrators and managers give a second consent, and a keeper of the register alerts nobody`() {
        #expect(Role.builtIn.filter { $0.capabilities.contains(.approve) } == [.administrator, .manager])
        #expect(Role.registrar.capabilities.isDisjoint(with: Capability.grave.union([.prepare])))
        #expect(Role.observer.capabilities == [.statistics])
    }

    @Test func `no two built-in roles share a name, and each is found by its own`() {
        #expect(Set(Role.builtIn.map(\.name)).count == Role.builtIn.count)
        for role in Role.builtIn { #expect(Role.builtIn(named: role.name) == role) }
        #expect(Role.builtIn(named: "Administrator") == nil)
    }
}

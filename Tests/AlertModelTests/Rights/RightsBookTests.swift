import Foundation
import TestSupport
import Testing

@testable import AlertModel

@Suite struct RightsBookTests {
    private static let now = Date(timeIntervalSince1970: 1_800_000_000)
    private static let roles = [
        Role(name: "astreinte", capabilities: [.launch]), Role(name: "cellule", capabilities: [.approve, .editRegister]),
    ]

    private static func grants(_ dice: inout SeededGenerator) -> [Grant] {
        (1...Int.random(in: 1...14, using: &dice)).map { number in
            let person = UserID(rawValue: .random(in: 1...4, using: &dice)), group = GroupID(rawValue: .random(in: 1...2, using: &dice))
            let role = (Role.builtIn + roles).randomElement(using: &dice)!.name
            let gift: Grant.Gift = [.role(role), .shift(role), .rights(of: UserID(rawValue: .random(in: 1...4, using: &dice))), .membership(group)].randomElement(using: &dice)!
            let toGroup = if case .role = gift { Bool.random(using: &dice) } else { false }
            let starts = now.addingTimeInterval(.random(in: -100...20, using: &dice))
            return Grant(
                id: GrantID(rawValue: Int64(number)), beneficiary: toGroup ? .group(group) : .person(person), gift: gift,
                state: Bool.random(using: &dice) ? .active : Grant.State.allCases.randomElement(using: &dice)!, startsAt: starts,
                endsAt: Bool.random(using: &dice) ? nil : starts.addingTimeInterval(.random(in: 1...150, using: &dice)))
        }
    }

    /// The rule read out aloud, one capability at a time, without any of the book's own words.
    private static func mayByTheRule(_ person: Int64, _ capability: Capability, _ grants: [Grant], open: Set<UserID>, lent: Bool = true) -> Bool {
        guard open.contains(UserID(rawValue: person)) else { return false }
        return grants.contains { grant in
            guard grant.state == .active, grant.startsAt <= now, grant.endsAt == nil || grant.endsAt! > now,
                grant.beneficiary == .person(UserID(rawValue: person))
            else { return false }
            func gives(_ name: String) -> Bool {
                (Role.builtIn + roles).contains { $0.name == name && $0.capabilities.contains(capability) }
            }
            switch grant.gift {
            case .role(let name), .shift(let name): return gives(name)
            case .rights(let lender): return lent && mayByTheRule(lender.rawValue, capability, grants, open: open, lent: false)
            case .membership(let group):
                return grants.contains { other in
                    guard other.beneficiary == .group(group), other.isInForce(at: now), case .role(let name) = other.gift else { return false }
                    return gives(name)
                }
            }
        }
    }

    @Test(arguments: 0..<300) func `a person may do the union of what is in force, and nothing else`(seed: Int) {
        var dice = SeededGenerator(seed: UInt64(seed))
        for _ in 0..<10 {
            let grants = Self.grants(&dice)
            let open = Set((1...4).filter { _ in Int.random(in: 0..<5, using: &dice) > 0 }.map { UserID(rawValue: Int64($0)) })
            let book = RightsBook(grants: grants, roles: Self.roles, open: open, at: Self.now)
            for person in 1...4 as ClosedRange<Int64> {
                let expected = Set(Capability.allCases.filter { Self.mayByTheRule(person, $0, grants, open: open) })
                #expect(book.capabilities(of: UserID(rawValue: person)) == expected)
                // A replacement never has more than the one replaced.
                for case (let grant, .rights(let lender)) in grants.map({ ($0, $0.gift) }) where grant.beneficiary == .person(UserID(rawValue: person)) {
                    let lent = book.sources(of: UserID(rawValue: person)).first { $0.grant == grant.id }
                    let excess = lent.map { $0.capabilities.subtracting(book.ownCapabilities(of: lender)) }
                    #expect(excess?.isEmpty ?? true)
                }
            }
        }
    }

    @Test func `what was lent is not lent on`() {
        let chain = [
            Grant(id: GrantID(rawValue: 1), beneficiary: .person(UserID(rawValue: 1)), gift: .role("manager"), state: .active, startsAt: .distantPast),
            Grant(id: GrantID(rawValue: 2), beneficiary: .person(UserID(rawValue: 2)), gift: .rights(of: UserID(rawValue: 1)), state: .active, startsAt: .distantPast),
            Grant(id: GrantID(rawValue: 3), beneficiary: .person(UserID(rawValue: 3)), gift: .rights(of: UserID(rawValue: 2)), state: .active, startsAt: .distantPast),
        ]
        let book = RightsBook(grants: chain, roles: [], open: Set((1...3).map { UserID(rawValue: $0) }), at: Self.now)
        #expect(book.capabilities(of: UserID(rawValue: 2)) == Role.manager.capabilities)
        #expect(book.capabilities(of: UserID(rawValue: 3)).isEmpty)
    }

    @Test func `an organisation's own role never takes a built-in one's place`() {
        let grant = Grant(id: GrantID(rawValue: 1), beneficiary: .person(UserID(rawValue: 1)), gift: .role("observer"), state: .active, startsAt: .distantPast)
        let book = RightsBook(grants: [grant], roles: [Role(name: "observer", capabilities: [.administer])], open: [UserID(rawValue: 1)], at: Self.now)
        #expect(book.capabilities(of: UserID(rawValue: 1)) == [.statistics])
    }
}

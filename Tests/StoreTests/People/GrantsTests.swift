import AlertModel
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite struct GrantsTests {
    private let machine = Operator.machine(login: "root")
    /// On a whole second: what is stored is in milliseconds.
    private let now = Date(timeIntervalSince1970: Date.now.timeIntervalSince1970.rounded(.down))

    /// An organisation with two administrators and one observer, whom no test signs in as.
    private struct House {
        let bench: StoreBench
        let organisation: OrganisationID
        let people: [String: UserID]

        init() throws {
            bench = try StoreBench()
            organisation = try bench.database.organisation(named: "Mairie")
            var people: [String: UserID] = [:]
            for (name, role) in [("anne", "administrator"), ("bruno", "administrator"), ("odile", "observer")] {
                people[name] = try bench.insert(name, role: role, in: organisation)
            }
            self.people = people
        }

        var store: AlertDatabase { bench.database }

        func actor(_ name: String) throws -> Operator { try store.actingOperator(named: name) }
    }

    @Test func `launch waits for a second administrator, and counts from then on`() throws {
        let house = try House(), odile = house.people["odile"]!
        let made = try house.store.give(
            GrantRequest(to: .person(odile), .role("operator"), from: now), in: house.organisation, by: house.actor("anne"))
        #expect(made.state == .pending)
        #expect(try house.store.capabilities(of: odile) == [.statistics])
        for name in ["anne", "odile"] {
            #expect(throws: RightsError.self) { try house.store.confirm(made.id, by: house.actor(name)) }
        }
        #expect(try house.store.capabilities(of: odile) == [.statistics])
        try house.store.confirm(made.id, by: house.actor("bruno"))
        #expect(try house.store.capabilities(of: odile) == Role.operator.capabilities)
        #expect(throws: RightsError.notPending) { try house.store.confirm(made.id, by: machine) }
        try house.store.withdraw(made.id, by: house.actor("anne"))
        #expect(try house.store.capabilities(of: odile) == [.statistics])
        #expect(try house.store.auditEntries(limit: 3).map(\.action) == ["grant.withdraw", "grant.confirm", "grant.request"])
    }

    @Test func `what alerts nobody is given at once`() throws {
        let house = try House()
        let made = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .role("registrar"), from: now), in: house.organisation, by: house.actor("anne"))
        #expect(made.state == .active)
        #expect(try house.store.capabilities(of: house.people["odile"]!) == [.statistics, .editRegister, .seePersonalData])
    }

    @Test func `whoever set the second administrator's password cannot be their own second person`() throws {
        let house = try House()
        let made = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .role("manager"), from: now), in: house.organisation, by: house.actor("anne"))
        _ = try house.store.resetPassword(of: house.people["bruno"]!, by: house.actor("anne"))
        #expect(throws: RightsError.secondPersonNeeded) { try house.store.confirm(made.id, by: house.actor("bruno")) }
        try house.store.confirm(made.id, by: machine)
        #expect(try house.store.capabilities(of: house.people["odile"]!).contains(.approve))
    }

    @Test func `who opened an account, reset its factors or made it a token may be the same person for a week`() throws {
        let house = try House(), anne = try house.actor("anne"), bruno = house.people["bruno"]!, odile = house.people["odile"]!
        func isAnother(_ name: String, than asker: String = "anne", in days: Double = 0) throws -> Bool {
            let moment = Date.now.addingTimeInterval(days * 86_400).milliseconds
            return try house.store.pool.read { try $0.isAnotherPerson(name, than: asker, now: moment) }
        }
        #expect(try isAnother("bruno") && isAnother("odile") && !isAnother("anne"))
        _ = try house.store.createPerson(named: "paul", role: "observer", in: house.organisation, by: anne)
        try house.store.resetFactors(of: odile, by: anne)
        #expect(throws: RightsError.graveToken) {
            try house.store.createToken(named: "essai", for: bruno, capabilities: [.approve], days: 1, by: anne)
        }
        #expect(throws: RightsError.invalidName(longest: 128)) {
            try house.store.createPerson(named: "cli:root", role: "observer", in: house.organisation, by: anne)
        }
        #expect(try isAnother("bruno"), "what was refused left no key")
        _ = try house.store.createToken(named: "essai", for: bruno, capabilities: [.statistics], days: 1, by: anne)
        for name in ["bruno", "odile", "paul"] {
            #expect(try !isAnother(name))
            #expect(try isAnother(name, in: 8))
            #expect(try isAnother(name, than: "cli:root"))
        }
        #expect(try isAnother("odile", than: "bruno"))
        // A later reset by somebody else hides neither the factors nor the token.
        _ = try house.store.resetPassword(of: odile, by: machine)
        #expect(try !isAnother("odile"))
    }

    @Test func `a right that came through a group, or a lender, is known to come from who gave it`() throws {
        let house = try House(), odile = house.people["odile"]!
        func given() throws -> UTCTime? { try house.store.pool.read { try $0.rightsGiven(to: "odile", by: "anne") } }
        let group = try house.store.createGroup(named: "Élus", in: house.organisation, by: machine)
        try house.store.give(GrantRequest(to: .person(odile), .membership(group), from: now), in: house.organisation, by: machine)
        #expect(try given() == nil)
        let role = try house.store.give(
            GrantRequest(to: .group(group), .role("manager"), from: now), in: house.organisation, by: house.actor("anne"))
        try house.store.confirm(role.id, by: house.actor("bruno"))
        #expect(try given() != nil)
    }

    @Test func `a parent's administrator has no way into a register below`() throws {
        let house = try House(), bruno = house.people["bruno"]!, odile = house.people["odile"]!
        let parent = try house.store.organisation(named: "Préfecture 80"), hamlet = try house.store.organisation(named: "Hameau")
        try house.store.pool.write { try $0.execute(sql: "UPDATE organisations SET parent_id = ? WHERE id IN (?, ?)", arguments: [parent.rawValue, house.organisation.rawValue, hamlet.rawValue]) }
        for name in ["paule", "pierre"] { try house.bench.insert(name, role: "administrator", in: parent) }
        let paule = try house.actor("paule")
        #expect(throws: RightsError.ofAnotherOrganisation) {
            try house.store.createPerson(named: "espion", role: "registrar", in: house.organisation, by: paule)
        }
        #expect(throws: RightsError.ofAnotherOrganisation) { try house.store.resetPassword(of: bruno, by: paule) }
        #expect(throws: RightsError.ofAnotherOrganisation) { try house.store.resetFactors(of: bruno, by: paule) }
        #expect(throws: RightsError.ofAnotherOrganisation) {
            try house.store.createToken(named: "x", for: bruno, capabilities: [.seePersonalData], days: 1, by: paule)
        }
        for role in ["registrar", "administrator"] {
            #expect(throws: RightsError.ofAnotherOrganisation) {
                try house.store.give(GrantRequest(to: .person(odile), .role(role), from: now), in: house.organisation, by: paule)
            }
        }
        // The first administrator of those who have none may come from above, and takes two there.
        let luc = try house.bench.insert("luc", role: "observer", in: hamlet)
        #expect(throws: RightsError.ofAnotherOrganisation) {
            try house.store.give(GrantRequest(to: .person(luc), .role("registrar"), from: now), in: hamlet, by: paule)
        }
        let made = try house.store.give(GrantRequest(to: .person(luc), .role("administrator"), from: now), in: hamlet, by: paule)
        #expect(made.state == .pending)
        #expect(throws: RightsError.secondPersonNeeded) { try house.store.confirm(made.id, by: paule) }
        try house.store.confirm(made.id, by: house.actor("pierre"))
        #expect(throws: RightsError.ofAnotherOrganisation) {
            try house.store.createPerson(named: "autre", role: "administrator", in: hamlet, by: paule)
        }
    }

    @Test func `a reset ends the tokens too, and nobody resets their own`() throws {
        let house = try House(), bruno = house.people["bruno"]!
        let token = try house.store.createToken(
            named: "x", for: bruno, capabilities: [.launch], days: 1, by: house.actor("bruno")).token
        #expect(throws: RightsError.ofOneself) { try house.store.resetPassword(of: bruno, by: house.actor("bruno")) }
        #expect(throws: RightsError.ofOneself) { try house.store.resetFactors(of: bruno, by: house.actor("bruno")) }
        #expect(try house.store.account(ofToken: token) != nil)
        _ = try house.store.resetPassword(of: bruno, by: house.actor("anne"))
        #expect(try house.store.tokens(of: house.organisation, user: bruno).isEmpty)
        #expect(try house.store.auditEntries(limit: 1).first?.detail == ["tokens_revoked": "1"])
    }

    @Test func `the machine's administrator does not confirm what the same login gave`() throws {
        let house = try House()
        let made = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .role("operator"), from: now), in: house.organisation, by: machine)
        #expect(made.state == .pending)
        #expect(throws: RightsError.secondPersonNeeded) { try house.store.confirm(made.id, by: machine) }
        try house.store.confirm(made.id, by: .machine(login: "other"))
    }

    @Test func `a replacement has what the replaced one has, until its end, and loses it with them`() throws {
        let house = try House(), odile = house.people["odile"]!, bruno = house.people["bruno"]!
        let end = now.addingTimeInterval(3 * 86_400)
        #expect(throws: RightsError.needsAnEnd(longestDays: 366)) {
            try house.store.give(GrantRequest(to: .person(odile), .rights(of: bruno), from: now), in: house.organisation, by: house.actor("bruno"))
        }
        let made = try house.store.give(
            GrantRequest(to: .person(odile), .rights(of: bruno), from: now, until: end), in: house.organisation, by: house.actor("bruno"))
        #expect(made.state == .pending)
        try house.store.confirm(made.id, by: house.actor("anne"))
        #expect(try house.store.capabilities(of: odile) == Role.administrator.capabilities)
        #expect(try house.store.capabilities(of: odile, at: end) == [.statistics])
        try house.store.closePerson(bruno, by: house.actor("anne"))
        #expect(try house.store.capabilities(of: odile) == [.statistics])
        #expect(throws: RightsError.unknownPerson) { try house.actor("bruno") }
    }

    @Test func `a turn of duty gives its role for its time only`() throws {
        let house = try House(), odile = house.people["odile"]!
        let from = now.addingTimeInterval(3_600), until = now.addingTimeInterval(7_200)
        let made = try house.store.give(
            GrantRequest(to: .person(odile), .shift("operator"), from: from, until: until), in: house.organisation, by: house.actor("anne"))
        try house.store.confirm(made.id, by: house.actor("bruno"))
        for (moment, may) in [(now, false), (from, true), (until.addingTimeInterval(-1), true), (until, false)] {
            #expect(try house.store.capabilities(of: odile, at: moment).contains(.launch) == may)
        }
        #expect(try house.store.shifts(of: house.organisation, until: until).map(\.beneficiary) == ["odile"])
    }

    @Test func `a group's rights are its members', and joining one that launches waits too`() throws {
        let house = try House(), odile = house.people["odile"]!, anne = try house.actor("anne"), bruno = try house.actor("bruno")
        let group = try house.store.createGroup(named: "Astreinte", in: house.organisation, by: anne)
        let role = try house.store.give(GrantRequest(to: .group(group), .role("operator"), from: now), in: house.organisation, by: anne)
        try house.store.confirm(role.id, by: bruno)
        let member = try house.store.give(GrantRequest(to: .person(odile), .membership(group), from: now), in: house.organisation, by: anne)
        #expect(member.state == .pending)
        try house.store.confirm(member.id, by: bruno)
        #expect(try house.store.capabilities(of: odile).contains(.launch))
        try house.store.removeGroup(group, in: house.organisation, by: anne)
        #expect(try house.store.capabilities(of: odile) == [.statistics])
    }

    @Test func `nobody gives what they do not have, to themselves, or in another organisation`() throws {
        let house = try House()
        let role = Role(name: "bureau", capabilities: [.administer, .editRegister])
        try house.store.save(role, in: house.organisation, by: machine)
        let clerk = try house.bench.insert("claire", role: "bureau", in: house.organisation)
        #expect(throws: RightsError.beyondOwnRights([.launch, .prepare, .seePersonalData, .statistics].sorted())) {
            try house.store.give(GrantRequest(to: .person(house.people["odile"]!), .role("operator"), from: now), in: house.organisation, by: house.actor("claire"))
        }
        #expect(throws: RightsError.toOneself) {
            try house.store.give(GrantRequest(to: .person(clerk), .role("observer"), from: now), in: house.organisation, by: house.actor("claire"))
        }
        let elsewhere = try house.store.organisation(named: "Ailleurs")
        let stranger = try house.bench.insert("zoe", role: "observer", in: elsewhere)
        for organisation in [elsewhere, house.organisation] {
            #expect(throws: RightsError.unknownPerson) {
                try house.store.give(GrantRequest(to: .person(stranger), .role("registrar"), from: now), in: organisation, by: house.actor("anne"))
            }
        }
        #expect(throws: RightsError.notPermitted(.administer)) {
            try house.store.give(GrantRequest(to: .person(clerk), .role("observer"), from: now), in: house.organisation, by: house.actor("odile"))
        }
    }

    @Test func `an administrator of a parent may confirm, one of elsewhere knows nothing of it`() throws {
        let house = try House()
        let parent = try house.store.organisation(named: "Préfecture 80"), elsewhere = try house.store.organisation(named: "Ailleurs")
        try house.store.pool.write { try $0.execute(sql: "UPDATE organisations SET parent_id = ? WHERE id = ?", arguments: [parent.rawValue, house.organisation.rawValue]) }
        try house.bench.insert("paule", role: "administrator", in: parent)
        try house.bench.insert("zoe", role: "administrator", in: elsewhere)
        let made = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .role("operator"), from: now), in: house.organisation, by: house.actor("anne"))
        #expect(throws: RightsError.unknownGrant) { try house.store.confirm(made.id, by: house.actor("zoe")) }
        #expect(throws: RightsError.unknownGrant) { try house.store.confirm(GrantID(rawValue: 999), by: house.actor("zoe")) }
        #expect(try house.store.pendingGrants(within: parent).map(\.grant.id) == [made.id])
        #expect(try house.store.pendingGrants(within: elsewhere).isEmpty)
        try house.store.confirm(made.id, by: house.actor("paule"))
    }

    @Test func `the last lasting administrator stays, whichever way they would go`() throws {
        let house = try House(), anne = try house.actor("anne")
        try house.store.closePerson(house.people["bruno"]!, by: anne)
        #expect(throws: RightsError.lastAdministrator) { try house.store.closePerson(house.people["anne"]!, by: anne) }
        let own = try #require(try house.store.grants(of: house.organisation).first { $0.beneficiary == "anne" })
        #expect(throws: RightsError.lastAdministrator) { try house.store.withdraw(own.grant.id, by: machine) }
        // A replacement is not a lasting one.
        let lent = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .rights(of: house.people["anne"]!), from: now, until: now.addingTimeInterval(86_400)),
            in: house.organisation, by: anne)
        try house.store.confirm(lent.id, by: machine)
        #expect(throws: RightsError.lastAdministrator) { try house.store.closePerson(house.people["anne"]!, by: house.actor("odile")) }
        #expect(try house.store.capabilities(of: house.people["anne"]!).contains(.administer))
    }

    @Test func `a role in use gains nothing that takes two, and loses what it loses at once`() throws {
        let house = try House(), anne = try house.actor("anne"), odile = house.people["odile"]!
        try house.store.save(Role(name: "accueil", capabilities: [.editRegister, .seePersonalData]), in: house.organisation, by: anne)
        try house.store.give(GrantRequest(to: .person(odile), .role("accueil"), from: now), in: house.organisation, by: anne)
        #expect(throws: RightsError.roleInUse(name: "accueil")) {
            try house.store.save(Role(name: "accueil", capabilities: [.launch]), in: house.organisation, by: anne)
        }
        try house.store.save(Role(name: "accueil", capabilities: [.editRegister]), in: house.organisation, by: anne)
        #expect(try house.store.capabilities(of: odile) == [.statistics, .editRegister])
        #expect(throws: RightsError.roleInUse(name: "accueil")) {
            try house.store.removeRole(named: "accueil", in: house.organisation, by: anne)
        }
        #expect(throws: RightsError.roleExists(name: "operator")) {
            try house.store.save(Role(name: "operator", capabilities: [.administer]), in: house.organisation, by: anne)
        }
    }

    @Test func `a grant of a maker who is no longer entitled cannot be confirmed`() throws {
        let house = try House()
        let made = try house.store.give(
            GrantRequest(to: .person(house.people["odile"]!), .role("operator"), from: now), in: house.organisation, by: house.actor("anne"))
        try house.store.closePerson(house.people["anne"]!, by: house.actor("bruno"))
        #expect(throws: RightsError.self) { try house.store.confirm(made.id, by: house.actor("bruno")) }
        try house.store.refuse(made.id, by: house.actor("bruno"))
        #expect(try house.store.capabilities(of: house.people["odile"]!) == [.statistics])
    }

    @Test func `accounts of before keep what their role gave`() throws {
        let bench = try StoreBench()
        let password = try bench.database.resetPassword(user: "admin", organisationNamed: "Mairie", actor: "cli")
        let user = try #require(try bench.database.authenticate(user: "admin", password: password))
        #expect(user.capabilities == Role.administrator.capabilities)
    }
}

extension StoreBench {
    /// An account with a role in force, without the cost of a password.
    @discardableResult
    func insert(_ name: String, role: String, in organisation: OrganisationID) throws -> UserID {
        try database.pool.write { database in
            let user = try database.insertUser(named: name, role: role, hash: "none", in: organisation, by: "test", now: .now)
            try database.giveFirst(role, to: user, in: organisation, actor: "test", now: .now)
            return user
        }
    }
}

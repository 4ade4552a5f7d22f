import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

/// What happens to people who are alerted once while the register, zones and campaigns go on: none of them is lost on the way,
/// and no name means others than it did.
@Suite struct OneOffAudienceHoldingTests {
    private let scope = RegisterScope.organisation(OrganisationID(rawValue: 1))

    /// Three of the register, of whom two are ticked; and two of a file.
    private func bench() throws -> (bench: StoreBench, town: OrganisationID, ticked: OneOffAudience, drop: OneOffAudience) {
        let bench = try StoreBench()
        try bench.register(people(), organisation: "Mairie")
        let town = try bench.database.organisation(named: "Mairie")
        #expect(town.rawValue == 1)
        let ticked = try bench.database.oneOffAudience(
            ofIdentifiers: ["a", "b"], named: "2 personnes", owner: town, actor: "test")
        let drop = try self.drop(bench, town)
        return (bench, town, ticked, drop)
    }

    private func people(lists: [String] = ["Élus"], name: String = "Nom") -> [Recipient] {
        [
            person("a", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"], lists: lists, name: "\(name) a"),
            person("b", commune: "80001", at: place(2.06, 50.05), contacts: ["sms:+33639980002"], name: "\(name) b"),
            person("c", commune: "80001", at: place(2.07, 50.05), contacts: ["sms:+33639980003"], name: "\(name) c"),
        ]
    }

    private func drop(_ bench: StoreBench, _ town: OrganisationID, lists: [String] = []) throws -> OneOffAudience {
        let drop = try bench.database.openOneOffAudience(named: "classe.csv", of: town)
        try bench.register(
            [
                person("2", commune: "80001", at: place(2.06, 50.05), contacts: ["sms:+33639980012"], lists: lists),
                person("3", contacts: ["sms:+33639980013"]),
            ], organisation: drop.registerName)
        #expect(try bench.database.sealOneOffAudience(drop, actor: "test") == 2)
        return drop
    }

    // MARK: Ticked people

    @Test func `no import, card or merging takes anybody off what they were ticked for`() throws {
        let (bench, town, ticked, _) = try bench()
        let list = Zone.list(ticked.listName), both = ["a certain", "b certain"]
        try bench.register(people(lists: ["Autre"], name: "Nouveau"), organisation: "Mairie")
        #expect(try bench.select(list, scope: scope) == both)
        #expect(try bench.select(.list("Autre"), scope: scope) == ["a certain"])
        #expect(try bench.fetch("SELECT name FROM recipients ORDER BY id LIMIT 1", as: String.self) == ["Nouveau a"])

        let id = try #require(try bench.fetch("SELECT id FROM recipients WHERE external_id = 'a'", as: Int64.self).first)
        let card = try bench.database.personCard(RecipientID(rawValue: id), scope: scope)
        var change = PersonChange()
        change.lists = []
        _ = try bench.database.change(
            person: RecipientID(rawValue: id), change, version: card.version, scope: scope, actor: "test")
        #expect(try bench.select(list, scope: scope) == both)

        // Who is one with somebody who was ticked is alerted.
        func merged(_ name: String) throws -> MergedPerson {
            let id = try #require(try bench.fetch("SELECT id FROM recipients WHERE external_id = '\(name)'", as: Int64.self).first)
            let card = try bench.database.personCard(RecipientID(rawValue: id), scope: scope)
            return MergedPerson(id: RecipientID(rawValue: id), version: card.version)
        }
        _ = try bench.database.merge(merged("b"), into: merged("c"), taking: [], scope: scope, actor: "test")
        #expect(try bench.select(list, scope: scope) == ["a certain", "c certain"])
        #expect(try bench.database.organisation(named: "Mairie") == town)
    }

    @Test func `what somebody was ticked for is on no card and in no export`() throws {
        let (bench, _, ticked, _) = try bench()
        let entries = try bench.database.pool.read { database in
            try database.registerEntries(Int64.fetchAll(database, sql: "SELECT id FROM recipients WHERE organisation_id > 0"), withProtected: false)
        }
        #expect(entries.map(\.recipient.lists) == [["Élus"], [], []])
        #expect(try bench.select(.list(ticked.listName), scope: scope).count == 2)
    }

    // MARK: Zones

    @Test func `what would leave people of a file out without a word is refused`() throws {
        let (bench, town, ticked, drop) = try bench()
        let list = Zone.list(drop.listName), ground = perimeter(2.0, 50.0, 2.1, 50.1)
        let launch = try bench.database.launch(
            plan(zone: list, organisation: town), zone: list, scope: scope, now: UTCTime(millisecondsSince1970: 1_700_000_000_000))
        let refused: [Zone] = [
            .intersection([list, ground]), .intersection([ground, list]), .intersection([.union([list, ground]), ground]),
            .union([ground, .intersection([list, .communes(codes("80001"))])]),
            .certainly(.intersection([list, .members(.filter(.kind([.person])))])),
            .intersection([.members(.campaign(launch.campaign, .all)), ground]),
            .difference(.intersection([list, ground]), except: ground),
        ]
        for zone in refused {
            #expect(throws: StoreError.self) { try bench.select(zone, scope: scope) }
            #expect(throws: StoreError.self) { try bench.database.counts(of: zone, scope: scope) }
        }
        #expect(try bench.select(.union([list, .intersection([ground, .list("Élus")])]), scope: scope)
            == ["2 certain", "3 certain", "a certain"])
        #expect(try bench.select(.intersection([list, .members(.campaign(launch.campaign, .all))]), scope: scope)
            == ["2 certain", "3 certain"])
        // Who was ticked has the register's ground.
        #expect(try bench.select(.intersection([.list(ticked.listName), ground]), scope: scope) == ["a certain", "b certain"])
    }

    @Test func `nothing that is kept for later names a list that will be gone`() throws {
        let (bench, town, _, drop) = try bench()
        let plan = try plan(zone: .list(drop.listName), organisation: town), now = UTCTime.now
        let scenario = Scenario(
            zoneDocument: plan.zoneDocument, message: plan.message, policy: plan.policy, kind: plan.kind, weight: 1, blanks: [:])
        #expect(throws: StoreError.listOfOnce(name: drop.listName)) {
            try bench.database.save(scenario, named: "Crue", of: town, standardBlanks: [], actor: "test", now: now)
        }
        func schedule(_ days: Int, _ rule: String?) throws -> ScheduleDraft {
            let day = LocalClock.paris.reading(at: now.advanced(byMilliseconds: Int64(days) * 86_400_000)).day
            return ScheduleDraft(
                organisation: town, name: "\(days) \(rule ?? "")", mode: .exercise, zoneDocument: plan.zoneDocument, onlyOrganisation: nil,
                message: ScheduledMessage(text: "Sortie", values: [:]), policy: plan.policy, weight: 1,
                timing: ScheduleTiming(clock: .paris, day: day, second: 43_200, rule: try rule.map { try Recurrence($0) }))
        }
        for draft in try [schedule(2, "daily"), schedule(40, nil)] {
            #expect(throws: StoreError.listOfOnce(name: drop.listName)) { try bench.database.add(draft, actor: "test", now: now) }
        }
        _ = try bench.database.add(schedule(2, nil), actor: "test", now: now)
    }

    @Test func `a file's own column of lists names nobody else's list`() throws {
        let bench = try StoreBench()
        try bench.register(people(), organisation: "Mairie")
        let town = try bench.database.organisation(named: "Mairie")
        let drop = try drop(bench, town, lists: ["classe.csv", "Élus"])
        #expect(try bench.select(.list(drop.listName), scope: scope) == ["2 certain", "3 certain"])
        #expect(try bench.select(.list("Élus"), scope: scope) == ["a certain"])
    }

    @Test func `a list of a register that is delegated does not make the name mean two`() throws {
        let bench = try StoreBench()
        try bench.register(people(), organisation: "Mairie")
        try bench.register([person("v", contacts: ["sms:+33639980021"], lists: ["classe.csv"])], organisation: "Voisine")
        let town = try bench.database.organisation(named: "Mairie"), other = try bench.database.organisation(named: "Voisine")
        try bench.database.pool.write { database in
            try database.execute(
                sql: "INSERT INTO register_delegations (owner_id, to_id, from_at, granted_at, granted_by) VALUES (?, ?, 0, 0, 'test')",
                arguments: [other.rawValue, town.rawValue])
        }
        let drop = try drop(bench, town)
        #expect(drop.listName == "classe.csv (2)")
        let scope = RegisterScope.registers(of: town, delegated: [other])
        #expect(try bench.select(.list(drop.listName), scope: scope) == ["2 certain", "3 certain"])
        #expect(try bench.select(.list("classe.csv"), scope: scope) == ["v certain"])
    }

    // MARK: Their time

    @Test func `a campaign that late joiners may still enter keeps them`() throws {
        let (bench, town, _, drop) = try bench()
        let zone = Zone.union([.list(drop.listName), .communes(codes("80001"))])
        let launch = try bench.database.launch(
            plan(zone: zone, organisation: town), zone: zone, scope: scope, now: drop.until.advanced(byMilliseconds: -60_000))
        func set(_ values: String) throws {
            try bench.database.pool.write { try $0.execute(sql: "UPDATE campaigns SET \(values) WHERE id = ?", arguments: [launch.campaign.rawValue]) }
        }
        let after = drop.until.advanced(byMilliseconds: 1)
        try set("state = 'completed', ended_at = 1, expires_at = \(after.millisecondsSince1970 + 1)")
        #expect(try bench.database.sweepOneOffAudiences(now: after) == 0)
        try bench.register([person("d", commune: "80001", contacts: ["sms:+33639980004"])], organisation: "Mairie")
        #expect(try bench.database.lateJoiners(of: launch.campaign, carried: [.sms], now: after).recipients == 1)
        try set("closed_at = 1")
        // Those who were ticked are on a list of their own, which nothing holds either.
        #expect(try bench.database.sweepOneOffAudiences(now: after) == 2)
        #expect(try bench.count("SELECT count(*) FROM recipients WHERE organisation_id < 0") == 0)
        #expect(try bench.count("SELECT count(*) FROM deliveries WHERE campaign_id = 1") == 5)
    }

    @Test func `who of them was reached has a name for as long as they are kept, and the rest of the campaign is read for ever`() throws {
        let (bench, town, _, drop) = try bench()
        try bench.register([person("z", contacts: ["sms:+33639980009"], name: "Sans lieu")], organisation: "Mairie")
        let zone = Zone.union([.list(drop.listName), .communes(codes("80001"))])
        let launch = try bench.database.launch(plan(zone: zone, organisation: town), zone: zone, scope: scope, now: .now)
        func people(_ group: OutcomeGroup) throws -> [CampaignPerson] {
            try bench.database.people(of: launch.campaign, PeopleFilter(group: group), scope: scope, limit: 10)
        }
        #expect(try people(.pending).filter { $0.name != nil }.count == 5)
        #expect(try people(.notLocated).map(\.externalID) == ["z"])
        let other = try bench.database.organisation(named: "Voisine")
        #expect(try bench.database.people(
            of: launch.campaign, PeopleFilter(group: .pending), scope: .organisation(other), limit: 10).allSatisfy { $0.name == nil })
        try bench.database.pool.write { try $0.execute(sql: "UPDATE campaigns SET state = 'completed', ended_at = 1, closed_at = 1") }
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until.advanced(byMilliseconds: 1)) == 2)
        #expect(try people(.pending).filter { $0.name != nil }.count == 3)
        #expect(try people(.notLocated).map(\.externalID) == ["z"])
    }

    @Test func `a campaign in another's name keeps them while it runs, and no hand erases them`() throws {
        let (bench, _, _, drop) = try bench()
        let other = try bench.database.organisation(named: "Préfecture"), zone = Zone.list(drop.listName)
        _ = try bench.database.launch(
            plan(zone: zone, organisation: other), zone: zone, scope: .all, now: .now)
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until) == 1, "the ticked ones' list alone")
        #expect(try !bench.database.discardOneOffAudience(drop.register, actor: "test"))
        #expect(try bench.select(zone) == ["2 certain", "3 certain"])
        #expect(try bench.database.isLaunched(drop))
    }

    @Test func `an organisation takes whom it alerted once with it`() throws {
        let (bench, town, _, drop) = try bench()
        let zone = Zone.list(drop.listName)
        _ = try bench.database.launch(plan(zone: zone, organisation: town), zone: zone, scope: scope, now: .now)
        try bench.database.pool.write { try $0.execute(sql: "UPDATE campaigns SET state = 'completed', ended_at = 1, expires_at = 9000000000000") }
        _ = try bench.database.eraseOrganisation(town, actor: "test")
        #expect(try bench.count("SELECT count(*) FROM recipients") == 0)
        #expect(try bench.count("SELECT count(*) FROM contact_points") == 0)
    }
}

extension OneOffAudienceHoldingTests {
    @Test func `a large class is no share of the register, and the register beside it is`() throws {
        let (bench, town, _, drop) = try bench()
        var policy = GuardPolicy.standard
        policy.smallRegister = 3
        try bench.database.pool.write { try $0.set(.guards, to: policy.text, of: town) }
        func rails(_ zone: Zone) throws -> Set<GuardRail> {
            let plan = plan(zone: zone, organisation: town, mode: .real)
            return try bench.database.pool.read { database in
                let members = try database.members(of: zone, scope: scope).members.recipients
                return Set(try database.guardFindings(of: zone, members, scope: scope, for: plan, charges: [], now: .now).map(\.rail))
            }
        }
        let list = Zone.list(drop.listName)
        #expect(try !rails(list).contains(.registerShare))
        #expect(try !rails(.union([list, .list("Élus")])).contains(.registerShare))
        #expect(try rails(.union([list, .communes(codes("80001"))])).contains(.registerShare))
    }
}

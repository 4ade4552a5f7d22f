import AlertModel
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

/// People of a dropped file are alerted once: only their list's name leads to them.
@Suite struct OneOffAudienceTests {
    private let everywhere = perimeter(1, 49, 4, 51)

    private func bench() throws -> (bench: StoreBench, town: OrganisationID, drop: OneOffAudience) {
        let bench = try StoreBench()
        try bench.register(
            [person("known", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"])], organisation: "Mairie")
        let town = try bench.database.organisation(named: "Mairie")
        let drop = try bench.database.openOneOffAudience(named: "Classe de 4e|B", of: town)
        try bench.register(
            [
                person("2", commune: "80001", at: place(2.06, 50.05), contacts: ["sms:+33639980002"], lists: ["Élus"], name: "Zoé"),
                person("3", commune: "80001", contacts: ["sms:+33639980001"]), person("4", contacts: ["sms:+33639980004"]),
            ], organisation: drop.registerName)
        #expect(try bench.database.sealOneOffAudience(drop, actor: "test") == 3)
        return (bench, town, drop)
    }

    @Test func `a zone that names the list takes them, beside whom it selects`() throws {
        let (bench, town, drop) = try bench()
        #expect(drop.listName == "Classe de 4eB")
        let list = Zone.list(drop.listName)
        for scope in [RegisterScope.organisation(town), .all] {
            #expect(try bench.select(list, scope: scope) == ["2 certain", "3 certain", "4 certain"])
            #expect(try bench.database.counts(of: list, scope: scope).recipients == 3)
            let both = Zone.union([.communes(codes("80001")), list])
            #expect(try bench.select(both, scope: scope) == ["2 certain", "3 certain", "4 certain", "known certain"])
            #expect(try bench.database.counts(of: both, scope: scope).recipients == 4)
        }
    }

    @Test func `no geometry, commune, filter, count or search finds them`() throws {
        let (bench, town, _) = try bench()
        for scope in [RegisterScope.organisation(town), .all] {
            for zone in [everywhere, .communes(codes("80001")), .members(.filter(.kind([.person])))] {
                #expect(try bench.select(zone, scope: scope) == ["known certain"])
                #expect(try bench.database.counts(of: zone, scope: scope).recipients == 1)
                #expect(try bench.database.counts(of: zone, scope: scope).notLocated == 0)
            }
            var question = PeopleQuestion()
            question.text = "Zoé"
            #expect(try bench.database.findPeople(question, scope: scope, after: nil, limit: 10).people.isEmpty)
            #expect(try bench.database.lists(scope: scope).isEmpty)
        }
        #expect(try bench.database.organisations().map(\.name) == ["Mairie"])
        #expect(try bench.database.checkRegisterIndexes().wrong == 0)
    }

    @Test func `another organisation knows neither the list nor its people`() throws {
        let (bench, _, drop) = try bench()
        let other = try bench.database.organisation(named: "Voisine")
        #expect(throws: StoreError.self) { try bench.select(.list(drop.listName), scope: .organisation(other)) }
        #expect(throws: StoreError.self) { try bench.select(.list("Élus"), scope: .all) }
    }

    @Test func `who refused to be informed stays refused`() throws {
        let bench = try StoreBench()
        try bench.register([person("known", contacts: ["sms:+33639980001"])], organisation: "Mairie")
        try bench.database.pool.write { try $0.execute(sql: "UPDATE contact_points SET consent = 'refused'") }
        let drop = try bench.database.openOneOffAudience(
            named: "Liste", of: bench.database.organisation(named: "Mairie"))
        try bench.register(
            [person("1", contacts: ["sms:+33639980001"]), person("2", contacts: ["sms:+33639980002"])],
            organisation: drop.registerName)
        try bench.database.sealOneOffAudience(drop, actor: "test")
        #expect(try bench.fetch(
            """
            SELECT contact_points.address FROM contact_points JOIN recipients ON recipients.id = recipient_id
            WHERE organisation_id < 0 AND consent = 'refused'
            """, as: String.self) == ["+33639980001"])
    }

    @Test func `a correction reaches those whom the campaign went to`() throws {
        let (bench, town, drop) = try bench()
        let zone = Zone.list(drop.listName), scope = RegisterScope.organisation(town)
        let launch = try bench.database.launch(plan(zone: zone, organisation: town), zone: zone, scope: scope, now: UTCTime(millisecondsSince1970: 1_700_000_000_000))
        let again = Zone.members(.campaign(launch.campaign, .all))
        #expect(try bench.select(again, scope: scope) == ["2 certain", "3 certain", "4 certain"])
        #expect(try bench.database.counts(of: again, scope: scope).recipients == 3)
        // Under way: they stay, whatever the time.
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until) == 0)
    }

    @Test func `a name that two lists have names neither of them`() throws {
        let (bench, town, drop) = try bench()
        #expect(throws: StoreError.self) {
            try bench.database.createList(named: drop.listName, definition: .members, organisation: town, actor: "test")
        }
        // An import names its lists as its file does.
        try bench.register([person("known", commune: "80001", lists: [drop.listName])], organisation: "Mairie")
        #expect(throws: StoreError.self) { try bench.select(.list(drop.listName), scope: .organisation(town)) }
    }

    @Test func `names that are taken get a number`() throws {
        let (bench, town, drop) = try bench()
        let second = try bench.database.openOneOffAudience(named: drop.listName, of: town)
        #expect(second.listName == "\(drop.listName) (2)")
        #expect(second.register != drop.register)
    }

    @Test func `they are gone when their time is over, and not before`() throws {
        let (bench, town, drop) = try bench()
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until.advanced(byMilliseconds: -1)) == 0)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 4)
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until) == 1)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 1)
        #expect(try bench.count("SELECT count(*) FROM contact_points WHERE address LIKE '%0004'") == 0)
        #expect(throws: StoreError.self) { try bench.select(.list(drop.listName), scope: .organisation(town)) }
        #expect(try bench.database.sweepOneOffAudiences(now: drop.until) == 0)
    }

    @Test func `nobody names them after their time, erased or not`() throws {
        let (bench, town, drop) = try bench()
        let scope = RegisterScope.organisation(town)
        try bench.database.pool.write { try $0.execute(sql: "UPDATE organisations SET annex_until = 1 WHERE annex_of IS NOT NULL") }
        #expect(throws: StoreError.self) { try bench.select(.list(drop.listName), scope: scope) }
        #expect(throws: StoreError.self) { try bench.database.counts(of: .list(drop.listName), scope: scope) }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 4, "no server has swept yet")
        // Nobody waits for that: the next file is taken in as they are.
        _ = try bench.database.openOneOffAudience(named: "Autre", of: town)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 4)
        #expect(try bench.database.sweepOneOffAudiences(now: .now) == 1)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 1)
    }

    @Test func `what a process that was killed left of a file goes after a day`() throws {
        let bench = try StoreBench()
        let town = try bench.database.organisation(named: "Mairie"), start = UTCTime(millisecondsSince1970: 1_700_000_000_000)
        let drop = try bench.database.openOneOffAudience(named: "Classe", of: town, now: start)
        try bench.register([person("1", contacts: ["sms:+33639980001"])], organisation: drop.registerName)
        // It was never sealed: its list has nobody.
        #expect(try bench.database.sweepOneOffAudiences(now: start.advanced(byMilliseconds: 86_399_999)) == 0)
        #expect(try bench.database.sweepOneOffAudiences(now: start.advanced(byMilliseconds: 86_400_000)) == 1)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 0)
    }

    @Test func `more people than a step takes are all erased, whatever interrupted it`() throws {
        let (bench, town, drop) = try bench()
        let many = (10..<1_310).map { person("\($0)", contacts: ["sms:+3363998\(String(format: "%04d", $0))"]) }
        let second = try bench.database.openOneOffAudience(named: "Lycée", of: town)
        try bench.register(many, organisation: second.registerName)
        #expect(try bench.database.sealOneOffAudience(second, actor: "test") == 1_300)
        // A step was done, then the process was killed.
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE organisations SET annex_until = 0 WHERE id = ?", arguments: [second.register.rawValue])
            #expect(try database.eraseOneOffPeople(of: second.register))
        }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 804)
        #expect(try bench.database.sweepOneOffAudiences(now: .now) == 1)
        #expect(try bench.count("SELECT count(*) FROM recipients") == 4)
        #expect(try bench.select(.list(drop.listName), scope: .organisation(town)).count == 3)
    }

    @Test func `people ticked in the register are an audience, and stay as they are`() throws {
        let (bench, town, _) = try bench()
        let known = try #require(try bench.fetch("SELECT id FROM recipients WHERE external_id = 'known'", as: Int64.self).first)
        let other = try bench.database.organisation(named: "Voisine")
        #expect(throws: StoreError.self) {
            try bench.database.oneOffAudience(of: [RecipientID(rawValue: known)], named: "X", owner: other, actor: "test")
        }
        let ticked = try bench.database.oneOffAudience(
            of: [RecipientID(rawValue: known)], named: "1 personne", owner: town, actor: "test")
        #expect(try bench.select(.list("1 personne"), scope: .organisation(town)) == ["known certain"])
        #expect(try bench.database.counts(of: .list("1 personne"), scope: .organisation(town)).recipients == 1)
        #expect(throws: StoreError.self) { try bench.select(.list("1 personne"), scope: .organisation(other)) }
        #expect(try bench.database.lists(scope: .organisation(town)).isEmpty)
        #expect(try bench.database.sweepOneOffAudiences(now: ticked.until) == 2)
        #expect(try bench.fetch("SELECT external_id FROM recipients", as: String.self) == ["known"])
        #expect(try bench.select(everywhere, scope: .organisation(town)) == ["known certain"])
        #expect(throws: StoreError.self) { try bench.select(.list("1 personne"), scope: .organisation(town)) }
    }

    @Test func `memberships of a scope take nobody of another's, with a register apart beside them`() throws {
        let (bench, town, drop) = try bench()
        try bench.register(
            [person("v", commune: "80001", contacts: ["sms:+33639980009"], lists: ["Communs"])], organisation: "Voisine")
        let other = try bench.database.organisation(named: "Voisine")
        _ = try bench.database.oneOffAudience(
            of: bench.fetch("SELECT id FROM recipients WHERE external_id = 'v'", as: Int64.self).map { RecipientID(rawValue: $0) },
            named: "Leurs", owner: other, actor: "test")
        let scope = RegisterScope.organisation(town)
        let mine = Zone.union([.list(drop.listName), .members(.filter(.kind([.person])))])
        #expect(try bench.select(mine, scope: scope) == ["2 certain", "3 certain", "4 certain", "known certain"])
        #expect(try bench.database.counts(of: mine, scope: scope).recipients == 4)
        for list in ["Communs", "Leurs"] {
            #expect(throws: StoreError.self) { try bench.select(.list(list), scope: scope) }
        }
        #expect(try bench.select(.list("Leurs"), scope: .organisation(other)) == ["v certain"])
    }
}

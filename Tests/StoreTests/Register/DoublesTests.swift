import AlertModel
import Foundation
import GeoModel
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite struct DoublesTests {
    private func id(_ bench: StoreBench, _ externalID: String) throws -> RecipientID {
        RecipientID(rawValue: try bench.fetch("SELECT id FROM recipients WHERE external_id = '\(externalID)'", as: Int64.self)[0])
    }

    private func owner(_ bench: StoreBench) throws -> OrganisationID {
        OrganisationID(rawValue: try bench.fetch("SELECT MIN(organisation_id) FROM recipients", as: Int64.self)[0])
    }

    private func read(_ bench: StoreBench, _ id: RecipientID) throws -> MergedPerson {
        MergedPerson(id: id, version: try bench.database.personCard(id, scope: .all).version)
    }

    @discardableResult
    private func merge(
        _ bench: StoreBench, _ absorbed: String, into kept: String, taking: Set<MergedValue> = []
    ) throws -> PersonCard {
        try bench.database.merge(
            try read(bench, id(bench, absorbed)), into: try read(bench, id(bench, kept)), taking: taking, scope: .all, actor: "agent")
    }

    @Test func `people who share name and number are found, and whoever shares only a number comes after them`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("A", contacts: ["sms:+33639980001"], name: "Éloïse Durand"),
            person("B", contacts: ["voice:+33639980001"], name: "DURAND Eloise"),
            person("C", contacts: ["sms:+33639980001"], name: "Paul Durand"),
            person("D", contacts: ["sms:+33639980009"], name: "Paul Durand"),
        ])
        let findings = try bench.database.findDoubles(in: owner(bench))
        #expect(findings.groups.map(\.reason) == [.nameAndContact, .contact])
        #expect(findings.groups[0].members == [try id(bench, "A"), try id(bench, "B")])
        #expect(findings.groups[1].members.count == 3)
        let (groups, next) = try bench.database.doubles(findings, from: 0, most: 10, scope: .all)
        #expect(groups.count == 2 && next == nil)
    }

    @Test func `who was said to be two is not shown again, and a change that ends the likeness is seen`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("A", contacts: ["sms:+33639980001"], name: "Ana"), person("B", contacts: ["sms:+33639980001"], name: "Ana"),
            person("C", contacts: ["sms:+33639980002"], name: "Bruno"), person("D", contacts: ["sms:+33639980002"], name: "Bruno"),
        ])
        let findings = try bench.database.findDoubles(in: owner(bench))
        try bench.database.keepApart([try id(bench, "A"), try id(bench, "B")], scope: .all, actor: "agent")
        var change = PersonChange()
        change.contacts = [ContactPoint(channel: .sms, address: Redacted("+33639980003"), rank: 1)]
        _ = try bench.database.change(
            person: id(bench, "D"), change, version: read(bench, id(bench, "D")).version, scope: .all, actor: "agent")
        #expect(try bench.database.doubles(findings, from: 0, most: 10, scope: .all).groups.isEmpty)
        // It goes with whom it is about.
        try bench.database.delete(recipient: "A", scope: .all, actor: "agent")
        #expect(try bench.count("SELECT count(*) FROM recipient_distinctions") == 0)
    }

    /// Which contact points can be reached at all, and which of them on which list.
    private func reachable(_ bench: StoreBench) throws -> Set<String> {
        Set(try bench.fetch(
            """
            SELECT channel || ' ' || address FROM contact_points
            UNION SELECT channel || ' ' || address || ' ' || list_id FROM contact_points
            JOIN list_members ON list_members.recipient_id = contact_points.recipient_id
            """, as: String.self))
    }

    @Test(arguments: 0..<12) func `nobody loses a contact point, a list or a refusal by a merging, and both come back`(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let bench = try StoreBench()
        let numbers = (1...4).map { "+3363998000\($0)" }, consents: [String?] = [nil, "given", "legal_basis", "unknown", "refused"]
        let names = ["A", "B", "C"]
        try bench.register(names.map { name in
            person(name, contacts: numbers.shuffled(using: &random).prefix(Int.random(in: 1...3, using: &random)).map { "sms:\($0)" })
        })
        try bench.database.pool.write { database in
            for list in 1...3 { try database.execute(sql: "INSERT INTO lists (id, organisation_id, name) SELECT ?, MIN(organisation_id), ? FROM recipients", arguments: [list, "L\(list)"]) }
            for row in try Row.fetchAll(database, sql: "SELECT recipient_id, address FROM contact_points") {
                try database.execute(
                    sql: "UPDATE contact_points SET consent = ? WHERE recipient_id = ? AND address = ?",
                    arguments: [consents.randomElement(using: &random)!, row[0] as Int64, row[1] as String])
            }
            for id in try Int64.fetchAll(database, sql: "SELECT id FROM recipients") {
                for list in 1...3 where Bool.random(using: &random) {
                    try database.execute(sql: "INSERT INTO list_members VALUES (?, ?)", arguments: [list, id])
                }
                try database.execute(sql: "INSERT INTO recipient_tags VALUES (?, ?)", arguments: [id, "t\(id % 2)"])
            }
        }
        let before = try reachable(bench)
        let refused = Set(try bench.fetch("SELECT address FROM contact_points WHERE consent = 'refused' AND recipient_id IN (SELECT id FROM recipients WHERE external_id IN ('A', 'B'))", as: String.self))
        let ids = try names.map { try id(bench, $0).rawValue }
        let images = try bench.database.pool.read { database in try ids.map { try database.recipientImage($0) } }
        try merge(bench, "B", into: "A", taking: Set(MergedValue.allCases.filter { _ in Bool.random(using: &random) }))
        #expect(try reachable(bench).isSuperset(of: before))
        #expect(try refused.isSubset(of: Set(bench.fetch(
            "SELECT contact_points.address FROM contact_points JOIN recipients ON recipients.id = recipient_id WHERE external_id = 'A' AND consent = 'refused'",
            as: String.self))))
        #expect(try bench.count("SELECT channels FROM recipients WHERE external_id = 'A'") == 1)
        #expect(try bench.fetch("SELECT external_id FROM recipient_aliases", as: String.self) == ["B"])
        // Places of one channel follow each other, each once.
        let ranks = try bench.fetch("SELECT rank FROM contact_points JOIN recipients ON recipients.id = recipient_id WHERE external_id = 'A' ORDER BY rank", as: Int.self)
        #expect(Set(ranks).count == ranks.count)

        let line = try #require(try bench.database.merges(scope: .all, most: 5).first)
        #expect(line.canBeUndone && line.absorbedIdentifier == "B")
        try bench.database.undoMerge(line.id, scope: .all, actor: "agent")
        let after = try bench.database.pool.read { database in try ids.map { try database.recipientImage($0) } }
        for (was, now) in zip(images, after) {
            var (was, now) = (was, now)
            was?.updatedAt = 0
            now?.updatedAt = 0
            #expect(was == now)
        }
        #expect(try bench.database.merges(scope: .all, most: 5).isEmpty)
    }

    @Test func `either card changed meanwhile stops the merging, and a kept card changed since its undoing`() throws {
        let bench = try StoreBench()
        try bench.register([person("A", contacts: ["sms:+33639980001"]), person("B", contacts: ["sms:+33639980001"])])
        let (a, b) = (try read(bench, id(bench, "A")), try read(bench, id(bench, "B")))
        for name in ["A", "B"] {
            let old = name == "A" ? (a, try read(bench, id(bench, "B"))) : (try read(bench, id(bench, "A")), b)
            var change = PersonChange()
            change.edits = [.building("Bâtiment \(name)")]
            _ = try bench.database.change(
                person: id(bench, name), change, version: read(bench, id(bench, name)).version, scope: .all, actor: "autre")
            #expect(throws: StoreError.personChanged) {
                try bench.database.merge(old.1, into: old.0, taking: [], scope: .all, actor: "agent")
            }
        }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 2)
        try merge(bench, "B", into: "A")
        let line = try bench.database.merges(scope: .all, most: 1)[0]
        var change = PersonChange()
        change.edits = [.building("Bâtiment C")]
        _ = try bench.database.change(
            person: id(bench, "A"), change, version: read(bench, id(bench, "A")).version, scope: .all, actor: "autre")
        #expect(try bench.database.merges(scope: .all, most: 1)[0].canBeUndone == false)
        #expect(throws: StoreError.personChanged) { try bench.database.undoMerge(line.id, scope: .all, actor: "agent") }
        // Whoever is erased leaves nothing behind that could bring the other back.
        try bench.database.delete(recipient: "A", scope: .all, actor: "agent")
        #expect(try bench.count("SELECT count(*) FROM recipient_merges") == 0)
    }

    @Test func `who joined a card last leaves it first, and out of that order it is said who`() throws {
        let bench = try StoreBench()
        let names = ["A", "B", "C", "D"]
        try bench.register(names.enumerated().map { person($1, contacts: ["sms:+3363998000\($0)"], name: $1) })
        let ids = try names.map { try id(bench, $0) }
        let images = try bench.database.pool.read { database in try ids.map { try database.recipientImage($0.rawValue) } }
        for name in names.dropFirst() { try merge(bench, name, into: "A", taking: [.name]) }
        var lines = try bench.database.merges(scope: .all, most: 5)
        #expect(lines.map(\.canBeUndone) == [true, false, false])
        #expect(lines.map(\.undoFirst) == [nil, ids[3], ids[3]])
        for line in lines.dropFirst() {
            #expect(throws: StoreError.mergedSince(card: ids[3])) {
                try bench.database.undoMerge(line.id, scope: .all, actor: "agent")
            }
        }
        while let newest = lines.first {
            try bench.database.undoMerge(newest.id, scope: .all, actor: "agent")
            lines = try bench.database.merges(scope: .all, most: 5)
            #expect(lines.first?.canBeUndone != false)
        }
        let after = try bench.database.pool.read { database in try ids.map { try database.recipientImage($0.rawValue) } }
        for (was, now) in zip(images, after) {
            var (was, now) = (was, now)
            was?.updatedAt = 0
            now?.updatedAt = 0
            #expect(was == now)
        }
        // A change by hand between two mergings is no merging to take back.
        try merge(bench, "B", into: "A")
        var change = PersonChange()
        change.edits = [.building("Bâtiment A")]
        _ = try bench.database.change(
            person: ids[0], change, version: read(bench, ids[0]).version, scope: .all, actor: "autre")
        try merge(bench, "C", into: "A")
        lines = try bench.database.merges(scope: .all, most: 5)
        #expect(lines.map(\.undoFirst) == [nil, nil] && !lines[1].canBeUndone)
        #expect(throws: StoreError.personChanged) { try bench.database.undoMerge(lines[1].id, scope: .all, actor: "agent") }
    }

    @Test func `who was said to be two stays two through a merging, and after it`() throws {
        let bench = try StoreBench()
        try bench.register(["A", "B", "C", "D"].map { person($0, contacts: ["sms:+33639980001"], name: "Ana") })
        func pairs() throws -> [String] {
            try bench.fetch(
                """
                SELECT one.external_id || two.external_id || recipient_distinctions.actor FROM recipient_distinctions
                JOIN recipients AS one ON one.id = first_id JOIN recipients AS two ON two.id = second_id ORDER BY 1
                """, as: String.self)
        }
        func apart(_ one: String, _ other: String, by actor: String) throws {
            try bench.database.keepApart([id(bench, one), id(bench, other)], scope: .all, actor: actor)
        }
        try apart("A", "C", by: "1")
        try apart("B", "C", by: "2")
        try apart("B", "D", by: "3")
        try apart("A", "B", by: "4")
        let before = try pairs()
        try merge(bench, "B", into: "A")
        #expect(try pairs() == ["AC1", "AD3"])
        let findings = try bench.database.findDoubles(in: owner(bench))
        let shown = try bench.database.doubles(findings, from: 0, most: 10, scope: .all).groups.flatMap(\.people).map(\.id)
        #expect(try shown == [id(bench, "C"), id(bench, "D")])
        try bench.database.undoMerge(bench.database.merges(scope: .all, most: 1)[0].id, scope: .all, actor: "agent")
        #expect(try pairs() == before)
    }

    @Test func `no list has a number that another had`() throws {
        let bench = try StoreBench()
        try bench.register([person("A", lists: ["rive", "pont"])])
        let numbers = try bench.fetch("SELECT id FROM lists", as: Int64.self)
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM lists") }
        try bench.register([person("B", lists: ["port"])], organisation: "Autre")
        try bench.database.createList(named: "loin", definition: .members, organisation: owner(bench), actor: "agent")
        #expect(try Set(bench.fetch("SELECT id FROM lists", as: Int64.self)).isDisjoint(with: numbers))
        #expect(try bench.count("SELECT count(*) FROM lists") == 2)
    }

    @Test func `a page reads so many groups and no more, and says where to go on`() throws {
        let bench = try StoreBench()
        let most = AlertDatabase.mostRead
        try bench.register((0..<(most + 1)).flatMap { index in
            ["A", "B"].map { person("\($0)\(index)", contacts: ["sms:+336\(39_980_000 + index)"], name: "P\(index)") }
        })
        let findings = try bench.database.findDoubles(in: owner(bench))
        #expect(findings.groups.count == most + 1)
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM recipients WHERE external_id LIKE 'B%' AND external_id <> 'B\(most)'") }
        let first = try bench.database.doubles(findings, from: 0, most: 10, scope: .all)
        #expect(first.groups.isEmpty && first.next == most)
        let second = try bench.database.doubles(findings, from: most, most: 10, scope: .all)
        #expect(second.groups.count == 1 && second.next == nil)
    }

    @Test func `of a name that more have than are compared it is said how many`() throws {
        let bench = try StoreBench()
        try bench.register((0..<15).map { person("A\($0)", contacts: ["sms:+33639980001"], name: "Ana") })
        let findings = try bench.database.findDoubles(in: owner(bench))
        #expect(findings.groups.map(\.others) == [3])
        #expect(try bench.database.doubles(findings, from: 0, most: 10, scope: .all).groups.map(\.others) == [3])
    }

    @Test func `two registers are never one`() throws {
        let bench = try StoreBench()
        try bench.register([person("A", contacts: ["sms:+33639980001"])])
        try bench.register([person("B", contacts: ["sms:+33639980001"])], organisation: "Autre")
        #expect(try bench.database.findDoubles(in: owner(bench)).groups.isEmpty)
        #expect(throws: StoreError.differentRegisters) { try merge(bench, "B", into: "A") }
        #expect(throws: StoreError.differentRegisters) {
            try bench.database.keepApart([id(bench, "A"), id(bench, "B")], scope: .all, actor: "agent")
        }
        let own = RegisterScope.organisation(try owner(bench))
        #expect(throws: StoreError.unknownPerson) {
            try bench.database.merge(read(bench, id(bench, "B")), into: read(bench, id(bench, "A")), taking: [], scope: own, actor: "agent")
        }
    }

    @Test func `a card without a place takes the other's unasked, and a chosen place comes whole`() throws {
        let kept = RecipientImage.made(id: 1, address: nil), other = RecipientImage.made(id: 2, address: "1 rue Haute")
        #expect(kept.absorbing(other, taking: [], now: 5).address == "1 rue Haute")
        var placed = RecipientImage.made(id: 3, address: "2 rue Basse")
        placed.precision = "given"
        placed.longitude = 2
        placed.latitude = 49
        #expect(placed.absorbing(other, taking: [], now: 5).address == "2 rue Basse")
        let taken = placed.absorbing(other, taking: [.place], now: 5)
        #expect(taken.address == "1 rue Haute" && taken.precision == nil && taken.longitude == nil)
    }
}

extension RecipientImage {
    fileprivate static func made(id: Int64, address: String?) -> RecipientImage {
        RecipientImage(
            id: id, organisationID: 1, externalID: "r\(id)", kind: "person", name: "Ana", address: address, isCommuneFound: false,
            language: "fr", channels: 0, contentHash: .init(), updatedAt: 0, contacts: [], lists: [], tags: [], aliases: [], deliveries: [])
    }
}

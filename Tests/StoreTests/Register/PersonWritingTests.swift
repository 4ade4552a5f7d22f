import AlertModel
import GeoModel
import GRDB
import TestSupport
import Testing

@testable import Store

@Suite struct PersonWritingTests {
    private func id(_ bench: StoreBench, _ externalID: String) throws -> RecipientID {
        RecipientID(rawValue: try bench.fetch("SELECT id FROM recipients WHERE external_id = '\(externalID)'", as: Int64.self)[0])
    }

    private func change(_ change: (inout PersonChange) -> Void) -> PersonChange {
        var made = PersonChange()
        change(&made)
        return made
    }

    @Test func `who read an older card is told, and changes nothing`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", contacts: ["sms:+33639980001"])])
        let id = try id(bench, "P")
        let card = try bench.database.personCard(id, scope: .all)
        let second = try bench.database.change(
            person: id, change { $0.edits = [.name("Premier")] }, version: card.version, scope: .all, actor: "un")
        #expect(second.version != card.version)
        #expect(throws: StoreError.personChanged) {
            try bench.database.change(person: id, change { $0.edits = [.name("Second")] }, version: card.version, scope: .all, actor: "deux")
        }
        #expect(throws: StoreError.personChanged) {
            try bench.database.erase(person: id, version: card.version, scope: .all, actor: "deux")
        }
        #expect(try bench.database.personCard(id, scope: .all).entry.recipient.name.value == "Premier")
        // A number, a list or a tag written elsewhere is a change too; so is one within the same millisecond.
        try bench.database.pool.write { try $0.execute(sql: "UPDATE contact_points SET rank = 2") }
        #expect(try bench.database.personCard(id, scope: .all).version != second.version)
    }

    @Test func `contact points are added, kept with what is known of them, and removed`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", contacts: ["sms:+33639980001", "email:a@example.org"])])
        try bench.database.pool.write { try $0.execute(sql: "UPDATE contact_points SET provenance = 'mairie' WHERE channel = 'sms'") }
        let id = try id(bench, "P")
        let card = try bench.database.personCard(id, scope: .all)
        let after = try bench.database.change(
            person: id,
            change { $0.contacts = [
                ContactPoint(channel: .sms, address: Redacted("+33639980001"), rank: 1),
                ContactPoint(channel: .voice, address: Redacted("+33199000001"), rank: 1, isEmergency: true),
            ] }, version: card.version, scope: .all, actor: "agent")
        let points = after.entry.recipient.contactPoints
        #expect(points.map(\.channel) == [.sms, .voice])
        #expect(points[0].provenance == "mairie" && points[1].isEmergency)
        #expect(try bench.count("SELECT channels FROM recipients") == 3)
        let journal = try bench.database.auditEntries(limit: 1)[0]
        #expect(journal.action == "recipient.set" && journal.detail == ["fields": "contacts"])
    }

    @Test func `whoever opts out at the desk refuses information as by a link, and comes back`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", contacts: ["sms:+33639980001"])])
        let id = try id(bench, "P")
        func write(_ consent: Consent) throws {
            let card = try bench.database.personCard(id, scope: .all)
            _ = try bench.database.change(
                person: id,
                change {
                    $0.contacts = [ContactPoint(channel: .sms, address: Redacted("+33639980001"), rank: 1, consent: consent)]
                    $0.reason = "telephone"
                }, version: card.version, scope: .all, actor: "agent")
        }
        try write(.refused)
        #expect(try bench.count("SELECT COUNT(*) FROM information_refusals WHERE address = '+33639980001'") == 1)
        #expect(try bench.database.findPeople(PeopleQuestion(), scope: .all, limit: 5).people[0].hasOptedOut)
        try write(.given)
        #expect(try bench.count("SELECT COUNT(*) FROM information_refusals") == 0)
        let history = try bench.database.personHistory(id, scope: .all)
        #expect(history.events.count == 2 && history.events.allSatisfy { $0.detail["reason"] == "telephone" })
        #expect(!"\(history.events)".contains("0001"))
    }

    @Test func `nobody opts out or in again without a reason`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", contacts: ["sms:+33639980001"])])
        let id = try id(bench, "P")
        func write(_ consent: Consent, reason: String?) throws {
            _ = try bench.database.change(
                person: id,
                change {
                    $0.contacts = [ContactPoint(channel: .sms, address: Redacted("+33639980001"), rank: 1, consent: consent)]
                    $0.reason = reason
                }, version: bench.database.personCard(id, scope: .all).version, scope: .all, actor: "agent")
        }
        #expect(throws: StoreError.self) { try write(.refused, reason: nil) }
        #expect(try bench.count("SELECT COUNT(*) FROM information_refusals") == 0)
        try write(.refused, reason: "telephone")
        #expect(throws: StoreError.self) { try write(.given, reason: nil) }
        #expect(try bench.count("SELECT COUNT(*) FROM contact_points WHERE consent = 'refused'") == 1)
    }

    @Test func `somebody added by hand is placed by the address and found; an identifier is taken once`() throws {
        let bench = try StoreBench()
        try bench.addresses(street("Rue des Saules", commune: "80001", town: "Ville 80001", from: place(2.01, 50.01)))
        try bench.register([person("P")])
        let owner = OrganisationID(rawValue: try bench.fetch("SELECT id FROM organisations", as: Int64.self)[0])
        let id = try bench.database.add(
            person: person("", commune: "80001", address: "3 rue des Saules", contacts: ["sms:+33639980009"], name: "Neuve Personne"),
            to: owner, actor: "agent")
        let card = try bench.database.personCard(id, scope: .organisation(owner))
        #expect(card.entry.precision == .houseNumber)
        #expect(card.entry.recipient.externalID.hasPrefix("console-"))
        var question = PeopleQuestion()
        question.text = "neuve saules"
        #expect(try bench.database.findPeople(question, scope: .all, limit: 5).people.map(\.id) == [id])
        #expect(try bench.select(perimeter(2.0, 50.0, 2.1, 50.1)).map { $0.prefix(7) } == ["console"])
        #expect(throws: StoreError.identifierTaken) {
            try bench.database.add(person: person("P"), to: owner, actor: "agent")
        }
    }

    @Test func `a point placed by hand goes back to the address's`() throws {
        let bench = try StoreBench()
        try bench.addresses(street("Rue des Saules", commune: "80001", town: "Ville 80001", from: place(2.01, 50.01)))
        try bench.register([person("P", commune: "80001", at: place(2.05, 50.05), address: "3 rue des Saules")])
        let id = try id(bench, "P")
        let card = try bench.database.personCard(id, scope: .all)
        #expect(card.entry.precision == .given)
        let after = try bench.database.change(
            person: id, change { $0.edits = [.positionByAddress] }, version: card.version, scope: .all, actor: "agent")
        #expect(after.entry.precision == .houseNumber)
    }

    @Test func `ticked people go on a list or a tag, and only one's own`() throws {
        let bench = try StoreBench()
        try bench.register([person("P", lists: ["Riverains"]), person("Q")])
        try bench.register([person("X")], organisation: "Voisin")
        let owner = OrganisationID(rawValue: try bench.fetch("SELECT organisation_id FROM recipients WHERE external_id = 'P'", as: Int64.self)[0])
        let ids = try [id(bench, "P"), id(bench, "Q")]
        let scope = RegisterScope.organisation(owner)
        #expect(try bench.database.label(ids, .list("Riverains"), isOn: true, scope: scope, actor: "a") == 1)
        #expect(try bench.database.label(ids, .tag("fragile"), isOn: true, scope: scope, actor: "a") == 2)
        #expect(try bench.database.label([ids[0]], .tag("fragile"), isOn: false, scope: scope, actor: "a") == 1)
        #expect(try bench.fetch("SELECT tag FROM recipient_tags", as: String.self) == ["fragile"])
        let journal = try bench.database.auditEntries(limit: 3)
        #expect(journal[0].detail["recipient_numbers"] == "\(ids[0])" && journal[1].detail["recipient_numbers"] == ids.map { "\($0)" }.joined(separator: ","))
        #expect(journal[2].detail["members"] == "1" && journal[2].detail["recipient_numbers"] == "\(ids[1])", "who was on it is not changed")
        #expect(throws: StoreError.unknownPerson) {
            try bench.database.label(ids + [id(bench, "X")], .tag("x"), isOn: true, scope: scope, actor: "a")
        }
        #expect(throws: StoreError.self) {
            try bench.database.label(ids, .list("Nulle part"), isOn: true, scope: scope, actor: "a")
        }
    }
}

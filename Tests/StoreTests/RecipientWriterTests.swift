import AlertModel
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct RecipientWriterTests {
    private let ada = person(
        "ada", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001", "voice:+33639980001"],
        lists: ["rive", "école"])

    private func snapshot(_ bench: StoreBench) throws -> [String] {
        try bench.fetch(
            """
            SELECT external_id || ' ' || kind || ' ' || ifnull(commune_code, '-') || ' '
                || ifnull(precision, '-') || ' ' || ifnull(AsText(location), '-') || ' ' || channels || ' '
                || (SELECT group_concat(channel || rank || address, '/') FROM contact_points WHERE recipient_id = r.id)
            FROM recipients r ORDER BY organisation_id, external_id
            """, as: String?.self
        ).map { $0 ?? "null" }
    }

    @Test func `the same recipients again change nothing`() throws {
        let bench = try StoreBench()
        let counts = try bench.register([ada, person("bob")])
        #expect(counts.added == 2)
        let before = try snapshot(bench)
        let again = try bench.register([ada, person("bob")])
        #expect((again.added, again.updated, again.unchanged) == (0, 0, 2))
        #expect(try snapshot(bench) == before)
    }

    @Test func `any change of content updates in place, with its contact points and lists`() throws {
        let bench = try StoreBench()
        try bench.register([ada])
        let id = try bench.count("SELECT id FROM recipients")
        let changes = [
            person(
                "ada", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"],
                lists: ["rive", "école"]),
            person(
                "ada", commune: "80002", at: place(2.05, 50.05), contacts: ["sms:+33639980001"],
                lists: ["rive", "école"]),
            person(
                "ada", commune: "80002", at: place(2.06, 50.05), contacts: ["sms:+33639980001"],
                lists: ["rive", "école"]),
            person("ada", commune: "80002", contacts: ["sms:+33639980001"], lists: ["rive", "école"]),
            person("ada", commune: "80002", contacts: ["email:ada@example.org"], lists: ["école"]),
            person("ada", commune: "80002", contacts: ["email:ada@example.org"], lists: ["école"], name: "Ada"),
        ]
        for (index, change) in changes.enumerated() {
            #expect(try bench.register([change]).updated == 1, "\(index)")
            #expect(try bench.register([change]).unchanged == 1, "\(index)")
        }
        #expect(try bench.count("SELECT id FROM recipients") == id)
        #expect(try bench.count("SELECT channels FROM recipients") == 4)
        #expect(try bench.fetch("SELECT address FROM contact_points", as: String.self) == ["ada@example.org"])
        #expect(try bench.database.lists(scope: .all).map { "\($0.list.name) \($0.members)" } == ["rive 0", "école 1"])
        #expect(try bench.select(.list("rive")).isEmpty)
    }

    @Test func `a source that says nothing of lists leaves them as they are`() throws {
        let bench = try StoreBench()
        try bench.register([ada])
        try bench.register([person("ada", commune: "80001", lists: nil)])
        #expect(try bench.select(.list("rive")) == ["ada certain"])
        try bench.register([person("ada", commune: "80001", lists: [])])
        #expect(try bench.select(.list("rive")).isEmpty)
    }

    @Test func `a contact point given twice is kept once`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", contacts: ["sms:+33639980001", "sms:+33639980001", "voice:+33639980001"])])
        #expect(try bench.count("SELECT count(*) FROM contact_points") == 2)
        #expect(try bench.count("SELECT channels FROM recipients") == 3)
    }

    @Test func `identifiers belong to their organisation`() throws {
        let bench = try StoreBench()
        try bench.register([person("1", commune: "80001")], organisation: "A")
        try bench.register([person("1", commune: "80002")], organisation: "B")
        #expect(try bench.count("SELECT count(*) FROM recipients") == 2)
        #expect(try bench.register([person("1", commune: "80001")], organisation: "A").unchanged == 1)
    }

    @Test func `what a write refuses undoes all of it, the organisation and the journal included`() throws {
        let bench = try StoreBench()
        try bench.register([ada])
        let before = try snapshot(bench)
        let entries = try bench.count("SELECT count(*) FROM audit_entries")
        // The schema takes no recipient at commune precision with a point.
        let impossible = Location(
            position: StoreTests.place(2, 50), uncertaintyMetres: 0, precision: .commune, score: 1)
        var broken = person("y")
        broken.location = impossible
        #expect(throws: DatabaseError.self) {
            try bench.register([person("x", lists: ["neuve"]), broken], organisation: "Nouvelle")
        }
        #expect(try snapshot(bench) == before)
        #expect(try bench.count("SELECT count(*) FROM audit_entries") == entries)
        #expect(try bench.database.organisations().map(\.name) == ["Préfecture"])
        #expect(try bench.database.lists(scope: .all).map(\.list.name) == ["rive", "école"])
    }

    @Test func `a comparison tells what a write would do, and writes nothing`() throws {
        let bench = try StoreBench()
        try bench.register([ada])
        let before = try snapshot(bench)
        let rows = [ada, person("ada", commune: "80002"), person("new")]
        let changes = try bench.database.readRegister(ofOrganisationNamed: "Préfecture") { register in
            try rows.map { row in
                var row = row
                return try register.compare(&row, source: nil) { _ in }.change
            }
        }
        #expect(changes == [.unchanged, .updated, .added])
        let elsewhere = try bench.database.readRegister(ofOrganisationNamed: "Nouvelle") { register in
            var row = ada
            return try register.compare(&row, source: nil) { _ in }.change
        }
        #expect(elsewhere == .added)
        #expect(try snapshot(bench) == before)
        #expect(try bench.database.organisations().count == 1)
    }

    @Test func `a source that does not speak of a channel leaves its contact points alone`() throws {
        let bench = try StoreBench()
        let phone = ContactPoint(channel: .sms, address: Redacted("+33639980001"), rank: 1)
        let mail = ContactPoint(channel: .email, address: Redacted("a@example.org"), rank: 1)
        func recipient(_ points: [ContactPoint], _ covered: Set<Channel>) -> Recipient {
            Recipient(
                externalID: "a", name: Redacted("A"), kind: .person, addressText: nil, postcode: nil,
                communeCode: CommuneCode("80001"), communeName: nil, language: "fr", location: nil,
                contactPoints: points, coveredChannels: covered, lists: nil)
        }
        try bench.register([recipient([phone, mail], [.sms, .email])])
        try bench.register([recipient([], [.email])])
        let left = try bench.fetch("SELECT channel FROM contact_points ORDER BY channel", as: String.self)
        #expect(left == ["sms"])
        #expect(try bench.count("SELECT channels FROM recipients") == ChannelMask([.sms]).rawValue)
    }

    @Test func `an import is recorded with its file and counts, without personal data`() throws {
        let bench = try StoreBench()
        try bench.register([ada])
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect((entry.actor, entry.action, entry.subject) == ("test", "import.recipients", "recipients"))
        #expect(
            entry.detail == [
                "added": "1", "updated": "0", "rows": "1", "organisation": "Préfecture",
                "sha256": String(repeating: "0", count: 64),
            ])
    }

    @Test func `the bit of each channel is fixed`() {
        #expect(Channel.allCases.map { ChannelMask($0).rawValue } == [1, 2, 4, 8])
        #expect(ChannelMask(Channel.allCases).rawValue == 15)
    }
}

import AlertModel
import Foundation
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct PackedSpatialIndexTests {
    /// Writes people at random places through the bulk way, or row by row.
    private func write(_ count: Int, prefix: String, seed: UInt64, isBulk: Bool, into bench: StoreBench) throws {
        var generator = SeededGenerator(seed: seed)
        let spool = try bench.database.makeRegisterSpool()
        for number in 0..<count {
            let isPlaced = number % 10 != 9
            let recipient = person(
                "\(prefix)\(number)",
                at: isPlaced
                    ? place(.random(in: -61...56, using: &generator), .random(in: -22...51, using: &generator)) : nil,
                contacts: ["sms:+3361234\(String(format: "%04d", number % 10_000))"])
            let comparison = RegisterComparison(change: .added, hash: recipient.contentHash)
            try spool.append(try #require(RegisterOperation(comparison, line: number + 2, recipient: recipient)).encoded[...])
        }
        var changes = RegisterChanges(spool: spool, source: "s", placedBy: try bench.database.placesVersion())
        changes.additions = count
        let result = try bench.database.apply(
            changes, organisationNamed: "Préfecture", from: StoreBench.file("f"), actor: "test",
            bulkAdditions: isBulk ? 1 : .max)
        #expect(result.counts.added == count)
    }

    private func requireSound(_ bench: StoreBench) throws {
        let verdict = try bench.database.pool.write { database in
            [
                try String.fetchOne(database, sql: "SELECT rtreecheck('idx_recipients_location')"),
                try String.fetchOne(database, sql: "SELECT CAST(CheckSpatialIndex('recipients', 'location') AS TEXT)"),
                // Of every row, its CHECK and NOT NULL constraints too.
                try String.fetchOne(database, sql: "PRAGMA integrity_check"),
            ]
        }
        #expect(verdict == ["ok", "1", "ok"])
    }

    private func inBox(_ bench: StoreBench, _ west: Double, _ south: Double, _ side: Double) throws -> [Int] {
        try bench.fetch(
            """
            SELECT pkid FROM idx_recipients_location
            WHERE xmin <= \(west + side) AND xmax >= \(west) AND ymin <= \(south + side) AND ymax >= \(south)
            ORDER BY pkid
            """, as: Int.self)
    }

    /// Around a node's room, a full tree of two levels, and three levels.
    @Test(arguments: [1, 2, 51, 52, 57, 500, 2400, 6000])
    func `the index built at once is sound and answers as the one built row by row`(count: Int) throws {
        let bulk = try StoreBench()
        let plain = try StoreBench()
        try write(count, prefix: "p", seed: 7, isBulk: true, into: bulk)
        try write(count, prefix: "p", seed: 7, isBulk: false, into: plain)
        try requireSound(bulk)
        try requireSound(plain)
        var generator = SeededGenerator(seed: 11)
        for _ in 0..<50 {
            let (west, south) = (Double.random(in: -61...50, using: &generator), Double.random(in: -22...45, using: &generator))
            let side = Double.random(in: 0.1...20, using: &generator)
            #expect(try inBox(bulk, west, south, side) == inBox(plain, west, south, side))
        }
    }

    /// Fewer than a statement takes, as many, and some more; contact points repeat within a recipient.
    @Test(arguments: [1, 15, 16, 17, 33, 100])
    func `recipients added many at a time are those added one by one`(count: Int) throws {
        var generator = SeededGenerator(seed: 3)
        let people = (0..<count).map { number in
            let numbers = (0..<Int.random(in: 0...5, using: &generator)).map { _ in
                "\(["sms", "voice", "email"].randomElement(using: &generator)!):é\(Int.random(in: 0...2, using: &generator))"
            }
            var recipient = person(
                "\(number)", at: number % 3 == 0 ? nil : place(2, 50), address: number % 2 == 0 ? nil : "",
                contacts: numbers, lists: number % 4 == 0 ? ["l"] : [], name: String(repeating: "ñ", count: number % 7 * 1000))
            recipient.tags = number % 5 == 0 ? ["t", "t", "u"] : []
            recipient.vulnerability = number % 6 == 0 ? Vulnerability(kind: Redacted("k")) : nil
            return recipient
        }
        let (many, single) = (try StoreBench(), try StoreBench())
        _ = try many.database.apply(
            changes(adding: people, to: many), organisationNamed: "Préfecture", from: StoreBench.file("f"), actor: "test",
            bulkAdditions: 0)
        try single.register(people)
        for sql in [
            """
            SELECT quote(id) || quote(external_id) || quote(name) || quote(address) || quote(precision) || quote(score)
                || quote(channels) || quote(content_hash) || quote(location) || quote(language) || quote(kind)
            FROM recipients ORDER BY id
            """,
            "SELECT recipient_id || channel || address || rank FROM contact_points ORDER BY recipient_id, channel, rank",
            "SELECT recipient_id || name FROM list_members JOIN lists ON lists.id = list_id ORDER BY recipient_id",
            "SELECT recipient_id || tag FROM recipient_tags ORDER BY 1", "SELECT recipient_id || kind FROM vulnerabilities ORDER BY 1",
        ] {
            #expect(try many.fetch(sql, as: String.self) == single.fetch(sql, as: String.self))
        }
        try requireSound(many)
    }

    @Test func `rows and triggers go on as before`() throws {
        let bench = try StoreBench()
        try write(300, prefix: "p", seed: 1, isBulk: true, into: bench)
        let triggers = "SELECT name || ifnull(sql, '') FROM sqlite_schema WHERE tbl_name = 'recipients' ORDER BY 1"
        let fresh = try StoreBench()
        #expect(try bench.fetch(triggers, as: String.self) == fresh.fetch(triggers, as: String.self))
        try write(300, prefix: "q", seed: 2, isBulk: false, into: bench)
        try write(300, prefix: "r", seed: 3, isBulk: true, into: bench)
        try bench.database.pool.write { database in
            try database.execute(sql: "DELETE FROM recipients WHERE id % 3 = 0")
            try database.execute(sql: "UPDATE recipients SET location = MakePoint(2, 50, 4326) WHERE id % 3 = 1")
        }
        try requireSound(bench)
        #expect(throws: DatabaseError.self) {
            try bench.database.pool.write { try $0.execute(sql: "UPDATE recipients SET location = MakePoint(2, 50, 2154)") }
        }
    }

    /// What the types of a recipient can hold and the tables' constraints speak of.
    private var wholeRange: [Recipient] {
        var people: [Recipient] = []
        for (number, precision) in Precision.allCases.enumerated() {
            var recipient = person("precision\(number)")
            if precision != .commune, precision != .notLocated {
                recipient.location = Location(position: place(2, 50), uncertaintyMetres: 1, precision: precision, score: 1)
            }
            people.append(recipient)
        }
        for kind in RecipientKind.allCases {
            var recipient = person("\(kind)", at: place(2, 50))
            recipient.kind = kind
            recipient.tags = ["t"]
            recipient.vulnerability = Vulnerability(kind: Redacted("v"))
            recipient.isCommuneFound = true
            people.append(recipient)
        }
        for consent in [nil] + Consent.allCases {
            for check in [nil] + ContactCheck.allCases {
                var recipient = person("\(people.count)", at: place(2, 50), contacts: [])
                recipient.contactPoints = Channel.allCases.enumerated().map { index, channel in
                    ContactPoint(
                        channel: channel, address: Redacted("a\(index)"), rank: 1, isEmergency: index == 0, check: check,
                        consent: consent)
                }
                people.append(recipient)
            }
        }
        return people
    }

    private func changes(adding people: [Recipient], to bench: StoreBench) throws -> RegisterChanges {
        let spool = try bench.database.makeRegisterSpool()
        for (line, recipient) in people.enumerated() {
            let comparison = RegisterComparison(change: .added, hash: recipient.contentHash)
            try spool.append(try #require(RegisterOperation(comparison, line: line, recipient: recipient)).encoded[...])
        }
        return RegisterChanges(spool: spool, source: "s", placedBy: try bench.database.placesVersion())
    }

    @Test(arguments: [true, false])
    func `whatever the types can hold keeps the tables' constraints`(isBulk: Bool) throws {
        let bench = try StoreBench()
        let people = wholeRange
        _ = try bench.database.apply(
            changes(adding: people, to: bench), organisationNamed: "Préfecture", from: StoreBench.file("f"), actor: "test",
            bulkAdditions: isBulk ? 0 : .max)
        #expect(try bench.count("SELECT count(*) FROM recipients") == people.count)
        try requireSound(bench)
    }

    @Test(arguments: [true, false], ["place", "tag", "vulnerability"])
    func `what the tables' constraints would refuse is refused, and they stand again afterwards`(
        isBulk: Bool, fault: String
    ) throws {
        let bench = try StoreBench()
        var recipient = person("p1", at: place(2, 50))
        switch fault {
        case "place":
            recipient.location = Location(position: place(2, 50), uncertaintyMetres: 0, precision: .commune, score: 1)
        case "tag": recipient.tags = ["a", ""]
        default: recipient.vulnerability = Vulnerability(kind: Redacted(""))
        }
        let changes = try changes(adding: [person("p0", at: place(2, 50)), recipient], to: bench)
        #expect(throws: DatabaseError.self) {
            try bench.database.apply(
                changes, organisationNamed: "Préfecture", from: StoreBench.file("f"), actor: "test",
                bulkAdditions: isBulk ? 0 : .max)
        }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 0)
        try bench.register([person("q")])
        #expect(throws: DatabaseError.self) {
            try bench.database.pool.write { try $0.execute(sql: "UPDATE recipients SET kind = 'cat'") }
        }
        try requireSound(bench)
    }

    @Test func `the point made here is SpatiaLite's own, bit for bit`() throws {
        let bench = try StoreBench()
        for (x, y) in [(2.2958, 49.8942), (-61.5, 16.25), (0, 0), (55.45, -20.88)] {
            let theirs = try bench.fetch("SELECT MakePoint(\(x), \(y), 4326)", as: Data.self)
            #expect(theirs == [Data(PointBlob.encode(longitude: x, latitude: y))])
        }
    }

    @Test func `an operation comes back from the spool as it went in, and nothing else does`() throws {
        let bench = try StoreBench()
        var recipient = person(
            "é\u{1F30A}", commune: "80001", at: place(-61.123456789, 16.5), address: "1 rue", postcode: "80000",
            town: "Ville", contacts: ["sms:+33612345601", "email:a@example.org"], lists: ["l", ""], name: "Ζωή")
        recipient.tags = []
        recipient.household = "F1"
        recipient.building = "B"
        recipient.confirmedOn = CalendarDate("2026-01-31")
        recipient.vulnerability = Vulnerability(kind: Redacted("k"), detail: nil, recordedOn: CalendarDate("31/01/2026"))
        recipient.contactPoints[0].isEmergency = true
        recipient.contactPoints[0].check = .unknownRange
        recipient.contactPoints[1].consent = .legalBasis
        recipient.contactPoints[1].consentOn = CalendarDate("2025-12-01")
        let spool = try bench.database.makeRegisterSpool()
        let operations = try (0..<5000).map { line in
            try #require(RegisterOperation(
                RegisterComparison(change: .updated, known: RecipientID(rawValue: 1 << 40), hash: Data([1, 2]), expectedHash: Data()),
                line: line, recipient: recipient))
        }
        for operation in operations { try spool.append(operation.encoded[...]) }
        var returned: [RegisterOperation] = []
        try spool.forEach { returned.append(try $0.decoded()) }
        #expect(returned == operations)
        let bytes = operations[0].encoded
        for length in stride(from: 0, to: bytes.count, by: 3) {
            #expect(bytes[..<length].withUnsafeBytes { RegisterOperation(encoded: $0) } == nil)
        }
    }
}

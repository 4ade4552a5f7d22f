import AlertModel
import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct RegisterWritingAheadTests {
    private let people: [Recipient] = (0..<700).map { (number: Int) -> Recipient in
        let position = number % 3 == 0 ? nil : StoreTests.place(2 + Double(number) / 10_000, 50)
        let lists: [String] = number % 5 == 0 ? ["l"] : []
        return person(
            "p\(number)", at: position, contacts: ["sms:+3361234\(1000 + number)", "email:p\(number)@example.org"],
            lists: lists)
    }

    private func append(_ people: some Sequence<Recipient>, from line: Int, to changes: inout RegisterChanges) throws {
        for (offset, recipient) in people.enumerated() {
            let comparison = RegisterComparison(change: .added, hash: recipient.contentHash)
            let operation = try #require(RegisterOperation(comparison, line: line + offset, recipient: recipient))
            try changes.spool.append(operation.encoded[...])
            changes.additions += 1
        }
    }

    private func changes(_ bench: StoreBench) throws -> RegisterChanges {
        RegisterChanges(
            spool: try bench.database.makeRegisterSpool(), source: "s", placedBy: try bench.database.placesVersion())
    }

    private func dump(_ bench: StoreBench) throws -> [String] {
        try bench.fetch(
            """
            SELECT id || external_id || channels || quote(content_hash) || quote(location) || source || import_id || ' '
                || (SELECT group_concat(channel || rank || address, '/')
                    FROM (SELECT * FROM contact_points WHERE recipient_id = recipients.id ORDER BY channel, rank))
            FROM recipients ORDER BY id
            """, as: String.self)
            + bench.fetch("SELECT recipient_id || name FROM list_members JOIN lists ON lists.id = list_id ORDER BY 1", as: String.self)
            + bench.fetch("SELECT nodeno || quote(data) FROM idx_recipients_location_node ORDER BY nodeno", as: String.self)
            + bench.fetch("SELECT source || added || first_added_id || last_added_id FROM register_imports", as: String.self)
    }

    @Test func `rows written while others still come are those written when all are there`() throws {
        let (ahead, after) = (try StoreBench(), try StoreBench())
        var changes = try changes(ahead)
        try append(people[..<100], from: 2, to: &changes)
        let writing = RegisterWritingAhead(changes, in: ahead.database, organisationNamed: "Préfecture", actor: "test")
        try append(people[100...], from: 102, to: &changes)
        try writing.endRows()
        // Nobody sees anything of it before the verdict.
        #expect(try ahead.count("SELECT count(*) FROM recipients") == 0)
        changes.unchanged = 3
        let result = try writing.commit(changes, from: StoreBench.file("f"))
        #expect((result.counts.added, result.counts.unchanged, result.importID) == (700, 3, 1))

        var whole = try self.changes(after)
        try append(people, from: 2, to: &whole)
        _ = try after.database.apply(
            whole, organisationNamed: "Préfecture", from: StoreBench.file("f"), actor: "test", bulkAdditions: 1)
        #expect(try dump(ahead) == dump(after))
        #expect(try ahead.database.checkRegisterIndexes().isSound)
    }

    @Test(arguments: [false, true])
    func `what is given up leaves nothing behind, and the lock free`(isRead: Bool) throws {
        let bench = try StoreBench()
        let entries = try bench.count("SELECT count(*) FROM audit_entries")
        let organisations = try bench.database.organisations().map(\.name)
        var changes = try changes(bench)
        try append(people, from: 2, to: &changes)
        let writing = RegisterWritingAhead(changes, in: bench.database, organisationNamed: "Neuve", actor: "test")
        if isRead { try writing.endRows() }
        writing.giveUp()
        writing.giveUp()
        #expect(try bench.count("SELECT count(*) FROM recipients") == 0)
        #expect(try bench.count("SELECT count(*) FROM audit_entries") == entries)
        #expect(try bench.database.organisations().map(\.name) == organisations)
        #expect(throws: (any Error).self) { try writing.commit(changes, from: StoreBench.file("f")) }
        // The rows are all still in the spool.
        try append([person("last")], from: 900, to: &changes)
        let result = try bench.database.apply(
            changes, organisationNamed: "Neuve", from: StoreBench.file("f"), actor: "test")
        #expect(result.counts.added == 701)
        #expect(try bench.database.checkRegisterIndexes().isSound)
    }

    @Test func `what a table refuses is told by the commit, and nothing is there`() throws {
        let bench = try StoreBench()
        var changes = try changes(bench)
        var broken = person("x")
        broken.tags = [""]
        try append(people[..<50] + [broken], from: 2, to: &changes)
        let writing = RegisterWritingAhead(changes, in: bench.database, organisationNamed: "Préfecture", actor: "test")
        #expect(throws: DatabaseError.self) { try writing.commit(changes, from: StoreBench.file("f")) }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 0)
        try bench.register([person("q")])
    }

    @Test func `somebody of the same identifier who came meanwhile is not written over`() throws {
        let bench = try StoreBench()
        var changes = try changes(bench)
        try append(people, from: 2, to: &changes)
        try bench.register([person("p650")])
        let writing = RegisterWritingAhead(changes, in: bench.database, organisationNamed: "Préfecture", actor: "test")
        #expect(throws: RegisterError.changedMeanwhile) { try writing.commit(changes, from: StoreBench.file("f")) }
        #expect(try bench.count("SELECT count(*) FROM recipients") == 1)
    }
}

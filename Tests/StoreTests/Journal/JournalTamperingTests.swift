import AlertModel
import Crypto
import Foundation
import GRDB
import TestSupport
import Testing

@testable import Store

/// Whoever can write the file drops the triggers, and does whatever SQL allows.
@Suite struct JournalTamperingTests {
    /// Six entries of the old rule, then eight of the new one.
    private func filledBench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.database.pool.write { database in
            try database.execute(sql: "DROP TRIGGER audit_entries_are_never_changed")
            try database.execute(sql: "DROP TRIGGER audit_entries_are_never_removed")
            try database.execute(sql: "DELETE FROM audit_entries; DELETE FROM audit_head")
            var previous = AuditHash.start
            for id in Int64(1)...6 {
                let entry = AuditHash.Fields(
                    id: id, at: 1_700_000_000_000 + id, organisation: nil, actor: "agent", action: "old.action",
                    subject: "n° \(id)", detail: "{}")
                let hash = AuditHash.of(entry, after: previous, version: 1)
                try database.execute(
                    sql: """
                        INSERT INTO audit_entries (id, at, actor, action, subject, detail, previous_hash, hash)
                        VALUES (?, ?, 'agent', 'old.action', ?, '{}', ?, ?)
                        """, arguments: [id, entry.at, entry.subject, previous, hash])
                previous = hash
            }
            try database.execute(sql: "INSERT INTO audit_head VALUES (1, 6, ?)", arguments: [previous])
        }
        for number in 7...14 {
            try bench.database.audit(
                actor: "agent", action: "test.action", subject: "n° \(number)", detail: ["count": "\(number)"],
                organisation: number % 2 == 0 ? OrganisationID(rawValue: 3) : nil)
        }
        return bench
    }

    private func anchor(_ bench: StoreBench, _ seconds: Double = 0) throws -> JournalAnchor {
        try #require(try bench.database.journalAnchor(now: Date(timeIntervalSince1970: 1_800_000_000 + seconds)))
    }

    @Test func `entries of both rules make one chain`() throws {
        let bench = try filledBench()
        let verdict = try bench.database.verifyJournal(anchors: [try anchor(bench)])
        #expect(verdict.fault == nil && verdict.entries == 14)
        #expect(verdict.proven?.entries == 14)
    }

    /// 300 random edits of one to three cells, rows or numbers: none goes unseen, and what is named first is not after it.
    @Test(arguments: 0..<300) func `any edit is found`(seed: Int) throws {
        var dice = SeededGenerator(seed: UInt64(seed) &+ 0x70C51)
        let bench = try filledBench()
        let before = try bench.database.pool.read { try Self.rows($0) }
        try bench.database.pool.write { database in
            for _ in 0..<Int.random(in: 1...3, using: &dice) {
                try? database.execute(sql: Self.edit(&dice))
            }
        }
        let after = try bench.database.pool.read { try Self.rows($0) }
        let verdict = try bench.database.verifyJournal()
        #expect((verdict.fault == nil) == (before == after), "seed \(seed): \(String(describing: verdict.fault))")
        // What came before the first difference is not blamed.
        let same = zip(before, after).prefix { $0 == $1 }.count
        #expect(verdict.entries <= Int64(min(same, 14)) || before == after, "seed \(seed)")
    }

    private static func edit(_ dice: inout SeededGenerator) -> String {
        let id = Int.random(in: 1...14, using: &dice), other = Int.random(in: 1...14, using: &dice)
        return [
            "UPDATE audit_entries SET actor = actor || 'x' WHERE id = \(id)",
            "UPDATE audit_entries SET at = at + \(other) WHERE id = \(id)",
            "UPDATE audit_entries SET action = 'other.action' WHERE id = \(id)",
            "UPDATE audit_entries SET subject = '' WHERE id = \(id)",
            "UPDATE audit_entries SET detail = '{\"count\":\"99\"}' WHERE id = \(id)",
            "UPDATE audit_entries SET organisation_id = ifnull(organisation_id, 0) + 1 WHERE id = \(id)",
            "UPDATE audit_entries SET organisation_id = NULL WHERE id = \(id)",
            "UPDATE audit_entries SET version = 3 - version WHERE id = \(id)",
            "UPDATE audit_entries SET version = 1 WHERE id = \(id)",
            "UPDATE audit_entries SET hash = zeroblob(32) WHERE id = \(id)",
            "UPDATE audit_entries SET previous_hash = randomblob(32) WHERE id = \(id)",
            "UPDATE audit_entries SET id = id + 100 WHERE id = \(id)",
            "UPDATE audit_entries SET id = -id WHERE id = \(id)",
            "DELETE FROM audit_entries WHERE id = \(id)",
            "DELETE FROM audit_entries WHERE id >= \(id)",
            "DELETE FROM audit_head",
            "UPDATE audit_head SET entries = entries - 1",
            "UPDATE audit_head SET hash = zeroblob(32)",
            """
            UPDATE audit_entries SET (actor, action, subject, detail, at, previous_hash, hash, organisation_id, version) =
                (SELECT actor, action, subject, detail, at, previous_hash, hash, organisation_id, version
                 FROM audit_entries AS o WHERE o.id = \(other)) WHERE id = \(id)
            """,
            """
            INSERT INTO audit_entries (id, at, actor, action, subject, detail, previous_hash, hash, version)
            SELECT max(id) + 1, at, actor, action, subject, detail, previous_hash, hash, version FROM audit_entries
            """,
        ].randomElement(using: &dice)!
    }

    private static func rows(_ database: Database) throws -> [String] {
        try Row.fetchAll(database, sql: "SELECT *, hex(hash), hex(previous_hash) FROM audit_entries ORDER BY id").map { "\($0.databaseValues)" }
            + Row.fetchAll(database, sql: "SELECT *, hex(hash) FROM audit_head").map { "\($0.databaseValues)" }
    }

    @Test func `a chain computed anew shows against an anchor, and tells what is proven`() throws {
        let bench = try filledBench()
        let early = try anchor(bench)
        for number in 15...20 { try bench.database.audit(actor: "a", action: "b", subject: "\(number)") }
        let late = try anchor(bench, 60)
        // Entry 17 tells another story, and everything after it is computed again.
        try rewrite(bench, from: 17) { $0.subject = "another" }
        #expect(try bench.database.firstBrokenAuditEntry() == nil, "without anchors nobody can tell")
        let verdict = try bench.database.verifyJournal(anchors: [early, late])
        #expect(verdict.fault == .rewritten(late))
        #expect(verdict.proven == early)
        #expect(try bench.database.holds(early) && !bench.database.holds(late))
    }

    @Test func `a tail cut off, head and all, shows against an anchor`() throws {
        let bench = try filledBench()
        let late = try anchor(bench)
        try bench.database.pool.write { database in
            try database.execute(sql: "DELETE FROM audit_entries WHERE id > 10")
            try database.execute(sql: """
                UPDATE audit_head SET entries = 10, hash = (SELECT hash FROM audit_entries WHERE id = 10)
                """)
        }
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
        #expect(try bench.database.verifyJournal(anchors: [late]).fault == .cutOff(late))
    }

    @Test func `another journal's anchor is called so`() throws {
        let (one, other) = (try filledBench(), try StoreBench())
        try other.database.audit(actor: "x", action: "y", subject: "z")
        let foreign = try anchor(other)
        #expect(try one.database.verifyJournal(anchors: [foreign]).fault == .otherJournal(foreign))
    }

    @Test func `a table of other types is altered, not a crash`() throws {
        let bench = try filledBench()
        try bench.database.pool.write { database in
            try database.execute(sql: """
                CREATE TABLE copy AS SELECT * FROM audit_entries; DROP TABLE audit_entries;
                ALTER TABLE copy RENAME TO audit_entries; UPDATE audit_entries SET at = 'x', hash = NULL WHERE id = 9
                """)
        }
        #expect(try bench.database.verifyJournal().fault == .entry(9))
    }

    /// An alert has to be written down before it goes: whoever spoils the journal's end must not stop it, nor do it unseen.
    @Test(arguments: [
        ("id = 9223372036854775807", Int64.max), ("id = 9007199254740991", 9_007_199_254_740_991),
        ("id = 9007199254740992", 9_007_199_254_740_992), ("hash = NULL", 14), ("hash = 'x'", 14), ("hash = zeroblob(5)", 14),
        ("id = 'x'", 14),
    ])
    func `a spoilt end stops nothing: it is told of once, and a chain that fits begins`(change: String, entry: Int64) throws {
        let bench = try filledBench()
        try bench.database.pool.write { database in
            try database.execute(sql: """
                CREATE TABLE copy AS SELECT * FROM audit_entries; DROP TABLE audit_entries;
                ALTER TABLE copy RENAME TO audit_entries; UPDATE audit_entries SET \(change) WHERE id = 14;
                UPDATE audit_head SET entries = 9223372036854775807
                """)
        }
        for number in 1...5 { try bench.database.audit(actor: "a", action: "campaign.launch", subject: "\(number)") }
        let verdict = try bench.database.verifyJournal()
        // A number just below the bound is followed once, and spoils the end then.
        #expect(verdict.fault != nil && verdict.entries >= 13)
        let written = try bench.database.auditEntries(limit: 100)
        #expect(written.filter { $0.action == "campaign.launch" }.count == 5)
        #expect(written.filter { $0.action == "journal.damaged" && $0.detail["severity"] == "critical" }.count == 1)
        #expect(verdict.isTold)
        let segment = try #require(verdict.segments.last)
        #expect(segment.last - segment.first >= 4)
        #expect(try bench.database.auditHead().count == Int(segment.last))
        _ = try bench.database.journalAnchor(now: .now)
        // What is altered in the new chain shows there.
        try bench.database.pool.write {
            try $0.execute(sql: "UPDATE audit_entries SET subject = 'x' WHERE id = ?", arguments: [segment.last])
        }
        #expect(try bench.database.verifyJournal().isTold == false)
    }

    @Test func `an end that is spoilt and not told of yet is shown, and nobody crashes`() throws {
        for (change, entry) in [("id = 9223372036854775807", Int64.max), ("hash = NULL", 14)] {
            let bench = try filledBench()
            try bench.database.pool.write { database in
                try database.execute(sql: """
                    CREATE TABLE copy AS SELECT * FROM audit_entries; DROP TABLE audit_entries;
                    ALTER TABLE copy RENAME TO audit_entries; UPDATE audit_entries SET \(change) WHERE id = 14
                    """)
            }
            #expect(try bench.database.verifyJournal().fault == .entry(entry))
            let seen = try bench.database.auditEntries(limit: 100)
            #expect(seen.count == 14 && seen.first?.id == entry)
            #expect((seen.first?.hash == AuditEntry.unreadable) == (entry == 14))
        }
    }

    @Test func `a detail that can't be read is shown as it is stored, and hides no other entry`() throws {
        let bench = try filledBench()
        try bench.database.pool.write {
            try $0.execute(sql: #"UPDATE audit_entries SET detail = '{"a":1}' WHERE id = 9"#)
        }
        let seen = try bench.database.auditEntries(limit: 100)
        #expect(seen.count == 14)
        #expect(seen.first { $0.id == 9 }?.detail == [AuditEntry.unreadable: #"{"a":1}"#])
        #expect(try bench.database.auditEntries(JournalQuery(), after: 0, limit: 100).count == 14)
    }

    @Test(arguments: ["actor", "action", "subject", "detail"])
    func `bytes after a zero byte, and bytes that are no text, are found`(column: String) throws {
        // A text reads the same with them: as far as the zero byte, or with the sign that stands for what can't be read.
        for (text, altered) in [("x", "780079"), ("\u{FFFD}", "f09f98")] {
            let bench = try filledBench()
            try rewrite(bench, from: 14, column, to: text)
            #expect(try bench.database.verifyJournal().fault == nil)
            try bench.database.pool.write {
                try $0.execute(sql: "UPDATE audit_entries SET \(column) = CAST(x'\(altered)' AS TEXT) WHERE id = 14")
            }
            #expect(try bench.database.verifyJournal().fault == .entry(14))
        }
    }

    /// Gives the last entry another text, and computes its hash.
    private func rewrite(_ bench: StoreBench, from id: Int64, _ column: String, to text: String) throws {
        try bench.database.pool.write { database in
            try database.execute(
                sql: "UPDATE audit_entries SET \(column) = ? WHERE id = ?", arguments: [text, id])
            let row = try #require(
                try Row.fetchOne(database, sql: "SELECT * FROM audit_entries WHERE id = ?", arguments: [id]))
            let hash = AuditHash.of(
                AuditHash.Fields(
                    id: id, at: row["at"], organisation: row["organisation_id"], actor: row["actor"], action: row["action"],
                    subject: row["subject"], detail: row["detail"]),
                after: row["previous_hash"], version: 2)
            try database.execute(sql: "UPDATE audit_entries SET hash = ? WHERE id = ?", arguments: [hash, id])
            try database.execute(sql: "UPDATE audit_head SET hash = ?", arguments: [hash])
        }
    }

    /// What someone who knows the code can do: change an entry and compute the chain again.
    private func rewrite(_ bench: StoreBench, from id: Int64, _ change: (inout (subject: String, actor: String)) -> Void) throws {
        try bench.database.pool.write { database in
            let rows = try Row.fetchAll(database, sql: "SELECT * FROM audit_entries WHERE id >= ? ORDER BY id", arguments: [id])
            var previous: Data = try Data.fetchOne(
                database, sql: "SELECT hash FROM audit_entries WHERE id = ?", arguments: [id - 1]) ?? AuditHash.start
            for row in rows {
                var told = (subject: row["subject"] as String, actor: row["actor"] as String)
                if row["id"] == id { change(&told) }
                let hash = AuditHash.of(
                    AuditHash.Fields(
                        id: row["id"], at: row["at"], organisation: row["organisation_id"], actor: told.actor,
                        action: row["action"], subject: told.subject, detail: row["detail"]),
                    after: previous, version: 2)
                try database.execute(
                    sql: "UPDATE audit_entries SET subject = ?, actor = ?, previous_hash = ?, hash = ? WHERE id = ?",
                    arguments: [told.subject, told.actor, previous, hash, row["id"] as Int64])
                previous = hash
            }
            try database.execute(sql: "UPDATE audit_head SET hash = ?", arguments: [previous])
        }
    }
}

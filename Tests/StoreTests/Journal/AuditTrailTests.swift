import Foundation
import GRDB
import Testing

@testable import Store

@Suite struct AuditTrailTests {
    private func filledBench() throws -> StoreBench {
        let bench = try StoreBench()
        for number in 1...6 {
            try bench.database.audit(
                actor: "agent", action: "test.action", subject: "n° \(number)",
                detail: ["count": "\(number)", "a": "é/\""])
        }
        return bench
    }

    @Test func `entries chain from the first to the last`() throws {
        let bench = try filledBench()
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
        let newest = try bench.database.auditEntries(limit: 2)
        #expect(newest.map(\.subject) == ["n° 6", "n° 5"])
        #expect(newest[0].detail == ["count": "6", "a": "é/\""])
        #expect((newest[0].actor, newest[0].action) == ("agent", "test.action"))
        #expect(abs(newest[0].at.timeIntervalSinceNow) < 600)
    }

    @Test(arguments: ["UPDATE audit_entries SET actor = 'x' WHERE id = 3", "DELETE FROM audit_entries WHERE id = 3"])
    func `entries are never changed or removed`(sql: String) throws {
        let bench = try filledBench()
        let error = #expect(throws: DatabaseError.self) {
            try bench.database.pool.write { try $0.execute(sql: sql) }
        }
        #expect(error?.message?.hasPrefix("audit entries are never") == true)
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
    }

    /// Whoever can drop the triggers can write; the chain then tells where.
    @Test(arguments: [
        ("UPDATE audit_entries SET actor = 'x' WHERE id = 3", 3),
        ("UPDATE audit_entries SET at = at + 1 WHERE id = 4", 4),
        ("UPDATE audit_entries SET detail = '{}' WHERE id = 2", 2),
        ("UPDATE audit_entries SET subject = action, action = subject WHERE id = 5", 5),
        ("DELETE FROM audit_entries WHERE id = 3", 4), ("DELETE FROM audit_entries WHERE id = 1", 2),
        ("UPDATE audit_entries SET hash = zeroblob(32) WHERE id = 6", 6),
        ("UPDATE audit_entries SET id = 100 WHERE id = 2", 3), ("DELETE FROM audit_entries WHERE id = 7", 7),
        ("DELETE FROM audit_entries WHERE id > 2", 3), ("DELETE FROM audit_head", 8),
        ("UPDATE audit_entries SET previous_hash = zeroblob(32) WHERE id = 5", 5),
    ])
    func `an alteration shows where it was made`(sql: String, broken: Int64) throws {
        let bench = try filledBench()
        try bench.database.pool.write { database in
            try database.execute(
                sql: """
                    DROP TRIGGER audit_entries_are_never_changed;
                    DROP TRIGGER audit_entries_are_never_removed;
                    """)
            try database.execute(sql: sql)
        }
        #expect(try bench.database.firstBrokenAuditEntry() == broken)
    }

    @Test func `an operation that fails leaves no trace, one that succeeds leaves one`() throws {
        struct Interrupted: Error {}
        let bench = try StoreBench()
        let before = try bench.count("SELECT count(*) FROM audit_entries")
        #expect(throws: Interrupted.self) {
            try bench.database.pool.write { database in
                try database.audit(actor: "a", action: "b", subject: "c")
                throw Interrupted()
            }
        }
        #expect(try bench.count("SELECT count(*) FROM audit_entries") == before)
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
    }

    @Test func `times keep their milliseconds`() {
        for milliseconds in [0, 1, 999, 1_700_000_000_001, 1_700_000_000_999, -1] as [Int64] {
            #expect(Date(milliseconds: milliseconds).milliseconds == milliseconds)
        }
    }
}

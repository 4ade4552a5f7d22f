import Crypto
import Foundation
import GRDB

/// One operation of a named actor. Details hold counts, codes and hashes, never personal data.
package struct AuditEntry: Sendable, Equatable {
    package let at: Date
    package let actor: String
    package let action: String
    package let subject: String
    package let detail: [String: String]
}

extension AlertDatabase {
    /// Appends an entry in a transaction of its own.
    package func audit(actor: String, action: String, subject: String, detail: [String: String] = [:]) throws {
        try pool.write { try $0.audit(actor: actor, action: action, subject: subject, detail: detail) }
    }

    /// The newest entries first.
    package func auditEntries(limit: Int) throws -> [AuditEntry] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT at, actor, action, subject, detail FROM audit_entries ORDER BY id DESC LIMIT ?",
                arguments: [limit]
            ).map { row in
                AuditEntry(
                    at: Date(milliseconds: row["at"]), actor: row["actor"], action: row["action"],
                    subject: row["subject"],
                    detail: try JSONDecoder().decode([String: String].self, from: Data((row["detail"] as String).utf8)))
            }
        }
    }

    /// How many entries there are, and the last one's hash in hexadecimal.
    package func auditHead() throws -> (count: Int, hash: String) {
        try pool.read { database in
            let count = try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM audit_entries") ?? 0
            let hash = try String.fetchOne(
                database, sql: "SELECT lower(hex(hash)) FROM audit_entries ORDER BY id DESC LIMIT 1")
            return (count, hash ?? "none")
        }
    }

    /// Recomputes the chain.
    ///
    /// - Returns: the number of the first entry that does not fit, or that was cut off after the last; nil when the
    ///   journal is whole.
    package func firstBrokenAuditEntry() throws -> Int64? {
        try pool.read { database in
            var previous = Data(count: SHA256.byteCount)
            var count: Int64 = 0
            let rows = try Row.fetchCursor(database, sql: """
                SELECT id, at, actor, action, subject, detail, previous_hash, hash FROM audit_entries ORDER BY id
                """)
            while let row = try rows.next() {
                let hash = Database.auditHash(
                    previous: previous, at: row["at"], actor: row["actor"], action: row["action"],
                    subject: row["subject"], detail: row["detail"])
                guard row["previous_hash"] == previous, row["hash"] == hash else { return row["id"] }
                previous = hash
                count += 1
            }
            let head = try Row.fetchOne(database, sql: "SELECT entries, hash FROM audit_head")
            let isWhole = head.map { $0["entries"] == count && $0["hash"] == previous } ?? (count == 0)
            return isWhole ? nil : count + 1
        }
    }
}

extension Database {
    /// Appends an entry inside the caller's transaction, so that the operation and its trace stand or fall together.
    func audit(actor: String, action: String, subject: String, detail: [String: String] = [:]) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let detail = String(decoding: try encoder.encode(detail), as: UTF8.self)
        let previous =
            try Data.fetchOne(self, sql: "SELECT hash FROM audit_entries ORDER BY id DESC LIMIT 1")
            ?? Data(count: SHA256.byteCount)
        let at = Date.now.milliseconds
        let hash = Self.auditHash(
            previous: previous, at: at, actor: actor, action: action, subject: subject, detail: detail)
        try execute(
            sql: """
                INSERT INTO audit_entries (at, actor, action, subject, detail, previous_hash, hash)
                VALUES (?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [at, actor, action, subject, detail, previous, hash])
        try execute(
            sql: """
                INSERT INTO audit_head (id, entries, hash) VALUES (1, 1, ?)
                ON CONFLICT (id) DO UPDATE SET entries = entries + 1, hash = excluded.hash
                """, arguments: [hash])
    }

    fileprivate static func auditHash(
        previous: Data, at: Int64, actor: String, action: String, subject: String, detail: String
    ) -> Data {
        var hasher = SHA256()
        hasher.update(data: previous)
        for field in [String(at), actor, action, subject, detail] {
            hasher.update(data: Data(field.utf8))
            hasher.update(data: [0])
        }
        return Data(hasher.finalize())
    }
}

extension Date {
    /// Milliseconds since 1970 UTC, the store's form of a time.
    package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    package init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

import Foundation
import GRDB

extension Schema {
    /// Kinds and weights of campaigns, retries by cause, and what lets a leg that stands alone be moved without
    /// reading its neighbours.
    static func deepenDispatching(_ database: Database) throws {
        try LedgerSchema.deepen(database)
        try spellOutWordLists(database)
    }

    /// Rewrites CHECKs of more than two words, for which SQLite builds and drops a table at every row that changes:
    /// see `widenConsent`.
    static func spellOutWordLists(_ database: Database) throws {
        try database.execute(sql: "PRAGMA writable_schema = ON")
        for (table, column) in LedgerSchema.wordLists {
            let sql = try String.fetchOne(
                database, sql: "SELECT sql FROM sqlite_schema WHERE type = 'table' AND name = ?", arguments: [table])
            guard let sql, let rewritten = LedgerSchema.spellingOut(column, in: sql) else {
                throw DatabaseError(
                    resultCode: .SQLITE_SCHEMA, message: "\(table).\(column) is not as the first releases made it")
            }
            try database.execute(
                sql: "UPDATE sqlite_schema SET sql = ? WHERE type = 'table' AND name = ?", arguments: [rewritten, table])
        }
        let version = try Int.fetchOne(database, sql: "PRAGMA schema_version") ?? 0
        try database.execute(sql: "PRAGMA schema_version = \(version + 1)")
        try database.execute(sql: "PRAGMA writable_schema = RESET")
        database.clearSchemaCache()
    }
}

extension LedgerSchema {
    /// What `create` makes, as it stands since migration 0024.
    package static func deepen(_ database: Database) throws {
        try database.execute(sql: """
            ALTER TABLE campaigns ADD COLUMN kind TEXT NOT NULL DEFAULT 'alert' CHECK (kind IN ('alert', 'information'));
            ALTER TABLE campaigns ADD COLUMN weight INTEGER NOT NULL DEFAULT 1 CHECK (weight > 0);
            -- Rules for single causes and jitter: a canonical JSON document; NULL for none.
            ALTER TABLE campaigns ADD COLUMN retry_rules TEXT;
            -- Failures by cause, eight bits each.
            ALTER TABLE legs ADD COLUMN failures INTEGER NOT NULL DEFAULT 0;
            -- 1: its delivery's only leg, and nobody else's.
            ALTER TABLE legs ADD COLUMN sole INTEGER NOT NULL DEFAULT 0 CHECK (sole IN (0, 1));
            """)
    }

    static let wordLists = [
        (table: "deliveries", column: "precision"), ("deliveries", "state"), ("legs", "channel"), ("legs", "state"),
        ("legs", "cause"), ("attempts", "outcome"),
    ]

    /// A table's text with `column IN ('a', 'b', …)` written `(column = 'a' OR column = 'b' …)`; nil when there is no
    /// such list.
    static func spellingOut(_ column: String, in sql: String) -> String? {
        guard let start = sql.range(of: "CHECK (\(column) IN"),
            let open = sql[start.upperBound...].firstIndex(of: "("),
            let close = sql[open...].firstIndex(of: ")")
        else { return nil }
        let words = sql[sql.index(after: open)..<close].split(separator: ",").map { $0.trimmingPrefix(while: \.isWhitespace) }
        let spelled = words.map { "\(column) = \($0)" }.joined(separator: " OR ")
        return sql.replacingCharacters(in: start.lowerBound..<sql.index(after: close), with: "CHECK (\(spelled)")
    }
}

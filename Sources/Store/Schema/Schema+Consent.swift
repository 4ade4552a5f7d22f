import GRDB

extension Schema {
    /// A contact point may be one whose use was refused. And the CHECKs of the two tables that imports fill lose their
    /// IN of more than two words, for which SQLite builds and drops a table at every row: a third of an import's
    /// writing.
    ///
    /// SQLite's ALTER TABLE cannot change a CHECK. What is done here is the way its documentation gives for changes that
    /// no stored row can offend (“Making Other Kinds Of Table Schema Changes”): each new CHECK admits all that the old one
    /// did.
    static func widenConsent(_ database: Database) throws {
        try rewrite(database, "recipients", "kind", ["person", "household", "office"])
        try rewrite(database, "recipients", "precision", ["given", "house_number", "street", "locality"])
        try rewrite(database, "contact_points", "channel", ["sms", "voice", "email", "fax"])
        try rewrite(database, "contact_points", "consent", ["given", "legal_basis", "unknown"], adding: ["refused"])
        let version = try Int.fetchOne(database, sql: "PRAGMA schema_version") ?? 0
        // As other connections learn of it; this one reads it all again.
        try database.execute(sql: "PRAGMA schema_version = \(version + 1)")
        try database.execute(sql: "PRAGMA writable_schema = RESET")
        database.clearSchemaCache()
    }

    private static func rewrite(
        _ database: Database, _ table: String, _ column: String, _ words: [String], adding: [String] = []
    ) throws {
        let old = "CHECK (\(column) IN (\(words.map { "'\($0)'" }.joined(separator: ", "))))"
        let new = "CHECK (\((words + adding).map { "\(column) = '\($0)'" }.joined(separator: " OR ")))"
        try database.execute(sql: "PRAGMA writable_schema = ON")
        try database.execute(
            sql: """
                UPDATE sqlite_schema SET sql = replace(sql, ?, ?)
                WHERE type = 'table' AND name = ? AND instr(sql, ?) > 0
                """, arguments: [old, new, table, old])
        guard database.changesCount == 1 else {
            throw DatabaseError(
                resultCode: .SQLITE_SCHEMA, message: "\(table).\(column) is not as the first releases made it")
        }
    }
}

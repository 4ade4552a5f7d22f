import GRDB

extension Schema {
    /// What fills the places of a personal campaign's texts, as it was frozen.
    static func createLegValues(_ database: Database) throws { try LedgerSchema.createLegValues(database) }
}

extension LedgerSchema {
    package static func createLegValues(_ database: Database) throws {
        try database.execute(sql: """
            -- Of legs of personal campaigns alone.
            CREATE TABLE leg_values (
                leg_id INTEGER PRIMARY KEY REFERENCES legs (id),
                -- {"nom": "…"}: of several who share the address, what they have in common.
                document TEXT NOT NULL
            ) STRICT;
            """)
    }
}

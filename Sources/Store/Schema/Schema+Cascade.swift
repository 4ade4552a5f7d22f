import GRDB

extension Schema {
    /// Channels one after another.
    static func createCascade(_ database: Database) throws { try LedgerSchema.createCascade(database) }
}

extension LedgerSchema {
    /// Until its turn comes a later leg is queued, due never: the index by which due legs are found stays the only one.
    package static func createCascade(_ database: Database) throws {
        try database.execute(sql: """
            -- Grows with its turn among the delivery's legs; 0 where all go at once.
            ALTER TABLE legs ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
            -- The same, for the recipient who shares the leg.
            ALTER TABLE leg_shares ADD COLUMN stage INTEGER NOT NULL DEFAULT 0;
            -- Since when it was not paused, where it ever was.
            ALTER TABLE campaigns ADD COLUMN resumed_at INTEGER;
            """)
    }
}

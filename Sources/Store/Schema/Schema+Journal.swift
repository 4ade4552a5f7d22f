import GRDB

extension Schema {
    /// Entries say whose they are, and by which rule they are hashed: old ones keep theirs, so that the chain goes on.
    static func versionJournal(_ database: Database) throws {
        try database.execute(sql: """
            -- No reference: the journal outlives the organisations it speaks of.
            ALTER TABLE audit_entries ADD COLUMN organisation_id INTEGER;
            ALTER TABLE audit_entries ADD COLUMN version INTEGER NOT NULL DEFAULT 1;
            CREATE INDEX audit_entries_by_organisation ON audit_entries (organisation_id, id);
            """)
    }
}

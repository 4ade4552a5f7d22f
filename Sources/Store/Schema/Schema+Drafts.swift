import GRDB

extension Schema {
    /// What people of a console are preparing.
    static func createDrafts(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE drafts (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                mode TEXT NOT NULL CHECK (mode IN ('exercise', 'real')),
                -- A UUID: the key it will be launched with, so that a launched draft is known as such.
                key TEXT NOT NULL CHECK (length(key) = 36),
                -- From 1; who saves says which one was read.
                version INTEGER NOT NULL CHECK (version > 0),
                -- The subject or the zone, for lists.
                name TEXT NOT NULL,
                -- JSON, as the console writes it: a zone's parts, a message, settings; nobody of the register.
                document TEXT NOT NULL,
                created_by TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                changed_by TEXT NOT NULL,
                changed_at INTEGER NOT NULL,
                PRIMARY KEY (organisation_id, mode, key)
            ) STRICT;
            CREATE INDEX drafts_by_change ON drafts (changed_at);
            """)
    }
}

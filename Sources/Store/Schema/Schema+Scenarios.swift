import GRDB

extension Schema {
    /// Launches prepared ahead.
    static func createScenarios(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE scenarios (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL CHECK (name <> ''),
                -- The zone's canonical document; the message's, with places to fill; the policy as in campaigns.
                zone TEXT NOT NULL CHECK (zone <> ''),
                message TEXT NOT NULL CHECK (message <> ''),
                channels TEXT NOT NULL CHECK (channels <> ''),
                maximum_retries INTEGER NOT NULL,
                retry_period_seconds INTEGER NOT NULL,
                validity_seconds INTEGER NOT NULL,
                retry_rules TEXT,
                kind TEXT NOT NULL,
                weight INTEGER NOT NULL CHECK (weight > 0),
                -- name=kind, comma-separated.
                blanks TEXT NOT NULL,
                saved_by TEXT NOT NULL,
                saved_at INTEGER NOT NULL,
                approved_by TEXT,
                approved_at INTEGER,
                -- What was approved: it holds as long as the scenario has this hash.
                approved_hash TEXT CHECK (length(approved_hash) = 64),
                UNIQUE (organisation_id, name),
                CHECK ((approved_by IS NULL) = (approved_hash IS NULL) AND (approved_at IS NULL) = (approved_hash IS NULL))
            ) STRICT;
            """)
    }
}

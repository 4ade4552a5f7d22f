import GRDB

extension Schema {
    /// Messages that somebody has spoken.
    static func createRecordings(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE recordings (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL CHECK (name <> ''),
                -- SHA-256 of the sound, by which messages name it.
                hash TEXT NOT NULL CHECK (length(hash) = 64),
                -- As telephones carry it: G.711 A-law, 8,000 samples a second.
                sound BLOB NOT NULL CHECK (length(sound) BETWEEN 1 AND 1440000),
                created_at INTEGER NOT NULL,
                created_by TEXT NOT NULL,
                UNIQUE (organisation_id, name)
            ) STRICT;
            CREATE INDEX recordings_by_hash ON recordings (hash);
            """)
    }
}

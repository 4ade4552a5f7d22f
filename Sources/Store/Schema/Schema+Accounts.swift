import GRDB

extension Schema {
    static func createAccounts(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE users (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL UNIQUE,
                role TEXT NOT NULL,
                -- Argon2id, libsodium's self-describing string.
                password_hash TEXT NOT NULL,
                must_change_password INTEGER NOT NULL CHECK (must_change_password IN (0, 1)),
                created_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE sessions (
                -- SHA-256 of the cookie's token: a copy of the database opens no session.
                token_hash BLOB PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES users (id) ON DELETE CASCADE,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL
            ) STRICT, WITHOUT ROWID;
            """)
    }

    static func createJournal(_ database: Database) throws {
        try database.execute(sql: """
            -- Append-only: each entry's hash covers the one before, so an alteration shows.
            CREATE TABLE audit_entries (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                action TEXT NOT NULL,
                subject TEXT NOT NULL,
                -- JSON, without personal data.
                detail TEXT NOT NULL,
                previous_hash BLOB NOT NULL,
                hash BLOB NOT NULL
            ) STRICT;
            -- One row: how many entries there are and the last one's hash, so that a cut tail shows too.
            CREATE TABLE audit_head (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                entries INTEGER NOT NULL,
                hash BLOB NOT NULL
            ) STRICT;
            CREATE TRIGGER audit_entries_are_never_changed BEFORE UPDATE ON audit_entries
            BEGIN SELECT RAISE(ABORT, 'audit entries are never changed'); END;
            CREATE TRIGGER audit_entries_are_never_removed BEFORE DELETE ON audit_entries
            BEGIN SELECT RAISE(ABORT, 'audit entries are never removed'); END;
            """)
    }
}

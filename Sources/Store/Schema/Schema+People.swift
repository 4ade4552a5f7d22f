import GRDB

extension Schema {
    /// Rights: what a person may do is the union of the grants in force, nothing else. Before, the account's role was.
    static func createRights(_ database: Database) throws {
        try database.execute(sql: """
            -- NULL while the account is open. Closed accounts stay: the journal and the campaigns name them.
            ALTER TABLE users ADD COLUMN closed_at INTEGER;
            -- Who last gave the account a one-time password, and so could sign in as its owner.
            ALTER TABLE users ADD COLUMN reset_by TEXT;
            ALTER TABLE users ADD COLUMN reset_at INTEGER;

            CREATE TABLE roles (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL,
                -- JSON array of capabilities' words.
                capabilities TEXT NOT NULL,
                UNIQUE (organisation_id, name)
            ) STRICT;

            CREATE TABLE user_groups (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL,
                UNIQUE (organisation_id, name)
            ) STRICT;

            CREATE TABLE grants (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                -- Who receives it: one of the two.
                user_id INTEGER REFERENCES users (id),
                group_id INTEGER REFERENCES user_groups (id),
                kind TEXT NOT NULL CHECK (kind IN ('role', 'shift', 'rights', 'membership')),
                -- What is given: the one that the kind says.
                role TEXT,
                lender_id INTEGER REFERENCES users (id),
                in_group_id INTEGER REFERENCES user_groups (id),
                starts_at INTEGER NOT NULL,
                ends_at INTEGER,
                state TEXT NOT NULL CHECK (state IN ('pending', 'active', 'refused', 'withdrawn')),
                made_by TEXT NOT NULL,
                made_by_user_id INTEGER REFERENCES users (id),
                made_at INTEGER NOT NULL,
                -- Who confirmed, refused or, last, withdrew it.
                decided_by TEXT,
                decided_at INTEGER,
                CHECK ((user_id IS NULL) <> (group_id IS NULL)),
                CHECK ((role IS NOT NULL) = (kind IN ('role', 'shift'))),
                CHECK ((lender_id IS NOT NULL) = (kind = 'rights')),
                CHECK ((in_group_id IS NOT NULL) = (kind = 'membership')),
                CHECK (group_id IS NULL OR kind = 'role')
            ) STRICT;
            CREATE INDEX grants_of_user ON grants (user_id, state) WHERE user_id IS NOT NULL;
            CREATE INDEX grants_of_group ON grants (group_id, state) WHERE group_id IS NOT NULL;
            CREATE INDEX grants_of_organisation ON grants (organisation_id, state);

            -- What every account could do goes on, until somebody withdraws it.
            INSERT INTO grants (organisation_id, user_id, kind, role, starts_at, state, made_by, made_at)
            SELECT organisation_id, id, 'role', role, created_at, 'active', 'schema 0042', created_at FROM users;
            """)
    }
}

extension Schema {
    /// Signing in: second factors, PINs, duty stations, and tokens for programs.
    static func createSignIn(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE user_factors (
                user_id INTEGER PRIMARY KEY REFERENCES users (id),
                -- Sealed with the key file, which is not in the database.
                totp_secret BLOB,
                -- NULL until a first code has shown that the application has the secret.
                totp_confirmed_at INTEGER,
                -- The last step used: no code serves twice.
                totp_last_step INTEGER,
                -- Argon2id.
                pin_hash TEXT,
                -- Wrong PINs since the last right proof.
                pin_failures INTEGER NOT NULL DEFAULT 0
            ) STRICT;

            CREATE TABLE recovery_codes (
                user_id INTEGER NOT NULL REFERENCES users (id),
                -- SHA-256 of 80 random bits.
                code_hash BLOB NOT NULL,
                used_at INTEGER,
                PRIMARY KEY (user_id, code_hash)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE stations (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL,
                -- SHA-256 of the token in the workstation's browser.
                token_hash BLOB NOT NULL UNIQUE,
                declared_by TEXT NOT NULL,
                declared_at INTEGER NOT NULL,
                revoked_at INTEGER
            ) STRICT;

            ALTER TABLE sessions ADD COLUMN kind TEXT NOT NULL DEFAULT 'desk' CHECK (kind IN ('desk', 'duty'));
            ALTER TABLE sessions ADD COLUMN station_id INTEGER REFERENCES stations (id);
            -- When PIN, password or code were last shown.
            ALTER TABLE sessions ADD COLUMN proved_at INTEGER;

            CREATE TABLE api_tokens (
                id INTEGER PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES users (id),
                name TEXT NOT NULL,
                -- SHA-256 of the token.
                token_hash BLOB NOT NULL UNIQUE,
                -- JSON array of words: at most what the account may do itself at the moment of use.
                capabilities TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                last_used_at INTEGER,
                revoked_at INTEGER
            ) STRICT;
            CREATE INDEX api_tokens_of_user ON api_tokens (user_id);
            """)
    }
}

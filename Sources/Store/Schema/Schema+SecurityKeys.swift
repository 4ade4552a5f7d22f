import GRDB

extension Schema {
    /// Security keys as second factors (WebAuthn): public halves alone, nothing secret.
    static func createSecurityKeys(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE security_keys (
                id INTEGER PRIMARY KEY,
                user_id INTEGER NOT NULL REFERENCES users (id),
                -- The owner's word for it.
                name TEXT NOT NULL,
                -- The domain it was made for: it signs for no other.
                rp_id TEXT NOT NULL,
                credential_id BLOB NOT NULL UNIQUE,
                -- COSE: -7 ES256, -8 EdDSA, -257 RS256.
                algorithm INTEGER NOT NULL,
                -- In libfido2's form.
                public_key BLOB NOT NULL,
                -- The key's own count of its signatures when it last signed: one that goes back is a copy's.
                sign_count INTEGER NOT NULL,
                added_at INTEGER NOT NULL,
                last_used_at INTEGER
            ) STRICT;
            CREATE INDEX security_keys_of_user ON security_keys (user_id);
            -- Who had a hand on an account's ways in: asked at every decision of a second person, and by every page.
            CREATE INDEX audit_entries_of_hands ON audit_entries (subject, at)
                WHERE action IN ('factor.remove', 'factor.key.remove', 'token.create');
            """)
    }
}

import GRDB

extension Schema {
    /// Contact points lie in the order of their key alone. Their row numbers named nothing, and the index that kept an
    /// address once a channel repeated nearly all of the table: half of its bytes, and of an import's writing.
    static func keyContactPoints(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE keyed_contact_points (
                recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                channel TEXT NOT NULL
                    CHECK (channel = 'sms' OR channel = 'voice' OR channel = 'email' OR channel = 'fax'),
                -- E.164 number, or e-mail address.
                address TEXT NOT NULL,
                rank INTEGER NOT NULL,
                is_emergency INTEGER NOT NULL DEFAULT 0 CHECK (is_emergency IN (0, 1)),
                -- 'unknown_range': a possible number of a range that libphonenumber's metadata do not know.
                check_flag TEXT CHECK (check_flag = 'unknown_range'),
                consent TEXT CHECK (
                    consent = 'given' OR consent = 'legal_basis' OR consent = 'unknown' OR consent = 'refused'),
                consent_on TEXT,
                provenance TEXT,
                confirmed_on TEXT,
                PRIMARY KEY (recipient_id, channel, address)
            ) STRICT, WITHOUT ROWID;

            INSERT INTO keyed_contact_points
            SELECT recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on, provenance,
                confirmed_on
            FROM contact_points ORDER BY recipient_id, channel, address;

            DROP TABLE contact_points;
            ALTER TABLE keyed_contact_points RENAME TO contact_points;
            """)
    }
}

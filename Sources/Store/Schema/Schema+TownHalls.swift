import GRDB

extension Schema {
    /// How organisations themselves are reached, by those above them.
    static func createTownHalls(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE organisation_contacts (
                organisation_id INTEGER PRIMARY KEY REFERENCES organisations (id) ON DELETE CASCADE,
                -- Who is asked for.
                name TEXT NOT NULL CHECK (name <> ''),
                function TEXT NOT NULL,
                updated_at INTEGER NOT NULL,
                updated_by TEXT NOT NULL
            ) STRICT;

            -- As in contact_points.
            CREATE TABLE organisation_contact_points (
                organisation_id INTEGER NOT NULL REFERENCES organisation_contacts (organisation_id) ON DELETE CASCADE,
                channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email', 'fax')),
                address TEXT NOT NULL CHECK (address <> ''),
                rank INTEGER NOT NULL,
                is_emergency INTEGER NOT NULL CHECK (is_emergency IN (0, 1)),
                PRIMARY KEY (organisation_id, channel, address)
            ) STRICT, WITHOUT ROWID;

            -- The lists that the system keeps in a register: known by number, so that their owner may rename them.
            CREATE TABLE kept_lists (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                kind TEXT NOT NULL CHECK (kind IN ('town_halls', 'organisations')),
                list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
                PRIMARY KEY (organisation_id, kind)
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

import GRDB

extension Schema {
    /// Where an organisation sends its messages to itself, to see them as recipients would.
    static func createTestAddresses(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE test_addresses (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                -- Who reads it, as the organisation says: what screens and the journal show in the place of the address.
                label TEXT NOT NULL CHECK (label <> ''),
                channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email', 'fax')),
                address TEXT NOT NULL CHECK (address <> ''),
                added_at INTEGER NOT NULL,
                added_by TEXT NOT NULL,
                PRIMARY KEY (organisation_id, label, channel)
            ) STRICT, WITHOUT ROWID;

            -- One row a test message, written before it leaves; those older than an hour are removed by the next.
            CREATE TABLE test_sends (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                at INTEGER NOT NULL
            ) STRICT;
            CREATE INDEX test_sends_by_organisation ON test_sends (organisation_id, at);
            """)
    }
}

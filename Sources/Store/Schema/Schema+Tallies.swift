import GRDB

extension Schema {
    /// What ended campaigns came to, counted once: statistics of years read no person's row.
    static func createTallies(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE campaign_tallies (
                campaign_id INTEGER PRIMARY KEY REFERENCES campaigns (id),
                at INTEGER NOT NULL
            ) STRICT;

            -- How many of the audience were reached so many seconds after the launch, rounded up; not who joined later.
            CREATE TABLE campaign_delays (
                campaign_id INTEGER NOT NULL REFERENCES campaign_tallies (campaign_id),
                seconds INTEGER NOT NULL CHECK (seconds >= 0),
                recipients INTEGER NOT NULL CHECK (recipients > 0),
                PRIMARY KEY (campaign_id, seconds)
            ) STRICT, WITHOUT ROWID;

            -- How many were not reached, by the last cause of a way; who has several ways counts for each.
            CREATE TABLE campaign_causes (
                campaign_id INTEGER NOT NULL REFERENCES campaign_tallies (campaign_id),
                channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email', 'fax')),
                cause TEXT NOT NULL,
                recipients INTEGER NOT NULL CHECK (recipients > 0),
                PRIMARY KEY (campaign_id, channel, cause)
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

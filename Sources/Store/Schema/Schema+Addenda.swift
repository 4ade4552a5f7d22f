import GRDB

extension Schema {
    /// Whoever enters a live alert's zone gets it as an addendum.
    static func createAddenda(_ database: Database) throws {
        try LedgerSchema.createAddenda(database)
        // What was launched before was approved without them.
        try database.execute(sql: "UPDATE campaigns SET closed_at = started_at")
    }
}

extension LedgerSchema {
    package static func createAddenda(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE campaign_addenda (
                campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
                -- From 1.
                number INTEGER NOT NULL,
                -- Over the campaign's own hash, zone, the message's version of then, policy and those who joined.
                hash TEXT NOT NULL CHECK (length(hash) = 64),
                -- Who joined: of them, who was in the audience without an address.
                recipients INTEGER NOT NULL CHECK (recipients > 0),
                known INTEGER NOT NULL CHECK (known >= 0 AND known <= recipients),
                message_version INTEGER NOT NULL,
                -- 1: by the server; 0: a person asked for it.
                is_automatic INTEGER NOT NULL CHECK (is_automatic = 0 OR is_automatic = 1),
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                PRIMARY KEY (campaign_id, number)
            ) STRICT, WITHOUT ROWID;

            -- How many there are.
            ALTER TABLE campaigns ADD COLUMN addenda INTEGER NOT NULL DEFAULT 0;
            -- Since when nobody joins any more; NULL while somebody may.
            ALTER TABLE campaigns ADD COLUMN closed_at INTEGER;
            -- The addendum it came with; 0 for the audience itself.
            ALTER TABLE deliveries ADD COLUMN addendum INTEGER NOT NULL DEFAULT 0;
            -- The addendum it is sealed in; 0 for the audience itself.
            ALTER TABLE legs ADD COLUMN addendum INTEGER NOT NULL DEFAULT 0;
            """)
    }
}

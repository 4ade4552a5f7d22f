import GRDB

extension Schema {
    /// What people write back, and receipts of parts and of messages not known yet.
    static func createInbound(_ database: Database) throws { try LedgerSchema.createInbound(database) }
}

extension LedgerSchema {
    package static func createInbound(_ database: Database) throws {
        try database.execute(sql: """
            -- Of messages that left in several parts with a receipt each; those of one part are in attempts alone.
            CREATE TABLE attempt_parts (
                reference TEXT NOT NULL,
                gateway TEXT NOT NULL,
                attempt_id INTEGER NOT NULL REFERENCES attempts (id),
                -- What its receipt said; NULL before.
                outcome TEXT,
                PRIMARY KEY (reference, gateway, attempt_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX attempt_parts_by_attempt ON attempt_parts (attempt_id);

            -- Came by a callback before the answer to their own message was written.
            CREATE TABLE early_receipts (
                gateway TEXT NOT NULL,
                reference TEXT NOT NULL,
                outcome TEXT NOT NULL,
                cause TEXT,
                received_at INTEGER NOT NULL,
                PRIMARY KEY (gateway, reference, outcome)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE inbound_messages (
                id INTEGER PRIMARY KEY,
                mode TEXT NOT NULL CHECK (mode = 'exercise' OR mode = 'real'),
                gateway TEXT NOT NULL,
                -- The gateway's own id, where it has one.
                external_id TEXT,
                sender TEXT NOT NULL,
                recipient TEXT NOT NULL,
                text TEXT NOT NULL,
                is_incomplete INTEGER NOT NULL CHECK (is_incomplete = 0 OR is_incomplete = 1),
                received_at INTEGER NOT NULL,
                -- The same again: a gateway that was not answered, or somebody who insists.
                repeats INTEGER NOT NULL DEFAULT 0,
                -- The message it answers; NULL when there is none.
                leg_id INTEGER REFERENCES legs (id),
                campaign_id INTEGER REFERENCES campaigns (id),
                organisation_id INTEGER REFERENCES organisations (id),
                acknowledged INTEGER NOT NULL CHECK (acknowledged = 0 OR acknowledged = 1),
                refused INTEGER NOT NULL CHECK (refused = 0 OR refused = 1),
                -- 1 until somebody has read what no machine could.
                is_unread INTEGER NOT NULL CHECK (is_unread = 0 OR is_unread = 1),
                read_at INTEGER,
                read_by TEXT
            ) STRICT;
            CREATE INDEX inbound_by_sender ON inbound_messages (gateway, sender, received_at);
            CREATE INDEX inbound_by_campaign ON inbound_messages (campaign_id, id);
            CREATE INDEX inbound_unread ON inbound_messages (id) WHERE is_unread = 1;

            -- Legs of information whose address refused it while they were in flight: not tried again.
            CREATE TABLE refused_legs (leg_id INTEGER PRIMARY KEY REFERENCES legs (id)) STRICT;
            """)
    }
}

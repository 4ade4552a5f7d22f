import GRDB

extension Schema {
    /// Which organisation uses which gateway and how much of it, what it pays, how much it may send, and what each
    /// campaign was charged.
    static func createQuotas(_ database: Database) throws {
        try LedgerSchema.createShares(database)
        try database.execute(sql: """
            -- What is paid for one unit, from a moment on. A tariff is never changed: a later one follows it.
            CREATE TABLE tariffs (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                channel TEXT NOT NULL CHECK (channel = 'sms' OR channel = 'voice' OR channel = 'email' OR channel = 'fax'),
                -- Empty for all the channel's gateways that have none of their own.
                gateway TEXT NOT NULL,
                unit TEXT NOT NULL CHECK (unit = 'segment' OR unit = 'minute' OR unit = 'message'),
                -- Millionths of the currency's unit; NULL ends what was said before.
                price INTEGER CHECK (price >= 0),
                currency TEXT NOT NULL CHECK (length(currency) = 3),
                from_at INTEGER NOT NULL,
                set_at INTEGER NOT NULL,
                set_by TEXT NOT NULL
            ) STRICT;
            CREATE INDEX tariffs_by_organisation ON tariffs (organisation_id, channel, gateway, from_at);

            CREATE TABLE quotas (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                period TEXT NOT NULL CHECK (period = 'month' OR period = 'year'),
                -- A channel, or empty for money, which is counted over all.
                channel TEXT NOT NULL,
                unit TEXT NOT NULL CHECK (unit = 'messages' OR unit = 'segments' OR unit = 'money'),
                -- Messages, segments, or millionths of the currency's unit.
                amount INTEGER NOT NULL CHECK (amount >= 0),
                currency TEXT NOT NULL CHECK ((currency = '') = (unit <> 'money')),
                set_at INTEGER NOT NULL,
                set_by TEXT NOT NULL,
                PRIMARY KEY (organisation_id, period, channel, unit),
                CHECK ((channel = '') = (unit = 'money'))
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

extension LedgerSchema {
    /// What the ledger itself reads and writes of it.
    static func createShares(_ database: Database) throws {
        try database.execute(sql: """
            -- Gateways by the names that the machine's files give them; a gateway without a reserved row is everybody's.
            CREATE TABLE gateway_assignments (
                organisation_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                gateway TEXT NOT NULL CHECK (gateway <> ''),
                channel TEXT NOT NULL CHECK (channel = 'sms' OR channel = 'voice' OR channel = 'email' OR channel = 'fax'),
                reserved INTEGER NOT NULL CHECK (reserved IN (0, 1)),
                share INTEGER NOT NULL DEFAULT 1 CHECK (share BETWEEN 1 AND 100),
                -- Segments (messages on other channels) a second; NULL for no limit of its own.
                ceiling INTEGER CHECK (ceiling > 0),
                set_at INTEGER NOT NULL,
                set_by TEXT NOT NULL,
                PRIMARY KEY (organisation_id, gateway)
            ) STRICT, WITHOUT ROWID;

            -- Counted to its last attempt at that moment; NULL before.
            ALTER TABLE campaigns ADD COLUMN charged_at INTEGER;
            -- The tariffs that held when it was launched: what it is charged by, whatever is settled later.
            CREATE TABLE campaign_prices (
                campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
                channel TEXT NOT NULL,
                -- Empty for all the channel's other gateways.
                gateway TEXT NOT NULL,
                unit TEXT NOT NULL,
                price INTEGER NOT NULL,
                currency TEXT NOT NULL,
                PRIMARY KEY (campaign_id, channel, gateway)
            ) STRICT, WITHOUT ROWID;
            CREATE TABLE campaign_charges (
                campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
                -- 'reserved' is what it was expected to use when it was launched; 'spent' what left.
                state TEXT NOT NULL CHECK (state = 'reserved' OR state = 'spent'),
                channel TEXT NOT NULL,
                -- Empty for what is reserved.
                gateway TEXT NOT NULL,
                messages INTEGER NOT NULL CHECK (messages >= 0),
                -- Of SMS; 0 on other channels.
                segments INTEGER NOT NULL CHECK (segments >= 0),
                -- Millionths of the currency's unit; NULL where no tariff is known.
                cost INTEGER,
                currency TEXT,
                PRIMARY KEY (campaign_id, state, channel, gateway),
                CHECK ((cost IS NULL) = (currency IS NULL))
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

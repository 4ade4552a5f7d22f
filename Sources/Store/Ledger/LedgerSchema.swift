import GRDB

/// The ledger's tables.
///
/// Times are milliseconds since 1970 UTC, bound from Swift. What a report needs of a recipient is copied at
/// launch; only `recipient_id` points back, and becomes NULL when the recipient leaves the register.
/// Counters by state are kept in `campaign_counters` within the very transactions that move legs, so that
/// following a campaign of a million legs reads a dozen rows.
package enum LedgerSchema {
    package static func create(_ database: Database) throws {
        try database.execute(sql: campaigns)
        try database.execute(sql: deliveries)
        try database.execute(sql: legs)
        try database.execute(sql: attempts)
    }

    /// The whole ledger as the latest migration leaves it, with the least of a register that it refers to: one
    /// organisation, whose number is 1, and recipients of an id. For a ledger that stands alone.
    package static func createAlone(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE organisations (id INTEGER PRIMARY KEY, name TEXT NOT NULL, parent_id INTEGER) STRICT;
            CREATE TABLE recipients (id INTEGER PRIMARY KEY, external_id TEXT NOT NULL) STRICT;
            CREATE TABLE organisation_settings (organisation_id INTEGER NOT NULL, name TEXT NOT NULL, value TEXT NOT NULL,
                PRIMARY KEY (organisation_id, name)) STRICT, WITHOUT ROWID;
            INSERT INTO organisations (id, name) VALUES (1, 'alone');
            """)
        for change in [
            create, deepen, Schema.createMessages, createAnswers, createCascade, createAddenda, createInbound, createInboundParts,
            createLegValues,
            createLanes, createShares, sealValues, indexOutcomes,
        ] {
            try change(database)
        }
        try Schema.spellOutWordLists(database)
    }

    /// How a campaign came to be launched, and until when it can be taken back.
    static func createLanes(_ database: Database) throws {
        try database.execute(sql: """
            ALTER TABLE campaigns ADD COLUMN lane TEXT CHECK (lane = 'scenario' OR lane = 'second_person'
                OR lane = 'exercise' OR lane = 'alone');
            ALTER TABLE campaigns ADD COLUMN scenario TEXT;
            -- When the operator was first shown what would happen.
            ALTER TABLE campaigns ADD COLUMN opened_at INTEGER;
            -- Nothing leaves before; NULL for at once.
            ALTER TABLE campaigns ADD COLUMN held_until INTEGER;
            -- The second person; or why one person launched alone what takes two.
            ALTER TABLE campaigns ADD COLUMN approved_by TEXT;
            ALTER TABLE campaigns ADD COLUMN alone_reason TEXT;
            """)
    }

    private static let campaigns = """
        CREATE TABLE campaigns (
            id INTEGER PRIMARY KEY,
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            -- Chosen by the caller: the same key never launches twice.
            request_key TEXT NOT NULL UNIQUE,
            mode TEXT NOT NULL CHECK (mode IN ('exercise', 'real')),
            state TEXT NOT NULL CHECK (state IN ('running', 'paused', 'completed', 'stopped')),
            -- As it leaves.
            subject TEXT NOT NULL,
            text TEXT NOT NULL,
            -- Comma-separated, in the order of channels.
            channels TEXT NOT NULL CHECK (channels <> ''),
            maximum_retries INTEGER NOT NULL CHECK (maximum_retries >= 0),
            retry_period_seconds INTEGER NOT NULL CHECK (retry_period_seconds > 0),
            validity_seconds INTEGER NOT NULL CHECK (validity_seconds > 0),
            -- The zone's canonical document.
            zone TEXT NOT NULL CHECK (zone <> ''),
            audience_hash TEXT NOT NULL CHECK (length(audience_hash) = 64),
            recipients INTEGER NOT NULL CHECK (recipients > 0),
            certain INTEGER NOT NULL,
            possible INTEGER NOT NULL CHECK (certain + possible = recipients),
            not_located INTEGER NOT NULL,
            created_at INTEGER NOT NULL,
            created_by TEXT NOT NULL,
            started_at INTEGER NOT NULL,
            expires_at INTEGER NOT NULL,
            ended_at INTEGER CHECK ((ended_at IS NOT NULL) = (state IN ('completed', 'stopped'))),
            first_submission_at INTEGER,
            last_outcome_at INTEGER
        ) STRICT;
        CREATE INDEX campaigns_by_state ON campaigns (mode, state);
        CREATE INDEX campaigns_by_organisation ON campaigns (organisation_id, id);

        CREATE TABLE campaign_counters (
            campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
            -- 'delivery', 'duplicate', or a channel.
            scope TEXT NOT NULL,
            state TEXT NOT NULL,
            count INTEGER NOT NULL CHECK (count >= 0),
            PRIMARY KEY (campaign_id, scope, state)
        ) STRICT, WITHOUT ROWID;
        """

    private static let deliveries = """
        CREATE TABLE deliveries (
            id INTEGER PRIMARY KEY,
            campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
            recipient_id INTEGER REFERENCES recipients (id) ON DELETE SET NULL,
            external_id TEXT NOT NULL,
            name TEXT,
            commune_code TEXT,
            precision TEXT NOT NULL
                CHECK (precision IN ('given', 'house_number', 'street', 'locality', 'commune', 'not_located')),
            certainty TEXT NOT NULL CHECK (certainty IN ('possible', 'certain')),
            why TEXT NOT NULL,
            state TEXT NOT NULL CHECK (state IN
                ('unreachable', 'pending', 'passed', 'answered', 'acknowledged', 'failed', 'cancelled')),
            -- When the state last changed.
            changed_at INTEGER NOT NULL
        ) STRICT;
        CREATE INDEX deliveries_by_campaign ON deliveries (campaign_id, commune_code);
        CREATE UNIQUE INDEX deliveries_by_recipient ON deliveries (recipient_id, campaign_id);
        """

    private static let legs = """
        CREATE TABLE legs (
            id INTEGER PRIMARY KEY,
            campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
            channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email', 'fax')),
            address TEXT NOT NULL CHECK (address <> ''),
            rank INTEGER NOT NULL,
            state TEXT NOT NULL CHECK (state IN ('queued', 'in_flight', 'accepted', 'delivered', 'answered',
                'acknowledged', 'failed', 'cancelled')),
            -- Of the last failure.
            cause TEXT CHECK (cause IN ('busy', 'no_answer', 'network', 'refused', 'throttled', 'invalid_address',
                'expired', 'unavailable', 'withheld')),
            -- When a queued leg may next be claimed.
            due_at INTEGER NOT NULL,
            -- Attempts that count against the policy; throttled ones and those of a crash do not.
            counted_attempts INTEGER NOT NULL DEFAULT 0,
            throttles INTEGER NOT NULL DEFAULT 0,
            -- An attempt's fate is unknown: the next one may be a duplicate.
            in_doubt INTEGER NOT NULL DEFAULT 0 CHECK (in_doubt IN (0, 1)),
            -- Until when an accepted leg waits for its receipt.
            awaiting_until INTEGER,
            ended_at INTEGER,
            -- 1 when other recipients of the campaign share the address: see leg_shares.
            shared INTEGER NOT NULL DEFAULT 0 CHECK (shared IN (0, 1)),
            seal INTEGER NOT NULL,
            UNIQUE (campaign_id, channel, address)
        ) STRICT;
        CREATE INDEX legs_by_delivery ON legs (delivery_id);
        CREATE INDEX legs_due ON legs (campaign_id, channel, due_at, id) WHERE state = 'queued';
        CREATE INDEX legs_awaiting ON legs (campaign_id, awaiting_until) WHERE awaiting_until IS NOT NULL;

        -- Recipients reached through another's leg, because they have the same number or mailbox.
        CREATE TABLE leg_shares (
            delivery_id INTEGER NOT NULL REFERENCES deliveries (id),
            leg_id INTEGER NOT NULL REFERENCES legs (id),
            PRIMARY KEY (delivery_id, leg_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX leg_shares_by_leg ON leg_shares (leg_id);
        """

    private static let attempts = """
        CREATE TABLE attempts (
            id INTEGER PRIMARY KEY,
            campaign_id INTEGER NOT NULL REFERENCES campaigns (id),
            leg_id INTEGER NOT NULL REFERENCES legs (id),
            gateway TEXT NOT NULL,
            -- 1 when an earlier attempt of the leg may have reached the recipient.
            possible_duplicate INTEGER NOT NULL CHECK (possible_duplicate IN (0, 1)),
            started_at INTEGER NOT NULL,
            ended_at INTEGER CHECK ((ended_at IS NULL) = (outcome IS NULL)),
            -- NULL while in flight.
            outcome TEXT CHECK (outcome IN
                ('accepted', 'delivered', 'answered', 'acknowledged', 'failed', 'in_doubt')),
            cause TEXT CHECK ((cause IS NULL) = (outcome IS NULL OR outcome <> 'failed')),
            -- The gateway's own id of the message.
            reference TEXT,
            -- A reply code or another technical word.
            detail TEXT,
            receipt_at INTEGER
        ) STRICT;
        CREATE INDEX attempts_by_leg ON attempts (leg_id);
        CREATE INDEX attempts_open ON attempts (campaign_id) WHERE outcome IS NULL;
        CREATE INDEX attempts_by_reference ON attempts (reference, gateway) WHERE reference IS NOT NULL;
        """
}

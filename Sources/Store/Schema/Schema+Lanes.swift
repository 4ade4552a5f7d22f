import GRDB

extension Schema {
    /// Requests for a second person's approval: a whole launch but its campaign, and what became of it.
    static func createApprovals(_ database: Database) throws {
        try LedgerSchema.createLanes(database)
        try database.execute(sql: """
            CREATE TABLE approvals (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                state TEXT NOT NULL CHECK (state = 'pending' OR state = 'approved' OR state = 'broken' OR state = 'refused'
                    OR state = 'withdrawn' OR state = 'void' OR state = 'expired'),
                -- The launch's own: asked twice, it is one request and one campaign.
                request_key TEXT NOT NULL UNIQUE,
                kind TEXT NOT NULL,
                weight INTEGER NOT NULL CHECK (weight > 0),
                -- The zone's canonical document; the message's; the policy as in campaigns.
                zone TEXT NOT NULL CHECK (zone <> ''),
                message TEXT NOT NULL CHECK (message <> ''),
                channels TEXT NOT NULL CHECK (channels <> ''),
                maximum_retries INTEGER NOT NULL,
                retry_period_seconds INTEGER NOT NULL,
                validity_seconds INTEGER NOT NULL,
                retry_rules TEXT,
                is_all_clear INTEGER NOT NULL CHECK (is_all_clear = 0 OR is_all_clear = 1),
                -- Where it comes from a scenario: its name.
                scenario TEXT,
                -- What was shown and is approved.
                audience_hash TEXT NOT NULL CHECK (length(audience_hash) = 64),
                recipients INTEGER NOT NULL CHECK (recipients > 0),
                certain INTEGER NOT NULL,
                not_located INTEGER NOT NULL,
                -- JSON: the communes' names, those with most recipients first, ten at most; and how many there are.
                communes TEXT NOT NULL,
                communes_total INTEGER NOT NULL,
                -- The guard rails that ask, comma-separated.
                guards TEXT NOT NULL,
                -- When the asker was first shown what would happen.
                opened_at INTEGER,
                asked_by TEXT NOT NULL,
                asked_at INTEGER NOT NULL,
                break_glass_at INTEGER NOT NULL,
                expires_at INTEGER NOT NULL,
                decided_by TEXT,
                decided_at INTEGER CHECK ((decided_at IS NULL) = (state = 'pending')),
                reason TEXT,
                campaign_id INTEGER REFERENCES campaigns (id)
                    CHECK ((campaign_id IS NOT NULL) = (state = 'approved' OR state = 'broken'))
            ) STRICT;
            CREATE INDEX approvals_by_organisation ON approvals (organisation_id, id);
            CREATE INDEX approvals_pending ON approvals (expires_at) WHERE state = 'pending';
            """)
    }
}

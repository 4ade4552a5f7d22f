import GRDB

extension Schema {
    /// Information campaigns that are launched by the clock, and what became of each occurrence.
    static func createSchedules(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE schedules (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL CHECK (name <> ''),
                -- A removed one keeps its row: what it launched is known by its number.
                state TEXT NOT NULL CHECK (state = 'active' OR state = 'paused' OR state = 'ended' OR state = 'removed'),
                mode TEXT NOT NULL CHECK (mode = 'exercise' OR mode = 'real'),
                -- The zone's canonical document.
                zone TEXT NOT NULL CHECK (zone <> ''),
                -- Only this organisation's recipients; NULL for the whole register.
                only_organisation_id INTEGER REFERENCES organisations (id),
                -- JSON: subject and text, or template and part; and the values of places.
                message TEXT NOT NULL CHECK (message <> ''),
                -- The policy, as in campaigns.
                channels TEXT NOT NULL CHECK (channels <> ''),
                maximum_retries INTEGER NOT NULL,
                retry_period_seconds INTEGER NOT NULL,
                validity_seconds INTEGER NOT NULL,
                retry_rules TEXT,
                weight INTEGER NOT NULL CHECK (weight > 0),
                -- The clock by its IANA name; the first day, counted from 1970-01-01; seconds since its midnight.
                time_zone TEXT NOT NULL,
                day INTEGER NOT NULL,
                second INTEGER NOT NULL,
                -- RFC 5545; NULL for once.
                rule TEXT,
                -- The occurrence to be launched next; NULL when none is to come.
                next_at INTEGER CHECK ((next_at IS NOT NULL) = (state = 'active' OR state = 'paused')),
                created_at INTEGER NOT NULL,
                created_by TEXT NOT NULL
            ) STRICT;
            CREATE UNIQUE INDEX schedules_by_name ON schedules (organisation_id, name) WHERE state <> 'removed';
            CREATE INDEX schedules_due ON schedules (next_at) WHERE state = 'active';

            -- Decided once each, in the transaction that launches.
            CREATE TABLE schedule_occurrences (
                schedule_id INTEGER NOT NULL REFERENCES schedules (id),
                at INTEGER NOT NULL,
                outcome TEXT NOT NULL CHECK (outcome = 'launched' OR outcome = 'refused' OR outcome = 'skipped'),
                campaign_id INTEGER REFERENCES campaigns (id),
                -- Why it was refused or skipped.
                reason TEXT,
                decided_at INTEGER NOT NULL,
                PRIMARY KEY (schedule_id, at),
                CHECK ((campaign_id IS NOT NULL) = (outcome = 'launched')),
                CHECK ((reason IS NULL) = (outcome = 'launched'))
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX schedule_occurrences_by_campaign ON schedule_occurrences (campaign_id);
            """)
    }
}

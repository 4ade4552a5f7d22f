import GRDB

extension Schema {
    /// What organisations are, whose registers they let others see, and over whose registers something was frozen.
    static func deepenOrganisations(_ database: Database) throws {
        try database.execute(sql: """
            -- Those of before are taken for communes: without a code it only says so in lists.
            ALTER TABLE organisations ADD COLUMN nature TEXT NOT NULL DEFAULT 'commune'
                CHECK (nature IN ('prefecture', 'epci', 'commune', 'service'));
            -- INSEE code, SIREN number or department code, by the nature.
            ALTER TABLE organisations ADD COLUMN territory_code TEXT CHECK (territory_code <> '');
            CREATE INDEX organisations_by_parent ON organisations (parent_id);

            -- A row is one delegation: what ended keeps its row.
            CREATE TABLE register_delegations (
                id INTEGER PRIMARY KEY,
                owner_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                to_id INTEGER NOT NULL REFERENCES organisations (id) ON DELETE CASCADE,
                from_at INTEGER NOT NULL,
                -- NULL until it is withdrawn.
                until_at INTEGER CHECK (until_at > from_at),
                granted_at INTEGER NOT NULL,
                granted_by TEXT NOT NULL,
                withdrawn_at INTEGER,
                withdrawn_by TEXT,
                CHECK (owner_id <> to_id),
                CHECK ((withdrawn_at IS NULL) = (withdrawn_by IS NULL))
            ) STRICT;
            CREATE INDEX register_delegations_by_owner ON register_delegations (owner_id);
            CREATE INDEX register_delegations_open ON register_delegations (to_id) WHERE withdrawn_at IS NULL;

            -- Others' registers that the selection was over, by number, blanks between; NULL for none.
            ALTER TABLE audiences ADD COLUMN delegated TEXT CHECK (delegated <> '');
            -- 1: over what its organisation sees at each occurrence; 0: as only_organisation_id says.
            ALTER TABLE schedules ADD COLUMN as_organisation INTEGER NOT NULL DEFAULT 0 CHECK (as_organisation IN (0, 1));
            """)
    }
}

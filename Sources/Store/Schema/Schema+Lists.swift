import GRDB

extension Schema {
    /// Lists become of three kinds, and one of an organisation's may be its default.
    static func extendLists(_ database: Database) throws {
        try database.execute(sql: """
            ALTER TABLE lists ADD COLUMN kind TEXT NOT NULL DEFAULT 'static'
                CHECK (kind IN ('static', 'filter', 'combined'));
            -- The canonical document of a filter or a combination; lists are named in it.
            ALTER TABLE lists ADD COLUMN definition TEXT CHECK ((kind = 'static') = (definition IS NULL));
            ALTER TABLE lists ADD COLUMN is_default INTEGER NOT NULL DEFAULT 0 CHECK (is_default IN (0, 1));
            CREATE UNIQUE INDEX lists_by_default ON lists (organisation_id) WHERE is_default = 1;

            CREATE INDEX recipients_by_postcode ON recipients (postcode) WHERE postcode IS NOT NULL;
            CREATE INDEX recipients_by_household ON recipients (household) WHERE household IS NOT NULL;
            CREATE INDEX recipients_by_building ON recipients (building) WHERE building IS NOT NULL;
            """)
    }
}

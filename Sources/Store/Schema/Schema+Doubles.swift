import GRDB

extension Schema {
    /// What was said of people who may be twice in a register, and what a list is for.
    static func createDoubles(_ database: Database) throws {
        try database.execute(sql: """
            -- Two recipients of whom somebody said that they are not one.
            CREATE TABLE recipient_distinctions (
                first_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                second_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE CHECK (first_id < second_id),
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                PRIMARY KEY (first_id, second_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX recipient_distinctions_by_second ON recipient_distinctions (second_id);

            -- Two recipients that became one, with what takes it back for some weeks. Gone with the one that stayed.
            CREATE TABLE recipient_merges (
                id INTEGER PRIMARY KEY AUTOINCREMENT,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                kept_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                absorbed_id INTEGER NOT NULL,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                -- Of the one that stayed, as the merging left it: later it is no longer what can be taken back.
                version TEXT NOT NULL,
                -- JSON: both as they were, in the form of register_import_images.
                kept_image TEXT NOT NULL,
                absorbed_image TEXT NOT NULL
            ) STRICT;
            CREATE INDEX recipient_merges_by_organisation ON recipient_merges (organisation_id, at);
            CREATE INDEX recipient_merges_by_kept ON recipient_merges (kept_id);

            -- What it is for, in its organisation's words.
            ALTER TABLE lists ADD COLUMN description TEXT NOT NULL DEFAULT '';
            """)
    }
}

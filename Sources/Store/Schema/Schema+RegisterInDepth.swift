import GRDB

extension Schema {
    /// What a register knows of a recipient beyond name, place and number; where its rows came from; and what takes an
    /// import back.
    static func deepenRegister(_ database: Database) throws {
        try database.execute(sql: recipientColumns)
        try database.execute(sql: contactPointColumns)
        try database.execute(sql: recipientTables)
        try database.execute(sql: importTables)
    }

    /// Dates are ISO 8601 calendar dates: a confirmation has a day, not an instant.
    private static let recipientColumns = """
        ALTER TABLE recipients ADD COLUMN household TEXT;
        ALTER TABLE recipients ADD COLUMN building TEXT;
        ALTER TABLE recipients ADD COLUMN confirmed_on TEXT;
        -- Name of the source that named the recipient last; NULL when entered by hand or before sources were kept.
        ALTER TABLE recipients ADD COLUMN source TEXT;
        -- The import that wrote the row last; NULL as soon as anything else has: undo then refuses to overwrite it.
        ALTER TABLE recipients ADD COLUMN import_id INTEGER;
        """

    private static let contactPointColumns = """
        ALTER TABLE contact_points ADD COLUMN is_emergency INTEGER NOT NULL DEFAULT 0 CHECK (is_emergency IN (0, 1));
        -- 'unknown_range': a possible number of a range that libphonenumber's metadata do not know.
        ALTER TABLE contact_points ADD COLUMN check_flag TEXT CHECK (check_flag IN ('unknown_range'));
        -- Not an IN of three: SQLite builds a table for one at every insertion.
        ALTER TABLE contact_points ADD COLUMN consent TEXT
            CHECK (consent = 'given' OR consent = 'legal_basis' OR consent = 'unknown');
        ALTER TABLE contact_points ADD COLUMN consent_on TEXT;
        ALTER TABLE contact_points ADD COLUMN provenance TEXT;
        ALTER TABLE contact_points ADD COLUMN confirmed_on TEXT;
        """

    private static let recipientTables = """
        CREATE TABLE recipient_tags (
            recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
            tag TEXT NOT NULL CHECK (tag <> ''),
            PRIMARY KEY (recipient_id, tag)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recipient_tags_by_tag ON recipient_tags (tag, recipient_id);

        -- Protected: only a command that is asked for it by name reads it.
        CREATE TABLE vulnerabilities (
            recipient_id INTEGER PRIMARY KEY REFERENCES recipients (id) ON DELETE CASCADE,
            kind TEXT NOT NULL CHECK (kind <> ''),
            detail TEXT,
            recorded_on TEXT,
            provenance TEXT
        ) STRICT;

        -- Identifiers of rows that were merged into a recipient: the same file again finds it by them.
        CREATE TABLE recipient_aliases (
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            external_id TEXT NOT NULL,
            recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
            source TEXT,
            import_id INTEGER,
            PRIMARY KEY (organisation_id, external_id)
        ) STRICT, WITHOUT ROWID;
        CREATE INDEX recipient_aliases_by_recipient ON recipient_aliases (recipient_id);
        """

    private static let importTables = """
        CREATE TABLE organisation_settings (
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY (organisation_id, name)
        ) STRICT, WITHOUT ROWID;

        CREATE TABLE register_imports (
            id INTEGER PRIMARY KEY,
            organisation_id INTEGER NOT NULL REFERENCES organisations (id),
            dataset_id INTEGER NOT NULL REFERENCES datasets (id),
            source TEXT NOT NULL,
            at INTEGER NOT NULL,
            actor TEXT NOT NULL,
            undone_at INTEGER,
            added INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            removed INTEGER NOT NULL,
            -- Rows are added in one transaction, so that their identifiers are one range.
            first_added_id INTEGER,
            last_added_id INTEGER,
            -- 0 once the images are gone, by age or by the undoing.
            can_be_undone INTEGER NOT NULL CHECK (can_be_undone IN (0, 1))
        ) STRICT;
        CREATE INDEX register_imports_by_organisation ON register_imports (organisation_id, id);

        -- What a changed or removed recipient was before an import, for the newest imports only.
        CREATE TABLE register_import_images (
            import_id INTEGER NOT NULL REFERENCES register_imports (id) ON DELETE CASCADE
                DEFERRABLE INITIALLY DEFERRED,
            recipient_id INTEGER NOT NULL,
            external_id TEXT NOT NULL,
            change TEXT NOT NULL CHECK (change IN ('updated', 'removed')),
            -- JSON: the row, its contact points, lists, tags, aliases, protected facts and ledger entries.
            image TEXT NOT NULL,
            PRIMARY KEY (import_id, recipient_id)
        ) STRICT, WITHOUT ROWID;
        """
}

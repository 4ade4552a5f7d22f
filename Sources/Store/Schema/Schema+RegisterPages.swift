import GRDB

extension Schema {
    /// What counts a zone's recipients without reading their rows.
    static func createRegisterPages(_ database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: triggers)
        // Those of a register that is there already are stored once all steps are taken.
        try database.execute(sql: """
            INSERT INTO register_stale_pages (page) SELECT DISTINCT id >> 12 FROM recipients
            """)
    }

    /// The bytes are explained where they are read: `RegisterPage`.
    private static let tables = """
        CREATE TABLE register_pages (
            -- recipients.id >> 12
            page INTEGER PRIMARY KEY,
            -- Of all of the page's recipients; NULL when there are several.
            organisation_id INTEGER,
            -- One bit a recipient: sms, voice, email, fax, present, located.
            planes BLOB NOT NULL,
            -- 32 bits a recipient: the commune code as a number.
            communes BLOB NOT NULL,
            -- A 32-bit float a recipient: its disc's radius in metres; NULL when all are points.
            radii BLOB,
            -- 64 bits a recipient: its organisation; NULL when it is the same for all.
            organisations BLOB
        ) STRICT;

        -- Pages that a recipient written since makes wrong.
        CREATE TABLE register_stale_pages (page INTEGER PRIMARY KEY) STRICT;
        """

    /// Any writer, in any process, makes pages stale in its own transaction. (REPLACE would remove a recipient without
    /// its trigger, as it would without SpatiaLite's: recipients are never written so.)
    private static let triggers = """
        CREATE TRIGGER register_pages_insert AFTER INSERT ON recipients
        WHEN NOT EXISTS (SELECT 1 FROM register_stale_pages WHERE page = NEW.id >> 12)
        BEGIN INSERT INTO register_stale_pages (page) VALUES (NEW.id >> 12); END;

        CREATE TRIGGER register_pages_delete AFTER DELETE ON recipients
        WHEN NOT EXISTS (SELECT 1 FROM register_stale_pages WHERE page = OLD.id >> 12)
        BEGIN INSERT INTO register_stale_pages (page) VALUES (OLD.id >> 12); END;

        CREATE TRIGGER register_pages_update
        AFTER UPDATE OF id, organisation_id, channels, commune_code, precision, uncertainty_metres ON recipients
        BEGIN
            INSERT INTO register_stale_pages (page) VALUES (OLD.id >> 12) ON CONFLICT DO NOTHING;
            INSERT INTO register_stale_pages (page) VALUES (NEW.id >> 12) ON CONFLICT DO NOTHING;
        END;
        """
}

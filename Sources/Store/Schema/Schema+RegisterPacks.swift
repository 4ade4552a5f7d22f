import GRDB

extension Schema {
    /// What judges and counts zones without reading recipients' rows, and what keeps it from missing a change.
    static func createRegisterPacks(_ database: Database) throws {
        try database.execute(sql: tables)
        try database.execute(sql: triggers)
        // Of a register that is there already a pack is made once all steps are taken.
        try database.execute(sql: "INSERT INTO register_changes (recipient_id) SELECT id FROM recipients ORDER BY id")
    }

    private static let tables = """
        -- The one row says which pack is stored.
        CREATE TABLE register_state (
            id INTEGER PRIMARY KEY CHECK (id = 1),
            -- Random: no two packs share it.
            generation INTEGER NOT NULL,
            recipients INTEGER NOT NULL,
            -- Seats below have a point.
            located INTEGER NOT NULL,
            -- Seats below have a given commune code, too.
            proven INTEGER NOT NULL,
            greatest_metres REAL NOT NULL
        ) STRICT;

        -- The bytes are explained where they are read: `PackedRegister`.
        CREATE TABLE register_packs (part INTEGER PRIMARY KEY, bytes BLOB NOT NULL) STRICT;

        -- Recipients written since the pack was made. AUTOINCREMENT: no number comes again.
        CREATE TABLE register_changes (
            number INTEGER PRIMARY KEY AUTOINCREMENT,
            recipient_id INTEGER NOT NULL
        ) STRICT;

        -- Grows with every change of what codes mean, and of boundaries.
        CREATE TABLE territory_version (id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL) STRICT;

        INSERT INTO register_state VALUES (1, random(), 0, 0, 0, 0);
        INSERT INTO register_packs VALUES (1, x''), (2, x''), (3, x''), (4, x''), (5, x'');
        INSERT INTO territory_version VALUES (1, 0);
        """

    /// Any writer, in any process, in its own transaction. (REPLACE would remove a recipient without its trigger, as it
    /// would without SpatiaLite's: recipients are never written so.)
    private static let triggers = recipientTriggers + territoryTriggers

    private static let recipientTriggers = """
        CREATE TRIGGER register_changes_insert AFTER INSERT ON recipients
        BEGIN INSERT INTO register_changes (recipient_id) VALUES (NEW.id); END;

        CREATE TRIGGER register_changes_delete AFTER DELETE ON recipients
        BEGIN INSERT INTO register_changes (recipient_id) VALUES (OLD.id); END;

        CREATE TRIGGER register_changes_update
        AFTER UPDATE OF id, organisation_id, channels, commune_code, is_commune_found, precision, uncertainty_metres,
            location ON recipients
        BEGIN
            INSERT INTO register_changes (recipient_id) VALUES (NEW.id);
            INSERT INTO register_changes (recipient_id) SELECT OLD.id WHERE OLD.id <> NEW.id;
        END;

        """

    /// What terms that name communes, departments and intercommunalités are resolved by.
    private static let territoryTables = [
        "communes", "commune_places", "commune_grounds", "commune_figures", "code_communes", "code_movements",
        "code_epci",
    ]

    private static let territoryTriggers = territoryTables.flatMap { table in
        ["INSERT", "UPDATE", "DELETE"].map { event in
            """
            CREATE TRIGGER territory_version_\(table)_\(event.lowercased()) AFTER \(event) ON \(table)
            BEGIN UPDATE territory_version SET number = number + 1; END;

            """
        }
    }.joined()
}

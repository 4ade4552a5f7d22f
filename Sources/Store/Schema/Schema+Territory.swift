import GRDB

extension Schema {
    static func createTerritory(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE communes (
                id INTEGER PRIMARY KEY,
                -- Millésime of the Code officiel géographique.
                vintage INTEGER NOT NULL,
                -- COM, or COMD (delegated), COMA (associated), ARM (arrondissement of Paris, Lyon, Marseille).
                kind TEXT NOT NULL,
                code TEXT NOT NULL,
                name TEXT NOT NULL,
                -- The name as search compares it: lower case, no accents, spaces for hyphens and apostrophes.
                folded_name TEXT NOT NULL,
                department TEXT NOT NULL,
                region TEXT,
                epci TEXT,
                epci_name TEXT,
                parent_code TEXT,
                postcodes TEXT NOT NULL DEFAULT '',
                population INTEGER,
                population_year INTEGER,
                townhall_longitude REAL,
                townhall_latitude REAL,
                -- SHA-256 of the imported content: the same feature again changes nothing.
                content_hash BLOB NOT NULL,
                UNIQUE (vintage, kind, code)
            );
            CREATE INDEX communes_by_code ON communes (code, kind, vintage);
            CREATE INDEX communes_by_name ON communes (folded_name);
            CREATE INDEX communes_by_parent ON communes (parent_code) WHERE parent_code IS NOT NULL;
            CREATE INDEX communes_by_department ON communes (department, kind, vintage);
            """)
        try database.spatialCall("AddGeometryColumn('communes', 'boundary', 4326, 'MULTIPOLYGON', 'XY')")
        try database.spatialCall("CreateSpatialIndex('communes', 'boundary')")
        try database.execute(sql: """
            -- The whole communes that stand today: of each department, those of its newest vintage. Departments may
            -- be of different years; older vintages of a department are kept for the codes registers still use.
            CREATE VIEW current_communes AS
            SELECT * FROM communes
            WHERE kind = 'COM' AND vintage = (
                SELECT MAX(others.vintage) FROM communes AS others
                WHERE others.department = communes.department AND others.kind = 'COM');

            -- What was imported, when and from which bytes.
            CREATE TABLE datasets (
                id INTEGER PRIMARY KEY,
                kind TEXT NOT NULL,
                file_name TEXT NOT NULL,
                sha256 TEXT NOT NULL,
                row_count INTEGER NOT NULL,
                imported_at INTEGER NOT NULL
            ) STRICT;
            """)
    }
}

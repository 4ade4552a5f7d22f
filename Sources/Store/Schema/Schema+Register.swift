import GRDB

extension Schema {
    static func createRegister(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE organisations (
                id INTEGER PRIMARY KEY,
                name TEXT NOT NULL UNIQUE,
                parent_id INTEGER REFERENCES organisations (id),
                created_at INTEGER NOT NULL
            ) STRICT;

            CREATE TABLE recipients (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                external_id TEXT NOT NULL,
                kind TEXT NOT NULL CHECK (kind IN ('person', 'household', 'office')),
                name TEXT NOT NULL,
                address TEXT,
                postcode TEXT,
                commune_code TEXT,
                -- 1 when the geocoder found the code: it is looked for again as the territory grows.
                is_commune_found INTEGER NOT NULL CHECK (is_commune_found IN (0, 1)),
                commune_name TEXT,
                language TEXT NOT NULL,
                -- How the point was found; NULL without a point (commune-only and unlocated recipients).
                precision TEXT CHECK (precision IN ('given', 'house_number', 'street', 'locality')),
                score REAL,
                uncertainty_metres REAL,
                -- Bit set of the channels with at least one contact point: counts never touch contact_points.
                channels INTEGER NOT NULL,
                -- SHA-256 of the imported content: the same row again changes nothing.
                content_hash BLOB NOT NULL,
                updated_at INTEGER NOT NULL,
                UNIQUE (organisation_id, external_id)
            );
            CREATE INDEX recipients_by_commune ON recipients (commune_code);
            CREATE INDEX recipients_by_external_id ON recipients (external_id);
            CREATE INDEX recipients_without_point ON recipients (commune_code, id) WHERE precision IS NULL;
            CREATE INDEX recipients_by_uncertainty ON recipients (uncertainty_metres) WHERE uncertainty_metres > 0;
            """)
        try database.spatialCall("AddGeometryColumn('recipients', 'location', 4326, 'POINT', 'XY')")
        try database.spatialCall("CreateSpatialIndex('recipients', 'location')")
        try database.execute(sql: """
            CREATE TABLE contact_points (
                id INTEGER PRIMARY KEY,
                recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                channel TEXT NOT NULL CHECK (channel IN ('sms', 'voice', 'email', 'fax')),
                -- E.164 number, or e-mail address.
                address TEXT NOT NULL,
                rank INTEGER NOT NULL,
                UNIQUE (recipient_id, channel, address)
            ) STRICT;

            CREATE TABLE lists (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL,
                UNIQUE (organisation_id, name)
            ) STRICT;

            CREATE TABLE list_members (
                list_id INTEGER NOT NULL REFERENCES lists (id) ON DELETE CASCADE,
                recipient_id INTEGER NOT NULL REFERENCES recipients (id) ON DELETE CASCADE,
                PRIMARY KEY (list_id, recipient_id)
            ) STRICT, WITHOUT ROWID;
            CREATE INDEX list_members_by_recipient ON list_members (recipient_id);

            CREATE TABLE perimeters (
                id INTEGER PRIMARY KEY,
                organisation_id INTEGER NOT NULL REFERENCES organisations (id),
                name TEXT NOT NULL,
                created_at INTEGER NOT NULL,
                created_by TEXT NOT NULL,
                UNIQUE (organisation_id, name)
            );
            """)
        try database.spatialCall("AddGeometryColumn('perimeters', 'area', 4326, 'MULTIPOLYGON', 'XY')")
    }
}

import GRDB

extension Schema {
    static func createAtlas(_ database: Database) throws {
        try database.execute(sql: """
            -- What the atlas was drawn from; one row, or none before the first import.
            CREATE TABLE atlas (
                id INTEGER PRIMARY KEY CHECK (id = 1),
                -- The newest import of communes it has seen: with a newer one it is out of date.
                dataset_id INTEGER NOT NULL,
                -- SHA-256 over the communes it shows: an import that changes none of them draws nothing again.
                content_hash BLOB NOT NULL,
                drawn_at INTEGER NOT NULL
            ) STRICT;

            -- Vector tiles of the communes at low zooms, drawn at import. Their boundaries are simplified to what a
            -- screen shows: for drawing only, never to tell who is where. `communes.boundary` does that.
            CREATE TABLE atlas_tiles (
                zoom INTEGER NOT NULL,
                column_number INTEGER NOT NULL,
                row_number INTEGER NOT NULL,
                -- Mapbox vector tile 2.1, gzipped.
                tile BLOB NOT NULL,
                PRIMARY KEY (zoom, column_number, row_number)
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

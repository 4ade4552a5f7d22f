import GRDB

extension Schema {
    /// Where people live, by the squares that INSEE publishes, and the standing report on how well saved perimeters are
    /// covered.
    static func createCoverage(_ database: Database) throws {
        try database.execute(sql: """
            -- A square is named by its system, its side and its south-western corner, in metres of that system: the
            -- squares near a place are a few ranges of this key, and need no other index.
            CREATE TABLE population_squares (
                epsg INTEGER NOT NULL,
                side_metres INTEGER NOT NULL,
                north INTEGER NOT NULL,
                east INTEGER NOT NULL,
                population REAL NOT NULL CHECK (population >= 0),
                PRIMARY KEY (epsg, side_metres, north, east)
            ) STRICT, WITHOUT ROWID;

            CREATE TABLE coverage_reports (
                id INTEGER PRIMARY KEY,
                at INTEGER NOT NULL,
                actor TEXT NOT NULL,
                -- NULL: over the whole register.
                organisation_id INTEGER REFERENCES organisations (id),
                -- Whoever was last confirmed before this day counted as stale.
                stale_before TEXT NOT NULL
            ) STRICT;

            CREATE TABLE coverage_report_lines (
                report_id INTEGER NOT NULL REFERENCES coverage_reports (id) ON DELETE CASCADE,
                -- Kept when the perimeter is deleted: the report says what was.
                perimeter_id INTEGER NOT NULL,
                name TEXT NOT NULL,
                -- NULL where it is not known.
                population REAL,
                registered INTEGER NOT NULL,
                reachable INTEGER NOT NULL,
                stale INTEGER NOT NULL,
                PRIMARY KEY (report_id, perimeter_id)
            ) STRICT, WITHOUT ROWID;
            """)
    }
}

import GRDB

extension Schema {
    /// Room for the communes in one block, which a process reads at once (`CommuneDirectory`).
    ///
    /// Triggers drop the block with any change of what it was made from, whoever makes it: it is either right or gone.
    static func createCommuneDirectory(_ database: Database) throws {
        try database.execute(sql: """
            CREATE TABLE commune_directory (id INTEGER PRIMARY KEY CHECK (id = 1), content BLOB NOT NULL) STRICT
            """)
        for table in [
            "place_communes", "commune_names", "commune_postcodes", "commune_other_names", "commune_other_postcodes",
        ] {
            for event in ["INSERT", "UPDATE", "DELETE"] {
                try database.execute(sql: """
                    CREATE TRIGGER commune_directory_\(table)_\(event.lowercased()) AFTER \(event) ON \(table)
                    BEGIN DELETE FROM commune_directory; END
                    """)
            }
        }
    }
}

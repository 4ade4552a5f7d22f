import Foundation
import GRDB

/// The communes an import will write, waiting in a database of SQLite's own that has no name and goes with its
/// connection: what does not fit in its cache is on the disk, so memory stays bounded whatever the file.
///
/// The long work of an import (parsing, repairing, comparing) fills it while nobody waits for it; the one write lock
/// is held only while what changed is copied from it.
final class CommuneStage {
    private let queue: DatabaseQueue

    init() throws {
        var configuration = Configuration()
        configuration.label = "tocsin.stage"
        configuration.prepareDatabase { database in
            // 8 MB stay in memory. What fails here is thrown away: nothing is ever rolled back.
            try database.execute(sql: "PRAGMA cache_size = -8192; PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF")
        }
        // An empty name: a temporary database of this connection alone.
        queue = try DatabaseQueue(path: "", configuration: configuration)
        try queue.writeWithoutTransaction { database in
            try database.execute(sql: """
                CREATE TABLE staged (
                    kind TEXT NOT NULL, code TEXT NOT NULL, name TEXT NOT NULL, folded TEXT NOT NULL,
                    department TEXT NOT NULL, region TEXT, epci TEXT, epciName TEXT, parent TEXT,
                    postcodes TEXT NOT NULL, population INTEGER, year INTEGER, longitude REAL, latitude REAL,
                    hash BLOB NOT NULL, boundary BLOB, labelLongitude REAL, labelLatitude REAL,
                    nameKey TEXT NOT NULL, nameTerms TEXT NOT NULL) STRICT
                """)
        }
    }

    /// - Parameter values: by the names of the table's columns.
    func add(_ values: StatementArguments) throws {
        try queue.writeWithoutTransaction { database in
            try database.cachedStatement(sql: """
                INSERT INTO staged (kind, code, name, folded, department, region, epci, epciName, parent, postcodes,
                    population, year, longitude, latitude, hash, boundary, labelLongitude, labelLatitude, nameKey,
                    nameTerms)
                VALUES (:kind, :code, :name, :folded, :department, :region, :epci, :epciName, :parent, :postcodes,
                    :population, :year, :longitude, :latitude, :hash, :boundary, :labelLongitude, :labelLatitude,
                    :nameKey, :nameTerms)
                """).execute(arguments: values)
        }
    }

    /// The rows in the order they were added.
    func forEach(_ body: (Row) throws -> Void) throws {
        try queue.writeWithoutTransaction { database in
            let rows = try Row.fetchCursor(database, sql: "SELECT * FROM staged ORDER BY rowid")
            while let row = try rows.next() { try body(row) }
        }
    }
}

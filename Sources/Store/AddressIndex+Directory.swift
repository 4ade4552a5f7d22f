import Foundation
import GRDB
import Geocoding

/// The communes in one block, prepared by who changed them, so that a process need not read a country's rows.
extension AddressIndex {
    /// The block as it was prepared; nil when the communes have changed since, or it is an older version's.
    func preparedDirectory() throws -> CommuneDirectory? {
        let find = try db.cachedStatement(sql: "SELECT content FROM commune_directory")
        return try Data.fetchOne(find).flatMap { CommuneDirectory(content: Array($0)) }
    }

    /// The block made from the rows: some ten microseconds a commune.
    func makeDirectory() throws -> CommuneDirectory { try CommuneDirectory(allCommunes()) }
}

extension AlertDatabase {
    /// Fewer communes are read about as fast from their rows.
    private static let fewestCommunesToPrepare = 2_000

    /// Reads the communes into memory now, so that the first address asked for waits no longer than the others.
    package func readyGeocoder() throws {
        try pool.read { database in _ = try AddressIndex(database, cache: geocoderCache).port.communes(.postcode("")) }
    }

    /// Prepares the communes' block where it is missing. It is made under a read; the write lock is held only to put it
    /// in place, unless the communes have changed meanwhile: then their own import prepares it.
    func prepareCommuneDirectory() throws {
        let made = try pool.read { database -> (content: [UInt8], revision: Int64)? in
            let index = AddressIndex(database)
            let count = try Int.fetchOne(database, sql: "SELECT count(*) FROM place_communes") ?? 0
            guard count >= Self.fewestCommunesToPrepare, try index.preparedDirectory() == nil else { return nil }
            return (try index.makeDirectory().content, try index.revision())
        }
        guard let made else { return }
        try pool.write { database in
            guard try AddressIndex(database).revision() == made.revision else { return }
            try database.execute(
                sql: "INSERT OR REPLACE INTO commune_directory (id, content) VALUES (1, ?)",
                arguments: [Data(made.content)])
        }
    }
}

import GRDB
import GeoModel
import Geocoding

/// A street as the index keeps it.
struct StreetRecord: Equatable {
    var sourceKey: String
    var name: String
    var key: String
    /// One a line.
    var otherKeys: String
    var postcode: String
    var kind: String
    var communeCode: String
    var communeName: String
    var formerCode: String?
    var formerName: String?

    /// Whether it is made of other streets' addresses that name it as their hamlet.
    var isHamlet: Bool { sourceKey.hasPrefix("ld:") }
}

/// A file's addresses before they are written: gathered, merged and compared outside the database's write lock.
///
/// They are kept in a private temporary database, which SQLite deletes with the connection: a département's addresses
/// must not fill the memory, nor their writing hold back the launch of a campaign. Not `Sendable`: one import's.
final class AddressStaging {
    /// What a file says of a commune.
    struct CommuneFacts {
        let name: String
        var formerNames: Set<String> = []
        var postcodes: Set<String> = []
    }

    let queue: DatabaseQueue
    private(set) var communes: [CommuneCode: CommuneFacts] = [:]
    /// Names of communes of other kinds than merged ones.
    private(set) var otherNames: [CommuneCode: [CommuneNameKind: Set<String>]] = [:]
    /// The last streets met: rows of one follow each other.
    private var known: [String: Int64] = [:]
    private static let knownLimit = 4_096

    init() throws {
        var configuration = Configuration()
        configuration.journalMode = .default
        queue = try DatabaseQueue(path: "", configuration: configuration)
        try queue.inDatabase { database in
            try database.execute(sql: "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; PRAGMA cache_size = -32768")
            try database.execute(sql: """
                CREATE TABLE streets (
                  id INTEGER PRIMARY KEY, source_key TEXT NOT NULL UNIQUE, name TEXT NOT NULL, name_key TEXT NOT NULL,
                  other_keys TEXT NOT NULL, postcode TEXT NOT NULL, kind TEXT NOT NULL, commune_code TEXT NOT NULL,
                  commune_name TEXT NOT NULL, former_commune_code TEXT, former_commune_name TEXT,
                  known_id INTEGER, is_changed INTEGER NOT NULL DEFAULT 1) STRICT;
                CREATE TABLE points (
                  street_id INTEGER NOT NULL, number INTEGER NOT NULL, suffix TEXT NOT NULL, lon REAL NOT NULL,
                  lat REAL NOT NULL, radius_metres REAL NOT NULL, kind INTEGER NOT NULL,
                  is_known INTEGER NOT NULL DEFAULT 0, PRIMARY KEY (street_id, number, suffix)) STRICT, WITHOUT ROWID;
                """)
        }
    }

    // MARK: Gathering

    func addName(_ name: String, of code: CommuneCode, kind: CommuneNameKind) {
        otherNames[code, default: [:]][kind, default: []].insert(name)
    }

    func add(_ rows: some Sequence<BANAddress>) throws {
        try queue.inDatabase { database in
            for row in rows {
                try add(row, in: database)
            }
        }
    }

    private func add(_ row: BANAddress, in database: Database) throws {
        communes[row.communeCode, default: CommuneFacts(name: row.communeName)].postcodes.insert(row.postcode)
        if let former = row.formerCommuneName { communes[row.communeCode]?.formerNames.insert(former) }
        let street = try streetID(row.streetKey, row.street, row, in: database)
        try put(row.number ?? -1, row.suffix, row, into: street, in: database)
        guard let locality = row.locality, !locality.isEmpty else { return }
        // A hamlet named by address rows is a place of its own, made of their points.
        let key = PlaceNormalizer.streetTokens(locality).joined(separator: " ")
        guard !key.isEmpty, key != PlaceNormalizer.streetTokens(row.street).joined(separator: " ") else { return }
        let sourceKey = "ld:\(row.communeCode):\(row.formerCommuneCode?.rawValue ?? ""):\(key)"
        let hamlet = try streetID(sourceKey, locality, row, in: database)
        try put(-1, row.id, row, into: hamlet, in: database)
    }

    private func streetID(
        _ sourceKey: String, _ name: String, _ row: BANAddress, in database: Database
    ) throws -> Int64 {
        if let id = known[sourceKey] { return id }
        let find = try database.cachedStatement(sql: "SELECT id FROM streets WHERE source_key = ?")
        let id: Int64
        if let found = try Int64.fetchOne(find, arguments: [sourceKey]) {
            id = found
        } else {
            let key = PlaceNormalizer.streetTokens(name).joined(separator: " ")
            let isHamlet = sourceKey.hasPrefix("ld:")
            let otherKeys = isHamlet ? [] : row.otherNames
                .map { PlaceNormalizer.streetTokens($0).joined(separator: " ") }.filter { !$0.isEmpty && $0 != key }
            try database.cachedStatement(sql: """
                INSERT INTO streets (source_key, name, name_key, other_keys, postcode, kind, commune_code,
                  commune_name, former_commune_code, former_commune_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """).execute(arguments: [
                    sourceKey, name, key, Set(otherKeys).sorted().joined(separator: "\n"), row.postcode,
                    isHamlet ? "locality" : IndexTerms.kind(ofKey: key).rawValue, row.communeCode.rawValue,
                    row.communeName, row.formerCommuneCode?.rawValue, row.formerCommuneName,
                ])
            id = database.lastInsertedRowID
        }
        if known.count >= Self.knownLimit { known.removeAll(keepingCapacity: true) }
        known[sourceKey] = id
        return id
    }

    private func put(
        _ number: Int, _ suffix: String, _ row: BANAddress, into street: Int64, in database: Database
    ) throws {
        let longitude = row.position.longitude, latitude = row.position.latitude
        let insert = try database.cachedStatement(sql: """
            INSERT OR IGNORE INTO points (street_id, number, suffix, lon, lat, radius_metres, kind)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        try insert.execute(arguments: [
            street, number, suffix, longitude, latitude, row.pointKind.radiusMetres, row.pointKind.rawValue,
        ])
        guard database.changesCount == 0 else { return }
        let find = try database.cachedStatement(
            sql: "SELECT lon, lat, radius_metres, kind FROM points WHERE street_id = ? AND number = ? AND suffix = ?")
        guard let other = try Row.fetchOne(find, arguments: [street, number, suffix]) else { return }
        let otherPosition = Position<WGS84>(longitude: other[0], latitude: other[1])
        guard otherPosition != row.position else { return }
        if number < 0 {
            // Points of one street or locality: each tells of its extent.
            try insert.execute(arguments: [
                street, number, "\(longitude) \(latitude)", longitude, latitude, row.pointKind.radiusMetres,
                row.pointKind.rawValue,
            ])
            return
        }
        let merged = MergedPoint(
            first: (otherPosition, other[2], AddressPointKind(rawValue: other[3]) ?? .unknown),
            second: (row.position, row.pointKind.radiusMetres, row.pointKind))
        try database.cachedStatement(sql: """
            UPDATE points SET lon = ?, lat = ?, radius_metres = ?, kind = ?
            WHERE street_id = ? AND number = ? AND suffix = ?
            """).execute(arguments: [
                merged.position.longitude, merged.position.latitude, merged.radiusMetres, merged.kind.rawValue,
                street, number, suffix,
            ])
    }
}

/// Two points of one number: the better one, and a disc around it that holds the other where people may be.
struct MergedPoint {
    let position: Position<WGS84>
    let radiusMetres: Double
    let kind: AddressPointKind

    init(
        first: (position: Position<WGS84>, radiusMetres: Double, kind: AddressPointKind),
        second: (position: Position<WGS84>, radiusMetres: Double, kind: AddressPointKind)
    ) {
        let (better, worse) = second.kind < first.kind ? (second, first) : (first, second)
        position = better.position
        kind = better.kind
        // A parcel's middle or a meter beside a known entrance says nothing of where people are.
        let isWhereaboutsUnknown = better.kind >= .service
        let isWorth = worse.kind < .service || isWhereaboutsUnknown
        let reach = GroundDistance.metres(better.position, worse.position) + worse.radiusMetres
        radiusMetres = isWorth ? max(better.radiusMetres, reach) : better.radiusMetres
    }
}

import Foundation
import GRDB
import GeoModel
import Geocoding

/// Takes the communes of one vintage and keeps those that differ from the territory for one short transaction: a file
/// goes in whole, or not at all.
package struct CommuneWriter {
    private let database: Database
    private let stage: CommuneStage
    private let vintage: Int
    package private(set) var counts = CommuneImportCounts()
    /// Departments of which a commune is added or updated.
    package private(set) var changedDepartments: Set<String> = []

    fileprivate init(database: Database, stage: CommuneStage, vintage: Int) {
        self.database = database
        self.stage = stage
        self.vintage = vintage
    }

    /// Takes a commune to be added, or to update the one with the same vintage, kind and code; a boundary that is known
    /// stays when the commune comes without one.
    package mutating func write(_ commune: Commune) throws {
        let wkb = commune.boundary.map { WKB.encode($0) }
        let hash = Self.hash(commune, wkb)
        let known = try Data.fetchOne(
            database.cachedStatement(sql: """
                SELECT content_hash FROM communes WHERE vintage = ? AND kind = ? AND code = ?
                """), arguments: [vintage, commune.kind, commune.code.rawValue])
        if known == hash {
            counts.unchanged += 1
            return
        }
        // Made here, while nobody waits for the write lock.
        let boundary = try wkb.flatMap { bytes in
            try Data.fetchOne(
                database.cachedStatement(sql: "SELECT CastToMulti(GeomFromWKB(?, 4326))"), arguments: [Data(bytes)])
        }
        let label = commune.townhall ?? commune.middle
        let key = PlaceNormalizer.communeKey(commune.name)
        try stage.add([
            "kind": commune.kind, "code": commune.code.rawValue, "name": commune.name,
            "folded": FoldedName(commune.name).text, "department": commune.department, "region": commune.region,
            "epci": commune.epci, "epciName": commune.epciName, "parent": commune.parentCode,
            "postcodes": commune.postcodes.joined(separator: " "), "population": commune.population,
            "year": commune.populationYear, "longitude": commune.townhall?.longitude,
            "latitude": commune.townhall?.latitude, "hash": hash, "boundary": boundary,
            "labelLongitude": label?.longitude, "labelLatitude": label?.latitude, "nameKey": key,
            "nameTerms": IndexTerms.commune(key: key).joined(separator: " "),
        ])
        changedDepartments.insert(commune.department)
        if known == nil { counts.added += 1 } else { counts.updated += 1 }
    }

    private static func hash(_ commune: Commune, _ boundary: [UInt8]?) -> Data {
        var hash = ContentHash()
        hash.add(fields: [
            commune.name, commune.department, commune.region, commune.epci, commune.epciName, commune.parentCode,
            commune.postcodes.joined(separator: " "), commune.population.map(String.init),
            commune.populationYear.map(String.init), commune.townhall.map { "\($0.longitude) \($0.latitude)" },
        ])
        hash.add(bytes: boundary ?? [])
        return hash.finish()
    }
}

extension AlertDatabase {
    /// Imports communes, and records the file among the datasets: compared under a read, written in one transaction.
    ///
    /// A campaign can be launched or stopped while `body` works. Whom the territory could not place before is placed
    /// afterwards, in batches.
    /// - Parameter body: takes every commune of the file; when it throws, nothing is written.
    package func importCommunes(
        vintage: Int, from file: ImportedFile, actor: String, body: (inout CommuneWriter) throws -> Void
    ) throws -> CommuneImportCounts {
        let stage = try CommuneStage()
        let counts = try pool.read { database in
            var writer = CommuneWriter(database: database, stage: stage, vintage: vintage)
            try body(&writer)
            return writer.counts
        }
        try pool.write { database in
            try stage.forEach { try database.write($0, vintage: vintage) }
            try database.refreshTerritory()
            try database.mirrorAllTownHalls()
            try database.record(
                file, kind: "communes", rows: counts.added + counts.updated + counts.unchanged, actor: actor,
                detail: [
                    "vintage": String(vintage), "added": String(counts.added), "updated": String(counts.updated),
                ])
        }
        _ = try relocateRecipients(of: [])
        return counts
    }
}

extension Database {
    /// Adds or updates a staged commune. Looked for again by its key: another import may have written it meanwhile.
    fileprivate func write(_ staged: Row, vintage: Int) throws {
        let columns = [
            "kind", "code", "name", "folded", "department", "region", "epci", "epciName", "parent", "postcodes",
            "population", "year", "longitude", "latitude", "hash", "boundary",
        ]
        var values: [String: (any DatabaseValueConvertible)?] = ["vintage": vintage]
        for column in columns { values[column] = staged[column] as DatabaseValue }
        try cachedStatement(sql: """
            INSERT INTO communes (vintage, kind, code, name, folded_name, department, region, epci, epci_name,
                parent_code, postcodes, population, population_year, townhall_longitude, townhall_latitude,
                content_hash, boundary)
            VALUES (:vintage, :kind, :code, :name, :folded, :department, :region, :epci, :epciName, :parent,
                :postcodes, :population, :year, :longitude, :latitude, :hash, :boundary)
            ON CONFLICT (vintage, kind, code) DO UPDATE SET name = :name, folded_name = :folded,
                department = :department, region = :region, epci = :epci, epci_name = :epciName,
                parent_code = :parent, postcodes = :postcodes, population = :population, population_year = :year,
                townhall_longitude = :longitude, townhall_latitude = :latitude, content_hash = :hash,
                boundary = ifnull(:boundary, boundary)
            """).execute(arguments: StatementArguments(values))
        try registerForSearch(staged)
    }

    /// The geocoder finds whole communes and arrondissements by name; delegated ones are other names of theirs.
    private func registerForSearch(_ staged: Row) throws {
        let kind: String = staged["kind"]
        guard kind == "COM" || kind == "ARM", let code = CommuneCode(staged["code"] as String),
              let longitude: Double = staged["labelLongitude"], let latitude: Double = staged["labelLatitude"]
        else { return }
        let commune = CommuneEntry(
            code: code, name: staged["name"],
            postcodes: (staged["postcodes"] as String).split(separator: " ").map(String.init),
            position: Position(longitude: longitude, latitude: latitude), townHall: staged.townhall)
        let index = AddressIndex(self)
        try index.upsert(FiledCommune(commune, key: staged["nameKey"], terms: staged["nameTerms"]))
        try index.advanceRevision()
    }
}

extension Row {
    /// The town hall of a staged commune.
    fileprivate var townhall: Position<WGS84>? {
        guard let longitude: Double = self["longitude"], let latitude: Double = self["latitude"] else { return nil }
        return Position(longitude: longitude, latitude: latitude)
    }
}

/// The file an import read, for the record: its name without folders, and the digest of its bytes.
package struct ImportedFile: Sendable {
    package let name: String
    package let sha256: String

    package init(name: String, sha256: String) {
        self.name = name
        self.sha256 = sha256
    }
}

extension Database {
    /// Records an import among the datasets and in the journal, within the import's own transaction.
    func record(
        _ file: ImportedFile, kind: String, rows: Int, actor: String, detail: [String: String]
    ) throws {
        try execute(
            sql: """
                INSERT INTO datasets (kind, file_name, sha256, row_count, imported_at) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [kind, file.name, file.sha256, rows, Date.now.milliseconds])
        try audit(
            actor: actor, action: "import.\(kind)", subject: file.name,
            detail: detail.merging(["rows": String(rows), "sha256": file.sha256]) { mine, _ in mine })
    }
}

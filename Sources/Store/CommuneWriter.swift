import Foundation
import GRDB
import GeoModel
import Geocoding

/// Writes communes of one vintage inside one transaction: a file goes in whole, or not at all.
package struct CommuneWriter {
    private let database: Database
    private let vintage: Int
    package private(set) var counts = CommuneImportCounts()

    init(database: Database, vintage: Int) {
        self.database = database
        self.vintage = vintage
    }

    /// Adds the commune, or updates the one with the same vintage, kind and code; a boundary that is known stays when
    /// the commune comes without one.
    package mutating func write(_ commune: Commune) throws {
        let boundary = commune.boundary.map { WKB.encode($0) }
        let hash = Self.hash(commune, boundary)
        let known = try Row.fetchOne(
            database.cachedStatement(sql: """
                SELECT id, content_hash FROM communes WHERE vintage = ? AND kind = ? AND code = ?
                """), arguments: [vintage, commune.kind, commune.code.rawValue])
        if let known, known["content_hash"] == hash {
            counts.unchanged += 1
            return
        }
        let values: StatementArguments = [
            "vintage": vintage, "kind": commune.kind, "code": commune.code.rawValue, "name": commune.name,
            "folded": FoldedName(commune.name).text, "department": commune.department, "region": commune.region,
            "epci": commune.epci, "epciName": commune.epciName, "parent": commune.parentCode,
            "postcodes": commune.postcodes.joined(separator: " "), "population": commune.population,
            "year": commune.populationYear, "longitude": commune.townhall?.longitude,
            "latitude": commune.townhall?.latitude, "hash": hash, "boundary": boundary.map { Data($0) },
        ]
        if let known {
            try database.cachedStatement(sql: """
                UPDATE communes SET vintage = :vintage, kind = :kind, code = :code, name = :name,
                    folded_name = :folded, department = :department, region = :region, epci = :epci,
                    epci_name = :epciName, parent_code = :parent, postcodes = :postcodes, population = :population,
                    population_year = :year, townhall_longitude = :longitude, townhall_latitude = :latitude,
                    content_hash = :hash, boundary = ifnull(CastToMulti(GeomFromWKB(:boundary, 4326)), boundary)
                WHERE id = :id
                """).execute(arguments: values &+ ["id": known["id"] as Int64])
            counts.updated += 1
        } else {
            try database.cachedStatement(sql: """
                INSERT INTO communes (vintage, kind, code, name, folded_name, department, region, epci, epci_name,
                    parent_code, postcodes, population, population_year, townhall_longitude, townhall_latitude,
                    content_hash, boundary)
                VALUES (:vintage, :kind, :code, :name, :folded, :department, :region, :epci, :epciName, :parent,
                    :postcodes, :population, :year, :longitude, :latitude, :hash,
                    CastToMulti(GeomFromWKB(:boundary, 4326)))
                """).execute(arguments: values)
            counts.added += 1
        }
        try registerForSearch(commune)
    }

    /// The geocoder finds whole communes and arrondissements by name; delegated ones are other names of theirs.
    private func registerForSearch(_ commune: Commune) throws {
        guard commune.kind == "COM" || commune.kind == "ARM", let position = commune.townhall ?? commune.middle
        else { return }
        try AddressIndex(database).upsert(communes: [
            CommuneEntry(
                code: commune.code, name: commune.name, postcodes: commune.postcodes, position: position)
        ])
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
    /// Runs an import of communes in one transaction, and records the file among the datasets.
    ///
    /// - Parameter body: writes every commune of the file; what it throws undoes all of them.
    package func importCommunes(
        vintage: Int, from file: ImportedFile, actor: String, body: (inout CommuneWriter) throws -> Void
    ) throws -> CommuneImportCounts {
        try pool.write { database in
            var writer = CommuneWriter(database: database, vintage: vintage)
            try body(&writer)
            let counts = writer.counts
            try database.refreshTerritory()
            try database.record(
                file, kind: "communes", rows: counts.added + counts.updated + counts.unchanged, actor: actor,
                detail: [
                    "vintage": String(vintage), "added": String(counts.added), "updated": String(counts.updated),
                ])
            return counts
        }
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

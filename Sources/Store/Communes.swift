import AlertModel
import Foundation
import GRDB
import GeoModel

/// A commune as the territory holds it.
package struct Commune: Sendable, Hashable {
    package let code: CommuneCode
    /// COM, or COMD, COMA, ARM for delegated and associated communes and arrondissements.
    package let kind: String
    package let name: String
    package let department: String
    package let region: String?
    package let epci: String?
    package let epciName: String?
    package let parentCode: String?
    package let postcodes: [String]
    package let population: Int?
    package let populationYear: Int?
    package let townhall: Position<WGS84>?
    package let boundary: Area<WGS84>?

    package init(
        code: CommuneCode, kind: String, name: String, department: String, region: String?, epci: String?,
        epciName: String?, parentCode: String?, postcodes: [String], population: Int?, populationYear: Int?,
        townhall: Position<WGS84>?, boundary: Area<WGS84>?
    ) {
        self.code = code
        self.kind = kind
        self.name = name
        self.department = department
        self.region = region
        self.epci = epci
        self.epciName = epciName
        self.parentCode = parentCode
        self.postcodes = postcodes
        self.population = population
        self.populationYear = populationYear
        self.townhall = townhall
        self.boundary = boundary
    }
}

/// How many communes an import brought.
package struct CommuneImportCounts: Sendable, Equatable {
    package var added = 0
    package var updated = 0
    package var unchanged = 0

    package init() {}
}

extension AlertDatabase {
    /// The newest vintage imported, or nil.
    package func newestVintage() throws -> Int? {
        try pool.read { try $0.newestVintage() }
    }

    /// Number of communes of today, the newest vintage among them, and the box around them.
    package func communesSummary() throws -> (count: Int, vintage: Int?, bounds: BoundingBox<WGS84>?) {
        try pool.read { database in
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT COUNT(*) AS n, MAX(vintage) AS vintage,
                           MIN(MbrMinX(boundary)) AS west, MIN(MbrMinY(boundary)) AS south,
                           MAX(MbrMaxX(boundary)) AS east, MAX(MbrMaxY(boundary)) AS north
                    FROM current_communes
                    """)!
            let bounds = (row["west"] as Double?).map {
                BoundingBox<WGS84>(west: $0, south: row["south"], east: row["east"], north: row["north"])
            }
            return (row["n"], row["vintage"], bounds)
        }
    }

    /// Communes whose folded name starts with the text, the most populous first; or the one with that code.
    package func searchCommunes(_ text: String, limit: Int) throws -> [Commune] {
        try pool.read { database in
            let folded = FoldedName(text).text
            guard !folded.isEmpty else { return [] }
            let rows = try Row.fetchAll(
                database,
                sql: Self.communeColumns + """
                     FROM current_communes
                     WHERE code = :code OR folded_name >= :from AND folded_name < :to
                        OR folded_name LIKE '% ' || :like || '%' ESCAPE '!'
                    ORDER BY code = :code DESC, folded_name >= :from AND folded_name < :to DESC,
                             population DESC, code LIMIT :limit
                    """,
                arguments: [
                    "code": text.uppercased(), "from": folded, "to": folded + "\u{10FFFF}",
                    "like": folded.replacingOccurrences(of: "!", with: "!!").replacingOccurrences(of: "%", with: "!%")
                        .replacingOccurrences(of: "_", with: "!_"),
                    "limit": limit,
                ])
            return try rows.map { try Commune(row: $0) }
        }
    }

    /// Communes by code, in the order of the codes, with those that are unknown.
    package func communes(codes: [CommuneCode]) throws -> (found: [Commune], unknown: [CommuneCode]) {
        try pool.read { database in
            var found: [Commune] = []
            var unknown: [CommuneCode] = []
            for code in codes {
                if let commune = try database.commune(code: code) { found.append(commune) } else { unknown.append(code) }
            }
            return (found, unknown)
        }
    }

    /// The communes of today whose boundary's box holds the position (candidates for the exact test).
    package func communes(near position: Position<WGS84>) throws -> [Commune] {
        try communes(touching: BoundingBox(
            west: position.longitude, south: position.latitude, east: position.longitude, north: position.latitude))
    }

    /// The communes of today whose boundary's box touches a box, by code.
    package func communes(touching box: BoundingBox<WGS84>) throws -> [Commune] {
        try pool.read { try $0.communes(touching: box) }
    }

    static let communeColumns = """
        SELECT code, kind, name, department, region, epci, epci_name, parent_code, postcodes, population,
               population_year, townhall_longitude, townhall_latitude, AsBinary(boundary) AS boundary
        """
}

extension Database {
    func newestVintage() throws -> Int? {
        try Int.fetchOne(self, sql: "SELECT MAX(vintage) FROM communes")
    }

    /// As `AlertDatabase.communes(touching:)`.
    func communes(touching box: BoundingBox<WGS84>) throws -> [Commune] {
        try Row.fetchAll(
            self,
            sql: AlertDatabase.communeColumns + """
                 FROM current_communes WHERE id IN (
                    SELECT pkid FROM idx_communes_boundary
                    WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                ORDER BY code
                """,
            arguments: [box.east, box.west, box.north, box.south]
        ).map { try Commune(row: $0) }
    }

    /// The commune with the code: a row with a boundary before one without, then the newest vintage, then a whole
    /// commune before a delegated one. Whoever asks where its people may be always gets ground if there is any.
    func commune(code: CommuneCode) throws -> Commune? {
        try Row.fetchOne(
            self,
            sql: AlertDatabase.communeColumns
                + """
                 FROM communes WHERE code = ?
                ORDER BY boundary IS NOT NULL DESC, vintage DESC, kind = 'COM' DESC, kind LIMIT 1
                """,
            arguments: [code.rawValue]
        ).map { try Commune(row: $0) }
    }
}

extension Database {
    /// The commune's boundary, of the newest vintage that has one: a vintage imported without geometry takes nobody's
    /// place away. A whole commune's before a delegated one's of the same code, which is but a part of it.
    func boundary(ofCommune code: CommuneCode) throws -> Area<WGS84>? {
        try Data.fetchOne(
            cachedStatement(sql: """
                SELECT AsBinary(boundary) FROM communes WHERE code = ? AND boundary IS NOT NULL
                ORDER BY kind = 'COM' DESC, vintage DESC, kind LIMIT 1
                """), arguments: [code.rawValue]
        ).map { try WKB.decode(Array($0)) }
    }
}

extension Commune {
    /// The middle of the boundary's box: a place for a label.
    package var middle: Position<WGS84>? {
        boundary?.boundingBox.map {
            Position(longitude: ($0.west + $0.east) / 2, latitude: ($0.south + $0.north) / 2)
        }
    }

    init(row: Row) throws {
        let boundary: Data? = row["boundary"]
        let longitude: Double? = row["townhall_longitude"]
        let latitude: Double? = row["townhall_latitude"]
        guard let code = CommuneCode(row["code"] as String) else {
            throw DatabaseError(resultCode: .SQLITE_CORRUPT, message: "a commune's code is not a code")
        }
        self.init(
            code: code, kind: row["kind"], name: row["name"], department: row["department"], region: row["region"],
            epci: row["epci"], epciName: row["epci_name"], parentCode: row["parent_code"],
            postcodes: (row["postcodes"] as String).split(separator: " ").map(String.init),
            population: row["population"], populationYear: row["population_year"],
            townhall: longitude.flatMap { longitude in
                latitude.map { Position(longitude: longitude, latitude: $0) }
            },
            boundary: try boundary.map { try WKB.decode(Array($0)) })
    }
}

/// A name as searches compare it: lower case, without accents, a space for every hyphen and apostrophe.
package struct FoldedName: Hashable, Sendable {
    package let text: String

    package init(_ name: String) {
        let folded = name.replacingOccurrences(of: "œ", with: "oe").replacingOccurrences(of: "Œ", with: "oe")
            .folding(options: [.caseInsensitive, .diacriticInsensitive], locale: nil).lowercased()
        text = folded.split { !$0.isLetter && !$0.isNumber }.joined(separator: " ")
    }
}

extension AlertDatabase {
    /// A number that changes with every import of communes.
    package func communesVersion() throws -> Int {
        try pool.read { try $0.communesVersion() }
    }
}

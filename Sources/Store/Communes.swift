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

    /// Number of communes of today, the newest vintage among them, and the box around the territory that has the most of
    /// them: a map of the metropolis and of islands in every ocean would open on the open sea.
    package func communesSummary() throws -> (count: Int, vintage: Int?, bounds: BoundingBox<WGS84>?) {
        try pool.read { database in
            let figures = try Row.fetchOne(
                database, sql: "SELECT COUNT(*) AS n, MAX(vintage) AS vintage FROM current_communes")!
            let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT MIN(MbrMinX(boundary)) AS west, MIN(MbrMinY(boundary)) AS south,
                           MAX(MbrMaxX(boundary)) AS east, MAX(MbrMaxY(boundary)) AS north,
                           CASE WHEN length(department) = 3 THEN department ELSE '' END AS territory
                    FROM communes WHERE boundary IS NOT NULL AND id IN (
                        SELECT commune_id FROM commune_grounds WHERE code IN (SELECT code FROM current_communes))
                    GROUP BY territory ORDER BY COUNT(*) DESC, territory LIMIT 1
                    """)
            let bounds = row.map { row in
                BoundingBox<WGS84>(
                    west: row["west"], south: row["south"], east: row["east"], north: row["north"])
            }
            return (figures["n"], figures["vintage"], bounds)
        }
    }

    /// Communes whose folded name starts with the text, the most populous first; or the one with that code.
    package func searchCommunes(_ text: String, limit: Int) throws -> [Commune] {
        try pool.read { database in
            let folded = FoldedName(text).text
            guard !folded.isEmpty else { return [] }
            let codes = try String.fetchAll(
                database,
                sql: """
                    SELECT code FROM current_communes
                    WHERE code = :code OR folded_name >= :from AND folded_name < :to
                        OR folded_name LIKE '% ' || :like || '%' ESCAPE '!'
                    ORDER BY EXISTS (
                            SELECT 1 FROM commune_grounds WHERE commune_grounds.code = current_communes.code) DESC,
                        code = :code DESC, folded_name >= :from AND folded_name < :to DESC,
                        ifnull(population, (
                            SELECT population FROM commune_figures WHERE commune_figures.code = current_communes.code
                        )) DESC, code
                    LIMIT :limit
                    """,
                arguments: [
                    "code": text.uppercased(), "from": folded, "to": folded + "\u{10FFFF}",
                    "like": folded.replacingOccurrences(of: "!", with: "!!").replacingOccurrences(of: "%", with: "!%")
                        .replacingOccurrences(of: "_", with: "!_"),
                    "limit": limit,
                ])
            return try codes.compactMap { try CommuneCode($0).flatMap { try database.commune(code: $0) } }
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

    /// Whether the box of some commune of today touches a box: whether it may be about this register's territory.
    package func holdsGround(near box: BoundingBox<WGS84>) throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM idx_communes_boundary
                    WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                    """, arguments: [box.east, box.west, box.north, box.south]) ?? false
        }
    }

    static let communeColumns = """
        SELECT code, kind, name, department, region, parent_code, postcodes, townhall_longitude, townhall_latitude,
            ifnull(epci, (SELECT f.epci FROM commune_figures AS f WHERE f.code = communes.code AND kind = 'COM')) AS epci,
            ifnull(epci_name, (
                SELECT f.epci_name FROM commune_figures AS f WHERE f.code = communes.code AND kind = 'COM')) AS epci_name,
            ifnull(population, (
                SELECT f.population FROM commune_figures AS f WHERE f.code = communes.code AND kind = 'COM')) AS population,
            CASE WHEN population IS NOT NULL THEN population_year ELSE (
                SELECT f.population_year FROM commune_figures AS f
                WHERE f.code = communes.code AND kind = 'COM') END AS population_year
        """
}

extension Database {
    func newestVintage() throws -> Int? {
        try Int.fetchOne(self, sql: "SELECT MAX(vintage) FROM communes")
    }

    /// As `AlertDatabase.communes(touching:)`.
    func communes(touching box: BoundingBox<WGS84>) throws -> [Commune] {
        try String.fetchAll(
            self,
            sql: """
                SELECT DISTINCT code FROM commune_grounds WHERE commune_id IN (
                    SELECT pkid FROM idx_communes_boundary
                    WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
                AND EXISTS (
                    SELECT 1 FROM commune_places
                    WHERE commune_places.code = commune_grounds.code AND commune_code = commune_places.code AND parts = '')
                ORDER BY code
                """,
            arguments: [box.east, box.west, box.north, box.south]
        ).compactMap { try CommuneCode($0).flatMap { try commune(code: $0) } }
    }

    /// The commune with the code, on its ground of today: of today's vintage where it stands today, else the newest row,
    /// a whole commune before a delegated one. Figures that its own file lacks are the official tables'.
    func commune(code: CommuneCode) throws -> Commune? {
        guard let row = try Row.fetchOne(
            cachedStatement(sql: AlertDatabase.communeColumns + """
                 FROM communes WHERE code = ?
                ORDER BY id IN (SELECT id FROM current_communes WHERE code = communes.code) DESC,
                    vintage DESC, kind = 'COM' DESC, kind LIMIT 1
                """),
            arguments: [code.rawValue])
        else { return nil }
        return try Commune(row: row, boundary: try boundary(ofCommune: code))
    }
}

extension Commune {
    /// The middle of the boundary's box: a place for a label.
    package var middle: Position<WGS84>? {
        boundary?.boundingBox.map {
            Position(longitude: ($0.west + $0.east) / 2, latitude: ($0.south + $0.north) / 2)
        }
    }

    init(row: Row, boundary: Area<WGS84>?) throws {
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
            boundary: boundary)
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
    /// A number that changes with every import of communes or of code tables.
    package func communesVersion() throws -> Int {
        try pool.read { try $0.communesVersion() }
    }
}

extension Database {
    /// As `AlertDatabase.communesVersion()`.
    func communesVersion() throws -> Int {
        try Int.fetchOne(self, sql: "SELECT MAX(id) FROM datasets WHERE kind IN ('communes', 'codes')") ?? 0
    }
}

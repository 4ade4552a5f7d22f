import GRDB
import GeoModel
import Geocoding

/// The geocoder's index over an open connection: reads for `Geocoder`, writes in `AddressIndex+Build`.
///
/// Use it inside one `read` or `write` of the database; statements are the connection's cached ones.
package struct AddressIndex {
    let db: Database
    private let cache: GeocoderCache?

    /// - Parameter cache: what to keep between reads; without it every `port` remembers by itself, as a write
    ///   transaction must, which sees what others do not.
    package init(_ db: Database, cache: GeocoderCache? = nil) {
        self.db = db
        self.cache = cache
    }

    /// The index as the geocoder's port. Make it once for many queries of one transaction.
    package var port: GeocoderIndex {
        let memory = AddressMemory(index: self, cache: cache)
        return GeocoderIndex(
            streets: memory.streets, streetsAnywhere: streetsAnywhere, houseNumbers: houseNumbers,
            houseNumbersNear: houseNumbersNear, communes: memory.communes)
    }

    // MARK: Streets

    private static let streetColumns = """
        s.id, s.name, s.name_key, s.kind, s.commune_code, s.commune_name, s.former_commune_name, s.postcode,
        s.lon, s.lat, s.spread_metres, s.other_keys
        """

    private static let streetsByTerms = """
        SELECT \(streetColumns) FROM street_terms t JOIN streets s ON s.id = t.rowid
        WHERE street_terms MATCH ? AND s.lon IS NOT NULL ORDER BY t.rowid LIMIT ?
        """

    /// All streets of a commune's ground; a negative limit is none.
    func streets(ofCommune code: CommuneCode) throws -> [StreetCandidate] {
        try fetchStreets(
            try db.cachedStatement(sql: Self.streetsByTerms), [quoted(IndexTerms.commune(code)), -1])
    }

    func streetsAnywhere(_ search: StreetSearch) throws -> [StreetCandidate] {
        switch search.terms {
        case .allWords(let words):
            guard !words.isEmpty else { return [] }
            var match = words.map { quoted(IndexTerms.word($0)) }.joined(separator: " AND ")
            if !search.communes.isEmpty {
                let codes = search.communes.map { quoted(IndexTerms.commune($0)) }
                match += " AND (\(codes.joined(separator: " OR ")))"
            }
            return try fetchStreets(try db.cachedStatement(sql: Self.streetsByTerms), [match, search.limit])
        case .trigrams(let trigrams):
            guard !trigrams.isEmpty else { return [] }
            let statement = try db.cachedStatement(sql: Self.streetsByTrigrams(count: trigrams.count))
            return try fetchStreets(statement, StatementArguments(trigrams.map(quoted)) + [search.limit])
        }
    }

    /// Counts shared trigrams per street. `bm25` would rank by rarity too, but it cannot without the columns' sizes
    /// and positions, which would treble the index.
    private static func streetsByTrigrams(count: Int) -> String {
        let walks = Array(repeating: "SELECT rowid FROM street_terms WHERE street_terms MATCH ?", count: count)
        return """
            SELECT \(streetColumns) FROM (
              SELECT rowid AS id, count(*) AS shared FROM (\(walks.joined(separator: " UNION ALL ")))
              GROUP BY rowid ORDER BY shared DESC, rowid LIMIT ?) c
            JOIN streets s ON s.id = c.id WHERE s.lon IS NOT NULL ORDER BY c.shared DESC, c.id
            """
    }

    private func fetchStreets(_ statement: Statement, _ arguments: StatementArguments) throws -> [StreetCandidate] {
        var streets: [StreetCandidate] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        // Streets of one commune follow each other.
        var last: (text: String, code: CommuneCode)?
        while let row = try rows.next() {
            let text: String = row[4]
            if last?.text != text { last = CommuneCode(text).map { (text, $0) } }
            guard let code = last?.code, last?.text == text else { continue }
            let otherKeys: String = row[11]
            streets.append(StreetCandidate(
                id: StreetID(rawValue: row[0]), name: row[1], key: row[2],
                otherKeys: otherKeys.isEmpty ? [] : otherKeys.split(separator: "\n").map(String.init),
                kind: StreetCandidate.Kind(rawValue: row[3]) ?? .locality, communeCode: code, communeName: row[5],
                formerCommuneName: row[6], postcode: row[7],
                position: Position(longitude: row[8], latitude: row[9]), spreadMetres: row[10]))
        }
        return streets
    }

    // MARK: House numbers

    func houseNumbers(_ street: StreetID, _ number: Int) throws -> [LocatedHouseNumber] {
        try fetchHouseNumbers(
            """
            SELECT number, suffix, lon, lat, radius_metres FROM house_numbers
            WHERE street_id = ? AND number = ? AND number >= 0 ORDER BY suffix
            """, [street.rawValue, number])
    }

    func houseNumbersNear(_ street: StreetID, _ number: Int, _ limit: Int) throws -> [LocatedHouseNumber] {
        try fetchHouseNumbers(
            """
            SELECT number, suffix, lon, lat, radius_metres FROM house_numbers
            WHERE street_id = ? AND number >= 0 ORDER BY abs(number - ?), number, suffix LIMIT ?
            """, [street.rawValue, number, limit])
    }

    private func fetchHouseNumbers(_ sql: String, _ arguments: StatementArguments) throws -> [LocatedHouseNumber] {
        var numbers: [LocatedHouseNumber] = []
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            numbers.append(LocatedHouseNumber(
                houseNumber: HouseNumber(row[0], suffix: row[1]),
                position: Position(longitude: row[2], latitude: row[3]), radiusMetres: row[4]))
        }
        return numbers
    }

    func quoted(_ term: String) -> String { "\"\(term)\"" }

    // MARK: Revision

    /// Grows with every change of the index.
    func revision() throws -> Int64 {
        try Int64.fetchOne(try db.cachedStatement(sql: "SELECT revision FROM address_revision")) ?? 0
    }

    func advanceRevision() throws {
        try db.cachedStatement(sql: "UPDATE address_revision SET revision = revision + 1").execute()
    }
}

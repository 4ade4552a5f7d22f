import GRDB
import GeoModel
import Geocoding

/// The geocoder's index over an open connection: reads for `Geocoder`, writes in `AddressIndex+Build`.
///
/// Use it inside one `read` or `write` of the database; statements are the connection's cached ones.
package struct AddressIndex {
    let db: Database

    package init(_ db: Database) {
        self.db = db
    }

    /// The index as the geocoder's port.
    package var port: GeocoderIndex {
        GeocoderIndex(
            streets: streets, houseNumbers: houseNumbers, houseNumbersNear: houseNumbersNear, communes: communes)
    }

    // MARK: Streets

    private static let streetColumns = """
        s.id, s.name, s.name_key, s.kind, s.commune_code, s.commune_name, s.former_commune_name, s.postcode,
        s.lon, s.lat, s.spread_metres
        """

    private static let streetsByWords = """
        SELECT \(streetColumns) FROM street_terms t JOIN streets s ON s.id = t.rowid
        WHERE street_terms MATCH ? AND s.lon IS NOT NULL ORDER BY t.rowid LIMIT ?
        """

    func streets(_ search: StreetSearch) throws -> [StreetCandidate] {
        let place = search.communes.isEmpty
            ? "" : "(\(search.communes.map { quoted(IndexTerms.commune($0)) }.joined(separator: " OR "))) AND "
        switch search.terms {
        case .allWords(let words):
            guard !words.isEmpty else { return [] }
            let match = place + "(\(words.map { quoted(IndexTerms.word($0)) }.joined(separator: " AND ")))"
            let statement = try db.cachedStatement(sql: Self.streetsByWords)
            return try fetchStreets(statement, [match, search.limit])
        case .trigrams(let trigrams):
            guard !trigrams.isEmpty else { return [] }
            let statement = try db.cachedStatement(sql: Self.streetsByTrigrams(count: trigrams.count))
            return try fetchStreets(statement, StatementArguments(trigrams.map { place + quoted($0) }) + [search.limit])
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
        while let row = try rows.next() {
            guard let code = CommuneCode(row[4] as String) else { continue }
            streets.append(StreetCandidate(
                id: StreetID(rawValue: row[0]), name: row[1], key: row[2],
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
            SELECT number, suffix, lon, lat FROM house_numbers
            WHERE street_id = ? AND number = ? AND number >= 0 ORDER BY suffix
            """, [street.rawValue, number])
    }

    func houseNumbersNear(_ street: StreetID, _ number: Int, _ limit: Int) throws -> [LocatedHouseNumber] {
        try fetchHouseNumbers(
            """
            SELECT number, suffix, lon, lat FROM house_numbers
            WHERE street_id = ? AND number >= 0 ORDER BY abs(number - ?), number, suffix LIMIT ?
            """, [street.rawValue, number, limit])
    }

    private func fetchHouseNumbers(_ sql: String, _ arguments: StatementArguments) throws -> [LocatedHouseNumber] {
        var numbers: [LocatedHouseNumber] = []
        let rows = try Row.fetchCursor(try db.cachedStatement(sql: sql), arguments: arguments)
        while let row = try rows.next() {
            numbers.append(LocatedHouseNumber(
                houseNumber: HouseNumber(row[0], suffix: row[1]),
                position: Position(longitude: row[2], latitude: row[3])))
        }
        return numbers
    }

    func quoted(_ term: String) -> String { "\"\(term)\"" }
}

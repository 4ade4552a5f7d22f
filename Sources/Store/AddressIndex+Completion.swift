import GRDB
import GeoModel
import Geocoding

/// A place that what is typed so far may become.
struct Completion {
    let record: AddressRecord
    let score: Double
}

/// Completion of an address under way: streets and communes that begin with what is typed.
///
/// Only ranges of two sorted columns are read, `streets.name_key` and `commune_names.name_key`, so that its cost does
/// not grow with the country.
extension AddressIndex {
    /// Fewer letters begin too much to mean anything.
    private static let fewestLetters = 3
    /// Rows read of one range.
    private static let rowsRead = 20
    private static let communesRead = 5
    /// What an unfinished text scores: the share of the name that is typed decides.
    private static let leastScore = 0.5
    private static let completeScore = 0.88

    /// "12 avenue galli", "galli", "avenue gallieni bon", "bon".
    func completions(of search: AddressSearch) throws -> [Completion] {
        let tokens = PlaceNormalizer.tokens(search.text)
        guard let last = tokens.last, !last.allSatisfy({ $0.isNumber }) else { return [] }
        var found = try communes(beginning: PlaceNormalizer.communeKey(search.text)).map { commune in
            Completion(record: commune.record, score: commune.score)
        }
        let (number, words) = Self.leadingNumber(of: tokens)
        guard !words.isEmpty else { return found }
        found += try streets(beginning: words, number: number, in: nil)
        let within = search.filters.communeCodes.compactMap { CommuneCode($0) }
        if !within.isEmpty { found += try streets(beginning: words, number: number, in: within.sorted()) }
        if let centre = search.centre, let around = try commune(around: centre)?.record.communeCode {
            found += try streets(beginning: words, number: number, in: [around])
        }
        // The last words may be the commune's, begun: "avenue gallieni bon".
        for length in 1...3 where words.count > length {
            let communes = try communes(beginning: PlaceNormalizer.communeKey(words.suffix(length).joined(separator: " ")))
            guard !communes.isEmpty else { continue }
            found += try streets(
                beginning: words.dropLast(length), number: number, in: communes.map(\.record.communeCode))
        }
        return found
    }

    /// The house number that opens the text, and the rest.
    private static func leadingNumber(of tokens: [String]) -> (HouseNumber?, [String]) {
        guard let first = tokens.first, tokens.count > 1 else { return (nil, tokens) }
        let figures = first.prefix { $0.isASCII && $0.isNumber }
        guard let number = Int(figures), number <= HouseNumber.highestNumber, figures.count < 5 else {
            return (nil, tokens)
        }
        let suffix = String(first.dropFirst(figures.count))
        if suffix.isEmpty, ["bis", "ter", "quater"].contains(tokens[1]) {
            return (HouseNumber(number, suffix: tokens[1]), Array(tokens.dropFirst(2)))
        }
        return (HouseNumber(number, suffix: suffix), Array(tokens.dropFirst()))
    }

    // MARK: Communes

    private func communes(beginning key: String) throws -> [Completion] {
        guard key.utf8.count >= Self.fewestLetters else { return [] }
        let statement = try db.cachedStatement(sql: """
            SELECT c.code, c.name, c.lon, c.lat, n.name_key,
              (SELECT min(p.postcode) FROM commune_postcodes p WHERE p.commune_id = c.id)
            FROM commune_names n JOIN place_communes c ON c.id = n.commune_id
            WHERE n.name_key >= ? AND n.name_key < ? AND n.kind = 'own' AND c.lon IS NOT NULL
            ORDER BY length(n.name_key), n.name_key, c.code LIMIT ?
            """)
        let rows = try Row.fetchAll(statement, arguments: [key, Self.end(of: key), Self.communesRead])
        return rows.compactMap { row in
            guard let code = CommuneCode(row[0] as String) else { return nil }
            let record = AddressRecord(
                identifier: code.rawValue, kind: .commune, houseNumber: nil, name: row[1], postcode: row[5],
                communeCode: code, communeName: row[1], formerCommuneCode: nil, formerCommuneName: nil,
                position: Position(longitude: row[2], latitude: row[3]))
            return Completion(record: record, score: Self.score(typed: key, of: row[4]))
        }
    }

    // MARK: Streets

    /// Street types before a name typed without one.
    private static let types = ["rue", "avenue", "boulevard", "place", "chemin", "impasse", "allee", "route"]
    private static let articles = ["", "de ", "du ", "des ", "de la ", "de l ", "d ", "l "]

    private func streets(
        beginning words: some Collection<String>, number: HouseNumber?, in communes: [CommuneCode]?
    ) throws -> [Completion] {
        let key = PlaceNormalizer.streetTokens(words.joined(separator: " ")).joined(separator: " ")
        // "gal" is Gallieni begun as well as Général shortened.
        let finished = PlaceNormalizer.streetTokens(words.dropLast().joined(separator: " "))
        let begun = (finished + words.suffix(1)).joined(separator: " ")
        return try streets(keyed: key, number, communes) + (begun == key ? [] : streets(keyed: begun, number, communes))
    }

    private func streets(
        keyed key: String, _ number: HouseNumber?, _ communes: [CommuneCode]?
    ) throws -> [Completion] {
        guard key.utf8.count >= Self.fewestLetters else { return [] }
        var rows = try streetRows(beginning: key, in: communes).map { ($0, Self.score(typed: key, of: $0.key)) }
        if rows.isEmpty, IndexTerms.kind(ofKey: key) == .locality {
            search: for type in Self.types {
                for article in Self.articles {
                    let whole = "\(type) \(article)\(key)"
                    rows += try streetRows(beginning: whole, in: communes).map {
                        ($0, Self.score(typed: key, of: $0.key))
                    }
                    if rows.count >= Self.rowsRead { break search }
                }
            }
        }
        return try rows.map { row, score in
            guard let number else { return Completion(record: row.street.record, score: score) }
            let door = try houseNumbers(StreetID(rawValue: row.street.id), number.number)
                .first { $0.houseNumber == number }
            let record = door.map { row.street.record(of: $0.houseNumber, at: $0.position) }
            return Completion(record: record ?? row.street.record, score: record == nil ? score * 0.9 : score)
        }
    }

    private func streetRows(
        beginning key: String, in communes: [CommuneCode]?
    ) throws -> [(street: StreetRow, key: String)] {
        let within = communes.map { " AND s.commune_code IN (\($0.map { _ in "?" }.joined(separator: ",")))" } ?? ""
        let statement = try db.cachedStatement(sql: """
            SELECT \(StreetRow.columns), s.name_key FROM streets s
            WHERE s.name_key >= ? AND s.name_key < ?\(within) AND s.lon IS NOT NULL
            ORDER BY s.name_key, s.id LIMIT ?
            """)
        let arguments = StatementArguments([key, Self.end(of: key)] + (communes ?? []).map(\.rawValue))
            + [Self.rowsRead]
        return try Row.fetchAll(statement, arguments: arguments).compactMap { row in
            StreetRow(row).map { ($0, row[11] as String) }
        }
    }

    /// The end of the range of texts that begin with a key: keys hold `a–z`, `0–9` and spaces only.
    private static func end(of key: String) -> String { key + "~" }

    private static func score(typed: String, of whole: String) -> Double {
        let share = Double(typed.utf8.count) / Double(max(whole.utf8.count, 1))
        return leastScore + (completeScore - leastScore) * min(1, share)
    }
}

import GRDB
import GeoEngine
import GeoModel
import Geocoding

/// What is looked for among the addresses, as the national geocoder's clients ask it.
package struct AddressSearch: Hashable, Sendable {
    /// A filter holds when one of its values does; an empty one always does.
    package struct Filters: Hashable, Sendable {
        package var kinds: Set<PlacePrecision> = []
        package var postcodes: Set<String> = []
        package var communeCodes: Set<String> = []
        /// Communes' names, compared without case, accents and hyphens.
        package var communeNames: Set<String> = []
        /// Streets' names, compared likewise.
        package var streets: Set<String> = []

        package init() {}
    }

    package let text: String
    package let limit: Int
    /// Whether the last word may be unfinished.
    package let completes: Bool
    /// Places near it come first among equals.
    package let centre: Position<WGS84>?
    package let filters: Filters

    package init(
        text: String, limit: Int, completes: Bool = false, centre: Position<WGS84>? = nil, filters: Filters = Filters()
    ) {
        self.text = text
        self.limit = limit
        self.completes = completes
        self.centre = centre
        self.filters = filters
    }
}

/// A place found, and how far it may be trusted to be the one meant.
package struct ScoredAddress: Hashable, Sendable {
    package let record: AddressRecord
    /// From 0 to 1, as `GeocodedPlace.score`.
    package let score: Double
    /// Geodesic, to the search's centre.
    package let metres: Double?
}

extension AddressIndex {
    /// Answers compared before the filters; what the geocoder gives at most.
    private static let widestSearch = 50
    /// Share of the score that being near the centre decides, as with the national geocoder.
    private static let nearnessWeight = 0.1
    /// Half of that share is lost at this distance.
    private static let halfNearnessMetres = 20_000.0
    /// A list with an answer this good is not completed.
    private static let certainScore = 0.9
    /// Readings of one text besides itself.
    private static let mostReadings = 6

    /// The places a text may mean, best first.
    ///
    /// - Parameter geocoder: over this index's port, made once for all searches of a transaction.
    func search(_ search: AddressSearch, _ geocoder: Geocoder) throws -> [ScoredAddress] {
        var best: [String: (record: AddressRecord, score: Double)] = [:]
        func offer(_ record: AddressRecord?, _ score: Double) throws {
            guard let record, score > best[record.identifier]?.score ?? 0,
                  try search.filters.admit(record, in: self)
            else { return }
            best[record.identifier] = (record, score)
        }
        func read(_ text: String) throws {
            for place in try geocoder.search(text: text, limit: Self.widestSearch) {
                try offer(try record(of: place), place.score)
            }
        }
        var isCertain: Bool { best.values.contains { $0.score >= Self.certainScore } }
        for text in try readings(of: search) { try read(text) }
        if !isCertain { try read(search.text) }
        if search.completes, !isCertain {
            for completion in try completions(of: search) { try offer(completion.record, completion.score) }
        }
        let words = Set(PlaceNormalizer.tokens(search.text))
        let found = best.values.map { record, score in
            let metres = search.centre.map { Ellipsoid.distanceMetres($0, record.position) }
            let nearness = metres.map { Self.halfNearnessMetres / (Self.halfNearnessMetres + $0) }
            let weighted = nearness.map { score * (1 - Self.nearnessWeight) + $0 * Self.nearnessWeight } ?? score
            return ScoredAddress(record: record, score: min(weighted, 1), metres: metres)
        }
        // Of two that score alike, the one written more like the question: "4b avenue" before "4bis av".
        let ranked = found.map { address in
            (address: address, shared: words.intersection(PlaceNormalizer.tokens(address.record.label)).count)
        }.sorted {
            ($1.address.score, $1.shared, $0.address.record.identifier)
                < ($0.address.score, $0.shared, $1.address.record.identifier)
        }
        return ranked.prefix(search.limit).map(\.address)
    }

    /// The text with each commune that a filter or the centre names: "rue Fontaine" in 93010.
    private func readings(of search: AddressSearch) throws -> [String] {
        func with(_ name: String, _ code: CommuneCode, _ postcode: String?) -> String {
            // One postcode of Paris would be one of its arrondissements.
            let postcode = Self.citiesOfArrondissements.contains(code.rawValue) ? "" : postcode ?? ""
            return "\(search.text) \(postcode) \(name)"
        }
        var readings: [String] = []
        for code in search.filters.communeCodes.sorted() {
            guard let code = CommuneCode(code), let commune = try communes(.code(code)).first else { continue }
            readings.append(with(commune.name, code, commune.postcodes.first))
        }
        for postcode in search.filters.postcodes.sorted() where !search.text.contains(postcode) {
            readings.append("\(search.text) \(postcode)")
        }
        for name in search.filters.communeNames.sorted() { readings.append("\(search.text) \(name)") }
        if readings.isEmpty, let centre = search.centre, let commune = try commune(around: centre)?.record {
            readings.append(with(commune.communeName, commune.communeCode, commune.postcode))
        }
        return Array(readings.prefix(Self.mostReadings))
    }

    private static let citiesOfArrondissements: Set<String> = ["75056", "69123", "13055"]
}

extension AddressSearch.Filters {
    /// Whether a record is what the filters ask for. A commune has all its postcodes.
    func admit(_ record: AddressRecord, in index: AddressIndex) throws -> Bool {
        if !kinds.isEmpty, !kinds.contains(record.kind) { return false }
        if !communeCodes.isEmpty, !communeCodes.contains(record.communeCode.rawValue),
           !communeCodes.contains(MunicipalArrondissement.city(of: record.communeCode)?.rawValue ?? "") {
            return false
        }
        if !communeNames.isEmpty, !Self.names(communeNames, hold: record.communeName) { return false }
        if !streets.isEmpty, record.kind == .commune || !Self.names(streets, hold: record.name) { return false }
        guard !postcodes.isEmpty else { return true }
        if let postcode = record.postcode, postcodes.contains(postcode) { return true }
        guard record.kind == .commune else { return false }
        return try index.communes(.code(record.communeCode)).contains { !postcodes.isDisjoint(with: $0.postcodes) }
    }

    private static func names(_ names: Set<String>, hold name: String) -> Bool {
        let key = FoldedName(name).text
        return names.contains { FoldedName($0).text == key }
    }
}

extension AlertDatabase {
    /// As `AddressIndex.search`, in one read transaction.
    package func search(_ searches: [AddressSearch]) throws -> [[ScoredAddress]] {
        try pool.read { database in
            let index = AddressIndex(database, cache: geocoderCache)
            let geocoder = Geocoder(index: index.port)
            return try searches.map { try index.search($0, geocoder) }
        }
    }

    /// As `AddressIndex.nearest`, in one read transaction.
    package func nearest(
        to positions: [Position<WGS84>], kinds: Set<PlacePrecision>?, limit: Int
    ) throws -> [[NearbyAddress]] {
        try pool.read { database in
            let index = AddressIndex(database, cache: geocoderCache)
            return try positions.map { try index.nearest(to: $0, kinds: kinds, limit: limit) }
        }
    }

    /// Those of the places that filters admit.
    package func admitted(
        _ places: [NearbyAddress], _ filters: AddressSearch.Filters
    ) throws -> [NearbyAddress] {
        try pool.read { database in
            let index = AddressIndex(database, cache: geocoderCache)
            return try places.filter { try filters.admit($0.record, in: index) }
        }
    }

    /// What an answer says of its communes beside their names: population, department and region, of the newest vintage.
    package func communeContexts(_ codes: Set<CommuneCode>) throws -> [CommuneCode: CommuneContext] {
        try pool.read { database in
            let statement = try database.cachedStatement(sql: """
                WITH commune AS (
                    SELECT department, population FROM communes WHERE code = ?
                    ORDER BY vintage DESC, kind = 'COM' DESC, kind LIMIT 1)
                SELECT commune.department, commune.population, area.name, region.name FROM commune
                LEFT JOIN code_areas AS area ON area.kind = 'department' AND area.code = commune.department
                LEFT JOIN code_areas AS region
                    ON region.kind = 'region' AND region.vintage = area.vintage AND region.code = area.region
                ORDER BY area.vintage DESC LIMIT 1
                """)
            var figures: [CommuneCode: CommuneContext] = [:]
            for code in codes {
                guard let row = try Row.fetchOne(statement, arguments: [code.rawValue]) else { continue }
                figures[code] = CommuneContext(
                    department: row[0], population: row[1], departmentName: row[2], regionName: row[3])
            }
            return figures
        }
    }
}

/// What is known of a commune beside its name.
package struct CommuneContext: Hashable, Sendable {
    /// The department's code.
    package let department: String
    /// Legal population.
    package let population: Int?
    /// INSEE's names of the department and its region, where its tables are loaded.
    package let departmentName: String?
    package let regionName: String?
}

import GeoModel

/// A street's or locality's row number in the index.
package struct StreetID: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64
    package init(rawValue: Int64) { self.rawValue = rawValue }
}

/// A street or locality that may be the one asked for.
package struct StreetCandidate: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable {
        case street, locality
    }

    package let id: StreetID
    package let name: String
    /// `PlaceNormalizer.streetTokens(name)`, joined by spaces.
    package let key: String
    /// The same of its other names: those in a regional language, and aliases.
    package let otherKeys: [String]
    package let kind: Kind
    package let communeCode: CommuneCode
    package let communeName: String
    package let formerCommuneName: String?
    package let postcode: String
    /// Centre of its known house numbers, WGS 84.
    package let position: Position<WGS84>
    /// Distance in metres from `position` to the farthest of its known house numbers.
    package let spreadMetres: Double

    package init(
        id: StreetID, name: String, key: String, otherKeys: [String] = [], kind: Kind, communeCode: CommuneCode, communeName: String,
        formerCommuneName: String?, postcode: String, position: Position<WGS84>, spreadMetres: Double
    ) {
        self.id = id
        self.name = name
        self.key = key
        self.otherKeys = otherKeys
        self.kind = kind
        self.communeCode = communeCode
        self.communeName = communeName
        self.formerCommuneName = formerCommuneName
        self.postcode = postcode
        self.position = position
        self.spreadMetres = spreadMetres
    }
}

/// A house number and its point, WGS 84.
package struct LocatedHouseNumber: Hashable, Sendable {
    package let houseNumber: HouseNumber
    package let position: Position<WGS84>
    /// Radius in metres of the disc around the point that holds the door: see `AddressPointKind`.
    package let radiusMetres: Double

    package init(
        houseNumber: HouseNumber, position: Position<WGS84>,
        radiusMetres: Double = GeocodingWeights.houseNumberRadiusMetres
    ) {
        self.houseNumber = houseNumber
        self.position = position
        self.radiusMetres = radiusMetres
    }
}

/// What to look for among the streets of the whole index.
package struct StreetSearch: Hashable, Sendable {
    package enum Terms: Hashable, Sendable {
        /// All of these words.
        case allWords([String])
        /// As many of these three-letter sequences as possible, best first.
        case trigrams([String])
    }

    package let terms: Terms
    /// Only streets of these communes' ground; empty for all.
    package var communes: [CommuneCode] = []
    package let limit: Int

    package init(terms: Terms, communes: [CommuneCode] = [], limit: Int) {
        self.terms = terms
        self.communes = communes
        self.limit = limit
    }
}

/// What to look for among communes.
package enum CommuneSearch: Hashable, Sendable {
    case code(CommuneCode)
    case postcode(String)
    /// Communes one of whose names, present, former or postal, has one of these keys.
    case keys([String])
    /// Communes one of whose own, former or other names begins with a key and goes on, at most so many.
    case beginning(with: String, limit: Int)
    /// Communes whose names resemble a key, by three-letter sequences, at most so many.
    case similar(key: String, limit: Int)
}

/// The index the geocoder reads, as the store supplies it.
///
/// A value of it lives inside one read of the database and is synchronous, hence neither `Sendable` nor stored.
package struct GeocoderIndex {
    /// The streets of a commune, those of a city's arrondissements and of a former commune's ground included.
    package var streets: (CommuneCode) throws -> CommuneStreets
    package var streetsAnywhere: (StreetSearch) throws -> [StreetCandidate]
    /// The rows of exactly this number, whatever their suffix.
    package var houseNumbers: (StreetID, _ number: Int) throws -> [LocatedHouseNumber]
    /// The rows nearest to this number, both parities, at most so many.
    package var houseNumbersNear: (StreetID, _ number: Int, _ limit: Int) throws -> [LocatedHouseNumber]
    package var communes: (CommuneSearch) throws -> [CommuneEntry]

    package init(
        streets: @escaping (CommuneCode) throws -> CommuneStreets,
        streetsAnywhere: @escaping (StreetSearch) throws -> [StreetCandidate],
        houseNumbers: @escaping (StreetID, Int) throws -> [LocatedHouseNumber],
        houseNumbersNear: @escaping (StreetID, Int, Int) throws -> [LocatedHouseNumber],
        communes: @escaping (CommuneSearch) throws -> [CommuneEntry]
    ) {
        self.streets = streets
        self.streetsAnywhere = streetsAnywhere
        self.houseNumbers = houseNumbers
        self.houseNumbersNear = houseNumbersNear
        self.communes = communes
    }
}

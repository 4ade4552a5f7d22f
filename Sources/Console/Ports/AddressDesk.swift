import GeoModel

/// What kind of place an address is, in the national geocoder's words.
package enum AddressKind: String, CaseIterable, Codable, Hashable, Sendable {
    case housenumber, street, locality, municipality
}

/// What restricts an answer. A filter without values restricts nothing; otherwise one of its values must hold.
package struct AddressFilters: Hashable, Sendable {
    /// Nil when not asked for; empty when only unknown kinds were named, so that nothing can be found.
    package var kinds: Set<AddressKind>?
    package var postcodes: [String] = []
    /// INSEE codes.
    package var cityCodes: [String] = []
    package var cities: [String] = []
    package var streets: [String] = []

    package init() {}
}

/// `GET /search`.
package struct AddressQuestion: Hashable, Sendable {
    /// As typed; at most 200 characters.
    package let text: String
    package let limit: Int
    /// Whether the last word may be unfinished.
    package let completes: Bool
    package let centre: Position<WGS84>?
    package let filters: AddressFilters

    package init(text: String, limit: Int, completes: Bool, centre: Position<WGS84>?, filters: AddressFilters) {
        self.text = text
        self.limit = limit
        self.completes = completes
        self.centre = centre
        self.filters = filters
    }
}

/// `GET /reverse`.
package struct PlaceQuestion: Hashable, Sendable {
    package let position: Position<WGS84>
    package let limit: Int
    package let filters: AddressFilters

    package init(position: Position<WGS84>, limit: Int, filters: AddressFilters) {
        self.position = position
        self.limit = limit
        self.filters = filters
    }
}

/// A place as the national geocoder describes it; what is not known is nil, and left out of the answer.
package struct FoundAddress: Hashable, Sendable {
    package var kind: AddressKind
    package var label: String
    /// From 0 to 1.
    package var score: Double
    package var identifier: String
    package var houseNumber: String?
    /// The street's, locality's or commune's name, without a number.
    package var name: String
    package var postcode: String?
    package var cityCode: String
    package var city: String
    package var oldCityCode: String?
    package var oldCity: String?
    /// "80, Somme, Hauts-de-France".
    package var context: String?
    package var importance: Double?
    package var population: Int?
    package var position: Position<WGS84>
    /// In metres: Lambert-93 in metropolitan France, the territory's legal projection overseas.
    package var eastingMetres: Double?
    package var northingMetres: Double?
    /// From the centre of a search, or from the position of a reverse one.
    package var distanceMetres: Double?

    package init(
        kind: AddressKind, label: String, score: Double, identifier: String, name: String, cityCode: String,
        city: String, position: Position<WGS84>
    ) {
        self.kind = kind
        self.label = label
        self.score = score
        self.identifier = identifier
        self.name = name
        self.cityCode = cityCode
        self.city = city
        self.position = position
    }
}

/// A query that was a pair of coordinates, and how it was read.
package struct ReadCoordinates: Hashable, Sendable {
    package let position: Position<WGS84>
    /// `latitude,longitude` or `longitude,latitude`.
    package let order: String

    package init(position: Position<WGS84>, order: String) {
        self.position = position
        self.order = order
    }
}

/// The addresses, as the address routes need them. Every function may throw `ConsoleProblem` or `AddressProblem`.
package struct AddressDesk: Sendable {
    /// Places that a text may mean, best first; the coordinates when the text was a pair of them.
    package var search: @Sendable (AddressQuestion) async throws -> (found: [FoundAddress], read: ReadCoordinates?)
    /// Places at a position, nearest first.
    package var reverse: @Sendable (PlaceQuestion) async throws -> [FoundAddress]
    /// Checks an uploaded table and makes it ready to be read again with the places.
    package var open: @Sendable (AddressTableRequest) async throws -> AddressTable

    package init(
        search: @escaping @Sendable (AddressQuestion) async throws -> (found: [FoundAddress], read: ReadCoordinates?),
        reverse: @escaping @Sendable (PlaceQuestion) async throws -> [FoundAddress],
        open: @escaping @Sendable (AddressTableRequest) async throws -> AddressTable
    ) {
        self.search = search
        self.reverse = reverse
        self.open = open
    }
}

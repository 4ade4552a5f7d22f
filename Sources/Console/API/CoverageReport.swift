import AlertModel

/// How well the register covers a zone: `POST /api/zone/coverage`.
///
/// A share is registered over population, nil when the population is unknown.
package struct CoverageReport: Codable, Hashable, Sendable {
    /// Recipients that have a location, by how exactly it is known.
    package struct Located: Codable, Hashable, Sendable {
        package let given: Int
        package let houseNumber: Int
        package let street: Int
        package let locality: Int
        package let commune: Int

        package init(given: Int, houseNumber: Int, street: Int, locality: Int, commune: Int) {
            self.given = given
            self.houseNumber = houseNumber
            self.street = street
            self.locality = locality
            self.commune = commune
        }

        private enum CodingKeys: String, CodingKey {
            case given, street, locality, commune
            case houseNumber = "house_number"
        }
    }

    package struct Whole: Codable, Hashable, Sendable {
        @Nullable package var population: Int?
        package let registered: Int
        package let located: Located
        package let notLocated: Int
        package let reachable: ByChannel<Int>
        package let unreachable: Int
        @Nullable package var share: Double?
        package let households: Int
        /// Not confirmed for a year, or never.
        package let stale: Int
        /// How communes' people were shared out: `whole`, `addresses`, `grid`, `area`; the surest first.
        package let populationMethods: [String]

        package init(
            population: Int?, registered: Int, located: Located, notLocated: Int, reachable: [Channel: Int],
            unreachable: Int, share: Double?, households: Int = 0, stale: Int = 0, populationMethods: [String] = []
        ) {
            self.population = population
            self.registered = registered
            self.located = located
            self.notLocated = notLocated
            self.reachable = ByChannel(all: reachable)
            self.unreachable = unreachable
            self.share = share
            self.households = households
            self.stale = stale
            self.populationMethods = populationMethods
        }
    }

    package struct Commune: Codable, Hashable, Sendable {
        package let code: String
        package let name: String
        @Nullable package var population: Int?
        @Nullable package var populationYear: Int?
        package let registered: Int
        package let inZone: Int
        /// Recipients in the zone with at least one contact point.
        package let reachable: Int
        package let unreachable: Int
        @Nullable package var share: Double?

        package init(
            code: String, name: String, population: Int?, populationYear: Int?, registered: Int, inZone: Int,
            reachable: Int, unreachable: Int, share: Double?
        ) {
            self.code = code
            self.name = name
            self.population = population
            self.populationYear = populationYear
            self.registered = registered
            self.inZone = inZone
            self.reachable = reachable
            self.unreachable = unreachable
            self.share = share
        }
    }

    package let zone: Whole
    package let communes: [Commune]

    package init(zone: Whole, communes: [Commune]) {
        self.zone = zone
        self.communes = communes
    }
}

/// A commune's colour on the coverage map.
package struct CommuneShare: Codable, Hashable, Sendable {
    package let code: String
    @Nullable package var share: Double?

    package init(code: String, share: Double?) {
        self.code = code
        self.share = share
    }
}

/// `GET /api/coverage/communes`.
package struct CommuneShares: Codable, Hashable, Sendable {
    package let communes: [CommuneShare]

    package init(communes: [CommuneShare]) {
        self.communes = communes
    }
}

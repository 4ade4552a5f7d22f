import GeoModel

/// A commune as search and map clicks show it.
package struct CommuneCard: Codable, Hashable, Sendable {
    package let code: String
    package let name: String
    /// The department's code.
    package let department: String
    /// Legal population; nil when the data have none.
    @Nullable package var population: Int?
    package let centre: LonLat
    package let bounds: Bounds

    package init(
        code: CommuneCode, name: String, population: Int?, centre: Position<WGS84>, bounds: BoundingBox<WGS84>
    ) {
        self.code = code.rawValue
        self.name = name
        department = code.department
        self.population = population
        self.centre = LonLat(centre)
        self.bounds = Bounds(bounds)
    }
}

/// `GET /api/communes`: the communes found and, for a look-up by code, the codes nobody knows.
package struct CommuneList: Codable, Hashable, Sendable {
    package let communes: [CommuneCard]
    package let unknown: [String]?

    package init(communes: [CommuneCard], unknown: [String]? = nil) {
        self.communes = communes
        self.unknown = unknown
    }
}

/// An intercommunalité as a search shows it.
package struct EPCICard: Codable, Hashable, Sendable {
    /// Nine digits.
    package let siren: String
    package let name: String
    /// Its communes of today, sorted.
    package let codes: [String]
    /// Nil when no boundary is loaded.
    @Nullable package var bounds: Bounds?

    package init(siren: String, name: String, codes: [CommuneCode], bounds: BoundingBox<WGS84>?) {
        self.siren = siren
        self.name = name
        self.codes = codes.map(\.rawValue)
        self.bounds = bounds.map { Bounds($0) }
    }
}

/// `GET /api/epcis`.
package struct EPCIList: Codable, Hashable, Sendable {
    package let epcis: [EPCICard]

    package init(epcis: [EPCICard]) {
        self.epcis = epcis
    }
}

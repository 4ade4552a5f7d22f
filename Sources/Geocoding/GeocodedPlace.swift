import GeoModel

/// How exactly an address was found. The raw values are those of the register's precision classes.
package enum PlacePrecision: String, CaseIterable, Codable, Hashable, Sendable {
    case houseNumber = "house_number"
    case street
    case locality
    /// Only the commune is known: the place may be anywhere within it.
    case commune

    /// 0 for the most exact: decides between answers of one score.
    var exactness: Int {
        switch self {
        case .houseNumber: 0
        case .street: 1
        case .locality: 2
        case .commune: 3
        }
    }
}

/// An answer of the geocoder: a disc on the ground and how far it may be trusted.
package struct GeocodedPlace: Hashable, Sendable {
    /// The address as the base writes it, "12bis Rue Fontaine 93140 Bondy".
    package let label: String
    /// Centre of the disc, WGS 84.
    package let position: Position<WGS84>
    /// Confidence from 0 to 1 that the disc holds the place that was meant; see `GeocodingWeights`.
    package let score: Double
    package let precision: PlacePrecision
    package let communeCode: CommuneCode
    package let communeName: String
    package let postcode: String?
    /// Radius of the disc in metres; nil at commune precision, where the commune's own boundary is the extent.
    package let uncertaintyMetres: Double?
    /// Several places answer equally well: the disc covers them all where they are in one commune, and the score
    /// is below `GeocodingWeights.acceptedScore` where they are not.
    package let isAmbiguous: Bool
    /// The house number found, and the street or locality, as the base writes them.
    package let houseNumber: HouseNumber?
    package let street: String?
    /// The commune was guessed from a misspelt name that no postcode or code confirms; such an answer's score is
    /// always below `GeocodingWeights.acceptedScore`.
    package let isCommuneGuessed: Bool

    package init(
        label: String, position: Position<WGS84>, score: Double, precision: PlacePrecision, communeCode: CommuneCode,
        communeName: String, postcode: String?, uncertaintyMetres: Double?, isAmbiguous: Bool = false,
        houseNumber: HouseNumber? = nil, street: String? = nil, isCommuneGuessed: Bool = false
    ) {
        self.label = label
        self.position = position
        self.score = score
        self.precision = precision
        self.communeCode = communeCode
        self.communeName = communeName
        self.postcode = postcode
        self.uncertaintyMetres = uncertaintyMetres
        self.isAmbiguous = isAmbiguous
        self.houseNumber = houseNumber
        self.street = street
        self.isCommuneGuessed = isCommuneGuessed
    }
}

/// What the point of an address stands for, as the Bases Adresses Locales say it (`position`, `type_position`).
///
/// The order is that of preference when one number has several points: people go in and out by the entrance.
package enum AddressPointKind: Int, CaseIterable, Comparable, Sendable {
    case entrance, building, stairwell, dwelling, delivery, unknown, service, parcel, segment

    /// The kind of a column's text, in French with or without accents; what is not known is `unknown`.
    package init(_ text: String) {
        switch PlaceNormalizer.tokens(text).joined(separator: " ") {
        case "entree", "entrance": self = .entrance
        case "batiment", "building": self = .building
        case "cage d escalier", "staircase identifier": self = .stairwell
        case "logement", "unit identifier": self = .dwelling
        case "delivrance postale", "postal delivery": self = .delivery
        case "service technique", "utility service": self = .service
        case "parcelle", "parcel": self = .parcel
        case "segment": self = .segment
        default: self = .unknown
        }
    }

    /// Radius in metres of the disc around the point that holds the door.
    ///
    /// A parcel's middle is within 30 m of its building in built-up land, and a point put on the road's line within 50 m
    /// of its plot's; the base does not tell how many of its untyped points are such, so they are taken at their word.
    package var radiusMetres: Double {
        switch self {
        case .entrance, .building, .stairwell, .dwelling, .delivery, .unknown:
            GeocodingWeights.houseNumberRadiusMetres
        case .service, .parcel: 30
        case .segment: 50
        }
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

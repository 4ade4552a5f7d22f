/// What a zone says of a recipient. Ordered: `outside < possible < certain`.
///
/// Zones combine as Kleene's three-valued logic: union is the maximum, intersection the minimum, and a
/// difference keeps whoever is only possibly in what is taken away. Nobody inside is silently lost.
package enum Certainty: Int, Codable, Hashable, Sendable, Comparable {
    case outside = 0
    /// The disc of the recipient's location touches the zone.
    case possible = 1
    /// The disc lies wholly inside the zone, boundary included.
    case certain = 2

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package static func union(_ left: Self, _ right: Self) -> Self { max(left, right) }
    package static func intersection(_ left: Self, _ right: Self) -> Self { min(left, right) }
    package static func difference(_ left: Self, _ right: Self) -> Self { min(left, right.complement) }

    package var complement: Self { Self(rawValue: 2 - rawValue)! }
}

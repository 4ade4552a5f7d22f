/// How a place, which may be uncertain, lies to a zone. Ordered: `outside < touches < within`.
package enum Relation: Int, Hashable, Sendable, Comparable {
    case outside = 0
    /// Some of it is in the zone, boundary included.
    case touches = 1
    /// All of it is in the zone, boundary included.
    case within = 2

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }
}

/// How far a position is from an area's boundary, and on which side.
package struct SignedDistance: Hashable, Sendable {
    /// Boundary included.
    package let isInside: Bool
    /// Geodesic metres to the nearest point of the boundary, never negative.
    package let metres: Double
    /// The nearest ring of the area, from 1: its polygon's number, then its own (1 is the exterior).
    package let polygon: Int
    package let ring: Int
}

import GeoModel

/// Point in polygon in exact arithmetic: the oracle for the fast one.
///
/// Coordinates between 1 and 128 are whole multiples of 2⁻⁵², so they are compared as integers; products of
/// their differences fit 128 bits.
struct ExactPolygon {
    private let rings: [[(x: Int128, y: Int128)]]

    init(_ polygon: Polygon<WGS84>) {
        rings = polygon.rings.map { $0.positions.map(Self.scaled) }
    }

    private static func scaled(_ position: Position<WGS84>) -> (x: Int128, y: Int128) {
        precondition((1..<128).contains(position.longitude) && (1..<128).contains(position.latitude))
        let scale = Double(sign: .plus, exponent: 52, significand: 1)
        return (Int128(position.longitude * scale), Int128(position.latitude * scale))
    }

    /// Whether the position is inside or on a ring.
    func contains(_ position: Position<WGS84>) -> Bool {
        let p = Self.scaled(position)
        var isInside = false
        for ring in rings {
            for (a, b) in zip(ring, ring.dropFirst()) {
                let cross = (b.x - a.x) * (p.y - a.y) - (p.x - a.x) * (b.y - a.y)
                if cross == 0, min(a.x, b.x) <= p.x, p.x <= max(a.x, b.x), min(a.y, b.y) <= p.y, p.y <= max(a.y, b.y) {
                    return true
                }
                if (a.y > p.y) != (b.y > p.y), (cross > 0) == (b.y > a.y) { isInside.toggle() }
            }
        }
        return isInside
    }
}

import GeoModel

/// Surfaces on the ellipsoid.
package enum SurfaceArea {
    /// Edges are cut to this many degrees before they are taken for geodesics. A straight line in longitude and
    /// latitude and the geodesic between its ends then lie at most 7 mm apart in metropolitan France.
    private static let longestEdgeDegrees = 0.005

    /// The surface of the polygons, holes taken away, in square metres. Polygons that overlap count twice:
    /// `PreparedArea.areaSquareMetres` counts them once.
    package static func squareMetres(of area: Area<WGS84>) -> Double {
        area.polygons.reduce(0) { sum, polygon in
            sum + squareMetres(of: polygon.exterior) - polygon.holes.reduce(0) { $0 + squareMetres(of: $1) }
        }
    }

    private static func squareMetres(of ring: Ring<WGS84>) -> Double {
        guard let first = ring.positions.first else { return 0 }
        var positions = [first]
        for (from, to) in zip(ring.positions, ring.positions.dropFirst()) {
            let edge = Edge(from: from, to: to)
            let degrees = max((to.longitude - from.longitude).magnitude, (to.latitude - from.latitude).magnitude)
            let pieces = max(1, Int((degrees / longestEdgeDegrees).rounded(.up)))
            for piece in 1...pieces { positions.append(edge.position(at: Double(piece) / Double(pieces))) }
        }
        return Ellipsoid.areaSquareMetres(geodesicRing: positions)
    }
}

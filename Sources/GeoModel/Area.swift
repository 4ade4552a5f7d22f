/// A closed ring: the first position is repeated at the end, at least four positions in all.
///
/// Either winding is accepted everywhere; `GeoEngine` checks validity.
package struct Ring<CRS: CoordinateReferenceSystem>: Hashable, Sendable {
    package let positions: [Position<CRS>]

    package init(_ positions: [Position<CRS>]) {
        self.positions = positions
    }
}

/// A polygon with its holes.
package struct Polygon<CRS: CoordinateReferenceSystem>: Hashable, Sendable {
    package let exterior: Ring<CRS>
    package let holes: [Ring<CRS>]

    package init(exterior: Ring<CRS>, holes: [Ring<CRS>] = []) {
        self.exterior = exterior
        self.holes = holes
    }

    /// The exterior, then the holes.
    package var rings: [Ring<CRS>] { [exterior] + holes }
}

/// A surface made of polygons, which may touch or overlap: a position is inside when it is inside any of them.
///
/// Edges are straight in the plane of the system; for `WGS84` that is straight in longitude and latitude
/// (RFC 7946, section 3.1.1).
package struct Area<CRS: CoordinateReferenceSystem>: Hashable, Sendable {
    package let polygons: [Polygon<CRS>]

    package init(_ polygons: [Polygon<CRS>]) {
        self.polygons = polygons
    }

    package var isEmpty: Bool { polygons.isEmpty }

    package var vertexCount: Int {
        polygons.reduce(0) { $0 + $1.rings.reduce(0) { $0 + $1.positions.count } }
    }

    /// The smallest box that holds every vertex, or nil for an empty area.
    package var boundingBox: BoundingBox<CRS>? {
        // Ring by ring: over one flattened sequence every vertex would cost the making of a generic type.
        polygons.reduce(nil) { box, polygon in
            guard let next = BoundingBox(enclosing: polygon.exterior.positions) else { return box }
            return box?.union(next) ?? next
        }
    }
}

import GeoModel

/// An area asked how near places outside it lie.
package struct AreaSurroundings {
    private let edges: EdgeIndex

    package init(_ area: Area<WGS84>) {
        edges = EdgeIndex(area)
    }

    /// Whether any ring of the area comes as near to a position as `metres` of geodesic, by a micrometre outward.
    ///
    /// Rings between adjoining polygons count too: for a position outside all of them they are never the nearest.
    /// - Parameter position: within ±180 and ±90 degrees.
    package func comesWithin(_ metres: Double, of position: Position<WGS84>) -> Bool {
        edges.comesWithin(metres, of: position, .around(position, metres: metres))
    }
}

extension BoundingBox where CRS == WGS84 {
    /// A box that holds every point within a geodesic distance of this one; longitudes may leave ±180.
    package func spread(byMetres metres: Double) -> BoundingBox {
        [(west, south), (west, north), (east, south), (east, north)].reduce(self) { box, corner in
            box.union(.around(Position(longitude: corner.0, latitude: corner.1), metres: metres))
        }
    }
}

/// An axis-aligned box, edges included.
package struct BoundingBox<CRS: CoordinateReferenceSystem>: Hashable, Sendable {
    package let west: Double
    package let south: Double
    package let east: Double
    package let north: Double

    package init(west: Double, south: Double, east: Double, north: Double) {
        self.west = west
        self.south = south
        self.east = east
        self.north = north
    }

    /// The smallest box around the positions, or nil when there are none.
    @_specialize(where CRS == WGS84)
    package init?(enclosing positions: [Position<CRS>]) {
        var west = Double.infinity, south = Double.infinity
        var east = -Double.infinity, north = -Double.infinity
        for position in positions {
            west = min(west, position.east)
            east = max(east, position.east)
            south = min(south, position.north)
            north = max(north, position.north)
        }
        guard west <= east, south <= north else { return nil }
        self.init(west: west, south: south, east: east, north: north)
    }

    package func union(_ other: BoundingBox) -> BoundingBox {
        BoundingBox(
            west: min(west, other.west), south: min(south, other.south),
            east: max(east, other.east), north: max(north, other.north))
    }

    package func intersects(_ other: BoundingBox) -> Bool {
        west <= other.east && other.west <= east && south <= other.north && other.south <= north
    }

    package func contains(_ position: Position<CRS>) -> Bool {
        west <= position.east && position.east <= east && south <= position.north && position.north <= north
    }
}

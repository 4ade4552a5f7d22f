import GeoModel

/// A tile of the Web Mercator pyramid: zoom, column from the west, row from the north.
package struct TileAddress: Hashable, Sendable {
    /// A tile of zoom 22 is ten metres wide: finer than any boundary here.
    package static let greatestZoom = 22

    package let zoom: Int
    package let x: Int
    package let y: Int

    /// - Throws: `bad_tile` unless the zoom is 0 to 22 and the column and row are in the pyramid.
    package init(zoom: Int, x: Int, y: Int) throws(GeometryError) {
        guard (0...Self.greatestZoom).contains(zoom), (0..<(1 << zoom)).contains(x), (0..<(1 << zoom)).contains(y)
        else {
            throw GeometryError(.badTile, "no such tile: the zoom is 0 to 22, x and y are below 2 to its power")
        }
        self.zoom = zoom
        self.x = x
        self.y = y
    }

    /// The ground it shows.
    package var bounds: BoundingBox<WGS84> {
        bounds(marginTiles: 0)
    }

    /// The ground it shows and a margin around it, in tile widths. Clipped to the pyramid.
    func bounds(marginTiles: Double) -> BoundingBox<WGS84> {
        let count = Double(1 << zoom)
        func longitude(_ column: Double) -> Double { max(0, min(1, column / count)) * 360 - 180 }
        func latitude(_ row: Double) -> Double {
            arcTangentOfHyperbolicSineDegrees(.pi * (1 - 2 * max(0, min(1, row / count))))
        }
        return BoundingBox(
            west: longitude(Double(x) - marginTiles), south: latitude(Double(y + 1) + marginTiles),
            east: longitude(Double(x + 1) + marginTiles), north: latitude(Double(y) - marginTiles))
    }

    /// The position in the tile's own units, x to the east, y to the south.
    func units(of position: Position<WGS84>, extent: Double) -> Position<TilePlane> {
        let size = Double(1 << zoom) * extent
        let sine = sin(degrees: max(-TilePlane.greatestLatitude, min(TilePlane.greatestLatitude, position.latitude)))
        return Position(
            east: (position.longitude + 180) / 360 * size - Double(x) * extent,
            north: (0.5 - hyperbolicArcTangent(sine) / (2 * .pi)) * size - Double(y) * extent)
    }
}

/// A tile's own plane: `east` counts units to the east, `north` counts them to the south.
enum TilePlane: CoordinateReferenceSystem {
    static let epsgCode = 0
    /// Where Web Mercator's square ends, in degrees.
    static let greatestLatitude = 85.051_128_779_806_6
}

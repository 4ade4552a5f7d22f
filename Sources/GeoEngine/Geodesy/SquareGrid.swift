import GeoModel

/// The squares of one grid on the ground, in WGS 84.
///
/// Not `Sendable`: it holds a projection. Making one costs about 15 ms.
package final class SquareGrid {
    package let epsgCode: Int
    package let sideMetres: Int
    private let reprojection: Reprojection
    /// Points put on each side of a box before it is projected: what bends between them is far less than a square.
    private static let pointsPerSide = 24

    /// - Throws: `unknown_crs` when PROJ cannot bring the system to WGS 84.
    package init(epsgCode: Int, sideMetres: Int) throws(GeometryError) {
        self.epsgCode = epsgCode
        self.sideMetres = sideMetres
        reprojection = try Reprojection(fromEPSG: epsgCode)
    }

    /// The square a position lies in.
    /// - Throws: `not_projectable` far outside the grid's system.
    package func square(at position: Position<WGS84>) throws(GeometryError) -> GridSquare {
        let source: Position<ForeignCRS> = try reprojection.source(of: position)
        return GridSquare(
            epsgCode: epsgCode, sideMetres: sideMetres, northMetres: floor(source.north), eastMetres: floor(source.east))
    }

    /// The square's corners joined by straight edges: at 1 km they lie within 3 cm of the projected ones.
    package func area(of square: GridSquare) throws(GeometryError) -> Area<WGS84> {
        let (south, west) = (Double(square.northMetres), Double(square.eastMetres))
        let side = Double(square.sideMetres)
        var positions: [Position<WGS84>] = []
        for (east, north) in [(west, south), (west + side, south), (west + side, south + side), (west, south + side)] {
            positions.append(try reprojection.position(of: Position<ForeignCRS>(east: east, north: north)))
        }
        positions.append(positions[0])
        return Area([Polygon(exterior: Ring(positions))])
    }

    /// South-western corners, north and east, of a range that has every square touching a box, and some more.
    package func corners(
        covering box: BoundingBox<WGS84>
    ) throws(GeometryError) -> (norths: ClosedRange<Int>, easts: ClosedRange<Int>) {
        var outline: [Position<ForeignCRS>] = []
        for step in 0...Self.pointsPerSide {
            let part = Double(step) / Double(Self.pointsPerSide)
            let longitude = box.west + (box.east - box.west) * part
            let latitude = box.south + (box.north - box.south) * part
            for position in [
                Position<WGS84>(longitude: longitude, latitude: box.south),
                Position(longitude: longitude, latitude: box.north), Position(longitude: box.west, latitude: latitude),
                Position(longitude: box.east, latitude: latitude),
            ] { outline.append(try reprojection.source(of: position)) }
        }
        guard let extent = BoundingBox(enclosing: outline) else { return (0...0, 0...0) }
        return (
            (floor(extent.south) - sideMetres)...(floor(extent.north) + sideMetres),
            (floor(extent.west) - sideMetres)...(floor(extent.east) + sideMetres)
        )
    }

    /// The grid's line at or below a coordinate.
    private func floor(_ metres: Double) -> Int {
        let side = Double(sideMetres)
        return Int((metres / side).rounded(.down)) * sideMetres
    }
}

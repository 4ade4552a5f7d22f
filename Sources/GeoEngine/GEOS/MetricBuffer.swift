import CGEOS
import GeoModel

/// Margins as surfaces, to be drawn and measured; who is within a margin is decided by `WidenedArea`.
package enum MetricBuffer {
    /// Segments of a quarter of a circle. The polygon is drawn around the true arc, and lies at most 0.03 % beyond it.
    private static let quarterSegments: Int32 = 32
    /// Longer edges are cut before they are taken to the plane: a straight line there and one in longitude and latitude
    /// then lie at most some millimetres apart.
    private static let longestEdgeDegrees = 0.01
    /// Adjoining polygons within such a box are joined before they are widened: one outline instead of a department's
    /// hundreds of communes, and still within what the projection is true to.
    private static let widestJoinedDegrees = 4.0

    /// The area with everything within a distance of it.
    ///
    /// Each polygon is widened in a transverse Mercator projection of its own, whose scale is true to 0.1 % within 280 km
    /// of its middle.
    /// - Parameters:
    ///   - area: valid.
    ///   - metres: above 0.
    package static func area(around area: Area<WGS84>, metres: Double) throws(GeometryError) -> Area<WGS84> {
        guard metres > 0, metres.isFinite else {
            throw GeometryError(.badRadius, "a margin must be above 0 and a finite number of metres")
        }
        var widened: [Polygon<WGS84>] = []
        for polygon in try joined(area).polygons {
            guard let box = BoundingBox(enclosing: polygon.exterior.positions) else { continue }
            let plane = try Reprojection(
                transverseMercatorAt: Position(
                    longitude: (box.west + box.east) / 2, latitude: (box.south + box.north) / 2))
            widened += try self.area(around: polygon, metres: metres, plane).polygons
        }
        return widened.count == 1 ? Area(widened) : try Overlay.union(Area(widened))
    }

    private static func joined(_ area: Area<WGS84>) throws(GeometryError) -> Area<WGS84> {
        guard area.polygons.count > 1, let box = area.boundingBox,
            max(box.east - box.west, box.north - box.south) <= widestJoinedDegrees
        else { return area }
        return try Overlay.union(area)
    }

    private static func area(
        around polygon: Polygon<WGS84>, metres: Double, _ plane: Reprojection
    ) throws(GeometryError) -> Area<WGS84> {
        var rings: [Ring<ForeignCRS>] = []
        for ring in polygon.rings { rings.append(try self.ring(ring, plane)) }
        let context = try GEOSContext()
        let shape = try context.shape(of: Polygon(exterior: rings[0], holes: Array(rings.dropFirst())))
        let step = Double.pi / (4 * Double(quarterSegments))
        let buffer = try context.shape(
            "GEOSBuffer_r", GEOSBuffer_r(context.handle, shape.pointer, metres / cos(degrees: step * 180 / .pi), quarterSegments))
        let flat: Area<ForeignCRS> = try context.area(of: buffer)
        return try plane.area(of: flat)
    }

    private static func ring(_ ring: Ring<WGS84>, _ plane: Reprojection) throws(GeometryError) -> Ring<ForeignCRS> {
        var positions: [Position<ForeignCRS>] = []
        for (index, to) in ring.positions.enumerated() {
            if index > 0 {
                let edge = Edge(from: ring.positions[index - 1], to: to)
                let degrees = max(abs(edge.to.longitude - edge.from.longitude), abs(edge.to.latitude - edge.from.latitude))
                let pieces = max(1, Int((degrees / longestEdgeDegrees).rounded(.up)))
                for piece in 1..<max(2, pieces) where pieces > 1 {
                    positions.append(try plane.source(of: edge.position(at: Double(piece) / Double(pieces))))
                }
            }
            positions.append(try plane.source(of: to))
        }
        if let first = positions.first { positions[positions.count - 1] = first }
        return Ring(positions)
    }
}

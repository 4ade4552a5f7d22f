import CGEOS
import GeoModel

/// Cuts polygons to a tile and rounds them to its units.
final class TileClipper {
    private let context: GEOSContext

    init() throws(GeometryError) {
        context = try GEOSContext()
    }

    /// The parts of a polygon that a tile shows: each an exterior, then its holes, in whole units, not closed.
    func clipped(_ polygon: Polygon<WGS84>, to tile: TileAddress) throws(GeometryError) -> [[TileRing]] {
        func units(_ ring: Ring<WGS84>) -> Ring<TilePlane> {
            Ring(ring.positions.map { tile.units(of: $0, extent: Double(VectorTile.extent)) })
        }
        let whole = Polygon<TilePlane>(exterior: units(polygon.exterior), holes: polygon.holes.map(units))
        guard let box = BoundingBox(enclosing: whole.exterior.positions) else { return [] }
        let low = Double(-VectorTile.bufferUnits), high = Double(VectorTile.extent + VectorTile.bufferUnits)
        let frame = BoundingBox<TilePlane>(west: low, south: low, east: high, north: high)
        guard box.intersects(frame) else { return [] }
        let isInside = box.west >= low && box.south >= low && box.east <= high && box.north <= high
        guard whole.rings.allSatisfy({ $0.positions.allSatisfy { $0.east.isFinite && $0.north.isFinite } }) else {
            throw GeometryError(.badCoordinate, "a coordinate is not a finite number")
        }
        let parts = isInside ? [whole] : try cut(whole, polygon, units, to: frame).polygons
        return parts.compactMap(rounded)
    }

    private func cut(
        _ whole: Polygon<TilePlane>, _ source: Polygon<WGS84>, _ units: (Ring<WGS84>) -> Ring<TilePlane>,
        to frame: BoundingBox<TilePlane>
    ) throws(GeometryError) -> Area<TilePlane> {
        do throws(GeometryError) {
            return try clip(Area([whole]), to: frame)
        } catch {
            // An invalid polygon may not be cuttable as it is.
            let repaired = try Repair.repaired(Area([source])).area
            return try clip(
                Area(repaired.polygons.map { Polygon(exterior: units($0.exterior), holes: $0.holes.map(units)) }),
                to: frame)
        }
    }

    private func clip(_ area: Area<TilePlane>, to frame: BoundingBox<TilePlane>) throws(GeometryError) -> Area<
        TilePlane
    > {
        let shape = try context.shape(of: area)
        let fast = try context.shape(
            "GEOSClipByRect_r",
            GEOSClipByRect_r(context.handle, shape.pointer, frame.west, frame.south, frame.east, frame.north))
        if try surface(fast) <= surface(shape) * 1.000_1 + 1 { return try context.area(of: fast) }
        // Where a ring touches itself or the frame, the fast way may give the frame's other part: all of the tile but
        // the polygon. A cut that is larger than what was cut is done again, slowly.
        let valid = try context.shape("GEOSMakeValid_r", GEOSMakeValid_r(context.handle, shape.pointer))
        let window = try context.shape(of: Area([Polygon(exterior: Self.ring(frame))]))
        return try context.area(
            of: context.shape(
                "GEOSIntersection_r", GEOSIntersection_r(context.handle, valid.pointer, window.pointer)))
    }

    private func surface(_ shape: GEOSShape) throws(GeometryError) -> Double {
        var surface = 0.0
        guard GEOSArea_r(context.handle, shape.pointer, &surface) == 1 else { throw context.failure("GEOSArea_r") }
        return surface
    }

    private static func ring(_ box: BoundingBox<TilePlane>) -> Ring<TilePlane> {
        Ring([
            Position(east: box.west, north: box.south), Position(east: box.east, north: box.south),
            Position(east: box.east, north: box.north), Position(east: box.west, north: box.north),
            Position(east: box.west, north: box.south),
        ])
    }

    /// The parts of a polygon in whole units of a tile that lie in the frame around the tile.
    /// - Throws: when the polygon is invalid in a way that cannot be cut.
    func clipped(_ polygon: Polygon<TilePlane>) throws(GeometryError) -> [[TileRing]] {
        // Half a unit outside the frame: no whole unit lies on its sides, where cutting is most delicate.
        let low = Double(-VectorTile.bufferUnits) - 0.5, high = Double(VectorTile.extent + VectorTile.bufferUnits) + 0.5
        return try clip(Area([polygon]), to: BoundingBox(west: low, south: low, east: high, north: high))
            .polygons.compactMap(rounded)
    }

    private func rounded(_ polygon: Polygon<TilePlane>) -> [TileRing]? {
        guard let exterior = TileRing(polygon.exterior) ?? TileRing(dotFor: polygon.exterior) else { return nil }
        return [exterior.wound(positive: true)] + polygon.holes.compactMap { TileRing($0)?.wound(positive: false) }
    }
}

import CGEOS
import GeoModel

/// Cuts polygons that cross the antimeridian into a polygon on either side, as RFC 7946 (3.1.9) wants them.
///
/// An edge that jumps over more than half the world is taken the short way round: nobody draws the long one. What could be
/// meant in two ways is refused: an edge of exactly half the world, a ring around a pole, and one so wide that either side of
/// it may be the inside.
enum AntimeridianCut {
    /// Widest a polygon may be, in degrees, once it is taken the short way: French Polynesia spans 22.
    private static let widestDegrees = 30.0
    private static let advice = "cut it at 180°, into a polygon on either side (RFC 7946, 3.1.9)"

    /// - Parameter area: not known to be valid; longitudes within ±180.
    /// - Returns: the area, and how many polygons of it were cut.
    /// - Throws: `crosses_antimeridian`, with polygon, ring and vertex.
    static func cut(_ area: Area<WGS84>) throws(GeometryError) -> (area: Area<WGS84>, count: Int) {
        guard area.polygons.contains(where: { $0.rings.contains { firstJump(in: $0) != nil } }) else { return (area, 0) }
        var polygons: [Polygon<WGS84>] = []
        var count = 0
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) {
                guard polygon.rings.contains(where: { firstJump(in: $0) != nil }) else {
                    polygons.append(polygon)
                    continue
                }
                polygons += try halves(of: polygon)
                count += 1
            } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        return (Area(polygons), count)
    }

    private static func firstJump(in ring: Ring<WGS84>) -> Int? {
        ring.positions.indices.dropFirst().first { isJump(ring.positions[$0 - 1], ring.positions[$0]) }
    }

    /// An edge from one side of the antimeridian to the very same meridian's other name crosses nothing.
    private static func isJump(_ from: Position<WGS84>, _ to: Position<WGS84>) -> Bool {
        let jump = abs(to.longitude - from.longitude)
        return jump >= 180 && jump < 360
    }

    private static func halves(of polygon: Polygon<WGS84>) throws(GeometryError) -> [Polygon<WGS84>] {
        let exterior = try unrolled(polygon.exterior, number: 1, from: polygon.exterior.positions[0].longitude)
        guard let box = BoundingBox(enclosing: exterior.positions) else { return [polygon] }
        guard box.east - box.west <= widestDegrees else {
            throw GeometryError(
                .crossesAntimeridian,
                "the ring goes over the antimeridian (180°) and is \(Int((box.east - box.west).rounded()))° wide, so that "
                    + "either side of it may be meant: \(advice)",
                ring: 1, vertex: firstJump(in: polygon.exterior).map { $0 + 1 })
        }
        var holes: [Ring<WGS84>] = []
        for (index, hole) in polygon.holes.enumerated() {
            // A hole may be written on the other side than its polygon begins on.
            let start = hole.positions[0].longitude
            let near = [start, start + 360, start - 360].first { box.west - 1e-9 <= $0 && $0 <= box.east + 1e-9 } ?? start
            holes.append(try unrolled(hole, number: index + 2, from: near))
        }
        let context = try GEOSContext()
        let whole = try context.shape(of: Polygon(exterior: exterior, holes: holes))
        var result: [Polygon<WGS84>] = []
        for (west, shift) in [(-540.0, 360.0), (-180, 0), (180, -360)] where box.west < west + 360 && box.east > west {
            let clip = try context.shape(of: Polygon<WGS84>(exterior: Ring([
                (west, -90), (west + 360, -90), (west + 360, 90), (west, 90), (west, -90),
            ].map { Position(longitude: $0.0, latitude: $0.1) })))
            let piece: GEOSShape
            do throws(GeometryError) {
                piece = try context.shape(
                    "GEOSIntersection_r", GEOSIntersection_r(context.handle, whole.pointer, clip.pointer))
            } catch {
                throw GeometryError(
                    .crossesAntimeridian, "the ring goes over the antimeridian (180°) and crosses itself: mend it, or \(advice)",
                    ring: 1, vertex: firstJump(in: polygon.exterior).map { $0 + 1 })
            }
            let half: Area<WGS84> = try context.area(of: piece)
            result += half.polygons.map { moved($0, by: shift) }
        }
        return result
    }

    /// The ring with every edge the short way: longitudes may leave ±180.
    private static func unrolled(
        _ ring: Ring<WGS84>, number: Int, from start: Double
    ) throws(GeometryError) -> Ring<WGS84> {
        var positions = [Position<WGS84>(longitude: start, latitude: ring.positions[0].latitude)]
        var turns = ((start - ring.positions[0].longitude) / 360).rounded()
        for index in ring.positions.indices.dropFirst() {
            let (from, to) = (ring.positions[index - 1], ring.positions[index])
            let jump = to.longitude - from.longitude
            if isJump(from, to) {
                guard abs(jump) > 180 else {
                    throw GeometryError(
                        .crossesAntimeridian, "an edge goes round half the world, so that either way may be meant: \(advice)",
                        ring: number, vertex: index + 1, position: to)
                }
                turns += jump > 0 ? -1 : 1
            } else if abs(jump) == 360 {
                turns += jump > 0 ? -1 : 1
            }
            positions.append(Position(longitude: to.longitude + 360 * turns, latitude: to.latitude))
        }
        guard positions.first == positions.last else {
            throw GeometryError(
                .crossesAntimeridian, "the ring goes round a pole, which has no inside on a map: \(advice)",
                ring: number, vertex: firstJump(in: ring).map { $0 + 1 })
        }
        return Ring(positions)
    }

    private static func moved(_ polygon: Polygon<WGS84>, by degrees: Double) -> Polygon<WGS84> {
        func ring(_ ring: Ring<WGS84>) -> Ring<WGS84> {
            Ring(ring.positions.map { Position(longitude: $0.longitude + degrees, latitude: $0.latitude) })
        }
        return Polygon(exterior: ring(polygon.exterior), holes: polygon.holes.map(ring))
    }
}

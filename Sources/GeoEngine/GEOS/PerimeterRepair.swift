import CGEOS
import GeoModel
import Synchronization

/// Makes a perimeter valid without ever losing anybody: ground of which it is doubtful whether it is inside goes to the
/// side that adds people.
///
/// A ring that crosses itself has no inside that all agree on: by the even-odd rule ground that is gone around twice is
/// outside, by the nonzero rule it is inside. Here the rings cut the plane into faces. Outward, a face is kept when any
/// of the rules takes it; inward, when all do. The result is then moved by a tenth of a millimetre in the same
/// direction, far more than the rounding of the points where edges cross.
package enum PerimeterRepair {
    package enum Direction: Sendable {
        /// For what is included: holds every point that any rule takes.
        case outward
        /// For what is excluded: only holds points that every rule takes.
        case inward
    }

    /// What was done to one polygon.
    package struct Note: Hashable, Sendable {
        /// The fault, with the polygon, ring and vertex nearest to it, and its place.
        package let fault: GeometryError
        /// The ground on which the rules disagree: taken in, or left out.
        package let squareMetres: Double
    }

    package struct Repaired: Sendable {
        /// Valid; the polygons that were are kept to the bit.
        package let area: Area<WGS84>
        /// Empty for an area that was valid.
        package let notes: [Note]
    }

    /// Degrees; some 0.1 mm. Coordinates near 180° are stored to 3e-14°.
    private static let spareDegrees = 1e-9
    /// Faces times vertices: beyond it lies a scribble, which would take minutes.
    private static let greatestWork = 2_000_000_000

    /// - Throws: what no rule can make an area of: coordinates that are none, rings that cannot be read, nothing enclosed.
    package static func repaired(
        _ area: Area<WGS84>, _ direction: Direction
    ) throws(GeometryError) -> Repaired {
        if let known = PerimeterRepairCache.repaired(area, direction) { return known }
        let repaired = try mend(area, direction)
        if !repaired.notes.isEmpty { PerimeterRepairCache.remember(repaired, of: area, direction) }
        return repaired
    }

    private static func mend(_ area: Area<WGS84>, _ direction: Direction) throws(GeometryError) -> Repaired {
        guard !area.isEmpty else { throw GeometryError(.empty, "the area has no polygon; draw at least one") }
        let context = try GEOSContext()
        var polygons: [Polygon<WGS84>] = []
        var notes: [Note] = []
        var hasGround = false
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) {
                let shape = try context.shape(of: polygon)
                guard var fault = try Validity.fault(in: shape, of: polygon) else {
                    polygons.append(polygon)
                    hasGround = true
                    continue
                }
                guard fault.code != .badCoordinate else { throw fault }
                let faces = try DoubtfulGround(polygon, shape, greatestWork: greatestWork, fault: fault)
                polygons += try faces.area(direction, spareDegrees: spareDegrees).polygons
                fault.polygon = index + 1
                hasGround = hasGround || faces.hasGround
                notes.append(Note(fault: fault, squareMetres: faces.doubtfulSquareMetres))
            } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        // A part without ground beside others keeps its line; alone it is a mistake.
        guard hasGround else {
            let first = notes[0].fault
            throw GeometryError(
                .zeroArea, "the polygon encloses nothing; draw it again", function: first.function, polygon: first.polygon,
                ring: first.ring, vertex: first.vertex, position: first.position)
        }
        guard !polygons.isEmpty else {
            var fault = notes[0].fault
            fault = GeometryError(
                fault.code, fault.reason + "; no ground is surely inside, so it cannot be mended: draw it again",
                function: fault.function, polygon: fault.polygon, ring: fault.ring, vertex: fault.vertex,
                position: fault.position)
            throw fault
        }
        return Repaired(area: Area(polygons), notes: notes)
    }
}

/// The faces into which an invalid polygon's rings cut the plane.
private struct DoubtfulGround {
    private let context: GEOSContext
    private let lines: GEOSShape
    private let outward: [OpaquePointer]
    private let inward: [OpaquePointer]
    /// Keeps the faces alive.
    private let faces: GEOSShape
    let doubtfulSquareMetres: Double
    /// Whether any rule takes anything.
    var hasGround: Bool { !outward.isEmpty }

    init(
        _ polygon: Polygon<WGS84>, _ shape: GEOSShape, greatestWork: Int, fault: GeometryError
    ) throws(GeometryError) {
        context = shape.context
        let boundary = try context.shape("GEOSBoundary_r", GEOSBoundary_r(context.handle, shape.pointer))
        lines = try context.shape("GEOSUnaryUnion_r", GEOSUnaryUnion_r(context.handle, boundary.pointer))
        var input: OpaquePointer? = lines.pointer
        faces = try context.shape(
            "GEOSPolygonize_r", withUnsafePointer(to: &input) { GEOSPolygonize_r(shape.context.handle, $0, 1) })
        let count = Int(GEOSGetNumGeometries_r(context.handle, faces.pointer))
        guard count >= 0 else { throw context.failure("GEOSGetNumGeometries_r") }
        let rings = polygon.rings.map { RingCount($0) }
        guard count * rings.reduce(0, { $0 + $1.edgeCount }) <= greatestWork else {
            throw GeometryError(
                fault.code, fault.reason + "; it does so \(count) times, too often to be mended", function: fault.function,
                ring: fault.ring, vertex: fault.vertex, position: fault.position)
        }
        var outward: [OpaquePointer] = [], inward: [OpaquePointer] = []
        var doubtful: [Polygon<WGS84>] = []
        for index in 0..<count {
            let face = try context.unwrap("GEOSGetGeometryN_r", GEOSGetGeometryN_r(context.handle, faces.pointer, Int32(index)))
            let inside = try context.shape("GEOSPointOnSurface_r", GEOSPointOnSurface_r(context.handle, face))
            let rules = Self.rules(rings, at: try context.position(of: inside.pointer))
            if rules.any { outward.append(face) }
            if rules.all { inward.append(face) }
            if rules.any, !rules.all {
                let copy = try context.shape("GEOSGeom_clone_r", GEOSGeom_clone_r(context.handle, face))
                doubtful += try context.area(of: copy).polygons
            }
        }
        (self.outward, self.inward) = (outward, inward)
        doubtfulSquareMetres = SurfaceArea.squareMetres(of: Area(doubtful))
    }

    /// Whether any rule takes a point, and whether all do.
    private static func rules(_ rings: [RingCount], at position: Position<WGS84>) -> (any: Bool, all: Bool) {
        let counts = rings.map { $0.count(at: position) }
        let isOddOverall = counts.reduce(0) { $0 + $1.crossings } % 2 == 1
        let isInHoleEvenOdd = counts.dropFirst().contains { $0.crossings % 2 == 1 }
        let isInHoleNonzero = counts.dropFirst().contains { $0.winding != 0 }
        let isInShellNonzero = counts[0].winding != 0
        let isInShellEvenOdd = counts[0].crossings % 2 == 1
        return (
            isOddOverall || (isInShellNonzero && !isInHoleEvenOdd),
            isOddOverall && isInShellEvenOdd && !isInHoleNonzero
        )
    }

    func area(_ direction: PerimeterRepair.Direction, spareDegrees: Double) throws(GeometryError) -> Area<WGS84> {
        let isOutward = direction == .outward
        let kept = isOutward ? outward : inward
        // The lines belong to the area: its boundary is inside, and so is a spike without surface.
        let parts = kept + (isOutward ? [lines.pointer] : [])
        guard !parts.isEmpty else { return Area([]) }
        var copies: [OpaquePointer?] = parts.map { GEOSGeom_clone_r(context.handle, $0) }
        let collection = try context.shape(
            "GEOSGeom_createCollection_r",
            copies.withUnsafeMutableBufferPointer {
                GEOSGeom_createCollection_r(
                    context.handle, Int32(GEOS_GEOMETRYCOLLECTION.rawValue), $0.baseAddress, UInt32($0.count))
            })
        let whole = isOutward
            ? collection
            : try context.shape("GEOSUnaryUnion_r", GEOSUnaryUnion_r(context.handle, collection.pointer))
        let moved = try context.shape(
            "GEOSBufferWithStyle_r",
            GEOSBufferWithStyle_r(
                context.handle, whole.pointer, isOutward ? spareDegrees : -spareDegrees, 2, Int32(GEOSBUF_CAP_SQUARE.rawValue),
                Int32(GEOSBUF_JOIN_MITRE.rawValue), 2))
        return try context.area(of: moved)
    }
}

/// A ring that counts how often it goes around a point.
private struct RingCount {
    private let positions: [Position<WGS84>]
    private let box: BoundingBox<WGS84>?
    var edgeCount: Int { positions.count }

    init(_ ring: Ring<WGS84>) {
        positions = ring.positions
        box = BoundingBox(enclosing: ring.positions)
    }

    /// Edges that a ray to the east crosses, and how often the ring winds around the point.
    func count(at point: Position<WGS84>) -> (crossings: Int, winding: Int) {
        guard let box, box.contains(point) else { return (0, 0) }
        var crossings = 0, winding = 0
        var from = positions[0]
        for to in positions.dropFirst() {
            defer { from = to }
            let isUp = from.north <= point.north && to.north > point.north
            guard isUp || (to.north <= point.north && from.north > point.north) else { continue }
            let side = (to.east - from.east) * (point.north - from.north) - (point.east - from.east) * (to.north - from.north)
            if isUp, side > 0 { (crossings, winding) = (crossings + 1, winding + 1) }
            if !isUp, side < 0 { (crossings, winding) = (crossings + 1, winding - 1) }
        }
        return (crossings, winding)
    }
}

/// Perimeters that were mended lately: the console sends the same one with every count.
private enum PerimeterRepairCache {
    private static let greatestVertexCount = 400_000
    private static let greatestCount = 8

    private struct Entry {
        let area: Area<WGS84>
        let direction: PerimeterRepair.Direction
        let repaired: PerimeterRepair.Repaired
    }

    /// The latest used last.
    private static let entries = Mutex<[Entry]>([])

    static func repaired(_ area: Area<WGS84>, _ direction: PerimeterRepair.Direction) -> PerimeterRepair.Repaired? {
        entries.withLock { entries in
            entries.last { $0.direction == direction && $0.area.hasSamePositions(as: area) }?.repaired
        }
    }

    static func remember(
        _ repaired: PerimeterRepair.Repaired, of area: Area<WGS84>, _ direction: PerimeterRepair.Direction
    ) {
        guard area.vertexCount <= greatestVertexCount else { return }
        entries.withLock { entries in
            entries.append(Entry(area: area, direction: direction, repaired: repaired))
            var total = entries.reduce(0) { $0 + $1.area.vertexCount }
            while entries.count > greatestCount || total > greatestVertexCount {
                total -= entries.removeFirst().area.vertexCount
            }
        }
    }
}

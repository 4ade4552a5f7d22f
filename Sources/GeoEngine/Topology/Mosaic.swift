import CGEOS
import GeoModel

/// Finds where areas that should adjoin, such as communes, overlap or leave gaps.
///
/// Each edge between two areas that fit is given twice, once in either direction, and cancels out. What is left over
/// bounds every place that not exactly one area covers, and little else: the coast, and the border of what was added.
/// Adding areas from west to east therefore keeps no more than a meridian's worth of edges besides the result.
package struct Mosaic {
    /// A piece of ground that the left-over edges close off: an overlap, a gap, or an island that is nothing of both.
    package struct Face: Sendable {
        package let area: Area<WGS84>
        /// Inside it, away from its edges.
        package let inside: Position<WGS84>

        /// On the ellipsoid.
        package var squareMetres: Double { SurfaceArea.squareMetres(of: area) }
    }

    private struct Segment: Hashable {
        let from: Position<WGS84>
        let to: Position<WGS84>
    }

    /// By segment, southwest end first: how often it was given that way, less how often the other way.
    private var open: [Segment: Int32] = [:]

    package init() {}

    /// - Parameter area: valid; the winding of its rings does not matter.
    package mutating func add(_ area: Area<WGS84>) {
        for polygon in area.polygons {
            for (index, ring) in polygon.rings.enumerated() {
                // Ground to the left: exteriors run one way, holes the other.
                let isForward = Self.isCounterclockwise(ring) == (index == 0)
                for (start, end) in zip(ring.positions, ring.positions.dropFirst()) where start != end {
                    let isSorted = (start.east, start.north) < (end.east, end.north)
                    let segment = isSorted ? Segment(from: start, to: end) : Segment(from: end, to: start)
                    let count = (open[segment] ?? 0) + (isSorted == isForward ? 1 : -1)
                    open[segment] = count == 0 ? nil : count
                }
            }
        }
    }

    /// The pieces of ground between the left-over edges, in no particular order.
    package func faces() throws(GeometryError) -> [Face] {
        guard !open.isEmpty else { return [] }
        let context = try GEOSContext()
        let lines = try collection(of: context)
        let noded = try context.shape("GEOSUnaryUnion_r", GEOSUnaryUnion_r(context.handle, lines.pointer))
        var input: OpaquePointer? = noded.pointer
        let polygons = try context.shape(
            "GEOSPolygonize_r", withUnsafePointer(to: &input) { GEOSPolygonize_r(context.handle, $0, 1) })
        var faces: [Face] = []
        let count = GEOSGetNumGeometries_r(context.handle, polygons.pointer)
        guard count >= 0 else { throw context.failure("GEOSGetNumGeometries_r") }
        for index in 0..<count {
            let face = try context.unwrap(
                "GEOSGetGeometryN_r", GEOSGetGeometryN_r(context.handle, polygons.pointer, index))
            let point = try context.shape("GEOSPointOnSurface_r", GEOSPointOnSurface_r(context.handle, face))
            let copy = try context.shape("GEOSGeom_clone_r", GEOSGeom_clone_r(context.handle, face))
            faces.append(Face(
                area: try context.area(of: copy), inside: try context.position(of: point.pointer)))
        }
        return faces
    }

    private func collection(of context: GEOSContext) throws(GeometryError) -> GEOSShape {
        var lines: [OpaquePointer?] = []
        lines.reserveCapacity(open.count)
        do throws(GeometryError) {
            // Sorted, so that the same areas always give the same faces.
            for segment in open.keys.sorted(by: Self.order) { lines.append(try line(segment, context)) }
        } catch {
            for line in lines { GEOSGeom_destroy_r(context.handle, line) }
            throw error
        }
        let pointer = lines.withUnsafeMutableBufferPointer {
            GEOSGeom_createCollection_r(
                context.handle, Int32(GEOS_MULTILINESTRING.rawValue), $0.baseAddress, UInt32($0.count))
        }
        return try context.shape("GEOSGeom_createCollection_r", pointer)
    }

    private func line(_ segment: Segment, _ context: GEOSContext) throws(GeometryError) -> OpaquePointer {
        let numbers = [segment.from.east, segment.from.north, segment.to.east, segment.to.north]
        let sequence = numbers.withUnsafeBufferPointer {
            GEOSCoordSeq_copyFromBuffer_r(context.handle, $0.baseAddress, 2, 0, 0)
        }
        return try context.unwrap(
            "GEOSGeom_createLineString_r",
            GEOSGeom_createLineString_r(context.handle, try context.unwrap("GEOSCoordSeq_copyFromBuffer_r", sequence)))
    }

    private static func order(_ left: Segment, _ right: Segment) -> Bool {
        (left.from.east, left.from.north, left.to.east, left.to.north)
            < (right.from.east, right.from.north, right.to.east, right.to.north)
    }

    private static func isCounterclockwise(_ ring: Ring<WGS84>) -> Bool {
        guard let origin = ring.positions.first else { return true }
        // From the first position, so that small rings far from the origin keep their digits.
        let doubleArea = zip(ring.positions, ring.positions.dropFirst()).reduce(0.0) { sum, edge in
            sum + (edge.0.east - origin.east) * (edge.1.north - origin.north)
                - (edge.1.east - origin.east) * (edge.0.north - origin.north)
        }
        return doubleArea > 0
    }
}

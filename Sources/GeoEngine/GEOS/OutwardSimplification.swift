import CGEOS
import GeoModel

/// Fewer vertices for a map, never less ground: what is drawn holds all of what decides.
///
/// The area is widened by the tolerance, then its boundary is simplified by less than that, so it cannot come back to the
/// area. GEOS then says whether the area is covered; if it were not, the area itself is given back.
package enum OutwardSimplification {
    /// The part of the tolerance that the boundary may move back: less than the arcs of the widening fall short.
    private static let share = 0.9
    private static let quarterSegments: Int32 = 8

    /// - Parameters:
    ///   - area: valid.
    ///   - toleranceMetres: how far the drawn boundary may lie outside the true one; twice that at sharp corners.
    /// - Returns: an area that holds every point of `area`, boundary included.
    package static func outward(_ area: Area<WGS84>, toleranceMetres: Double) throws(GeometryError) -> Area<WGS84> {
        try simplified(area, toleranceMetres: toleranceMetres, isOutward: true)
    }

    /// - Returns: an area of which every point is in `area`; `area` itself where nothing would be left.
    package static func inward(_ area: Area<WGS84>, toleranceMetres: Double) throws(GeometryError) -> Area<WGS84> {
        try simplified(area, toleranceMetres: toleranceMetres, isOutward: false)
    }

    private static func simplified(
        _ area: Area<WGS84>, toleranceMetres: Double, isOutward: Bool
    ) throws(GeometryError) -> Area<WGS84> {
        guard let box = area.boundingBox, toleranceMetres > 0, toleranceMetres.isFinite else { return area }
        let context = try GEOSContext()
        let whole = try Overlay.union(try Validity.validated(area, in: context))
        // In degrees as they are longest on the ground, so that the tolerance is never passed.
        let metric = LocalMetric(atLatitude: min(box.south.magnitude, box.north.magnitude))
        let tolerance = toleranceMetres / max(metric.metresPerDegreeEast, metric.metresPerDegreeNorth)
        let moved = try context.shape(
            "GEOSBuffer_r",
            GEOSBuffer_r(context.handle, whole.pointer, isOutward ? tolerance : -tolerance, quarterSegments))
        let simple = try context.shape(
            "GEOSTopologyPreserveSimplify_r",
            GEOSTopologyPreserveSimplify_r(context.handle, moved.pointer, tolerance * share))
        let holds = isOutward
            ? try context.verdict("GEOSCovers_r", GEOSCovers_r(context.handle, simple.pointer, whole.pointer))
            : try context.verdict("GEOSCovers_r", GEOSCovers_r(context.handle, whole.pointer, simple.pointer))
        let result: Area<WGS84> = try context.area(of: simple)
        guard holds, !result.isEmpty, result.vertexCount < area.vertexCount,
            result.polygons.allSatisfy({ $0.rings.allSatisfy { $0.positions.allSatisfy(\.isInRange) } })
        else { return area }
        return result
    }
}

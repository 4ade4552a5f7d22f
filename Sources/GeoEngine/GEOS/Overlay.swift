import CGEOS
import GeoModel

/// Set algebra on valid areas, in the plane of longitude and latitude.
package enum Overlay {
    /// Everything that is in any polygon, with the edges between adjoining polygons removed.
    package static func union(_ area: Area<WGS84>) throws(GeometryError) -> Area<WGS84> {
        let context = try GEOSContext()
        return try context.area(of: union(try Validity.validated(area, in: context)))
    }

    /// What is in both; empty when they share no surface.
    package static func intersection(
        _ left: Area<WGS84>, _ right: Area<WGS84>
    ) throws(GeometryError) -> Area<WGS84> {
        try combine(left, right, "GEOSIntersection_r", GEOSIntersection_r)
    }

    /// What is in the first and not in the second; may be empty.
    package static func difference(
        _ left: Area<WGS84>, _ right: Area<WGS84>
    ) throws(GeometryError) -> Area<WGS84> {
        try combine(left, right, "GEOSDifference_r", GEOSDifference_r)
    }

    /// The union of polygons of one context.
    static func union(_ shapes: [GEOSShape]) throws(GeometryError) -> GEOSShape {
        guard let first = shapes.first else { throw GeometryError(.empty, "the area has no polygon") }
        if shapes.count == 1 { return first }
        let context = first.context
        var parts: [OpaquePointer?] = shapes.map { GEOSGeom_clone_r(context.handle, $0.pointer) }
        let collection = parts.withUnsafeMutableBufferPointer {
            GEOSGeom_createCollection_r(
                context.handle, Int32(GEOS_GEOMETRYCOLLECTION.rawValue), $0.baseAddress, UInt32($0.count))
        }
        let whole = try context.shape("GEOSGeom_createCollection_r", collection)
        return try context.shape("GEOSUnaryUnion_r", GEOSUnaryUnion_r(context.handle, whole.pointer))
    }

    private static func combine(
        _ left: Area<WGS84>, _ right: Area<WGS84>, _ function: String,
        _ operation: (GEOSContextHandle_t?, OpaquePointer?, OpaquePointer?) -> OpaquePointer?
    ) throws(GeometryError) -> Area<WGS84> {
        let context = try GEOSContext()
        let first = try union(Validity.validated(left, in: context))
        let second = try union(Validity.validated(right, in: context))
        return try context.area(
            of: try context.shape(function, operation(context.handle, first.pointer, second.pointer)))
    }
}

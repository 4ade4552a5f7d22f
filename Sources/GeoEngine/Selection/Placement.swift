import CGEOS
import GeoModel

/// Points that stand for an area: to label it, or to look at it.
package enum Placement {
    /// The centre of mass in the plane of longitude and latitude. It may lie outside the area.
    package static func centroid(of area: Area<WGS84>) throws(GeometryError) -> Position<WGS84> {
        try point(of: area, "GEOSGetCentroid_r", GEOSGetCentroid_r)
    }

    /// A point inside the area, well away from its boundary where it is widest.
    package static func pointOnSurface(of area: Area<WGS84>) throws(GeometryError) -> Position<WGS84> {
        try point(of: area, "GEOSPointOnSurface_r", GEOSPointOnSurface_r)
    }

    private static func point(
        of area: Area<WGS84>, _ function: String,
        _ operation: (GEOSContextHandle_t?, OpaquePointer?) -> OpaquePointer?
    ) throws(GeometryError) -> Position<WGS84> {
        let context = try GEOSContext()
        let union = try Overlay.union(Validity.validated(Repair.repaired(area).area, in: context))
        let point = try context.shape(function, operation(context.handle, union.pointer))
        return try context.position(of: point.pointer)
    }
}

import CGEOS
import GeoModel

/// Mends boundaries that come from elsewhere and cannot be sent back, such as simplified communes.
package enum Repair {
    /// An area that was mended, and what was wrong with it.
    package struct Mended: Sendable {
        /// Valid; the polygons that were are kept to the bit.
        package let area: Area<WGS84>
        /// The first fault of each polygon that was rebuilt, with its numbers and place; empty for a valid area.
        package let faults: [GeometryError]
    }

    /// The area with its invalid polygons rebuilt; valid ones are kept to the bit.
    /// - Throws: as `mended`.
    package static func repaired(
        _ area: Area<WGS84>
    ) throws(GeometryError) -> (area: Area<WGS84>, wasRepaired: Bool) {
        let mended = try mended(area)
        return (mended.area, !mended.faults.isEmpty)
    }

    /// The area with its invalid polygons rebuilt, and why each was.
    ///
    /// The "structure" method is used: it keeps everything that the rings go around, so that a repair adds
    /// ground rather than loses it (the "linework" method makes holes where a ring covers ground twice). A polygon
    /// that encloses nothing goes, and its fault says so.
    /// - Throws: when nothing with a surface is left, or a ring cannot be read as one, naming polygon and ring.
    package static func mended(_ area: Area<WGS84>) throws(GeometryError) -> Mended {
        guard !area.isEmpty else { throw GeometryError(.empty, "the area has no polygon") }
        let context = try GEOSContext()
        var polygons: [Polygon<WGS84>] = []
        var faults: [GeometryError] = []
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) {
                let shape = try context.shape(of: polygon)
                if var fault = try Validity.fault(in: shape, of: polygon) {
                    guard fault.code != .badCoordinate else { throw fault }
                    polygons += try rebuilt(shape).polygons
                    fault.polygon = index + 1
                    faults.append(fault)
                } else {
                    polygons.append(polygon)
                }
            } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        guard !polygons.isEmpty else {
            throw GeometryError(
                .zeroArea, "nothing with a surface is left after repair; get the boundary again", polygon: 1, ring: 1)
        }
        return Mended(area: Area(polygons), faults: faults)
    }

    static func rebuilt(_ shape: GEOSShape) throws(GeometryError) -> Area<WGS84> {
        let context = shape.context
        let parameters = try context.unwrap(
            "GEOSMakeValidParams_create_r", GEOSMakeValidParams_create_r(context.handle))
        defer { GEOSMakeValidParams_destroy_r(context.handle, parameters) }
        guard GEOSMakeValidParams_setMethod_r(context.handle, parameters, GEOS_MAKE_VALID_STRUCTURE) == 1,
            GEOSMakeValidParams_setKeepCollapsed_r(context.handle, parameters, 0) == 1
        else { throw context.failure("GEOSMakeValidParams_setMethod_r") }
        let valid = try context.shape(
            "GEOSMakeValidWithParams_r", GEOSMakeValidWithParams_r(context.handle, shape.pointer, parameters))
        return try context.area(of: valid)
    }
}

import CGEOS
import GeoModel

/// Mends boundaries that come from elsewhere and cannot be sent back, such as simplified communes.
package enum Repair {
    /// The area with its invalid polygons rebuilt; valid ones are kept to the bit.
    ///
    /// The "structure" method is used: it keeps everything that the rings go around, so that a repair adds
    /// ground rather than loses it (the "linework" method makes holes where a ring covers ground twice).
    /// - Throws: when nothing with a surface is left, naming the polygon.
    package static func repaired(
        _ area: Area<WGS84>
    ) throws(GeometryError) -> (area: Area<WGS84>, wasRepaired: Bool) {
        guard !area.isEmpty else { throw GeometryError(.empty, "the area has no polygon") }
        let context = try GEOSContext()
        var polygons: [Polygon<WGS84>] = []
        var wasRepaired = false
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) {
                let shape = try context.shape(of: polygon)
                if try Validity.fault(in: shape, of: polygon) == nil {
                    polygons.append(polygon)
                } else {
                    polygons += try rebuilt(shape).polygons
                    wasRepaired = true
                }
            } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        guard !polygons.isEmpty else {
            throw GeometryError(.zeroArea, "nothing with a surface is left after repair; get the boundary again")
        }
        return (Area(polygons), wasRepaired)
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

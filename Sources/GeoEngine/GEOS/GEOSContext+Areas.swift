import CGEOS
import GeoModel

extension GEOSContext {
    // MARK: To GEOS

    /// - Throws: when a ring is open, has fewer than four positions, or holds a number that is not finite.
    func shape<CRS>(of polygon: Polygon<CRS>) throws(GeometryError) -> GEOSShape {
        let exterior = try ring(polygon.exterior, number: 1)
        var holes: [OpaquePointer?] = []
        do throws(GeometryError) {
            for (index, hole) in polygon.holes.enumerated() { holes.append(try ring(hole, number: index + 2)) }
        } catch {
            for case let hole? in holes + [exterior] { GEOSGeom_destroy_r(handle, hole) }
            throw error
        }
        let pointer = holes.withUnsafeMutableBufferPointer {
            GEOSGeom_createPolygon_r(handle, exterior, $0.baseAddress, UInt32($0.count))
        }
        return try shape("GEOSGeom_createPolygon_r", pointer)
    }

    /// The area as a multipolygon, valid as one or not.
    func shape<CRS>(of area: Area<CRS>) throws(GeometryError) -> GEOSShape {
        var shapes: [GEOSShape] = []
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) { shapes.append(try shape(of: polygon)) } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        // The collection takes its parts over, so it is given copies.
        var parts: [OpaquePointer?] = shapes.map { GEOSGeom_clone_r(handle, $0.pointer) }
        let pointer = parts.withUnsafeMutableBufferPointer {
            GEOSGeom_createCollection_r(handle, Int32(GEOS_MULTIPOLYGON.rawValue), $0.baseAddress, UInt32($0.count))
        }
        return try shape("GEOSGeom_createCollection_r", pointer)
    }

    private func ring<CRS>(_ ring: Ring<CRS>, number: Int) throws(GeometryError) -> OpaquePointer {
        let positions = ring.positions
        guard positions.count >= 4 else {
            throw GeometryError(
                .tooFewPoints, "the ring has \(positions.count) positions; it needs at least four", ring: number)
        }
        guard positions.first == positions.last else {
            throw GeometryError(
                .ringNotClosed, "the ring is not closed; end it with its first position", ring: number,
                vertex: positions.count)
        }
        if let bad = positions.firstIndex(where: { !$0.east.isFinite || !$0.north.isFinite }) {
            throw GeometryError(
                .badCoordinate, "a coordinate is not a finite number", ring: number, vertex: bad + 1)
        }
        // A position is two doubles, east then north: the layout that GEOS copies.
        let sequence = positions.withUnsafeBytes { bytes in
            GEOSCoordSeq_copyFromBuffer_r(
                handle, bytes.baseAddress?.assumingMemoryBound(to: Double.self), UInt32(positions.count), 0, 0)
        }
        return try unwrap(
            "GEOSGeom_createLinearRing_r",
            GEOSGeom_createLinearRing_r(handle, try unwrap("GEOSCoordSeq_copyFromBuffer_r", sequence)))
    }

    // MARK: From GEOS

    /// The polygons in a geometry of any type, in order; points and lines in it are left out.
    func area<CRS>(of shape: GEOSShape, as: CRS.Type = CRS.self) throws(GeometryError) -> Area<CRS> {
        var polygons: [Polygon<CRS>] = []
        try gather(shape.pointer, into: &polygons)
        return Area(polygons)
    }

    private func gather<CRS>(_ geometry: OpaquePointer, into polygons: inout [Polygon<CRS>]) throws(GeometryError) {
        let type = GEOSGeomTypeId_r(handle, geometry)
        switch UInt32(bitPattern: type) {
        case GEOS_POLYGON.rawValue:
            if try verdict("GEOSisEmpty_r", GEOSisEmpty_r(handle, geometry)) { return }
            let exterior: Ring<CRS> = try ring(of: GEOSGetExteriorRing_r(handle, geometry))
            let count = GEOSGetNumInteriorRings_r(handle, geometry)
            guard count >= 0 else { throw failure("GEOSGetNumInteriorRings_r") }
            var holes: [Ring<CRS>] = []
            for index in 0..<count { holes.append(try ring(of: GEOSGetInteriorRingN_r(handle, geometry, index))) }
            polygons.append(Polygon(exterior: exterior, holes: holes))
        case GEOS_MULTIPOLYGON.rawValue, GEOS_GEOMETRYCOLLECTION.rawValue:
            let count = GEOSGetNumGeometries_r(handle, geometry)
            guard count >= 0 else { throw failure("GEOSGetNumGeometries_r") }
            for index in 0..<count {
                try gather(
                    try unwrap("GEOSGetGeometryN_r", GEOSGetGeometryN_r(handle, geometry, index)), into: &polygons)
            }
        default:
            guard type >= 0 else { throw failure("GEOSGeomTypeId_r") }
        }
    }

    private func ring<CRS>(of pointer: OpaquePointer?) throws(GeometryError) -> Ring<CRS> {
        let ring = try unwrap("GEOSGetExteriorRing_r", pointer)
        let sequence = try unwrap("GEOSGeom_getCoordSeq_r", GEOSGeom_getCoordSeq_r(handle, ring))
        var count: UInt32 = 0
        guard GEOSCoordSeq_getSize_r(handle, sequence, &count) == 1 else { throw failure("GEOSCoordSeq_getSize_r") }
        var numbers = [Double](repeating: 0, count: Int(count) * 2)
        guard GEOSCoordSeq_copyToBuffer_r(handle, sequence, &numbers, 0, 0) == 1 else {
            throw failure("GEOSCoordSeq_copyToBuffer_r")
        }
        return Ring((0..<Int(count)).map { Position(east: numbers[2 * $0], north: numbers[2 * $0 + 1]) })
    }
}

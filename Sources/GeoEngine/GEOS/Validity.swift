import CGEOS
import GeoModel

/// Whether an area encloses what its author thinks it does.
package enum Validity {
    /// Checks each polygon by the OGC's rules. Polygons may overlap: each stands alone.
    ///
    /// - Throws: the first fault, with the polygon, and the ring and vertex nearest to it, all from 1.
    package static func check(_ area: Area<WGS84>) throws(GeometryError) {
        _ = try validated(area, in: GEOSContext())
    }

    /// The polygons of an area that is not empty, once valid.
    static func validated(_ area: Area<WGS84>, in context: GEOSContext) throws(GeometryError) -> [GEOSShape] {
        guard !area.isEmpty else {
            throw GeometryError(.empty, "the area has no polygon; draw at least one")
        }
        var shapes: [GEOSShape] = []
        for (index, polygon) in area.polygons.enumerated() {
            do throws(GeometryError) {
                let shape = try context.shape(of: polygon)
                if let fault = try fault(in: shape, of: polygon) { throw fault }
                shapes.append(shape)
            } catch {
                var error = error
                error.polygon = index + 1
                throw error
            }
        }
        return shapes
    }

    /// What is wrong with a polygon, or nil.
    static func fault(in shape: GEOSShape, of polygon: Polygon<WGS84>) throws(GeometryError) -> GeometryError? {
        for (index, ring) in polygon.rings.enumerated() {
            if let vertex = ring.positions.firstIndex(where: { !$0.isInRange }) {
                return GeometryError(
                    .badCoordinate, "longitude goes from -180 to 180, latitude from -90 to 90", ring: index + 1,
                    vertex: vertex + 1, position: ring.positions[vertex])
            }
        }
        let context = shape.context
        var reason: UnsafeMutablePointer<CChar>?
        var location: OpaquePointer?
        let result = GEOSisValidDetail_r(context.handle, shape.pointer, 0, &reason, &location)
        defer {
            if let reason { GEOSFree_r(context.handle, reason) }
            if let location { GEOSGeom_destroy_r(context.handle, location) }
        }
        switch result {
        case 1:
            var area = 0.0
            guard GEOSArea_r(context.handle, shape.pointer, &area) == 1 else { throw context.failure("GEOSArea_r") }
            return area > 0 ? nil : GeometryError(.zeroArea, "the polygon encloses nothing; draw it again", ring: 1)
        case 0:
            return fault(
                named: reason.map { String(cString: $0) } ?? "", at: try location.flatMap {
                    (location) throws(GeometryError) in try context.position(of: location)
                }, in: polygon)
        default: throw context.failure("GEOSisValidDetail_r")
        }
    }

    /// The names that GEOS 3.11 gives to faults (`TopologyValidationError.cpp`).
    private static let faults: [String: (GeometryError.Code, String)] = [
        "Hole lies outside shell": (
            .holeOutsideShell, "the hole lies outside its polygon; make it a polygon of its own, or remove it"),
        "Holes are nested": (.nestedHoles, "a hole lies within another one; remove the inner or make it a polygon"),
        "Interior is disconnected": (
            .disconnectedInterior, "the holes cut the polygon in pieces; draw the pieces as polygons"),
        "Self-intersection": (.selfIntersection, "the boundary crosses itself; move the vertex or split the polygon"),
        "Ring Self-intersection": (
            .ringSelfIntersection, "the ring touches itself; split it there or move the vertex"),
        "Duplicate Rings": (.duplicateRings, "the same ring is given twice; remove one"),
        "Too few points in geometry component": (
            .tooFewPoints, "the ring has fewer than three different positions, so it encloses nothing"),
        "Invalid Coordinate": (.badCoordinate, "a coordinate is not a finite number"),
        "Ring is not closed": (.ringNotClosed, "the ring is not closed; end it with its first position"),
    ]

    private static func fault(
        named name: String, at position: Position<WGS84>?, in polygon: Polygon<WGS84>
    ) -> GeometryError {
        let (code, reason) = faults[name] ?? (.invalid, "the polygon is invalid (\(name)); draw it again")
        let place = position.flatMap { nearestVertex(to: $0, in: polygon, holesFirst: code == .holeOutsideShell) }
        return GeometryError(
            code, reason, function: "GEOSisValidDetail_r", ring: place?.ring, vertex: place?.vertex, position: position)
    }

    /// The ring nearest to a position, and the vertex that starts its nearest edge. All from 1.
    private static func nearestVertex(
        to position: Position<WGS84>, in polygon: Polygon<WGS84>, holesFirst: Bool
    ) -> (ring: Int, vertex: Int)? {
        var best: (distance: Double, ring: Int, vertex: Int)?
        let rings = Array(polygon.rings.enumerated())
        for (ringIndex, ring) in holesFirst ? rings.reversed() : rings {
            for index in ring.positions.indices.dropLast() {
                let edge = Edge(from: ring.positions[index], to: ring.positions[index + 1])
                let along = edge.parameter(nearestTo: position, LocalMetric.degrees)
                let distance = edge.distance(at: along, from: position, LocalMetric.degrees)
                if distance < best?.distance ?? .infinity {
                    // A fault at the end of an edge belongs to the vertex there.
                    let last = ring.positions.count - 1
                    best = (distance, ringIndex + 1, (along == 1 ? (index + 1) % last : index) + 1)
                }
            }
        }
        return best.map { ($0.ring, $0.vertex) }
    }
}

extension GEOSContext {
    func position(of point: OpaquePointer) throws(GeometryError) -> Position<WGS84> {
        var x = 0.0, y = 0.0
        guard GEOSGeomGetX_r(handle, point, &x) == 1, GEOSGeomGetY_r(handle, point, &y) == 1 else {
            throw failure("GEOSGeomGetX_r")
        }
        return Position(longitude: x, latitude: y)
    }
}

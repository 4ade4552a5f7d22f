import CPROJ
import GeoModel

/// Brings coordinates of any known system into WGS 84, by PROJ and without the network.
///
/// Not `Sendable`: a PROJ context belongs to one thread at a time. Making one costs about 15 ms.
package final class Reprojection {
    /// How far a straight line of the source may lie from the edges that stand for it, in metres.
    private static let toleranceMetres = 0.05
    /// Edges up to 300 m long are straight to a centimetre up to 80° of latitude: most edges, and three in four
    /// projections saved.
    private static let surelyStraightDegrees = 0.002
    private static let greatestVertexCount = 5_000_000

    /// What errors call the system, such as `EPSG:2154`.
    private let name: String
    private let context: OpaquePointer
    private let transformation: OpaquePointer
    /// Whether the source has metres (or feet) for axes, rather than degrees.
    private let isProjected: Bool
    /// Where the system is meant to be used, with a margin: elsewhere its formulas answer, with nonsense.
    private let range: BoundingBox<WGS84>
    private static let rangeMarginDegrees = 5.0
    private static let localPlane = "a local plane"

    /// - Throws: `unknown_crs` for a code that PROJ does not know, or cannot bring to WGS 84 properly.
    package convenience init(fromEPSG code: Int) throws(GeometryError) {
        try self.init(definition: "EPSG:\(code)", name: "EPSG:\(code)")
    }

    /// - Parameter text: the system as well-known text, version 1 or 2.
    /// - Throws: `unknown_crs` for text that PROJ does not understand, or cannot bring to WGS 84 properly.
    package convenience init(fromWellKnownText text: String) throws(GeometryError) {
        try self.init(definition: text, name: "the file's system")
    }

    /// A plane in metres around a place, for figures and drawings.
    convenience init(transverseMercatorAt origin: Position<WGS84>) throws(GeometryError) {
        try self.init(
            definition: "+proj=tmerc +lat_0=\(origin.latitude) +lon_0=\(origin.longitude) +k=1 +x_0=0 +y_0=0 "
                + "+datum=WGS84 +units=m +no_defs +type=crs",
            name: Self.localPlane)
    }

    private init(definition: String, name: String) throws(GeometryError) {
        self.name = name
        guard let context = proj_context_create() else {
            throw GeometryError(.engineFailure, "the projection library did not start", function: "proj_context_create")
        }
        var made: OpaquePointer?
        defer { if made == nil { proj_context_destroy(context) } }
        // No question asked abroad, no word on standard error: errors come back as values.
        proj_context_set_enable_network(context, 0)
        proj_log_level(context, PJ_LOG_NONE)
        let unknown = GeometryError(
            .unknownCRS, "\(name) cannot be converted; export the file in WGS 84 (EPSG:4326)",
            function: "proj_create_crs_to_crs_from_pj")
        guard let source = proj_create(context, definition) else { throw unknown }
        defer { proj_destroy(source) }
        guard let target = proj_create(context, "EPSG:4326") else {
            throw GeometryError(
                .engineFailure, "PROJ's database is missing; install the package proj-data", function: "proj_create")
        }
        defer { proj_destroy(target) }
        // A system bound to a transformation (`TOWGS84`) is judged by what is bound.
        let bound = proj_get_type(source) == PJ_TYPE_BOUND_CRS ? proj_get_source_crs(context, source) : nil
        defer { proj_destroy(bound) }
        switch proj_get_type(bound ?? source) {
        case PJ_TYPE_PROJECTED_CRS: isProjected = true
        case PJ_TYPE_GEOGRAPHIC_2D_CRS, PJ_TYPE_GEOGRAPHIC_3D_CRS: isProjected = false
        default: throw unknown
        }
        // A "ballpark" transformation ignores the datum: it would shift people by a hundred metres unseen.
        let noBallpark = Array("ALLOW_BALLPARK=NO".utf8CString)
        let raw = noBallpark.withUnsafeBufferPointer { text in
            var options: [UnsafePointer<CChar>?] = [text.baseAddress, nil]
            return proj_create_crs_to_crs_from_pj(context, source, target, nil, &options)
        }
        guard let raw else { throw unknown }
        defer { proj_destroy(raw) }
        guard let transformation = proj_normalize_for_visualization(context, raw) else { throw unknown }
        var west = 0.0, south = 0.0, east = 0.0, north = 0.0
        let isKnown = proj_get_area_of_use(context, source, &west, &south, &east, &north, nil) == 1
        // Unknown (-1000), or across the antimeridian: no check by longitude.
        let margin = Self.rangeMarginDegrees
        range =
            isKnown && west > -1000 && west < east
            ? BoundingBox(west: west - margin, south: south - margin, east: east + margin, north: north + margin)
            : BoundingBox(west: -180, south: -90, east: 180, north: 90)
        self.context = context
        self.transformation = transformation
        made = transformation
    }

    deinit {
        proj_destroy(transformation)
        proj_context_destroy(context)
    }

    /// The position in WGS 84.
    /// - Parameter source: east before north, in the units of the source system.
    package func position<CRS>(of source: Position<CRS>) throws(GeometryError) -> Position<WGS84> {
        guard source.east.isFinite, source.north.isFinite else { throw outside }
        let result = proj_trans(transformation, PJ_FWD, proj_coord(source.east, source.north, 0, 0))
        let position = Position<WGS84>(longitude: result.xy.x, latitude: result.xy.y)
        // PROJ says HUGE_VAL for a coordinate that the transformation does not cover.
        guard position.isInRange, range.contains(position) else { throw outside }
        return position
    }

    /// The position in the source system, east before north: the way back.
    package func source<CRS>(
        of position: Position<WGS84>, as: CRS.Type = CRS.self
    ) throws(GeometryError) -> Position<CRS> {
        let result = proj_trans(transformation, PJ_INV, proj_coord(position.longitude, position.latitude, 0, 0))
        guard result.xy.x.isFinite, result.xy.y.isFinite else { throw outside }
        return Position(east: result.xy.x, north: result.xy.y)
    }

    private var outside: GeometryError {
        GeometryError(
            .notProjectable,
            "the position is outside the range of \(name); check the file's system and the order of its axes",
            function: "proj_trans")
    }

    /// The area in WGS 84. Vertices are added so that straight edges of the source plane stay within 5 cm.
    package func area<CRS>(of source: Area<CRS>) throws(GeometryError) -> Area<WGS84> {
        if isProjected, name != Self.localPlane, let box = source.boundingBox,
            box.west >= -180, box.east <= 180, box.south >= -90, box.north <= 90
        {
            throw GeometryError(
                .implausibleCoordinates,
                "the file says \(name), whose axes are in metres, but its numbers look like degrees; "
                    + "correct or remove the crs member")
        }
        var budget = Self.greatestVertexCount
        var polygons: [Polygon<WGS84>] = []
        for (index, polygon) in source.polygons.enumerated() {
            var rings: [Ring<WGS84>] = []
            for (ringIndex, ring) in polygon.rings.enumerated() {
                do throws(GeometryError) { rings.append(try self.ring(ring, &budget)) } catch {
                    var error = error
                    (error.polygon, error.ring) = (index + 1, ringIndex + 1)
                    throw error
                }
            }
            polygons.append(Polygon(exterior: rings[0], holes: Array(rings.dropFirst())))
        }
        return Area(polygons)
    }

    private func ring<CRS>(_ source: Ring<CRS>, _ budget: inout Int) throws(GeometryError) -> Ring<WGS84> {
        var result: [Position<WGS84>] = []
        result.reserveCapacity(source.positions.count)
        for (index, to) in source.positions.enumerated() {
            do throws(GeometryError) {
                let projected = try position(of: to)
                if index > 0, let last = result.last {
                    try densify(
                        source.positions[index - 1], to, last, projected, depth: 0, into: &result, &budget)
                }
                result.append(projected)
            } catch {
                var error = error
                error.vertex = index + 1
                throw error
            }
        }
        // The ring stays closed to the bit.
        if source.positions.first == source.positions.last, let first = result.first {
            result[result.count - 1] = first
        }
        return Ring(result)
    }

    /// Adds the vertices needed between two projected ends, both left out.
    private func densify<CRS>(
        _ from: Position<CRS>, _ to: Position<CRS>, _ start: Position<WGS84>, _ end: Position<WGS84>, depth: Int,
        into result: inout [Position<WGS84>], _ budget: inout Int
    ) throws(GeometryError) {
        guard depth < 24, from != to else { return }
        if abs(start.longitude - end.longitude) < Self.surelyStraightDegrees,
            abs(start.latitude - end.latitude) < Self.surelyStraightDegrees, abs(start.latitude) < 80
        {
            return
        }
        let metric = LocalMetric(atLatitude: (start.latitude + end.latitude) / 2)
        let edge = Edge(from: start, to: end)
        var isStraight = true
        // The quarters too: the middle of an edge that bends both ways can lie on it.
        for fraction in [0.5, 0.25, 0.75] where isStraight {
            let onGround = try position(of: Self.between(from, to, fraction))
            let along = edge.parameter(nearestTo: onGround, metric)
            isStraight = edge.distance(at: along, from: onGround, metric) <= Self.toleranceMetres
        }
        if isStraight { return }
        budget -= 1
        guard budget > 0 else {
            throw GeometryError(
                .tooManyVertices, "the edges are too long to convert; is \(name) the system of the file?")
        }
        let middleSource = Self.between(from, to, 0.5)
        let middle = try position(of: middleSource)
        try densify(from, middleSource, start, middle, depth: depth + 1, into: &result, &budget)
        result.append(middle)
        try densify(middleSource, to, middle, end, depth: depth + 1, into: &result, &budget)
    }

    private static func between<CRS>(_ from: Position<CRS>, _ to: Position<CRS>, _ fraction: Double) -> Position<CRS> {
        Position(
            east: from.east + (to.east - from.east) * fraction, north: from.north + (to.north - from.north) * fraction)
    }
}

extension DecodedPerimeter {
    /// The surface in WGS 84, reprojected when the file is in another system. Not yet validated.
    ///
    /// Whether it lies in France is in `warnings` for WGS 84 files only; `FrenchTerritories.hold` tells for all.
    package func areaInWGS84() throws(GeometryError) -> Area<WGS84> {
        switch surface {
        case .wgs84(let area): return area
        case .foreign(let foreign):
            let area = try Reprojection(fromEPSG: foreign.epsgCode).area(of: foreign.area)
            // Services that name a geographic system by its URN may write latitude first.
            if FrenchTerritories.holdSwapped(area) {
                throw GeometryError(
                    .implausibleCoordinates,
                    "latitude seems to come before longitude; write [longitude, latitude]", polygon: 1)
            }
            return area
        }
    }
}

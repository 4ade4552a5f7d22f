import CGEOS
import GeoModel

/// An area ready to be asked about many places.
///
/// Not `Sendable`: made and used within one chunk of work. Points are judged exactly, against straight edges in
/// longitude and latitude; discs on the ellipsoid, against the outer boundary of all the polygons together.
package final class PreparedArea {
    /// The area as it was given.
    package let area: Area<WGS84>
    package let boundingBox: BoundingBox<WGS84>
    let context: GEOSContext
    private let shapes: [GEOSShape]
    private let polygons: [GEOSPreparedShape]
    private let boxes: [BoundingBox<WGS84>]

    /// What only discs and extents need.
    struct Whole {
        let union: GEOSPreparedShape
        let boundary: EdgeIndex
    }
    private var preparedWhole: Whole?

    /// Validates the area, then prepares each polygon.
    /// - Throws: an empty or an invalid area, as `Validity.check`.
    package init(_ area: Area<WGS84>) throws(GeometryError) {
        self.area = area
        let context = try GEOSContext()
        self.context = context
        let shapes = try Validity.validated(area, in: context)
        self.shapes = shapes
        var polygons: [GEOSPreparedShape] = []
        for shape in shapes { polygons.append(try GEOSPreparedShape(shape)) }
        self.polygons = polygons
        boxes = area.polygons.compactMap { BoundingBox(enclosing: $0.exterior.positions) }
        guard let boundingBox = area.boundingBox, boxes.count == shapes.count else {
            throw GeometryError(.empty, "the area has no vertex")
        }
        self.boundingBox = boundingBox
    }

    /// Whether the position is inside or on the boundary, exactly.
    package func contains(_ position: Position<WGS84>) throws(GeometryError) -> Bool {
        try checkRange(position)
        guard boundingBox.contains(position) else { return false }
        var point: GEOSShape?
        for (index, box) in boxes.enumerated() where box.contains(position) {
            let known = if let point { point } else { try self.point(at: position) }
            if try polygons[index].intersects(known.pointer) { return true }
            point = known
        }
        return false
    }

    /// How a place known to within a distance lies to the area.
    ///
    /// With no uncertainty the answer is exact: `within` for inside and boundary, else `outside`. With one, the
    /// disc is judged by geodesic distance to the boundary of the union: never `outside` when the area comes as
    /// near as the uncertainty, never `within` when the disc leaves the area; a tangent disc is `touches`.
    /// - Parameter uncertaintyMetres: finite, zero or more.
    package func relation(
        toPointAt position: Position<WGS84>, uncertaintyMetres: Double
    ) throws(GeometryError) -> Relation {
        guard uncertaintyMetres.isFinite, uncertaintyMetres >= 0 else {
            throw GeometryError(.badUncertainty, "an uncertainty must be zero or a finite number of metres")
        }
        if uncertaintyMetres == 0 { return try contains(position) ? .within : .outside }
        try checkRange(position)
        let reach = BoundingBox.around(position, metres: uncertaintyMetres)
        guard reach.unwrapped.contains(where: { $0.box.intersects(boundingBox) }) else { return .outside }
        if try whole().boundary.comesWithin(uncertaintyMetres, of: position, reach) { return .touches }
        return try contains(position) ? .within : .outside
    }

    /// How a recipient known only by a surface, such as a commune's, lies to the area.
    ///
    /// `within` when the area covers all of it, `touches` when they share as much as a point.
    /// An invalid extent is repaired first.
    package func relation(to extent: Area<WGS84>) throws(GeometryError) -> Relation {
        let extent = try Repair.repaired(extent).area
        guard let box = extent.boundingBox, box.intersects(boundingBox) else { return .outside }
        let parts = try Validity.validated(extent, in: context)
        guard try meets(parts) else { return .outside }
        let union = try whole().union
        for part in parts where try !union.covers(part.pointer) { return .touches }
        return .within
    }

    private func meets(_ parts: [GEOSShape]) throws(GeometryError) -> Bool {
        for part in parts {
            for polygon in polygons where try polygon.intersects(part.pointer) { return true }
        }
        return false
    }

    private func point(at position: Position<WGS84>) throws(GeometryError) -> GEOSShape {
        try context.shape(
            "GEOSGeom_createPointFromXY_r",
            GEOSGeom_createPointFromXY_r(context.handle, position.longitude, position.latitude))
    }

    /// How far a position is from the boundary, for people to read.
    package func distance(from position: Position<WGS84>) throws(GeometryError) -> SignedDistance {
        let isInside = try contains(position)
        let boundary = try whole().boundary
        guard let nearest = boundary.nearest(to: position) else {
            throw GeometryError(.empty, "the area has no boundary")
        }
        var entry = nearest.entry
        if area.polygons.count > 1 {
            // The union numbers its rings its own way: the caller knows the area's.
            entry = EdgeIndex(area).nearest(to: nearest.position)?.entry ?? entry
        }
        return SignedDistance(
            isInside: isInside, metres: nearest.metres, polygon: Int(entry.polygon), ring: Int(entry.ring))
    }

    /// The ground covered, in square metres; overlaps count once.
    package func areaSquareMetres() throws(GeometryError) -> Double {
        try SurfaceArea.squareMetres(of: context.area(of: whole().union.shape))
    }

    func whole() throws(GeometryError) -> Whole {
        if let preparedWhole { return preparedWhole }
        let union = try Overlay.union(shapes)
        let whole = Whole(
            union: try GEOSPreparedShape(union),
            boundary: EdgeIndex(shapes.count == 1 ? area : try context.area(of: union)))
        preparedWhole = whole
        return whole
    }

    private func checkRange(_ position: Position<WGS84>) throws(GeometryError) {
        guard position.isInRange else {
            throw GeometryError(
                .badCoordinate, "the position is not a longitude from -180 to 180 and a latitude from -90 to 90")
        }
    }
}

import GeoModel

/// An area with a margin of true metres, asked about places. It is never drawn to decide: distances are measured on the
/// ellipsoid to the area as it was given, so no vertex of a margin is ever rounded.
///
/// Not `Sendable`, as `PreparedArea`.
package final class WidenedArea {
    /// How much more than the margin is taken for surfaces, whose distance is measured from vertices: a thousandth covers
    /// what the curvature of the ground bends edges between them.
    private static let spareShare = 0.001
    private static let spareMetres = 0.001

    package let prepared: PreparedArea
    package let metres: Double
    /// Outside it nothing is within the margin; longitudes may leave ±180.
    package let boundingBox: BoundingBox<WGS84>
    private lazy var edges = EdgeIndex(prepared.area)

    /// - Parameter metres: above 0 and finite.
    /// - Throws: as `PreparedArea`, and `bad_radius`.
    package init(_ area: Area<WGS84>, metres: Double) throws(GeometryError) {
        guard metres > 0, metres.isFinite else {
            throw GeometryError(.badRadius, "a margin must be above 0 and a finite number of metres")
        }
        prepared = try PreparedArea(area)
        self.metres = metres
        boundingBox = prepared.boundingBox.spread(byMetres: metres)
    }

    /// How a place known to within a distance lies to the area and its margin.
    ///
    /// With no uncertainty the answer is exact. A disc is judged by the distance of its centre: one that lies within only
    /// because the margin closes a hole, or a bay, around it is called `touches`.
    /// - Parameter uncertaintyMetres: finite, zero or more.
    package func relation(
        toPointAt position: Position<WGS84>, uncertaintyMetres: Double
    ) throws(GeometryError) -> Relation {
        guard uncertaintyMetres.isFinite, uncertaintyMetres >= 0 else {
            throw GeometryError(.badUncertainty, "an uncertainty must be zero or a finite number of metres")
        }
        if try prepared.contains(position) {
            guard uncertaintyMetres > metres else { return .within }
            let excess = uncertaintyMetres - metres
            return try prepared.whole().boundary.comesWithin(excess, of: position, .around(position, metres: excess))
                ? .touches : .within
        }
        guard comesWithin(metres + uncertaintyMetres, of: position) else { return .outside }
        return uncertaintyMetres <= metres && comesWithin(metres - uncertaintyMetres, of: position)
            ? .within : .touches
    }

    private func comesWithin(_ metres: Double, of position: Position<WGS84>) -> Bool {
        edges.comesWithin(metres, of: position, .around(position, metres: metres))
    }

    /// How a recipient known only by a surface lies to the area and its margin: `touches` when it comes within the margin,
    /// and `within` only when the area itself covers it.
    package func relation(to extent: Area<WGS84>) throws(GeometryError) -> Relation {
        let extent = try Repair.repaired(extent).area
        let own = try prepared.relation(to: extent)
        guard own == .outside, let box = extent.boundingBox else { return own }
        guard boundingBox.unwrapped.contains(where: { $0.box.intersects(box) }) else { return .outside }
        // Surfaces that do not meet are nearest at a vertex of one or of the other.
        let reach = metres * (1 + Self.spareShare) + Self.spareMetres
        for polygon in extent.polygons {
            for position in polygon.exterior.positions where comesWithin(reach, of: position) { return .touches }
        }
        let other = EdgeIndex(extent)
        var found = false
        for (box, _) in box.spread(byMetres: reach).unwrapped where !found {
            edges.forEachEdge(meeting: box) { entry in
                found = [entry.edge.from, entry.edge.to].contains {
                    other.comesWithin(reach, of: $0, .around($0, metres: reach))
                }
                return !found
            }
        }
        return found ? .touches : .outside
    }
}

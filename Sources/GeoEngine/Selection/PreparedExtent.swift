import CZoneIndex
import GeoModel

/// A surface that people are known by, such as a commune's ground, prepared once to be compared with many zones.
///
/// WGS 84, degrees, longitude first; boundary included.
package final class PreparedExtent: Sendable {
    /// Valid: an invalid one is repaired first, as `PreparedArea.relation(to:)` does.
    package let area: Area<WGS84>
    package let boundingBox: BoundingBox<WGS84>
    package let vertexCount: Int
    // It never changes and holds no thread's state, so threads may share it.
    nonisolated(unsafe) fileprivate let extent: OpaquePointer
    /// What the extent points into.
    private let flat: FlatArea

    /// - Throws: as `Repair.repaired`; `empty` when memory is short or a coordinate is not a finite number.
    package init(_ area: Area<WGS84>) throws(GeometryError) {
        let area = try Repair.repaired(area).area
        let flat = FlatArea(area)
        let made = flat.withPointers { czone_create_area($0, $1, $2, $3) }
        guard let made, let box = area.boundingBox else {
            throw GeometryError(.empty, "the surface has no vertex, or one that is no place")
        }
        self.area = area
        boundingBox = box
        vertexCount = area.vertexCount
        extent = made
        self.flat = consume flat
    }

    deinit {
        czone_destroy(extent)
    }
}

extension ZoneIndex {
    /// How a surface lies to the zone: as `PreparedArea.relation(to:)`, or `GeodesicCircle.relation(to:)`.
    ///
    /// - Returns: nil where only the union of several polygons could tell, or the ellipsoid near a circle's edge.
    package func relation(to extent: PreparedExtent) -> Relation? {
        switch czone_relation(zone, extent.extent) {
        case 0: .outside
        case 1: .touches
        case 2: .within
        default: nil
        }
    }

    /// How a place known to within a distance lies to an area: as `PreparedArea.relation(toPointAt:uncertaintyMetres:)`.
    ///
    /// - Returns: nil where only the boundary of the union of several polygons could tell, or the disc leaves the plain
    ///   part of the map.
    package func relation(toPointAt position: Position<WGS84>, uncertaintyMetres: Double) -> Relation? {
        guard uncertaintyMetres >= 0, position.isInRange else { return nil }
        if uncertaintyMetres > 0 {
            switch edges(within: uncertaintyMetres, of: position) {
            // An edge of one polygon may be inside another, and then no boundary of the whole.
            case .some((true, let hasNeighbours)): return hasNeighbours ? nil : .touches
            case .some((false, _)): break
            case nil: return nil
            }
        }
        return contains(position) ? .within : .outside
    }

    /// How a place known to within a distance lies to an area and its margin: as `WidenedArea.relation`.
    ///
    /// - Returns: nil as without a margin.
    package func relation(
        toPointAt position: Position<WGS84>, uncertaintyMetres: Double, marginMetres: Double
    ) -> Relation? {
        guard uncertaintyMetres >= 0, position.isInRange else { return nil }
        if contains(position) {
            guard uncertaintyMetres > marginMetres else { return .within }
            return relation(toPointAt: position, uncertaintyMetres: uncertaintyMetres - marginMetres)
        }
        guard let outer = edges(within: marginMetres + uncertaintyMetres, of: position) else { return nil }
        guard outer.isWithin else { return .outside }
        guard uncertaintyMetres <= marginMetres else { return .touches }
        if uncertaintyMetres == 0 { return .within }
        return edges(within: marginMetres - uncertaintyMetres, of: position).map { $0.isWithin ? .within : .touches }
    }

    /// How everything in a cell lies to the area and its margin; nil when the cell is not all within it, or all beyond,
    /// as far as a quick look tells.
    ///
    /// - Parameter cellMetres: no place of the cell is further from its middle.
    package func relation(toCell cell: BoundingBox<WGS84>, cellMetres: Double, marginMetres: Double) -> Relation? {
        let side = side(of: cell)
        if side == .inside { return .within }
        let middle = Position<WGS84>(longitude: (cell.west + cell.east) / 2, latitude: (cell.south + cell.north) / 2)
        // Twice, so that no rounding matters.
        let spare = 2 * cellMetres
        if marginMetres > spare, let near = edges(within: marginMetres - spare, of: middle), near.isWithin { return .within }
        guard side == .outside, let far = edges(within: marginMetres + spare, of: middle) else { return nil }
        return far.isWithin ? nil : .outside
    }

    /// Whether any edge of an area, those between adjoining polygons included, comes as near to a place as `metres`: as
    /// `AreaSurroundings.comesWithin`.
    ///
    /// - Returns: nil where the surroundings leave the plain part of the map, or too many edges are equally far. With whether
    ///   other polygons come near.
    func edges(within metres: Double, of position: Position<WGS84>) -> (isWithin: Bool, hasNeighbours: Bool)? {
        let reach = BoundingBox.around(position, metres: metres)
        guard Self.isPlain(reach) else { return nil }
        guard reach.intersects(boundingBox) else { return (false, false) }
        let metric = LocalMetric(atLatitude: position.latitude)
        let error = LocalMetric.relativeError(atLatitude: position.latitude, overMetres: metres * 1.5)
        guard error < 0.5 else { return nil }
        var near = czone_near()
        let answer = czone_edge_within(
            zone, position.longitude, position.latitude, metres, reach.west, reach.south, reach.east, reach.north,
            metric.metresPerDegreeEast, metric.metresPerDegreeNorth, error, &near)
        switch answer {
        case 0: return (false, near.has_neighbours != 0)
        case 1: return (true, near.has_neighbours != 0)
        case -1:
            let isWithin = withUnsafeBytes(of: &near.edges) { bytes in
                let ends = bytes.bindMemory(to: Double.self)
                return (0..<Int(near.count)).contains { index in
                    Edge(
                        from: Position(longitude: ends[4 * index], latitude: ends[4 * index + 1]),
                        to: Position(longitude: ends[4 * index + 2], latitude: ends[4 * index + 3])
                    ).geodesicDistance(from: position).metres <= metres + EdgeIndex.toleranceMetres
                }
            }
            return (isWithin, near.has_neighbours != 0)
        default: return nil
        }
    }
}

import GeoModel

/// The edges of an area's rings in a tree of boxes, for searches around a point.
///
/// Consecutive edges of a ring are neighbours, so the tree is built on their order as it comes: a box for every
/// eight edges, one for every eight of those boxes, and so on.
struct EdgeIndex {
    /// An edge, and the polygon and ring it belongs to, from 1.
    struct Entry {
        let edge: Edge
        let polygon: Int32
        let ring: Int32
    }

    private typealias Box = BoundingBox<WGS84>

    private static let fanOut = 8
    let entries: [Entry]
    /// The boxes of the edges, then of each level above; the last level has one box.
    private let levels: [[Box]]

    init(_ area: Area<WGS84>) {
        var entries: [Entry] = []
        entries.reserveCapacity(area.vertexCount)
        for (polygonIndex, polygon) in area.polygons.enumerated() {
            for (ringIndex, ring) in polygon.rings.enumerated() {
                for (from, to) in zip(ring.positions, ring.positions.dropFirst()) where from != to {
                    entries.append(
                        Entry(
                            edge: Edge(from: from, to: to), polygon: Int32(polygonIndex + 1), ring: Int32(ringIndex + 1)
                        ))
                }
            }
        }
        self.entries = entries
        var levels = [
            entries.map { entry in
                let (a, b) = (entry.edge.from, entry.edge.to)
                return Box(
                    west: min(a.east, b.east), south: min(a.north, b.north), east: max(a.east, b.east),
                    north: max(a.north, b.north))
            }
        ]
        while let level = levels.last, level.count > 1 {
            levels.append(
                stride(from: 0, to: level.count, by: Self.fanOut).map { start in
                    level[start..<min(start + Self.fanOut, level.count)].dropFirst()
                        .reduce(level[start]) { $0.union($1) }
                })
        }
        self.levels = levels
    }

    /// Calls `body` for each edge whose box meets `box`, until it returns false.
    func forEachEdge(meeting box: BoundingBox<WGS84>, _ body: (Entry) -> Bool) {
        guard !entries.isEmpty else { return }
        _ = visit(level: levels.count - 1, index: 0, box, body)
    }

    private func visit(level: Int, index: Int, _ box: Box, _ body: (Entry) -> Bool) -> Bool {
        guard levels[level][index].intersects(box) else { return true }
        if level == 0 { return body(entries[index]) }
        let start = index * Self.fanOut
        for child in start..<min(start + Self.fanOut, levels[level - 1].count) {
            guard visit(level: level - 1, index: child, box, body) else { return false }
        }
        return true
    }

    /// The least distance from a position to an edge, by a local metric.
    func nearestDistance(to position: Position<WGS84>, _ metric: LocalMetric) -> Double {
        var best = Double.infinity
        if !entries.isEmpty { nearest(level: levels.count - 1, index: 0, position, metric, &best) }
        return best
    }

    private func nearest(
        level: Int, index: Int, _ position: Position<WGS84>, _ metric: LocalMetric, _ best: inout Double
    ) {
        if level == 0 {
            let edge = entries[index].edge
            let parameter = edge.parameter(nearestTo: position, metric)
            best = min(best, edge.distance(at: parameter, from: position, metric))
            return
        }
        let start = index * Self.fanOut
        let children = (start..<min(start + Self.fanOut, levels[level - 1].count))
            .map { (index: $0, bound: Self.distance(from: position, to: levels[level - 1][$0], metric)) }
            .sorted { $0.bound < $1.bound }
        for child in children where child.bound < best {
            nearest(level: level - 1, index: child.index, position, metric, &best)
        }
    }

    private static func distance(from position: Position<WGS84>, to box: Box, _ metric: LocalMetric) -> Double {
        let x = max(box.west - position.east, 0, position.east - box.east) * metric.metresPerDegreeEast
        let y = max(box.south - position.north, 0, position.north - box.north) * metric.metresPerDegreeNorth
        return (x * x + y * y).squareRoot()
    }
}

import GeoModel

/// A ring in whole units of a tile, its first point not repeated.
struct TileRing: Hashable {
    struct Point: Hashable {
        var x: Int32
        var y: Int32
    }

    private(set) var points: [Point]

    /// Points nearer to their neighbours' line than this, in units, are left out: 1/16 of a pixel.
    private static let toleranceUnits = 0.5
    /// The side of the square that stands for a polygon too small for its own shape: half a pixel.
    private static let dotUnits: Int32 = 4

    /// - Returns: nil when nothing with a surface is left after rounding.
    init?(_ ring: Ring<TilePlane>) {
        var points: [Point] = []
        for position in ring.positions {
            let point = Point(x: Int32(position.east.rounded()), y: Int32(position.north.rounded()))
            if point != points.last { points.append(point) }
        }
        self.init(closed: points)
    }

    /// - Parameter points: no two alike in a row, the first again at the end.
    /// - Returns: nil when they enclose nothing.
    private init?(closed points: [Point]) {
        guard points.count >= 4 else { return nil }
        var points = Self.simplified(points)
        points.removeLast()
        self.points = points
        guard points.count >= 3, doubleArea != 0 else { return nil }
    }

    /// The same ring on a tile of the zoom before, whose units are twice as wide.
    /// - Returns: nil when nothing with a surface is left.
    func halved() -> TileRing? {
        var points: [Point] = []
        for point in self.points {
            let half = Point(x: (point.x + 1) >> 1, y: (point.y + 1) >> 1)
            if half != points.last { points.append(half) }
        }
        guard let first = points.first else { return nil }
        if points.last != first { points.append(first) }
        return TileRing(closed: points)
    }

    /// Moved so that a corner becomes the origin.
    func moved(from corner: Point) -> TileRing {
        var ring = self
        for index in ring.points.indices {
            ring.points[index].x -= corner.x
            ring.points[index].y -= corner.y
        }
        return ring
    }

    /// As a ring of the plane, closed.
    var ring: Ring<TilePlane> {
        Ring((points + points.prefix(1)).map { Position(east: Double($0.x), north: Double($0.y)) })
    }

    /// A square where a polygon too small to show is, so that it stays in sight; nil outside the tile.
    init?(dotFor ring: Ring<TilePlane>) {
        guard let box = BoundingBox(enclosing: ring.positions) else { return nil }
        let x = Int32(((box.west + box.east) / 2).rounded()), y = Int32(((box.south + box.north) / 2).rounded())
        let inside = 0...Int32(VectorTile.extent)
        guard inside.contains(x), inside.contains(y) else { return nil }
        self.init(dotAt: Point(x: x, y: y))
    }

    /// The square that stands for a polygon too small to show.
    init(dotAt point: Point) {
        let (x, y, side) = (point.x, point.y, Self.dotUnits)
        points = [point, Point(x: x + side, y: y), Point(x: x + side, y: y + side), Point(x: x, y: y + side)]
    }

    /// Twice the area by the surveyor's formula; positive for an exterior in a plane whose y goes down.
    var doubleArea: Int64 {
        points.indices.reduce(0) { sum, index in
            let (a, b) = (points[index], points[(index + 1) % points.count])
            return sum + Int64(a.x) * Int64(b.y) - Int64(b.x) * Int64(a.y)
        }
    }

    func wound(positive: Bool) -> TileRing {
        var ring = self
        if (doubleArea > 0) != positive { ring.points.reverse() }
        return ring
    }

    /// Douglas and Peucker's method on a closed line, without recursion.
    private static func simplified(_ points: [Point]) -> [Point] {
        var isKept = [Bool](repeating: false, count: points.count)
        // A closed line has no two ends: the point furthest from the first is the other one.
        let first = points[0]
        let opposite = points.indices.max { squared(points[$0], first) < squared(points[$1], first) } ?? 0
        for index in [0, opposite, points.count - 1] { isKept[index] = true }
        var open = [(0, opposite), (opposite, points.count - 1)]
        while let (start, end) = open.popLast() {
            guard end - start > 1 else { continue }
            var furthest = (distance: toleranceUnits, index: 0)
            for index in (start + 1)..<end {
                let distance = Self.distance(points[index], points[start], points[end])
                if distance > furthest.distance { furthest = (distance, index) }
            }
            guard furthest.index > 0 else { continue }
            isKept[furthest.index] = true
            open += [(start, furthest.index), (furthest.index, end)]
        }
        return points.indices.filter { isKept[$0] }.map { points[$0] }
    }

    private static func squared(_ a: Point, _ b: Point) -> Double {
        let x = Double(a.x - b.x), y = Double(a.y - b.y)
        return x * x + y * y
    }

    private static func distance(_ point: Point, _ from: Point, _ to: Point) -> Double {
        let x = Double(to.x - from.x), y = Double(to.y - from.y)
        let px = Double(point.x - from.x), py = Double(point.y - from.y)
        let squared = x * x + y * y
        let along = squared > 0 ? max(0, min(1, (px * x + py * y) / squared)) : 0
        let (dx, dy) = (px - along * x, py - along * y)
        return (dx * dx + dy * dy).squareRoot()
    }
}

/// A feature's geometry as command integers (vector tile specification 2.1, section 4.3).
struct TileCommands {
    private(set) var words: [UInt32] = []
    private var cursor = TileRing.Point(x: 0, y: 0)

    private static func command(_ id: UInt32, count: Int) -> UInt32 { id | UInt32(count) << 3 }

    /// Adds a polygon: its exterior, then its holes.
    mutating func append(_ polygon: [TileRing]) {
        for ring in polygon {
            for (index, point) in ring.points.enumerated() {
                if index == 0 { words.append(Self.command(1, count: 1)) }  // MoveTo
                if index == 1 { words.append(Self.command(2, count: ring.points.count - 1)) }  // LineTo
                words += [Self.zigzag(point.x - cursor.x), Self.zigzag(point.y - cursor.y)]
                cursor = point
            }
            words.append(Self.command(7, count: 1))  // ClosePath
        }
    }

    private static func zigzag(_ value: Int32) -> UInt32 {
        UInt32(bitPattern: (value << 1) ^ (value >> 31))
    }
}

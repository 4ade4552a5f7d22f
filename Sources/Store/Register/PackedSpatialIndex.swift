import Foundation
import GRDB
import GeoModel

/// Builds the R*Tree of the recipients' places at once, in the order of a Hilbert curve, into SQLite's own tables.
///
/// Row by row, the tree costs ten times the row it indexes; packed, a million points take two seconds, and the tree is
/// smaller. The format is SQLite's (rtree.c, “Database Format of R-Tree Tables”): `rtreecheck` is its test.
struct PackedSpatialIndex {
    private static let index = "idx_recipients_location"
    /// Bytes of a cell: a row number and four floats.
    private static let cellBytes = 24
    private static let headerBytes = 4
    /// Of a node's room, as SQLite itself leaves some for rows to come.
    private static let fill = 0.9

    private let database: Database
    private let nodeBytes: Int

    /// What hangs in a node: a row or another node, and the box around it.
    fileprivate struct Cell {
        var number: Int64
        var west, east, south, north: Float
    }

    init(_ database: Database) throws {
        self.database = database
        nodeBytes = try Int.fetchOne(database, sql: "SELECT length(data) FROM \(Self.index)_node WHERE nodeno = 1") ?? 0
        guard nodeBytes >= Self.headerBytes + 4 * Self.cellBytes else {
            throw StoreError.spatialSetup(call: "reading \(Self.index)")
        }
    }

    // MARK: The tree

    /// Points in the order of their rows, and the order of the curve: sorting them takes no database.
    struct Points {
        fileprivate var cells: [Cell] = []
        // Of points at one place of the curve, the one that came first is the first.
        fileprivate var keys: [UInt64] = []

        consuming func sorted() -> Points {
            for (place, cell) in cells.enumerated() {
                keys[place] |= UInt64(Hilbert.key(longitude: Double(cell.west), latitude: Double(cell.south))) << 32
            }
            keys.sort()
            return self
        }
    }

    /// Replaces the tree by one of all points.
    ///
    /// - Parameter points: sorted.
    func write(_ points: borrowing Points) throws {
        for table in ["node", "parent", "rowid"] { try database.execute(sql: "DELETE FROM \(Self.index)_\(table)") }
        let order = points.keys.map { UInt32(truncatingIfNeeded: $0) }
        let unsorted = points.cells
        var cells = order.map { unsorted[Int($0)] }
        let capacity = (nodeBytes - Self.headerBytes) / Self.cellBytes
        let perNode = max(2, Int(Double(capacity) * Self.fill))
        // The root has number 1; the others follow.
        var next: Int64 = 2
        var depth = 0
        let insertParent = try RawStatement(
            database, "INSERT INTO \(Self.index)_parent (nodeno, parentnode) VALUES (?, ?)")
        let insertNode = try RawStatement(database, "INSERT INTO \(Self.index)_node (nodeno, data) VALUES (?, ?)")
        // Of each point, by its row.
        var nodes = [Int64](repeating: 1, count: unsorted.count)
        func hang(_ cells: ArraySlice<Cell>, in node: Int64) throws {
            if depth == 0 {
                for place in cells.indices { nodes[Int(order[place])] = node }
            } else {
                for cell in cells { try insert(cell.number, node, insertParent) }
            }
        }
        while cells.count > capacity {
            var above: [Cell] = []
            for start in stride(from: 0, to: cells.count, by: perNode) {
                let part = cells[start..<min(start + perNode, cells.count)]
                try hang(part, in: next)
                try write(part, as: next, depth: 0, insertNode)
                above.append(around(part, number: next))
                next += 1
            }
            cells = above
            depth += 1
        }
        try hang(cells[...], in: 1)
        try write(cells[...], as: 1, depth: depth, insertNode)
        // In the order of their key, so that the table grows at its end.
        let insertRow = try RawStatement(database, "INSERT INTO \(Self.index)_rowid (rowid, nodeno) VALUES (?, ?)")
        for (point, node) in zip(unsorted, nodes) { try insert(point.number, node, insertRow) }
    }

    private func insert(_ key: Int64, _ value: Int64, _ statement: RawStatement) throws {
        statement.bind(key, at: 1)
        statement.bind(value, at: 2)
        try statement.run()
    }

    /// The points of all rows, unsorted.
    func points() throws -> Points {
        // The blobs are read here: X() and Y() cost more than the row.
        let rows = try RawStatement(database, """
            SELECT id, location FROM recipients WHERE location IS NOT NULL ORDER BY id
            """)
        var points = Points()
        while try rows.step() {
            let id = rows.integer(0)
            let (x, y) = try PointBlob.decode(rows.blob(1)) ?? point(of: id)
            points.keys.append(UInt64(points.cells.count))
            points.cells.append(Cell(
                number: id, west: x.floatBelow, east: x.floatAbove, south: y.floatBelow, north: y.floatAbove))
        }
        return points
    }

    /// A point in another of SpatiaLite's forms.
    private func point(of id: Int64) throws -> (longitude: Double, latitude: Double) {
        guard let position = try database.readPoint(of: id) else {
            throw StoreError.spatialSetup(call: "reading the point of a recipient")
        }
        return (position.longitude, position.latitude)
    }

    private func around(_ cells: ArraySlice<Cell>, number: Int64) -> Cell {
        var box = cells[cells.startIndex]
        for cell in cells {
            box.west = min(box.west, cell.west)
            box.east = max(box.east, cell.east)
            box.south = min(box.south, cell.south)
            box.north = max(box.north, cell.north)
        }
        box.number = number
        return box
    }

    private func write(
        _ cells: ArraySlice<Cell>, as number: Int64, depth: Int, _ insert: RawStatement
    ) throws {
        let bytes = [UInt8](unsafeUninitializedCapacity: nodeBytes) { buffer, filled in
            buffer.initialize(repeating: 0)
            let bytes = UnsafeMutableRawBufferPointer(buffer)
            // The depth stands in the root alone.
            bytes.storeBytes(of: UInt16(depth).bigEndian, as: UInt16.self)
            bytes.storeBytes(of: UInt16(cells.count).bigEndian, toByteOffset: 2, as: UInt16.self)
            var offset = Self.headerBytes
            for cell in cells {
                bytes.storeBytes(of: cell.number.bigEndian, toByteOffset: offset, as: Int64.self)
                bytes.storeBytes(of: cell.west.bitPattern.bigEndian, toByteOffset: offset + 8, as: UInt32.self)
                bytes.storeBytes(of: cell.east.bitPattern.bigEndian, toByteOffset: offset + 12, as: UInt32.self)
                bytes.storeBytes(of: cell.south.bitPattern.bigEndian, toByteOffset: offset + 16, as: UInt32.self)
                bytes.storeBytes(of: cell.north.bitPattern.bigEndian, toByteOffset: offset + 20, as: UInt32.self)
                offset += Self.cellBytes
            }
            filled = nodeBytes
        }
        insert.bind(number, at: 1)
        insert.bind(bytes: bytes, at: 2)
        try insert.run()
    }
}

/// Places on a Hilbert curve over the globe: neighbours on it are neighbours on the ground.
private enum Hilbert {
    private static let order: UInt32 = 16

    static func key(longitude: Double, latitude: Double) -> UInt32 {
        func scaled(_ value: Double, _ range: Double) -> UInt32 {
            UInt32(max(0, min(65_535, (value + range / 2) / range * 65_536)))
        }
        var x = scaled(longitude, 360)
        var y = scaled(latitude, 180)
        var key: UInt32 = 0
        var side: UInt32 = 1 << (order - 1)
        while side > 0 {
            let right: UInt32 = x & side > 0 ? 1 : 0
            let upper: UInt32 = y & side > 0 ? 1 : 0
            key = key &+ side &* side &* ((3 * right) ^ upper)
            if upper == 0 {
                if right == 1 {
                    x = 65_535 &- x
                    y = 65_535 &- y
                }
                swap(&x, &y)
            }
            side >>= 1
        }
        return key
    }
}

extension Double {
    /// The greatest float that is not above, and the least that is not below: boxes may only grow.
    fileprivate var floatBelow: Float {
        let near = Float(self)
        return Double(near) > self ? near.nextDown : near
    }

    fileprivate var floatAbove: Float {
        let near = Float(self)
        return Double(near) < self ? near.nextUp : near
    }
}

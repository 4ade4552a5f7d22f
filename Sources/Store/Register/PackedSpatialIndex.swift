import Foundation
import GRDB

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
    private struct Cell {
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

    // MARK: SpatiaLite's triggers

    /// Takes away the triggers that check and index each row, runs the body, rebuilds the index and puts the triggers
    /// back: all inside the caller's transaction.
    ///
    /// The body must write points of WGS 84 and nothing else: nothing checks it meanwhile.
    static func rebuilding(in database: Database, _ body: () throws -> Void) throws {
        let triggers = try Row.fetchAll(
            database,
            sql: "SELECT name, sql FROM sqlite_schema WHERE type = 'trigger' AND tbl_name = 'recipients' ORDER BY name")
        for row in triggers { try database.execute(sql: "DROP TRIGGER \(quoted(row["name"]))") }
        try body()
        try PackedSpatialIndex(database).rebuild()
        for row in triggers { try database.execute(sql: row["sql"] as String) }
        try database.packRegister()
    }

    fileprivate static func quoted(_ name: String) -> String { "\"" + name.replacing("\"", with: "\"\"") + "\"" }

    // MARK: The tree

    private func rebuild() throws {
        for table in ["node", "parent", "rowid"] { try database.execute(sql: "DELETE FROM \(Self.index)_\(table)") }
        let (points, order) = try points()
        var cells = order.map { points[Int($0)] }
        let capacity = (nodeBytes - Self.headerBytes) / Self.cellBytes
        let perNode = max(2, Int(Double(capacity) * Self.fill))
        // The root has number 1; the others follow.
        var next: Int64 = 2
        var depth = 0
        let insertParent = try RawStatement(
            database, "INSERT INTO \(Self.index)_parent (nodeno, parentnode) VALUES (?, ?)")
        // Of each point, by its row.
        var nodes = [Int64](repeating: 1, count: points.count)
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
                try write(part, as: next, depth: 0)
                above.append(around(part, number: next))
                next += 1
            }
            cells = above
            depth += 1
        }
        try hang(cells[...], in: 1)
        try write(cells[...], as: 1, depth: depth)
        // In the order of their key, so that the table grows at its end.
        let insertRow = try RawStatement(database, "INSERT INTO \(Self.index)_rowid (rowid, nodeno) VALUES (?, ?)")
        for (point, node) in zip(points, nodes) { try insert(point.number, node, insertRow) }
    }

    private func insert(_ key: Int64, _ value: Int64, _ statement: RawStatement) throws {
        statement.bind(key, at: 1)
        statement.bind(value, at: 2)
        try statement.run()
    }

    /// The points by their rows' numbers, and their places in that array in the order of the curve.
    private func points() throws -> (cells: [Cell], order: [UInt32]) {
        // The blobs are read here: X() and Y() cost more than the row.
        let rows = try RawStatement(database, """
            SELECT id, location FROM recipients WHERE location IS NOT NULL ORDER BY id
            """)
        var cells: [Cell] = []
        // Of points at one place of the curve, the one that came first is the first.
        var keys: [UInt64] = []
        while try rows.step() {
            let id = rows.integer(0)
            let (x, y) = try PointBlob.decode(rows.blob(1)) ?? point(of: id)
            keys.append(UInt64(Hilbert.key(longitude: x, latitude: y)) << 32 | UInt64(cells.count))
            cells.append(Cell(
                number: id, west: x.floatBelow, east: x.floatAbove, south: y.floatBelow, north: y.floatAbove))
        }
        keys.sort()
        return (cells, keys.map { UInt32(truncatingIfNeeded: $0) })
    }

    /// A point in another of SpatiaLite's forms.
    private func point(of id: Int64) throws -> (longitude: Double, latitude: Double) {
        let row = try Row.fetchOne(
            database, sql: "SELECT X(location) AS x, Y(location) AS y FROM recipients WHERE id = ?", arguments: [id])
        guard let x = row?["x"] as Double?, let y = row?["y"] as Double? else {
            throw StoreError.spatialSetup(call: "reading the point of a recipient")
        }
        return (x, y)
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

    private func write(_ cells: ArraySlice<Cell>, as number: Int64, depth: Int) throws {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(nodeBytes)
        func put(_ value: some FixedWidthInteger) { withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) } }
        // The depth stands in the root alone.
        put(UInt16(depth))
        put(UInt16(cells.count))
        for cell in cells {
            put(cell.number)
            for side in [cell.west, cell.east, cell.south, cell.north] { put(side.bitPattern) }
        }
        bytes.append(contentsOf: repeatElement(0, count: nodeBytes - bytes.count))
        let insert = try RawStatement(database, "INSERT INTO \(Self.index)_node (nodeno, data) VALUES (?, ?)")
        insert.bind(number, at: 1)
        insert.bind(bytes: bytes, at: 2)
        try insert.run()
    }
}

extension Database {
    /// Takes the indexes of a table away, runs the body and makes them anew, inside the caller's transaction: sorted at
    /// once they cost a third of what they do row by row. What keeps rows unique stays, and so do indexes of some rows
    /// only (WHERE): to make one anew reads the whole table.
    func rebuildingIndexes(of table: String, _ body: () throws -> Void) throws {
        let indexes = try Row.fetchAll(
            self,
            sql: """
                SELECT name, sql FROM sqlite_schema WHERE type = 'index' AND tbl_name = ? AND sql IS NOT NULL
                AND sql NOT LIKE 'CREATE UNIQUE%' AND sql NOT LIKE '% WHERE %' ORDER BY name
                """, arguments: [table])
        for row in indexes { try execute(sql: "DROP INDEX \(PackedSpatialIndex.quoted(row["name"]))") }
        try body()
        for row in indexes { try execute(sql: row["sql"] as String) }
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

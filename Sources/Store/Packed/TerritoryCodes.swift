import GRDB
import GRDBSQLite
import GeoEngine
import GeoModel
import Synchronization
import Targeting

/// What codes mean today, as one transaction sees the territory: read once, kept until the territory changes.
///
/// Triggers count every change of the territory's tables, whoever makes it.
final class TerritoryCodes: Sendable {
    let version: Int64
    /// By `CommuneNumber`: the one commune of today that the code's people live in; the number itself where there are
    /// several or none.
    private let today: [UInt32]
    private let known: Set<UInt32>
    private let withGround: Set<UInt32>
    private let places = Mutex<[CommuneCode: [CommunePlace]]>([:])
    private let boxes = Mutex<[UInt32: BoundingBox<WGS84>]?>(nil)
    private let extents = Mutex<(known: [CommuneCode: [PreparedExtent]], vertices: Int)>(([:], 0))

    /// Vertices of prepared grounds that are kept, some 60 bytes each: those of two departments.
    private static let greatestVertexCount = 250_000

    private init(_ database: Database, version: Int64) throws {
        self.version = version
        var today: [UInt32] = (0..<UInt32(CommuneNumber.count)).map { $0 }
        var known: Set<UInt32> = [], shared: Set<UInt32> = []
        var grounds: Set<UInt32> = []
        try database.forEachRawRow("SELECT code, commune_code FROM commune_places ORDER BY code") { statement in
            guard let code = Self.number(statement, 0), let commune = Self.number(statement, 1) else { return }
            if !known.insert(code).inserted, today[Int(code)] != commune { shared.insert(code) }
            today[Int(code)] = commune
        }
        for code in shared { today[Int(code)] = code }
        try database.forEachRawRow("SELECT DISTINCT code FROM commune_grounds ORDER BY code") { statement in
            if let code = Self.number(statement, 0) { grounds.insert(code) }
        }
        self.today = today
        self.known = known
        withGround = grounds
    }

    private static func number(_ statement: OpaquePointer, _ column: Int32) -> UInt32? {
        sqlite3_column_text(statement, column).flatMap {
            CommuneNumber.of(UnsafeBufferPointer(start: $0, count: Int(sqlite3_column_bytes(statement, column))))
        }
    }

    func communeToday(_ number: UInt32) -> UInt32 { today[Int(number)] }
    func isKnown(_ number: UInt32) -> Bool { known.contains(number) }
    func hasGround(_ number: UInt32) -> Bool { withGround.contains(number) }

    /// - Parameter database: in a transaction that sees this version.
    func places(of code: CommuneCode, _ database: Database) throws -> [CommunePlace] {
        if let known = places.withLock({ $0[code] }) { return known }
        let read = try database.places(of: code)
        places.withLock { $0[code] = read }
        return read
    }

    /// The box of each code's ground, as the R\*Tree has it: rounded outward.
    /// - Parameter database: in a transaction that sees this version.
    func groundBoxes(_ database: Database) throws -> [UInt32: BoundingBox<WGS84>] {
        if let known = boxes.withLock({ $0 }) { return known }
        var read: [UInt32: BoundingBox<WGS84>] = [:]
        try database.forEachRawRow("""
            SELECT code, xmin, ymin, xmax, ymax FROM commune_grounds
            JOIN idx_communes_boundary ON pkid = commune_id ORDER BY code
            """) { statement in
            guard let number = Self.number(statement, 0) else { return }
            let box = BoundingBox<WGS84>(
                west: sqlite3_column_double(statement, 1), south: sqlite3_column_double(statement, 2),
                east: sqlite3_column_double(statement, 3), north: sqlite3_column_double(statement, 4))
            read[number] = read[number]?.union(box) ?? box
        }
        boxes.withLock { $0 = read }
        return read
    }

    /// The ground of a code, ready to be compared with zones; kept, since people who are known by their commune only are
    /// judged by it for every zone whose boundary runs there.
    /// - Parameter database: in a transaction that sees this version.
    func extents(of code: CommuneCode, _ database: Database) throws -> [PreparedExtent] {
        if let known = extents.withLock({ $0.known[code] }) { return known }
        let made = try database.grounds(of: code).map { try PreparedExtent($0.area) }
        let vertices = made.reduce(0) { $0 + $1.vertexCount }
        extents.withLock { extents in
            if extents.vertices + vertices > Self.greatestVertexCount { extents = ([:], 0) }
            if extents.known.updateValue(made, forKey: code) == nil { extents.vertices += vertices }
        }
        return made
    }

    private static let latest = Mutex<[(path: String, codes: TerritoryCodes)]>([])
    private static let greatestCount = 4

    /// What the current transaction sees.
    static func current(_ database: Database) throws -> TerritoryCodes {
        var version: Int64 = 0
        try database.forEachRawRow("SELECT number FROM territory_version") { version = sqlite3_column_int64($0, 0) }
        let path = database.filePath
        if let known = latest.withLock({ $0.last { $0.path == path }?.codes }), known.version == version { return known }
        let codes = try TerritoryCodes(database, version: version)
        // As for the views of the register.
        if !path.isEmpty, sqlite3_txn_state(database.sqliteConnection, "main") == SQLITE_TXN_READ {
            latest.withLock { latest in
                latest.removeAll { $0.path == path }
                latest.append((path, codes))
                if latest.count > greatestCount { latest.removeFirst() }
            }
        }
        return codes
    }

    static func forget(path: String) { latest.withLock { $0.removeAll { $0.path == path } } }
}

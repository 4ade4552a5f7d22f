import GRDB
import GRDBSQLite
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

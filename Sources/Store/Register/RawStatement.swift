import Foundation
import GRDB
import GRDBSQLite

/// A prepared statement bound by position without intermediate values: a register's import binds some forty million
/// values, and GRDB's arguments cost more than SQLite's insertion.
///
/// Used only inside the database access that prepared it. A text's bytes are copied: by SQLite, or into the statement's
/// own room, which is emptied when it has run.
struct RawStatement {
    private let database: Database
    private let room: BindingRoom?
    /// Held, since GRDB empties its cache when the schema changes.
    private let owner: Statement
    private var statement: OpaquePointer { owner.sqliteStatement }

    /// - Parameters:
    ///   - sql: one statement. GRDB prepares and keeps it.
    ///   - hasRoom: whether texts are kept here and not by SQLite, which allocates each: for statements that bind many.
    ///     Such a statement has every value bound anew for each `run`, and one user.
    init(_ database: Database, _ sql: String, hasRoom: Bool = false) throws {
        self.database = database
        room = hasRoom ? BindingRoom() : nil
        owner = try database.cachedStatement(sql: sql)
    }

    /// SQLite's SQLITE_TRANSIENT, a macro Swift can't see: copy the bytes before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ text: String?, at index: Int32) {
        guard var text else { return bindNull(at: index) }
        text.withUTF8 { bytes in
            let kept = room?.keep(UnsafeRawBufferPointer(bytes))
            _ = sqlite3_bind_text(
                statement, index,
                (kept ?? UnsafeRawPointer(bytes.baseAddress ?? Self.nothing)).assumingMemoryBound(to: CChar.self),
                Int32(bytes.count), kept == nil ? Self.transient : nil)
        }
    }

    func bind(_ number: Int64?, at index: Int32) {
        guard let number else { return bindNull(at: index) }
        sqlite3_bind_int64(statement, index, number)
    }

    func bind(_ isTrue: Bool, at index: Int32) { sqlite3_bind_int64(statement, index, isTrue ? 1 : 0) }

    func bind(_ number: Double?, at index: Int32) {
        guard let number else { return bindNull(at: index) }
        sqlite3_bind_double(statement, index, number)
    }

    func bind(bytes: (some ContiguousBytes)?, at index: Int32) {
        guard let bytes else { return bindNull(at: index) }
        bytes.withUnsafeBytes { buffer in
            let kept = room?.keep(buffer)
            _ = sqlite3_bind_blob(
                statement, index, kept ?? buffer.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32(buffer.count),
                kept == nil ? Self.transient : nil)
        }
    }

    func bindNull(at index: Int32) { sqlite3_bind_null(statement, index) }

    /// Steps to the next row of a query; `reset` it when done before the last.
    func step() throws -> Bool {
        let code = sqlite3_step(statement)
        if code == SQLITE_ROW { return true }
        let message = code == SQLITE_DONE ? nil : String(cString: sqlite3_errmsg(database.sqliteConnection))
        sqlite3_reset(statement)
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
        return false
    }

    func reset() { sqlite3_reset(statement) }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    /// Runs a statement that returns no row, and makes it ready for the next values.
    ///
    /// - Throws: `DatabaseError` with SQLite's message and without values.
    func run() throws {
        let code = sqlite3_step(statement)
        let message = code == SQLITE_DONE || code == SQLITE_ROW ? nil : String(cString: sqlite3_errmsg(database.sqliteConnection))
        sqlite3_reset(statement)
        if let room {
            // Before their bytes go.
            sqlite3_clear_bindings(statement)
            room.clear()
        }
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }

    /// What a pointer to no bytes points to: SQLite takes a null pointer for NULL.
    nonisolated(unsafe) private static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

/// Where the bytes of a statement's texts stay until it has run.
private final class BindingRoom {
    /// Sixteen usual rows twenty times over; what finds no place is copied by SQLite.
    private static let capacity = 64 << 10
    private let bytes = UnsafeMutableRawPointer.allocate(byteCount: capacity, alignment: 1)
    private var used = 0

    /// - Returns: nil when there is no place left.
    func keep(_ text: UnsafeRawBufferPointer) -> UnsafeRawPointer? {
        guard let start = text.baseAddress, text.count <= Self.capacity - used else { return nil }
        let place = bytes + used
        place.copyMemory(from: start, byteCount: text.count)
        used += text.count
        return UnsafeRawPointer(place)
    }

    func clear() { used = 0 }

    deinit { bytes.deallocate() }
}

/// SpatiaLite's own form of a WGS 84 point, made without calling it: 60 bytes (BLOB-Geometry, version 5).
enum PointBlob {
    static func encode(longitude: Double, latitude: Double) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 60)
        bytes.withUnsafeMutableBytes { buffer in
            func store(_ number: Double, at offset: Int) {
                buffer.storeBytes(of: number.bitPattern.littleEndian, toByteOffset: offset, as: UInt64.self)
            }
            buffer[1] = 1  // little endian
            buffer.storeBytes(of: Int32(4326).littleEndian, toByteOffset: 2, as: Int32.self)
            // The envelope: minimum then maximum.
            store(longitude, at: 6)
            store(latitude, at: 14)
            store(longitude, at: 22)
            store(latitude, at: 30)
            buffer[38] = 0x7C
            buffer.storeBytes(of: Int32(1).littleEndian, toByteOffset: 39, as: Int32.self)  // POINT
            store(longitude, at: 43)
            store(latitude, at: 51)
            buffer[59] = 0xFE
        }
        return bytes
    }
}

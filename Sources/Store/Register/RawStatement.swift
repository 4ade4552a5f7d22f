import Foundation
import GRDB
import GRDBSQLite

/// A prepared statement bound by position without intermediate values: a register's import binds some forty million
/// values, and GRDB's arguments cost more than SQLite's insertion.
///
/// Used only inside the database access that prepared it.
struct RawStatement {
    private let database: Database
    /// Held, since GRDB empties its cache when the schema changes.
    private let owner: Statement
    private var statement: OpaquePointer { owner.sqliteStatement }

    /// - Parameter sql: one statement. GRDB prepares and keeps it.
    init(_ database: Database, _ sql: String) throws {
        self.database = database
        owner = try database.cachedStatement(sql: sql)
    }

    /// SQLite's SQLITE_TRANSIENT, a macro Swift can't see: copy the bytes before the call returns.
    private static let transient = unsafeBitCast(-1, to: sqlite3_destructor_type.self)

    func bind(_ text: String?, at index: Int32) {
        guard var text else { return bindNull(at: index) }
        text.withUTF8 { bytes in
            _ = sqlite3_bind_text(
                statement, index,
                UnsafeRawPointer(bytes.baseAddress ?? Self.nothing).assumingMemoryBound(to: CChar.self),
                Int32(bytes.count), Self.transient)
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
            _ = sqlite3_bind_blob(
                statement, index, buffer.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32(buffer.count), Self.transient)
        }
    }

    func bindNull(at index: Int32) { sqlite3_bind_null(statement, index) }

    /// Binds a value where it lies, without a copy: the statement is run, and `forget` called, before its bytes go.
    func bindInPlace(_ value: RowValue, at index: Int32) {
        switch value {
        case .null: sqlite3_bind_null(statement, index)
        case .integer(let number): sqlite3_bind_int64(statement, index, number)
        case .real(let number): sqlite3_bind_double(statement, index, number)
        case .text(let bytes):
            sqlite3_bind_text(
                statement, index,
                (bytes.baseAddress ?? UnsafeRawPointer(Self.nothing)).assumingMemoryBound(to: CChar.self),
                Int32(bytes.count), nil)
        case .blob(let bytes):
            sqlite3_bind_blob(
                statement, index, bytes.baseAddress ?? UnsafeRawPointer(Self.nothing), Int32(bytes.count), nil)
        }
    }

    /// Lets go of all that is bound.
    func forget() { sqlite3_clear_bindings(statement) }

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
    func text(_ column: Int32) -> String? { sqlite3_column_text(statement, column).map { String(cString: $0) } }
    func integer(_ column: Int32) -> Int64 { sqlite3_column_int64(statement, column) }
    /// Valid until the next step.
    func blob(_ column: Int32) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(
            start: sqlite3_column_blob(statement, column), count: Int(sqlite3_column_bytes(statement, column)))
    }
    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(statement, column) == SQLITE_NULL }
    func double(_ column: Int32) -> Double { sqlite3_column_double(statement, column) }

    /// Runs a statement that returns no row, and makes it ready for the next values.
    ///
    /// - Throws: `DatabaseError` with SQLite's message and without values.
    func run() throws {
        let code = sqlite3_step(statement)
        let message = code == SQLITE_DONE || code == SQLITE_ROW ? nil : String(cString: sqlite3_errmsg(database.sqliteConnection))
        sqlite3_reset(statement)
        if let message { throw DatabaseError(resultCode: ResultCode(rawValue: code), message: message) }
    }

    /// What a pointer to no bytes points to: SQLite takes a null pointer for NULL.
    nonisolated(unsafe) private static let nothing = UnsafePointer(UnsafeMutablePointer<UInt8>.allocate(capacity: 1))
}

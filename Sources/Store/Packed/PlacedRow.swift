import Foundation
import GRDB
import GRDBSQLite
import GeoModel

/// What selecting and counting needs of a recipient's row.
struct PlacedRow {
    let id: Int64
    let organisation: Int64
    /// As `ChannelMask`.
    let channels: Int64
    /// Of the code as it is written; nil when it is not written as codes are, `CommuneNumber.none` without one.
    let number: UInt32?
    /// The code, as far as it can be read as one.
    let code: CommuneCode?
    let isFound: Bool
    /// Whether the row claims a point.
    let isLocated: Bool
    /// WGS 84. Nil where the row has no point after all.
    let position: Position<WGS84>?
    let uncertaintyMetres: Double?

    /// The blob of a point as it is mostly stored is read here: X() and Y() cost more than the row.
    static let columns = """
        id, organisation_id, channels, commune_code, is_commune_found, precision IS NOT NULL, uncertainty_metres,
        location
        """

    /// - Parameter statement: a row of `columns` of recipients.
    init(_ statement: OpaquePointer, in database: Database) throws {
        id = sqlite3_column_int64(statement, 0)
        organisation = sqlite3_column_int64(statement, 1)
        channels = sqlite3_column_int64(statement, 2)
        if let text = sqlite3_column_text(statement, 3) {
            let bytes = UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, 3)))
            number = CommuneNumber.of(bytes)
            code = number == nil ? CommuneCode(String(decoding: bytes, as: UTF8.self)) : nil
        } else {
            number = CommuneNumber.none
            code = nil
        }
        isFound = sqlite3_column_int64(statement, 4) != 0
        isLocated = sqlite3_column_int64(statement, 5) != 0
        uncertaintyMetres = sqlite3_column_type(statement, 6) == SQLITE_NULL ? nil : sqlite3_column_double(statement, 6)
        let blob = UnsafeRawBufferPointer(
            start: sqlite3_column_blob(statement, 7), count: Int(sqlite3_column_bytes(statement, 7)))
        if let point = PointBlob.decode(blob) {
            position = Position(longitude: point.longitude, latitude: point.latitude)
        } else {
            position = blob.isEmpty ? nil : try database.readPoint(of: id)
        }
    }

    /// What counting goes by: the code even when it is written otherwise.
    var countedNumber: UInt32? { number ?? code.map { CommuneNumber.of($0) } }

    var hasPoint: Bool { isLocated && position != nil }
}

extension Database {
    /// Hands over each row of a query, raw; the statement is kept for the next time.
    func forEachRawRow(_ sql: String, _ arguments: [Int64] = [], _ body: (OpaquePointer) throws -> Void) throws {
        let owner = try cachedStatement(sql: sql)
        let statement = owner.sqliteStatement
        defer { sqlite3_reset(statement) }
        for (index, argument) in arguments.enumerated() { sqlite3_bind_int64(statement, Int32(index + 1), argument) }
        while true {
            switch sqlite3_step(statement) {
            case SQLITE_ROW: try body(statement)
            case SQLITE_DONE: return
            case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: lastErrorMessage)
            }
        }
    }

    /// Where a recipient is whose point has another of SpatiaLite's forms than `PointBlob`; nil for what is no point.
    func readPoint(of id: Int64) throws -> Position<WGS84>? {
        try Row.fetchOne(
            cachedStatement(sql: "SELECT X(location), Y(location) FROM recipients WHERE id = ?"), arguments: [id]
        ).flatMap { row in
            guard let x = row[0] as Double?, let y = row[1] as Double? else { return nil }
            return Position(longitude: x, latitude: y)
        }
    }

    /// The row of a recipient; nil when there is none.
    func placedRow(_ id: Int64) throws -> PlacedRow? {
        var row: PlacedRow?
        try forEachRawRow("SELECT \(PlacedRow.columns) FROM recipients WHERE id = ?", [id]) {
            row = try PlacedRow($0, in: self)
        }
        return row
    }
}

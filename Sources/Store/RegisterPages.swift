import AlertModel
import GRDB
import GRDBSQLite
import GeoModel
import Targeting

/// The register's pages as one transaction sees them.
///
/// A page is stored for all to read, and named in `register_stale_pages` by triggers as soon as a recipient of it is
/// written, in the same transaction. A stale page is made again from the recipients' rows: slower, and never wrong.
final class RegisterPages {
    private let database: Database
    private let stale: Set<Int64>

    init(database: Database) throws {
        self.database = database
        stale = Set(try Int64.fetchAll(
            database.cachedStatement(sql: "SELECT page FROM register_stale_pages ORDER BY page")))
    }

    /// The page of a number, from its stored bytes where they stand.
    ///
    /// - Parameter withCommunes: without them, most of a page's bytes are not read, and its `communes` may be empty.
    func page(_ number: Int64, withCommunes: Bool = true) throws -> RegisterPage {
        if !stale.contains(number), let stored = try stored(number, withCommunes: withCommunes) { return stored }
        return try read(number)
    }

    // MARK: From bytes

    /// - Returns: nil without a stored page, or where its bytes are not of a page's size.
    func stored(_ number: Int64, withCommunes: Bool = true) throws -> RegisterPage? {
        try query(withCommunes ? Self.storedSQL : Self.storedWithoutCommunesSQL, [number]) { statement in
            let page = RegisterPage(
                organisation: sqlite3_column_type(statement, 0) == SQLITE_NULL ? nil : sqlite3_column_int64(statement, 0),
                planes: Self.numbers(statement, 1), communes: Self.numbers(statement, 2),
                radii: Self.numbers(statement, 3), organisations: Self.numbers(statement, 4))
            return page.isWellFormed(withCommunes: withCommunes) ? page : nil
        } ?? nil
    }

    private static let storedSQL = """
        SELECT organisation_id, planes, communes, radii, organisations FROM register_pages WHERE page = ?
        """

    private static let storedWithoutCommunesSQL = """
        SELECT organisation_id, planes, NULL, radii, organisations FROM register_pages WHERE page = ?
        """

    private static func numbers<Number: BitwiseCopyable>(_ statement: OpaquePointer, _ column: Int32) -> [Number] {
        guard let bytes = sqlite3_column_blob(statement, column) else { return [] }
        let count = Int(sqlite3_column_bytes(statement, column)) / MemoryLayout<Number>.stride
        return Array(unsafeUninitializedCapacity: count) { buffer, initialized in
            UnsafeMutableRawBufferPointer(buffer).copyMemory(
                from: UnsafeRawBufferPointer(start: bytes, count: count * MemoryLayout<Number>.stride))
            initialized = count
        }
    }

    /// Hands over the first row, and puts the statement back.
    private func query<Value>(
        _ sql: String, _ arguments: [Int64], _ body: (OpaquePointer) throws -> Value
    ) throws -> Value? {
        let owner = try database.cachedStatement(sql: sql)
        let statement = owner.sqliteStatement
        defer { sqlite3_reset(statement) }
        for (index, argument) in arguments.enumerated() {
            sqlite3_bind_int64(statement, Int32(index + 1), argument)
        }
        switch sqlite3_step(statement) {
        case SQLITE_ROW: return try body(statement)
        case SQLITE_DONE: return nil
        case let code: throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
        }
    }

    // MARK: From rows

    /// Makes a page from the recipients' rows.
    func read(_ number: Int64) throws -> RegisterPage {
        var builder = PageBuilder()
        let first = number << VerdictPages.pageBits
        _ = try query(Self.rowsSQL, [first, first + Int64(RegisterPage.rowCount) - 1]) { statement in
            var code = SQLITE_ROW
            while code == SQLITE_ROW {
                builder.add(
                    row: Int(sqlite3_column_int64(statement, 0) - first),
                    organisation: sqlite3_column_int64(statement, 1), channels: sqlite3_column_int64(statement, 2),
                    commune: Self.commune(statement, 3), isLocated: sqlite3_column_int(statement, 4) != 0,
                    uncertaintyMetres: sqlite3_column_type(statement, 5) == SQLITE_NULL
                        ? nil : sqlite3_column_double(statement, 5))
                code = sqlite3_step(statement)
            }
            guard code == SQLITE_DONE else {
                throw DatabaseError(resultCode: ResultCode(rawValue: code), message: database.lastErrorMessage)
            }
        }
        return builder.page
    }

    private static let rowsSQL = """
        SELECT id, organisation_id, channels, commune_code, precision IS NOT NULL, uncertainty_metres
        FROM recipients WHERE id >= ? AND id <= ? ORDER BY id
        """

    private static func commune(_ statement: OpaquePointer, _ column: Int32) -> UInt32 {
        guard let text = sqlite3_column_text(statement, column) else { return CommuneNumber.none }
        return CommuneNumber.of(
            UnsafeBufferPointer(start: text, count: Int(sqlite3_column_bytes(statement, column))))
    }
}

/// A page in the making.
private struct PageBuilder {
    private(set) var page = RegisterPage()

    mutating func add(
        row: Int, organisation: Int64, channels: Int64, commune: UInt32, isLocated: Bool, uncertaintyMetres: Double?
    ) {
        add(organisation, row)
        let mask = ChannelMask(rawValue: Int(truncatingIfNeeded: channels))
        if mask.contains(ChannelMask(.sms)) { set(.sms, row) }
        if mask.contains(ChannelMask(.voice)) { set(.voice, row) }
        if mask.contains(ChannelMask(.email)) { set(.email, row) }
        if mask.contains(ChannelMask(.fax)) { set(.fax, row) }
        set(.present, row)
        page.communes[row] = commune
        guard isLocated else { return }
        set(.located, row)
        if uncertaintyMetres != 0 {
            if page.radii.isEmpty { page.radii = Array(repeating: 0, count: RegisterPage.rowCount) }
            // What is no radius at all is left to the row itself.
            page.radii[row] = uncertaintyMetres.flatMap { $0 > 0 ? Float(roundedUp: $0) : nil } ?? .infinity
        }
    }

    private mutating func add(_ organisation: Int64, _ row: Int) {
        if page.organisations.isEmpty {
            if page.organisation == organisation || page.isEmpty {
                page.organisation = organisation
                return
            }
            page.organisations = Array(repeating: page.organisation ?? 0, count: RegisterPage.rowCount)
            page.organisation = nil
        }
        page.organisations[row] = organisation
    }

    private mutating func set(_ plane: RegisterPage.Plane, _ row: Int) {
        page.planes[plane.rawValue * RegisterPage.wordsPerPlane + row >> 6] |= 1 << UInt64(row & 63)
    }
}

extension Float {
    /// The nearest number that is not smaller.
    fileprivate init(roundedUp number: Double) {
        let nearest = Float(number)
        self = Double(nearest) < number ? nearest.nextUp : nearest
    }
}

extension RegisterPage {
    fileprivate func isWellFormed(withCommunes: Bool) -> Bool {
        planes.count == Plane.allCases.count * Self.wordsPerPlane
            && communes.count == (withCommunes ? Self.rowCount : 0)
            && (radii.isEmpty || radii.count == Self.rowCount)
            && (organisation != nil ? organisations.isEmpty : organisations.count == Self.rowCount || isEmpty)
    }
}

import AlertModel
import GRDB
import GRDBSQLite
import Synchronization
import Targeting

/// What one transaction sees of the packed register: the stored pack, and who was written since it was made.
///
/// Triggers number every writing of a recipient in the transaction that writes it, whoever writes. Pack and number
/// together say exactly what the register is, so a view is kept until a transaction sees another number.
final class RegisterView: Sendable {
    let base: PackedRegister
    /// The last number of `register_changes` that the view knows of.
    let lastChange: Int64
    /// Who was written since: as they are now, in the order of row numbers; seated from `firstSeat`.
    let rows: [PlacedRow]
    /// A whole number of pages.
    let firstSeat: Int
    /// Indices of `rows` by commune number; those without one are not among them.
    let rowsByNumber: [UInt32: [Int]]
    let greatestMetres: Double
    /// As those of the pack, for the seats from `firstSeat`.
    let channels: [UInt64]
    /// Everybody written since, those who are gone with them.
    private let seatsOfChanged: [Int64: Int?]
    private let masks = Mutex<[RegisterScope: [UInt64]]>([:])

    private init(base: PackedRegister, lastChange: Int64, changed: [Int64: PlacedRow?]) {
        self.base = base
        self.lastChange = lastChange
        firstSeat = (base.count + 4095) / 4096 * 4096
        rows = changed.values.compactMap(\.self).sorted { $0.id < $1.id }
        var seats = changed.mapValues { _ in Int?.none }
        var channels = ChannelPlanes.empty(seats: rows.count)
        var greatest = base.greatestMetres
        var byNumber: [UInt32: [Int]] = [:]
        for (index, row) in rows.enumerated() {
            if let number = row.number, number != CommuneNumber.none { byNumber[number, default: []].append(index) }
            seats[row.id] = .some(firstSeat + index)
            ChannelPlanes.set(row.channels, ofSeat: index, in: &channels)
            if row.hasPoint { greatest = max(greatest, row.uncertaintyMetres ?? 0) }
        }
        seatsOfChanged = seats
        rowsByNumber = byNumber
        self.channels = channels
        greatestMetres = greatest
    }

    // MARK: Seats

    /// All seats, with the empty ones between the pack's and those of the changed.
    var seatCount: Int { firstSeat + rows.count }

    func seat(of id: Int64) -> Int? {
        if let changed = seatsOfChanged[id] { return changed }
        return base.seatsByID.seat(of: id)
    }

    func id(ofSeat seat: Int) -> Int64 { seat < firstSeat ? Int64(base.ids[seat]) : rows[seat - firstSeat].id }

    /// Whether a channel, by its plane, reaches who sits there.
    func reaches(_ seat: Int, _ plane: Int) -> Bool {
        let own = seat < firstSeat ? seat : seat - firstSeat
        let place = own >> 12 * ChannelPlanes.wordsPerPage + plane * 64 + (own & 4095) >> 6
        return (seat < firstSeat ? base.channels[place] : channels[place]) >> UInt64(own & 63) & 1 == 1
    }

    /// One bit a seat: whether a recipient of the scope sits there.
    func mask(_ scope: RegisterScope) -> [UInt64] {
        masks.withLock { masks in
            if let known = masks[scope] { return known }
            let made = makeMask { scope.admits($0) }
            masks[scope] = made
            return made
        }
    }

    /// As `mask(_:)`, with the recipients of registers apart.
    func mask(_ scope: RegisterScope, with registers: Set<Int64>) -> [UInt64] {
        guard !registers.isEmpty else { return mask(scope) }
        var words = makeMask { registers.contains($0) }
        for (index, word) in mask(scope).enumerated() { words[index] |= word }
        return words
    }

    private func makeMask(_ admits: (Int64) -> Bool) -> [UInt64] {
        var words = [UInt64](repeating: 0, count: (seatCount + 4095) / 4096 * 64)
        for group in base.groups where admits(group.organisation) {
            words.setBits(Int(group.start)..<Int(group.end))
        }
        for id in seatsOfChanged.keys {
            if let seat = base.seatsByID.seat(of: id) { words[seat >> 6] &= ~(1 << UInt64(seat & 63)) }
        }
        for (index, row) in rows.enumerated() where admits(row.organisation) {
            let seat = firstSeat + index
            words[seat >> 6] |= 1 << UInt64(seat & 63)
        }
        return words
    }

    // MARK: Views of a database

    /// The latest view of each database file, the last used at the end.
    private static let latest = Mutex<[(path: String, view: RegisterView)]>([])
    /// A process has one database; tests have many.
    private static let greatestCount = 4

    /// What the current transaction sees.
    static func current(_ database: Database) throws -> RegisterView {
        let state = try RegisterState.read(database)
        let path = database.filePath
        let known = latest.withLock { $0.last { $0.path == path }?.view }
        if let known, known.base.generation == state.generation, known.lastChange == state.lastChange { return known }
        let view = try make(database, state, known)
        // What a transaction wrote that may yet be rolled back is nobody else's.
        if !path.isEmpty, sqlite3_txn_state(database.sqliteConnection, "main") == SQLITE_TXN_READ {
            latest.withLock { latest in
                latest.removeAll { $0.path == path }
                latest.append((path, view))
                if latest.count > greatestCount { latest.removeFirst() }
            }
        }
        return view
    }

    /// Forgets a file's view: another file may have its name.
    static func forget(path: String) { latest.withLock { $0.removeAll { $0.path == path } } }

    private static func make(_ database: Database, _ state: RegisterState, _ known: RegisterView?) throws -> RegisterView {
        if let known, known.base.generation == state.generation, known.lastChange <= state.lastChange {
            var changed: [Int64: PlacedRow?] = known.seatsOfChanged.mapValues { seat in
                seat.map { known.rows[$0 - known.firstSeat] }
            }
            try database.readChanged(after: known.lastChange, into: &changed)
            return RegisterView(base: known.base, lastChange: state.lastChange, changed: changed)
        }
        var changed: [Int64: PlacedRow?] = [:]
        let base: PackedRegister
        if let known, known.base.generation == state.generation {
            base = known.base
        } else if let stored = try PackedRegister.load(database, state) {
            base = stored
        } else {
            // What is stored is no pack: the rows tell.
            let built = try PackedRegister.build(database)
            for id in built.seatless { changed[id] = try database.placedRow(id) }
            return RegisterView(base: built.register, lastChange: state.lastChange, changed: changed)
        }
        try database.readChanged(after: 0, into: &changed)
        return RegisterView(base: base, lastChange: state.lastChange, changed: changed)
    }
}

/// The row of `register_state`, with the last change.
struct RegisterState {
    let generation: Int64
    let recipients: Int64
    let located: Int64
    let proven: Int64
    let greatestMetres: Double
    let lastChange: Int64

    static func read(_ database: Database) throws -> RegisterState {
        var state: RegisterState?
        try database.forEachRawRow("""
            SELECT generation, recipients, located, proven, greatest_metres,
                ifnull((SELECT MAX(number) FROM register_changes), 0) FROM register_state
            """) { statement in
                state = RegisterState(
                    generation: sqlite3_column_int64(statement, 0), recipients: sqlite3_column_int64(statement, 1),
                    located: sqlite3_column_int64(statement, 2), proven: sqlite3_column_int64(statement, 3),
                    greatestMetres: sqlite3_column_double(statement, 4), lastChange: sqlite3_column_int64(statement, 5))
            }
        guard let state else { throw StoreError.registerStateMissing }
        return state
    }
}

extension Database {
    fileprivate func readChanged(after number: Int64, into changed: inout [Int64: PlacedRow?]) throws {
        var ids: [Int64] = []
        try forEachRawRow("SELECT DISTINCT recipient_id FROM register_changes WHERE number > ?", [number]) {
            ids.append(sqlite3_column_int64($0, 0))
        }
        for id in ids { changed.updateValue(try placedRow(id), forKey: id) }
    }

    /// The file's path; empty for a database without one.
    var filePath: String { sqlite3_db_filename(sqliteConnection, "main").map { String(cString: $0) } ?? "" }
}

extension [UInt64] {
    mutating func setBits(_ range: Range<Int>) {
        guard !range.isEmpty else { return }
        let (first, last) = (range.lowerBound >> 6, (range.upperBound - 1) >> 6)
        let head = UInt64.max << UInt64(range.lowerBound & 63)
        let tail = UInt64.max >> UInt64(63 - ((range.upperBound - 1) & 63))
        if first == last {
            self[first] |= head & tail
        } else {
            self[first] |= head
            for word in (first + 1)..<last { self[word] = .max }
            self[last] |= tail
        }
    }
}

import CZoneIndex
import GRDB
import GRDBSQLite
import GeoModel
import Targeting

/// What a check of the register's indexes found.
package struct RegisterIndexReport: Sendable, Equatable {
    package var recipients = 0
    /// Recipients written since the pack was made: each read by its row, and right.
    package var changed = 0
    /// Recipients whom the pack, with what was written since, has otherwise than their row.
    package var wrong = 0
    /// Whether the stored pack can be read; else every zone waits for one made from the rows.
    package var isPackWhole = true
    /// Whether the R*Tree is sound, and has every point and no other.
    package var isTreeSound = true

    package var isSound: Bool { wrong == 0 && isPackWhole && isTreeSound }
}

extension Database {
    /// Of recipients written since the pack was made, so many are read by their rows for every zone; then it is made anew.
    private static let mostChanges = 10_000

    /// Makes the register's pack anew when many recipients were written since it was made.
    ///
    /// Whoever writes many calls it before committing. Until somebody does, zones are judged more slowly, and right.
    func packRegisterIfStale() throws {
        let changes = try Int.fetchOne(
            self, sql: "SELECT COUNT(*) FROM (SELECT 1 FROM register_changes LIMIT ?)", arguments: [Self.mostChanges]) ?? 0
        let packed = try Int.fetchOne(self, sql: "SELECT recipients FROM register_state") ?? 0
        if changes >= min(Self.mostChanges, max(500, packed / 20)) { try packRegister() }
    }

    /// Makes the register's pack anew.
    func packRegister() throws { try store(try PackedRegister.build(self)) }

    /// Keeps a pack that was made in this transaction of the register as it is.
    func store(_ built: (register: PackedRegister, seatless: [Int64])) throws {
        try built.register.store(in: self)
        try execute(sql: "DELETE FROM register_changes")
        let keep = try RawStatement(self, "INSERT INTO register_changes (recipient_id) VALUES (?)")
        for id in built.seatless {
            keep.bind(id, at: 1)
            try keep.run()
        }
    }

    /// (Not by CheckSpatialIndex, which writes.)
    fileprivate func isTreeSound() throws -> Bool {
        guard try String.fetchOne(self, sql: "SELECT rtreecheck('idx_recipients_location')") == "ok" else { return false }
        return try Bool.fetchOne(self, sql: """
            SELECT (SELECT COUNT(*) FROM idx_recipients_location)
                    = (SELECT COUNT(*) FROM recipients WHERE location IS NOT NULL)
                AND NOT EXISTS (
                    SELECT 1 FROM recipients WHERE location IS NOT NULL AND NOT EXISTS (
                        SELECT 1 FROM idx_recipients_location
                        WHERE pkid = recipients.id AND xmin <= X(location) AND xmax >= X(location)
                            AND ymin <= Y(location) AND ymax >= Y(location)))
            """) ?? false
    }
}

extension AlertDatabase {
    /// Compares the register's indexes with the recipients themselves, in one read transaction.
    package func checkRegisterIndexes() throws -> RegisterIndexReport {
        try pool.read { database in
            var report = RegisterIndexReport()
            RegisterView.forget(path: database.filePath)
            let view = try RegisterView.current(database)
            let mask = view.mask(.all)
            try database.forEachRawRow("SELECT \(PlacedRow.columns) FROM recipients ORDER BY id") { statement in
                let row = try PlacedRow(statement, in: database)
                // Who is written to once is nobody of the register, and has a seat all the same.
                if RegisterScope.all.admits(row.organisation) { report.recipients += 1 }
                if !view.agrees(with: row) { report.wrong += 1 }
            }
            // Nobody beside them.
            report.wrong += abs(mask.reduce(0) { $0 + $1.nonzeroBitCount } - report.recipients)
            report.changed = view.rows.count
            report.isPackWhole = try RegisterState.read(database).generation == view.base.generation
            report.isTreeSound = try database.isTreeSound()
            return report
        }
    }

    /// Makes the register's pack, and its R*Tree, again from the recipients.
    package func rebuildRegisterIndexes() throws {
        try pool.write { database in
            try database.packRegister()
            try database.spatialCall("RecoverSpatialIndex('recipients', 'location')")
        }
    }
}

extension RegisterView {
    fileprivate func agrees(with row: PlacedRow) -> Bool {
        guard let seat = seat(of: row.id) else { return false }
        let isOwnRow = seat >= firstSeat
        let own = isOwnRow ? seat - firstSeat : seat
        for plane in 0..<4 where reaches(seat, plane) != (row.channels >> plane & 1 == 1) { return false }
        if isOwnRow {
            let kept = rows[own]
            return kept.organisation == row.organisation && kept.number == row.number && kept.code == row.code
                && kept.isFound == row.isFound && kept.isLocated == row.isLocated && kept.position == row.position
                && kept.uncertaintyMetres == row.uncertaintyMetres
        }
        let group = base.groups[base.group(ofSeat: seat)]
        guard group.number == row.number, (group.isFound != 0) == row.isFound, group.organisation == row.organisation,
              (seat < base.locatedCount) == row.isLocated, row.isLocated == row.hasPoint
        else { return false }
        guard let position = row.position, row.isLocated else { return true }
        let cell = PlaceCell(longitude: position.longitude, latitude: position.latitude)
        return cell?.x == czone_pack_x(base.places)[seat] && cell?.y == czone_pack_y(base.places)[seat]
            && row.uncertaintyMetres.flatMap { Radii.step($0) } == czone_pack_radii(base.places)?[seat] ?? 0
    }
}

import CZoneIndex
import GRDB
import GRDBSQLite
import GeoModel

extension PackedRegister {
    /// The rows of `register_packs`.
    private enum Row: Int64, CaseIterable { case groups, ids, channels, x, y, radii }

    // MARK: To the database

    /// Stores this register in place of the one that is there, within the caller's transaction.
    func store(in database: Database) throws {
        try database.execute(sql: "DELETE FROM register_packs")
        try write(.groups, groups, database)
        try write(.ids, ids, database)
        try write(.channels, channels, database)
        try write(.x, UnsafeBufferPointer(start: czone_pack_x(places), count: locatedCount), database)
        try write(.y, UnsafeBufferPointer(start: czone_pack_y(places), count: locatedCount), database)
        if let radii = czone_pack_radii(places) {
            try write(.radii, UnsafeBufferPointer(start: radii, count: locatedCount), database)
        }
        try database.execute(
            sql: """
                UPDATE register_state SET generation = ?, recipients = ?, located = ?, proven = ?, greatest_metres = ?
                """,
            arguments: [generation, count, locatedCount, provenCount, greatestMetres])
    }

    private func write<Numbers: RandomAccessCollection>(
        _ row: Row, _ numbers: Numbers, _ database: Database
    ) throws where Numbers.Element: BitwiseCopyable {
        let statement = try RawStatement(database, "INSERT INTO register_packs (part, bytes) VALUES (?, ?)")
        statement.bind(row.rawValue, at: 1)
        statement.bind(bytes: Array(numbers).withUnsafeBytes { [UInt8]($0) }, at: 2)
        try statement.run()
    }

    // MARK: From the database

    /// The stored register of this generation.
    ///
    /// - Returns: nil when what is stored is not of the size that it should be.
    static func load(_ database: Database, _ state: RegisterState) throws -> PackedRegister? {
        guard (0...Int64(UInt32.max)).contains(state.recipients), (0...state.recipients).contains(state.located),
              (0...state.located).contains(state.proven)
        else { return nil }
        let (count, located) = (Int(state.recipients), Int(state.located))
        guard let ids: [UInt32] = try read(.ids, database, count: count),
              let channels: [UInt64] = try read(.channels, database, count: ChannelPlanes.empty(seats: count).count),
              let groups: [Group] = try read(.groups, database, count: nil), isWhole(groups, count),
              let x: [UInt32] = try read(.x, database, count: located),
              let y: [UInt32] = try read(.y, database, count: located)
        else { return nil }
        let hasRadii = state.greatestMetres > 0
        guard let radii: [UInt8] = try read(.radii, database, count: hasRadii ? located : 0) else { return nil }
        let places = try makePlaces(count: located, hasRadii: hasRadii)
        czone_pack_x(places).update(from: x, count: located)
        czone_pack_y(places).update(from: y, count: located)
        if let steps = czone_pack_radii(places) { steps.update(from: radii, count: located) }
        return PackedRegister(
            generation: state.generation, ids: ids, channels: channels, groups: groups, locatedCount: located,
            provenCount: Int(state.proven), greatestMetres: state.greatestMetres, places: places)
    }

    /// Whether groups follow each other over all seats.
    private static func isWhole(_ groups: [Group], _ count: Int) -> Bool {
        var end: UInt32 = 0
        for group in groups {
            guard group.start == end, group.end > group.start, group.number < CommuneNumber.count else { return false }
            end = group.end
        }
        return Int(end) == count
    }

    private static func read<Number: BitwiseCopyable>(
        _ row: Row, _ database: Database, count: Int?
    ) throws -> [Number]? {
        if count == 0 { return [] }
        var numbers: [Number]?
        try database.forEachRawRow("SELECT bytes FROM register_packs WHERE part = ?", [row.rawValue]) { statement in
            let stride = MemoryLayout<Number>.stride
            let size = Int(sqlite3_column_bytes(statement, 0))
            guard size % stride == 0, count == nil || size == (count ?? 0) * stride else { return }
            guard size > 0, let bytes = sqlite3_column_blob(statement, 0) else {
                numbers = []
                return
            }
            numbers = Array(unsafeUninitializedCapacity: size / stride) { buffer, initialized in
                UnsafeMutableRawBufferPointer(buffer).copyMemory(from: UnsafeRawBufferPointer(start: bytes, count: size))
                initialized = size / stride
            }
        }
        return numbers
    }
}

import CZoneIndex
import GRDB
import GeoModel

/// What is read of the rows to seat all recipients; seating them takes no database.
struct UnseatedRegister {
    private typealias Group = PackedRegister.Group

    /// A recipient on its way to a seat.
    private struct Record {
        var group: UInt32
        var id: UInt32
        var curve: UInt64
        var x: UInt32
        var y: UInt32
        var radius: UInt8
        var channels: UInt8
    }

    /// The parts of the register's order.
    private enum Part: UInt8 { case proven, unproven, withoutPoint }

    private struct GroupKey: Hashable {
        let part: UInt8
        let number: UInt32
        let organisation: Int64
        let isFound: Bool
    }

    private var records: [Record] = []
    private var keys: [GroupKey] = []
    // Sums of coordinates, to lay neighbouring communes side by side.
    private var middles: [UInt32: (x: Double, y: Double, count: Double)] = [:]
    /// Row numbers of those who find no seat: some fact of theirs has no place in it.
    private(set) var seatless: [Int64] = []

    init(_ database: Database) throws {
        records.reserveCapacity(try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM recipients") ?? 0)
        var groups: [GroupKey: UInt32] = [:]
        var last: (key: GroupKey, group: UInt32)?
        try database.forEachRawRow("SELECT \(PlacedRow.columns) FROM recipients ORDER BY id") { statement in
            let row = try PlacedRow(statement, in: database)
            let cell = row.position.flatMap { PlaceCell(longitude: $0.longitude, latitude: $0.latitude) }
            let step = row.isLocated ? row.uncertaintyMetres.flatMap { Radii.step($0) } : 0
            guard let id = UInt32(exactly: row.id), let number = row.number, let step, (cell != nil) == row.isLocated
            else {
                seatless.append(row.id)
                return
            }
            let part: Part = cell == nil ? .withoutPoint : row.isFound || number == CommuneNumber.none ? .unproven : .proven
            let key = GroupKey(part: part.rawValue, number: number, organisation: row.organisation, isFound: row.isFound)
            if last?.key != key {
                let group = groups[key] ?? UInt32(keys.count)
                if groups[key] == nil {
                    groups[key] = group
                    keys.append(key)
                }
                last = (key, group)
            }
            if let cell, number != CommuneNumber.none {
                let middle = middles[number] ?? (0, 0, 0)
                middles[number] = (middle.x + Double(cell.x), middle.y + Double(cell.y), middle.count + 1)
            }
            records.append(Record(
                group: last?.group ?? 0, id: id, curve: 0, x: cell?.x ?? 0, y: cell?.y ?? 0, radius: step,
                channels: UInt8(truncatingIfNeeded: row.channels & 15)))
        }
    }

    /// Seats all of them.
    consuming func seated() throws -> PackedRegister {
        let ranks = Self.ranks(of: keys, middles)
        for index in records.indices {
            let record = records[index]
            if keys[Int(record.group)].part != Part.withoutPoint.rawValue {
                records[index].curve = PlaceCell(x: record.x, y: record.y).curve
            }
            records[index].group = ranks[Int(record.group)]
        }
        records.sort { ($0.group, $0.curve, $0.id) < ($1.group, $1.curve, $1.id) }
        var ordered = keys
        for (index, key) in keys.enumerated() { ordered[Int(ranks[index])] = key }
        return try Self.seat(records, ordered)
    }

    /// Groups in the order of their communes along a curve; by their place in `keys`.
    private static func ranks(
        of keys: [GroupKey], _ middles: [UInt32: (x: Double, y: Double, count: Double)]
    ) -> [UInt32] {
        let curves = keys.map { key in
            middles[key.number].map {
                PlaceCell(x: UInt32($0.x / $0.count), y: UInt32($0.y / $0.count)).curve
            } ?? 0
        }
        let order = keys.indices.sorted { left, right in
            let (a, b) = (keys[left], keys[right])
            if a.part != b.part { return a.part < b.part }
            return (curves[left], a.number, a.organisation, a.isFound ? 1 : 0)
                < (curves[right], b.number, b.organisation, b.isFound ? 1 : 0)
        }
        var ranks = [UInt32](repeating: 0, count: keys.count)
        for (rank, index) in order.enumerated() { ranks[index] = UInt32(rank) }
        return ranks
    }

    private static func seat(_ records: [Record], _ keys: [GroupKey]) throws -> PackedRegister {
        var groups: [Group] = []
        var channels = ChannelPlanes.empty(seats: records.count)
        var located = 0, proven = 0
        var greatest: UInt8 = 0
        for (seat, record) in records.enumerated() {
            let key = keys[Int(record.group)]
            if seat == 0 || records[seat - 1].group != record.group {
                groups.append(Group(
                    number: key.number, isFound: key.isFound ? 1 : 0, organisation: key.organisation,
                    start: UInt32(seat), end: UInt32(seat)))
            }
            groups[groups.count - 1].end = UInt32(seat + 1)
            if key.part != Part.withoutPoint.rawValue {
                located = seat + 1
                greatest = max(greatest, record.radius)
            }
            if key.part == Part.proven.rawValue { proven = seat + 1 }
            ChannelPlanes.set(Int64(record.channels), ofSeat: seat, in: &channels)
        }
        let places = try PackedRegister.makePlaces(count: located, hasRadii: greatest > 0)
        let (x, y, radii) = (czone_pack_x(places)!, czone_pack_y(places)!, czone_pack_radii(places))
        for seat in 0..<located {
            x[seat] = records[seat].x
            y[seat] = records[seat].y
            radii?[seat] = records[seat].radius
        }
        return PackedRegister(
            generation: .random(in: .min ... .max), ids: records.map(\.id), channels: channels, groups: groups,
            locatedCount: located, provenCount: proven, greatestMetres: Radii.metres[Int(greatest)], places: places)
    }
}

extension PackedRegister {
    /// Seats all recipients by their rows.
    ///
    /// - Returns: with the row numbers of those who find no seat.
    static func build(_ database: Database) throws -> (register: PackedRegister, seatless: [Int64]) {
        let unseated = try UnseatedRegister(database)
        let seatless = unseated.seatless
        return (try unseated.seated(), seatless)
    }
}

extension PlaceCell {
    init(x: UInt32, y: UInt32) {
        self.x = x
        self.y = y
    }
}

import CZoneIndex
import Foundation
import GeoModel
import Synchronization

#if _endian(big)
#error("the bytes of register_packs are little endian, and read as they are")
#endif

/// What selecting and counting needs to know of a register, as it was at one moment: read only, shared by all threads.
///
/// Recipients sit in an order of their own. First those with a point and a given commune code, then those with a point
/// whose code the geocoder found or who have none, then those without a point; in each part commune by commune,
/// neighbours side by side. A commune is thus a few ranges of seats, and so is most of a zone. Some 13 bytes a recipient.
final class PackedRegister: Sendable {
    /// Recipients in a row of seats of whom the register says the same of organisation and commune.
    struct Group: BitwiseCopyable {
        /// See `CommuneNumber`; never `unreadable`.
        var number: UInt32
        /// 1 when the geocoder found the code.
        var isFound: UInt32
        var organisation: Int64
        var start: UInt32
        var end: UInt32

        var seats: Range<Int64> { Int64(start)..<Int64(end) }
    }

    /// Which of the register's packs it is: chosen at random whenever one is made.
    let generation: Int64
    let count: Int
    /// Seats below have a point; below `provenCount` a given code, too.
    let locatedCount: Int
    let provenCount: Int
    /// In the order of seats.
    let groups: [Group]
    /// Of those with a point, in metres, rounded up.
    let greatestMetres: Double
    /// Channels by page of 4,096 seats: 64 words for each plane of `ChannelPlanes`.
    let channels: [UInt64]
    let ids: [UInt32]
    /// Indices of `groups` by commune number, and where each number's begin.
    private let groupsByNumber: [UInt32]
    private let firstOfNumber: [UInt32]
    // Filled before it is shared, and never changed again.
    nonisolated(unsafe) let places: OpaquePointer
    private let inverse = Mutex<SeatsByID?>(nil)
    /// What was found for commune terms; valid as long as this is.
    let findings = CommuneFindings()

    /// - Parameter places: filled with those of the seats with a point; freed with this object.
    init(
        generation: Int64, ids: [UInt32], channels: [UInt64], groups: [Group], locatedCount: Int, provenCount: Int,
        greatestMetres: Double, places: OpaquePointer
    ) {
        self.generation = generation
        self.ids = ids
        self.channels = channels
        self.groups = groups
        self.locatedCount = locatedCount
        self.provenCount = provenCount
        self.greatestMetres = greatestMetres
        self.places = places
        count = ids.count
        czone_pack_index(places)
        var first = [UInt32](repeating: 0, count: CommuneNumber.count + 1)
        for group in groups { first[Int(group.number) + 1] += 1 }
        for number in 1..<first.count { first[number] += first[number - 1] }
        var next = first
        var sorted = [UInt32](repeating: 0, count: groups.count)
        for (index, group) in groups.enumerated() {
            sorted[Int(next[Int(group.number)])] = UInt32(index)
            next[Int(group.number)] += 1
        }
        groupsByNumber = sorted
        firstOfNumber = first
    }

    deinit {
        czone_pack_destroy(places)
    }

    static func makePlaces(count: Int, hasRadii: Bool) throws -> OpaquePointer {
        guard let places = czone_pack_create(UInt32(count), hasRadii ? 1 : 0, Radii.metres) else {
            throw StoreError.outOfMemory
        }
        return places
    }

    func groups(of number: UInt32) -> some Sequence<Group> {
        let range = number < CommuneNumber.count
            ? Int(firstOfNumber[Int(number)])..<Int(firstOfNumber[Int(number) + 1]) : 0..<0
        return groupsByNumber[range].lazy.map { self.groups[Int($0)] }
    }

    /// Of seats with a point and a given code, and of those without a point.
    var groupsProven: ArraySlice<Group> { groups[..<firstGroup(from: provenCount)] }
    var groupsWithoutPoint: ArraySlice<Group> { groups[firstGroup(from: locatedCount)...] }

    private func firstGroup(from seat: Int) -> Int { seat < count ? group(ofSeat: seat) : groups.count }

    /// The group of a seat.
    func group(ofSeat seat: Int) -> Int {
        var low = 0, high = groups.count - 1
        while low < high {
            let middle = (low + high) / 2
            if Int(groups[middle].end) > seat { high = middle } else { low = middle + 1 }
        }
        return low
    }

    /// Whether the cell of a seat with a point touches one of some boxes.
    func mayLie(_ seat: Int, in boxes: [BoundingBox<WGS84>]) -> Bool {
        // A cell is less than a ten-millionth of a degree wide.
        let x = Double(czone_pack_x(places)[seat]) / 4_294_967_296 * 360 - 180
        let y = Double(czone_pack_y(places)[seat]) / 4_294_967_296 * 180 - 90
        return boxes.contains { $0.west - 1e-7 <= x && x <= $0.east && $0.south - 1e-7 <= y && y <= $0.north }
    }

    /// Where a seat with a point has it.
    func cell(ofSeat seat: Int) -> BoundingBox<WGS84> {
        // Exact: 41 bits at most.
        let west = Double(czone_pack_x(places)[seat]) * PlaceCell.degreesEast - 180
        let south = Double(czone_pack_y(places)[seat]) * PlaceCell.degreesNorth - 90
        return BoundingBox(
            west: west, south: south, east: west + PlaceCell.degreesEast, north: south + PlaceCell.degreesNorth)
    }

    /// Seats by row number; made when first needed.
    var seatsByID: SeatsByID {
        inverse.withLock { inverse in
            if let inverse { return inverse }
            let made = SeatsByID(ids)
            inverse = made
            return made
        }
    }
}

/// Finds seats by row numbers.
final class SeatsByID: Sendable {
    private enum Table {
        /// Seat by row number; `UInt32.max` where there is none.
        case direct([UInt32])
        /// Seats in the order of row numbers, which are far apart.
        case sorted([UInt32])
    }

    private let ids: [UInt32]
    private let table: Table

    init(_ ids: [UInt32]) {
        self.ids = ids
        let greatest = Int(ids.max() ?? 0)
        if greatest <= 4 * ids.count + 4096 {
            var seats = [UInt32](repeating: .max, count: greatest + 1)
            for (seat, id) in ids.enumerated() { seats[Int(id)] = UInt32(seat) }
            table = .direct(seats)
        } else {
            table = .sorted(ids.indices.map { UInt32($0) }.sorted { ids[Int($0)] < ids[Int($1)] })
        }
    }

    func seat(of id: Int64) -> Int? {
        guard let id = UInt32(exactly: id) else { return nil }
        switch table {
        case .direct(let seats):
            guard Int(id) < seats.count, seats[Int(id)] != .max else { return nil }
            return Int(seats[Int(id)])
        case .sorted(let seats):
            var low = 0, high = seats.count
            while low < high {
                let middle = (low + high) / 2
                if ids[Int(seats[middle])] < id { low = middle + 1 } else { high = middle }
            }
            return low < seats.count && ids[Int(seats[low])] == id ? Int(seats[low]) : nil
        }
    }
}

/// Radii of discs as one byte: the least of 254 steps, each six per cent above the last, that is not smaller.
enum Radii {
    static let metres: [Double] = [0] + (0..<255).map { 0.1 * pow(1.0561, Double($0)) }

    /// - Returns: nil when no step is as wide.
    static func step(_ radius: Double) -> UInt8? {
        if radius == 0 { return 0 }
        guard radius > 0, radius <= metres[255] else { return nil }
        var low = 1, high = 255
        while low < high {
            let middle = (low + high) / 2
            if metres[middle] >= radius { high = middle } else { low = middle + 1 }
        }
        return UInt8(low)
    }
}

/// The planes of a page: one bit a seat.
enum ChannelPlanes {
    static let wordsPerPage = 4 * 64

    static func set(_ mask: Int64, ofSeat seat: Int, in words: inout [UInt64]) {
        let page = seat >> 12 * wordsPerPage, word = (seat & 4095) >> 6
        for plane in 0..<4 where mask >> Int64(plane) & 1 != 0 {
            words[page + plane * 64 + word] |= 1 << UInt64(seat & 63)
        }
    }

    static func empty(seats: Int) -> [UInt64] { Array(repeating: 0, count: (seats + 4095) / 4096 * wordsPerPage) }
}

/// A place as a cell of the globe; nil off it.
struct PlaceCell {
    static let degreesEast = 360.0 / 4_294_967_296
    static let degreesNorth = 180.0 / 4_294_967_296
    /// No place of a cell is further from its middle: half its diagonal on the equator, and more.
    static let metres = 0.006

    let x: UInt32
    let y: UInt32

    init?(longitude: Double, latitude: Double) {
        guard longitude >= -180, longitude <= 180, latitude >= -90, latitude <= 90 else { return nil }
        x = UInt32(min(4_294_967_295, (longitude + 180) / 360 * 4_294_967_296))
        y = UInt32(min(4_294_967_295, (latitude + 90) / 180 * 4_294_967_296))
    }

    /// Its number along a Hilbert curve, by the upper 24 bits of each side: cells of two metres.
    var curve: UInt64 {
        var x = x >> 8, y = y >> 8
        var key: UInt64 = 0
        var side: UInt32 = 1 << 23
        while side > 0 {
            let right: UInt32 = x & side != 0 ? 1 : 0, upper: UInt32 = y & side != 0 ? 1 : 0
            key = key << 2 | UInt64((3 * right) ^ upper)
            if upper == 0 {
                if right == 1 {
                    x = ~x & 0xFF_FFFF
                    y = ~y & 0xFF_FFFF
                }
                swap(&x, &y)
            }
            side >>= 1
        }
        return key
    }
}

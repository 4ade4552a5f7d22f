import AlertModel
import GRDB
import GeoModel
import Targeting

extension Database {
    /// Counts whom a zone selects, by the register's seats: no recipient's row is read for it.
    ///
    /// The figures are those that `forEachSelected` gives.
    /// - Throws: as `Selector.select`.
    func counts(of zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter()) throws -> ZoneCounts {
        let search = SeatSearch(database: self, scope: scope, view: try RegisterView.current(self))
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).pages(zone, in: search.seats)
        var tally = SeatTally(filter: filter, view: search.view, territory: try TerritoryCodes.current(self))
        for page in verdicts.pages { tally.add(page) }
        return tally.result
    }
}

/// The counting of one zone, page by page in the order of seats.
private struct SeatTally {
    private let filter: SelectionFilter
    private let view: RegisterView
    private let territory: TerritoryCodes
    private var counts = ZoneCounts()
    private var reached = [0, 0, 0, 0]
    /// Communes of today that were met, one bit a `CommuneNumber`.
    private var communes = [UInt64](repeating: 0, count: CommuneNumber.count / 64 + 1)
    private var group = 0

    /// In the order of `ChannelMask`'s bits.
    private static let planes: [Channel] = [.sms, .voice, .email, .fax]

    init(filter: SelectionFilter, view: RegisterView, territory: TerritoryCodes) {
        self.filter = filter
        self.view = view
        self.territory = territory
    }

    var result: ZoneCounts {
        var counts = counts
        for (index, channel) in Self.planes.enumerated() where reached[index] > 0 { counts.channels[channel] = reached[index] }
        counts.communes = communes.reduce(0) { $0 + $1.nonzeroBitCount }
        return counts
    }

    mutating func add(_ page: VerdictPages.Page) {
        let firstSeat = Int(page.number) << Int(VerdictPages.pageBits)
        if firstSeat < view.firstSeat {
            add(page, firstSeat, view.base.channels, firstSeat >> 12 * ChannelPlanes.wordsPerPage)
        } else {
            add(page, firstSeat, view.channels, (firstSeat - view.firstSeat) >> 12 * ChannelPlanes.wordsPerPage)
        }
    }

    private mutating func add(_ page: VerdictPages.Page, _ firstSeat: Int, _ channels: [UInt64], _ planes: Int) {
        let admittedPlane = filter.channel.flatMap { Self.planes.firstIndex(of: $0) }
        for word in 0..<VerdictPages.wordsPerPlane {
            counts.notLocated += page.notLocated[word].nonzeroBitCount
            var admitted = UInt64.max
            if let admittedPlane { admitted = channels[planes + admittedPlane * 64 + word] }
            let certain = page.certain[word] & admitted
            let possible = filter.certainOnly ? 0 : page.possible[word] & admitted
            let selected = certain | possible
            guard selected != 0 else { continue }
            counts.certain += certain.nonzeroBitCount
            counts.possible += possible.nonzeroBitCount
            var anyChannel: UInt64 = 0
            for plane in 0..<4 {
                let bits = channels[planes + plane * 64 + word]
                anyChannel |= bits
                reached[plane] += (selected & bits).nonzeroBitCount
            }
            counts.unreachable += (selected & ~anyChannel).nonzeroBitCount
            seeCommunes(selected, firstSeat + word * 64)
        }
    }

    private mutating func seeCommunes(_ selected: UInt64, _ seat: Int) {
        if seat >= view.firstSeat {
            var bits = selected
            while bits != 0 {
                see(view.rows[seat - view.firstSeat + bits.trailingZeroBitCount].countedNumber)
                bits &= bits &- 1
            }
            return
        }
        let groups = view.base.groups
        var bits = selected
        while bits != 0 {
            let found = seat + bits.trailingZeroBitCount
            if groups[group].end <= found {
                // Mostly the next; after a leap any.
                group = groups[group + 1].end > found ? group + 1 : view.base.group(ofSeat: found)
            }
            see(groups[group].number)
            // All of this group at once.
            let rest = Int(groups[group].end) - seat
            bits = rest >= 64 ? 0 : bits & (UInt64.max << UInt64(rest))
        }
    }

    private mutating func see(_ number: UInt32?) {
        guard let number, number != CommuneNumber.none, number < CommuneNumber.count else { return }
        let today = Int(territory.communeToday(number))
        communes[today >> 6] |= 1 << UInt64(today & 63)
    }
}

extension AlertDatabase {
    /// Whom a zone selects, certainly or possibly, in no particular order: no recipient's row is read for it.
    ///
    /// - Throws: as `Selector.select`.
    package func selectedRecipientIDs(in zone: Zone, scope: RegisterScope) throws -> [RecipientID] {
        try pool.read { database in
            let search = SeatSearch(database: database, scope: scope, view: try RegisterView.current(database))
            let register = RegisterReader(database: database, scope: scope)
            let verdicts = try Selector(register: register).pages(zone, in: search.seats)
            return search.recipients(verdicts)
        }
    }

    /// External identifiers of whom a zone selects, in byte order.
    ///
    /// - Throws: as `Selector.select`.
    package func selectedExternalIDs(
        in zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter()
    ) throws -> [String] {
        try pool.read { database in
            let search = SeatSearch(database: database, scope: scope, view: try RegisterView.current(database))
            let register = RegisterReader(database: database, scope: scope)
            let verdicts = try Selector(register: register).pages(zone, in: search.seats)
            // In the order of rows, so that neighbouring ones are read together.
            let rows = search.recipients(verdicts, filter).sorted()
            let lookup = try RawStatement(database, "SELECT external_id FROM recipients WHERE id = ?")
            var found: [String] = []
            found.reserveCapacity(rows.count)
            for row in rows {
                lookup.bind(row.rawValue, at: 1)
                if try lookup.step(), let text = lookup.text(0) { found.append(text) }
                lookup.reset()
            }
            return found.sorted(by: Database.byteOrder)
        }
    }

    /// Where a recipient is about whom a benchmark draws its zones: the one in the middle of those with a point.
    package func benchmarkCentre(scope: RegisterScope) throws -> Position<WGS84>? {
        let owner = scope.condition(on: "organisation_id")
        return try pool.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT X(location), Y(location) FROM recipients
                    WHERE precision IS NOT NULL AND \(owner.sql) AND id >= (SELECT MAX(id) / 2 FROM recipients)
                    ORDER BY id LIMIT 1
                    """, arguments: owner.arguments
            ).map { Position(longitude: $0[0], latitude: $0[1]) }
        }
    }
}

extension SeatSearch {
    /// Everyone the filter admits.
    fileprivate func recipients(_ verdicts: VerdictPages, _ filter: SelectionFilter = SelectionFilter()) -> [RecipientID] {
        let pages = verdicts.pages
        var count = 0
        for page in pages {
            for word in 0..<VerdictPages.wordsPerPlane {
                if filter.certainOnly { page.possible[word] = 0 }
                count += (page.certain[word] | page.possible[word]).nonzeroBitCount
            }
        }
        if let channel = filter.channel { return recipients(pages, reachedBy: channel) }
        return Array(unsafeUninitializedCapacity: count) { buffer, filled in
            view.base.ids.withUnsafeBufferPointer { ids in
                for page in pages {
                    let first = Int(page.number) << Int(VerdictPages.pageBits)
                    for word in 0..<VerdictPages.wordsPerPlane {
                        var bits = page.certain[word] | page.possible[word]
                        let start = first + word * 64
                        if bits == .max, start + 64 <= view.firstSeat {
                            for seat in start..<start + 64 {
                                buffer.initializeElement(at: filled, to: RecipientID(rawValue: Int64(ids[seat])))
                                filled += 1
                            }
                            continue
                        }
                        while bits != 0 {
                            let seat = start + bits.trailingZeroBitCount
                            let id = seat < view.firstSeat ? Int64(ids[seat]) : view.id(ofSeat: seat)
                            buffer.initializeElement(at: filled, to: RecipientID(rawValue: id))
                            filled += 1
                            bits &= bits &- 1
                        }
                    }
                }
            }
        }
    }

    private func recipients(_ pages: [VerdictPages.Page], reachedBy channel: Channel) -> [RecipientID] {
        let plane = ChannelMask(channel).rawValue.trailingZeroBitCount
        var found: [RecipientID] = []
        for page in pages {
            for word in 0..<VerdictPages.wordsPerPlane {
                var bits = page.certain[word] | page.possible[word]
                while bits != 0 {
                    let seat = Int(page.number) << Int(VerdictPages.pageBits) + word * 64 + bits.trailingZeroBitCount
                    if view.reaches(seat, plane) { found.append(RecipientID(rawValue: view.id(ofSeat: seat))) }
                    bits &= bits &- 1
                }
            }
        }
        return found
    }
}

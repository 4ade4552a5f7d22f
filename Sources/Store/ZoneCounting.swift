import AlertModel
import GRDB
import GeoModel
import Targeting

extension Database {
    /// Counts whom a zone selects, from the register's pages: no recipient's row is read.
    ///
    /// The figures are those that `forEachSelected` gives.
    /// - Throws: as `Selector.select`.
    func counts(of zone: Zone, scope: RegisterScope, filter: SelectionFilter = SelectionFilter()) throws -> ZoneCounts {
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).pages(zone)
        let pages = try RegisterPages(database: self)
        var tally = ZoneTally(filter: filter)
        for found in verdicts.pages { tally.add(found, try pages.page(found.number)) }
        var counts = tally.counts
        counts.communes = try byCommuneToday(tally.recipientsByCommune).count
        return counts
    }
}

/// The counting of one zone, page by page.
private struct ZoneTally {
    private let filter: SelectionFilter
    private var byCommune = [Int32](repeating: 0, count: CommuneNumber.count)
    private var result = ZoneCounts()
    private var reached = [Int](repeating: 0, count: planes.count)

    private static let planes: [(plane: RegisterPage.Plane, channel: Channel)] = [
        (.sms, .sms), (.voice, .voice), (.email, .email), (.fax, .fax),
    ]

    init(filter: SelectionFilter) {
        self.filter = filter
    }

    var counts: ZoneCounts {
        var counts = result
        for (index, entry) in Self.planes.enumerated() where reached[index] > 0 {
            counts.channels[entry.channel] = reached[index]
        }
        return counts
    }

    /// Selected recipients by the commune code that the register gives them.
    var recipientsByCommune: [String: Int] {
        var result: [String: Int] = [:]
        for number in 1..<CommuneNumber.count where byCommune[number] > 0 {
            result[CommuneNumber.code(UInt32(number))] = Int(byCommune[number])
        }
        return result
    }

    mutating func add(_ found: VerdictPages.Page, _ facts: RegisterPage) {
        for word in 0..<VerdictPages.wordsPerPlane {
            result.notLocated += found.notLocated[word].nonzeroBitCount
            var admitted = facts.word(.present, word)
            if let channel = filter.channel, let entry = Self.planes.first(where: { $0.channel == channel }) {
                admitted &= facts.word(entry.plane, word)
            }
            let certain = found.certain[word] & admitted
            let possible = filter.certainOnly ? 0 : found.possible[word] & admitted
            let selected = certain | possible
            guard selected != 0 else { continue }
            result.certain += certain.nonzeroBitCount
            result.possible += possible.nonzeroBitCount
            var anyChannel: UInt64 = 0
            for (index, entry) in Self.planes.enumerated() {
                let bits = facts.word(entry.plane, word)
                anyChannel |= bits
                reached[index] += (selected & bits).nonzeroBitCount
            }
            result.unreachable += (selected & ~anyChannel).nonzeroBitCount
            see(selected, facts, word)
        }
    }

    private mutating func see(_ selected: UInt64, _ facts: RegisterPage, _ word: Int) {
        var bits = selected
        while bits != 0 {
            let number = facts.communes[word * 64 + bits.trailingZeroBitCount]
            if number < CommuneNumber.count { byCommune[Int(number)] &+= 1 }
            bits &= bits &- 1
        }
    }
}

extension AlertDatabase {
    /// Whom a zone selects, certainly or possibly, in the order of row numbers: no recipient's row is read.
    ///
    /// - Throws: as `Selector.select`.
    package func selectedRecipientIDs(in zone: Zone, scope: RegisterScope) throws -> [RecipientID] {
        try pool.read { database in
            let verdicts = try Selector(register: RegisterReader(database: database, scope: scope)).pages(zone)
            var recipients: [RecipientID] = []
            verdicts.forEach { recipient, verdict in
                if verdict.certainty != nil { recipients.append(recipient) }
            }
            return recipients
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

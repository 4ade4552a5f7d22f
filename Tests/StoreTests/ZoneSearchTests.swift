import AlertModel
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// The walk of the R*Tree and the counting by pages against the reading of rows, recipient by recipient.
@Suite struct ZoneSearchTests {
    private static let channels = ["sms:+33639980001", "voice:+33199000001", "email:a@example.org", "fax:+33199000002"]

    /// Zones around 2.1° E 50.05° N, with holes, parts, overlaps and circles.
    private func zones(_ generator: inout SeededGenerator) -> [Zone] {
        func centre() -> Position<WGS84> {
            place(.random(in: 1.98...2.22, using: &generator), .random(in: 49.98...50.12, using: &generator))
        }
        func star(_ centre: Position<WGS84>, _ degrees: Double, _ vertices: Int) -> Ring<WGS84> {
            let corners = (0..<vertices).map { index in
                let angle = 2 * Double.pi * Double(index) / Double(vertices)
                let radius = degrees * Double.random(in: 0.4...1, using: &generator)
                return place(centre.longitude + radius * cos(angle), centre.latitude + radius * sin(angle))
            }
            return Ring(corners + corners.prefix(1))
        }
        func area(parts: Int, degrees: Double, vertices: Int) -> Area<WGS84> {
            Area((0..<parts).map { _ in
                let centre = centre()
                return Polygon(
                    exterior: star(centre, degrees, vertices),
                    holes: vertices > 10 ? [star(centre, degrees * 0.3, 6)] : [])
            })
        }
        let drawn: [Zone] = [
            .perimeter(name: "hole", area: area(parts: 1, degrees: 0.08, vertices: 60)),
            .perimeter(name: "parts", area: area(parts: 25, degrees: 0.02, vertices: 12)),
            .perimeter(name: "fine", area: area(parts: 1, degrees: 0.1, vertices: 3000)),
            .perimeter(name: "small", area: area(parts: 1, degrees: 0.003, vertices: 5)),
            // Whose edges and vertices the register's grid lies on.
            perimeter(2.05, 50.02, 2.15, 50.08),
            .circle(centre: centre(), radiusMetres: .random(in: 1...500, using: &generator)),
            .circle(centre: centre(), radiusMetres: .random(in: 500...9000, using: &generator)),
        ]
        return drawn + [
            .union([drawn[0], drawn[1]]), .intersection([drawn[2], drawn[6], .communes(codes("80001"))]),
            .difference(drawn[4], except: drawn[1]), .difference(.communes(codes("80001", "80002")), except: drawn[0]),
            .union([drawn[3], .list("rive"), drawn[5]]),
        ]
    }

    private func people(
        _ prefix: String, _ count: Int, isDiscs: Bool, _ generator: inout SeededGenerator
    ) -> [Recipient] {
        (0..<count).map { index in
            // A third on a grid, where edges run; one in nine without a point.
            let position = index % 9 == 0
                ? nil
                : index % 3 == 0
                    ? place(2 + Double(Int.random(in: 0...20, using: &generator)) / 100,
                            50 + Double(Int.random(in: 0...10, using: &generator)) / 100)
                    : place(.random(in: 1.95...2.25, using: &generator), .random(in: 49.97...50.13, using: &generator))
            return person(
                "\(prefix)\(index)",
                commune: ["80001", "80002", "80102", "80999", "2A004", nil].randomElement(using: &generator)!,
                at: position,
                within: isDiscs && position != nil && index % 2 == 0 ? .random(in: 1...900, using: &generator) : 0,
                contacts: Self.channels.filter { _ in Bool.random(using: &generator) },
                lists: prefix == "a" && index % 40 == 0 ? ["rive"] : [])
        }
    }

    /// Asks both ways about many zones, in every scope and filter.
    private func expectEqual(_ bench: StoreBench, _ comment: Comment, _ generator: inout SeededGenerator) throws {
        let zones = zones(&generator)
        try bench.database.pool.read { try expectEqual($0, zones, comment) }
    }

    private func expectEqual(_ database: Database, _ zones: [Zone], _ comment: Comment) throws {
        let scopes: [RegisterScope] = [.all, .organisation(OrganisationID(rawValue: 2))]
        for (number, zone) in zones.enumerated() {
            // The last one's list is of the first organisation.
            for scope in number == zones.count - 1 ? [.all] : scopes {
                let fast = RegisterReader(database: database, scope: scope)
                var slow = fast
                slow.verdictsOfPoints = { _ in nil }
                let truth = try Selector(register: slow).select(zone)
                #expect(try Selector(register: fast).select(zone) == truth, "zone \(number), \(scope), \(comment)")
                let channel = Channel.allCases[number % 4]
                for filter in [
                    SelectionFilter(), SelectionFilter(channel: channel), SelectionFilter(certainOnly: true),
                ] {
                    let byRow = try database.counts(byRow: truth, filter: filter)
                    let byPage = try database.counts(of: zone, scope: scope, filter: filter)
                    #expect(byPage == byRow, "zone \(number), \(scope), \(filter), \(comment)")
                }
            }
        }
    }

    private func wellIndexed(_ bench: StoreBench, _ comment: Comment) throws {
        let report = try bench.database.checkRegisterIndexes()
        #expect(report.isSound && report.stale == 0 && report.pages > 0, "\(report) \(comment)")
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [false, true])
    func `everyone is found as by reading rows, after any sequence of changes`(seed: UInt64, isDiscs: Bool) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: seed)
        let comment: Comment = "seed \(seed), discs \(isDiscs)"
        try bench.register(people("a", 700, isDiscs: isDiscs, &generator))
        // The next organisation begins within the first one's page; a third page is far away.
        try bench.register(people("b", 300, isDiscs: isDiscs, &generator), organisation: "Mairie")
        try bench.database.pool.write { database in
            try database.execute(sql: """
                UPDATE recipients SET id = id + 500000 WHERE id % 7 = 0 AND id NOT IN (
                    SELECT recipient_id FROM contact_points UNION SELECT recipient_id FROM list_members)
                """)
            // Nothing of the product changes a row's number; SpatiaLite's triggers do not follow it.
            try database.spatialCall("RecoverSpatialIndex('recipients', 'location')")
            try database.storeStalePages()
        }
        try expectEqual(bench, comment, &generator)
        try wellIndexed(bench, comment)

        // Rows change in one transaction, which sees itself; nobody stores the pages.
        let zones = zones(&generator)
        try bench.database.pool.write { database in
            try database.execute(sql: "DELETE FROM recipients WHERE id % 11 = 3")
            try database.execute(sql: "UPDATE recipients SET channels = 9, commune_code = '80003' WHERE id % 5 = 1")
            try database.execute(sql: """
                UPDATE recipients SET location = MakePoint(2.05, 50.0 + (id % 10) / 100.0, 4326), uncertainty_metres = 0,
                    precision = 'given', score = 1 WHERE id % 13 = 2
                """)
            try database.execute(sql: """
                UPDATE recipients SET location = NULL, uncertainty_metres = NULL, precision = NULL, score = NULL
                WHERE id % 17 = 4
                """)
            try database.execute(sql: "UPDATE recipients SET organisation_id = 2 WHERE id % 19 = 5")
            try expectEqual(database, zones, "unstored, \(comment)")
        }
        try expectEqual(bench, "stale, \(comment)", &generator)
        #expect(try bench.count("SELECT COUNT(*) FROM register_stale_pages") > 0)
        try bench.database.pool.write { try $0.storeStalePages() }
        try expectEqual(bench, "stored, \(comment)", &generator)
        try wellIndexed(bench, "stored, \(comment)")
    }

    @Test func `everyone who is given back by a rolled back transaction is counted as before`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05), contacts: [Self.channels[0]])])
        let zone = perimeter(2, 50, 2.1, 50.1)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try bench.database.pool.write { database in
                try database.execute(sql: "DELETE FROM recipients")
                try database.storeStalePages()
                #expect(try database.counts(of: zone, scope: .all).recipients == 0)
                throw Stop()
            }
        }
        #expect(try bench.database.counts(of: zone, scope: .all).channels == [.sms: 1])
    }

    @Test func `imports leave no stale page, and a check finds what is wrong with a stored one`() throws {
        let bench = try StoreBench()
        try bench.register((0..<50).map { person("r\($0)", commune: "80001", at: place(2.05, 50.05)) })
        try wellIndexed(bench, "")
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE register_pages SET planes = zeroblob(length(planes))")
        }
        #expect(try bench.database.checkRegisterIndexes().wrong == 1)
        try bench.database.rebuildRegisterIndexes()
        try wellIndexed(bench, "")
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM idx_recipients_location WHERE pkid = 7") }
        #expect(try !bench.database.checkRegisterIndexes().isTreeSound)
        try bench.database.rebuildRegisterIndexes()
        try wellIndexed(bench, "")
        // Bytes that are no page's are not believed.
        try bench.database.pool.write { try $0.execute(sql: "UPDATE register_pages SET communes = x'00'") }
        #expect(try bench.database.counts(of: perimeter(2, 50, 2.1, 50.1), scope: .all).recipients == 50)
    }

    @Test func `the tree's callback refuses a statement that nobody prepared a zone for`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05))])
        #expect(throws: DatabaseError.self) {
            try bench.count("SELECT pkid FROM idx_recipients_location WHERE pkid MATCH in_zone()")
        }
    }
}

extension Database {
    /// Counts by the rows of recipients.
    fileprivate func counts(byRow verdicts: VerdictSet, filter: SelectionFilter) throws -> Targeting.ZoneCounts {
        var counts = ZoneCounts()
        var communes: [String: Int] = [:]
        for entry in verdicts.entries {
            guard let certainty = entry.verdict.certainty else {
                counts.notLocated += 1
                continue
            }
            guard let row = try Row.fetchOne(
                self, sql: "SELECT channels, commune_code FROM recipients WHERE id = ?",
                arguments: [entry.recipient.rawValue])
            else { continue }
            let mask = ChannelMask(rawValue: row[0])
            guard filter.admits(certainty, mask) else { continue }
            if certainty == .certain { counts.certain += 1 } else { counts.possible += 1 }
            if mask.isEmpty { counts.unreachable += 1 }
            for channel in mask.members { counts.channels[channel, default: 0] += 1 }
            if let code: String = row[1] { communes[code, default: 0] += 1 }
        }
        counts.communes = try byCommuneToday(communes).count
        return counts
    }
}

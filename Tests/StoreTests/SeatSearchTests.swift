import AlertModel
import Foundation
import GRDB
import GeoEngine
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

/// Selecting and counting by seats against the reading of rows, recipient by recipient.
@Suite struct SeatSearchTests {
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
            .communes(codes("80102", "80999")), .department("80"), .union([.communes(codes("80002")), drawn[6]]),
            .widened(drawn[0], metres: 150), .widened(drawn[1], metres: 700), .widened(drawn[3], metres: 2000),
            .widened(drawn[5], metres: 300), .union([.widened(drawn[4], metres: 40), drawn[6]]),
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
                slow.seats = { nil }
                let truth = try Selector(register: slow).select(zone)
                #expect(try Selector(register: fast).select(zone) == truth, "zone \(number), \(scope), \(comment)")
                let channel = Channel.allCases[number % 4]
                for filter in [
                    SelectionFilter(), SelectionFilter(channel: channel), SelectionFilter(certainOnly: true),
                ] {
                    let byRow = try database.counts(byRow: truth, filter: filter)
                    let bySeat = try database.counts(of: zone, scope: scope, filter: filter)
                    #expect(bySeat == byRow, "zone \(number), \(scope), \(filter), \(comment)")
                }
            }
        }
    }

    private func wellIndexed(_ bench: StoreBench, _ comment: Comment) throws {
        let report = try bench.database.checkRegisterIndexes()
        #expect(report.isSound && report.recipients > 0, "\(report) \(comment)")
    }

    @Test(arguments: [40, 500, 20_000] as [Double])
    func `whoever is within metres or hairs of a circle's edge is found as by reading rows`(radius: Double) throws {
        let bench = try StoreBench()
        let centre = place(2.1, 50.05)
        let offsets = [-1.5, -1, -0.5, -0.02, -0.007, -0.006, -0.001, 0, 0.001, 0.006, 0.007, 0.02, 0.5, 1, 1.5]
        try bench.register(offsets.enumerated().flatMap { number, offset in
            (0..<16).map { turn in
                person(
                    "\(number)-\(turn)", commune: "80001",
                    at: Ellipsoid.destination(from: centre, azimuthDegrees: 22.5 * Double(turn) + 3, metres: radius + offset))
            }
        })
        try bench.database.pool.write { try $0.packRegister() }
        let zone = Zone.circle(centre: centre, radiusMetres: radius)
        try bench.database.pool.read { try expectEqual($0, [zone], "\(radius)") }
        let found = try bench.database.selectedExternalIDs(in: zone, scope: .all)
        #expect(Set(found.map { offsets[Int($0.prefix { $0 != "-" })!] }).isSuperset(of: offsets.filter { $0 <= 0 }))
        #expect(found.allSatisfy { offsets[Int($0.prefix { $0 != "-" })!] <= 0.001 })
    }

    @Test(arguments: [1, 2, 3] as [UInt64], [false, true])
    func `everyone is found as by reading rows, after any sequence of changes`(seed: UInt64, isDiscs: Bool) throws {
        let bench = try StoreBench()
        var generator = SeededGenerator(seed: seed)
        let comment: Comment = "seed \(seed), discs \(isDiscs)"
        try bench.register(people("a", 700, isDiscs: isDiscs, &generator))
        // The next organisation begins among the first one's numbers; some numbers are far away, one beyond all seats.
        try bench.register(people("b", 300, isDiscs: isDiscs, &generator), organisation: "Mairie")
        try bench.database.pool.write { database in
            try database.execute(sql: """
                UPDATE recipients SET id = id + 500000 WHERE id % 7 = 0 AND id NOT IN (
                    SELECT recipient_id FROM contact_points UNION SELECT recipient_id FROM list_members)
                """)
            try database.execute(sql: "UPDATE recipients SET is_commune_found = 1 WHERE id % 4 = 0")
            try database.execute(sql: """
                UPDATE recipients SET id = 5000000000 WHERE id = (SELECT MIN(id) FROM recipients WHERE id NOT IN (
                    SELECT recipient_id FROM contact_points UNION SELECT recipient_id FROM list_members))
                """)
            // Nothing of the product changes a row's number; SpatiaLite's triggers do not follow it.
            try database.spatialCall("RecoverSpatialIndex('recipients', 'location')")
            try database.packRegister()
        }
        try expectEqual(bench, comment, &generator)
        try wellIndexed(bench, comment)

        // Rows change in one transaction, which sees itself; nobody makes the pack anew.
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
            try expectEqual(database, zones, "in the making, \(comment)")
        }
        try expectEqual(bench, "changed, \(comment)", &generator)
        #expect(try bench.count("SELECT COUNT(*) FROM register_changes") > 1)
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE recipients SET commune_code = '80 01', is_commune_found = 1 WHERE id % 23 = 1")
            try database.execute(sql: "UPDATE recipients SET uncertainty_metres = 300 WHERE id % 7 = 1 AND precision IS NOT NULL")
            try database.execute(sql: "DELETE FROM recipients WHERE id % 29 = 3")
        }
        try expectEqual(bench, "changed twice, \(comment)", &generator)
        try wellIndexed(bench, "changed twice, \(comment)")
        try bench.database.pool.write { try $0.packRegister() }
        try expectEqual(bench, "packed, \(comment)", &generator)
        try wellIndexed(bench, "packed, \(comment)")
    }

    @Test func `what a rolled back transaction saw is nobody else's`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05), contacts: [Self.channels[0]])])
        let zone = perimeter(2, 50, 2.1, 50.1)
        struct Stop: Error {}
        #expect(throws: Stop.self) {
            try bench.database.pool.write { database in
                try database.execute(sql: "UPDATE recipients SET channels = 8")
                #expect(try database.counts(of: zone, scope: .all).channels == [.fax: 1])
                throw Stop()
            }
        }
        #expect(try bench.database.counts(of: zone, scope: .all).channels == [.sms: 1])
        // The number of the change that never was comes again.
        try bench.database.pool.write { try $0.execute(sql: "UPDATE recipients SET channels = 4") }
        #expect(try bench.database.counts(of: zone, scope: .all).channels == [.email: 1])
        #expect(throws: Stop.self) {
            try bench.database.pool.write { database in
                try database.execute(sql: "DELETE FROM recipients")
                try database.packRegister()
                #expect(try database.counts(of: zone, scope: .all).recipients == 0)
                throw Stop()
            }
        }
        #expect(try bench.database.counts(of: zone, scope: .all).channels == [.email: 1])
    }

    @Test func `a reader that began earlier still sees what was`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05), contacts: [Self.channels[0]])])
        let zone = perimeter(2, 50, 2.1, 50.1)
        for change in ["UPDATE recipients SET channels = 4", "DELETE FROM recipients"] {
            let earlier = try bench.database.pool.makeSnapshot()
            let before = try earlier.read { try $0.counts(of: zone, scope: .all) }
            try bench.database.pool.write { try $0.execute(sql: change) }
            #expect(try bench.database.counts(of: zone, scope: .all) != before)
            #expect(try earlier.read { try $0.counts(of: zone, scope: .all) } == before)
        }
    }

    @Test func `a check finds what is wrong with the pack, and bytes that are none are not believed`() throws {
        let bench = try StoreBench()
        try bench.register((0..<600).map { person("r\($0)", commune: "80001", at: place(2.05, 50.05)) })
        try wellIndexed(bench, "")
        #expect(try bench.count("SELECT COUNT(*) FROM register_changes") == 0)
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE register_packs SET bytes = zeroblob(length(bytes)) WHERE part = 3")
        }
        #expect(try bench.database.checkRegisterIndexes().wrong == 600)
        try bench.database.rebuildRegisterIndexes()
        try wellIndexed(bench, "")
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM idx_recipients_location WHERE pkid = 7") }
        #expect(try !bench.database.checkRegisterIndexes().isTreeSound)
        try bench.database.rebuildRegisterIndexes()
        try wellIndexed(bench, "")
        try bench.database.pool.write { try $0.execute(sql: "UPDATE register_packs SET bytes = x'00'") }
        let report = try bench.database.checkRegisterIndexes()
        #expect((report.wrong, report.isPackWhole) == (0, false))
        #expect(try bench.database.counts(of: perimeter(2, 50, 2.1, 50.1), scope: .all).recipients == 600)
    }

    @Test func `a commune's meaning and ground are those of the territory that the transaction sees`() throws {
        let bench = try StoreBench()
        try bench.register([
            person("a", commune: "80003"), person("b", commune: "80001", at: place(2.05, 50.05)),
            person("c", at: place(2.25, 50.05)),
        ])
        #expect(try bench.database.counts(of: .communes(codes("80003")), scope: .all).recipients == 1)
        #expect(try bench.database.counts(of: perimeter(2.2, 50, 2.3, 50.1), scope: .all).recipients == 1)
        try bench.territory([commune("80003", boundary: rectangle(2.2, 50.0, 2.3, 50.1))])
        let counts = try bench.database.counts(of: .communes(codes("80003")), scope: .all)
        #expect((counts.certain, counts.notLocated) == (2, 0))
        #expect(try bench.database.counts(of: perimeter(2.2, 50, 2.3, 50.1), scope: .all).recipients == 2)
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

import Foundation
import GRDB
import GeoEngine
import GeoModel
import Geocoding
import TestSupport
import Testing

@testable import Store

@Suite struct AddressReverseTests {
    static func door(
        _ number: Int?, _ street: String, suffix: String = "", at longitude: Double, _ latitude: Double = 50.05,
        code: String = "80001", locality: String? = nil
    ) throws -> BANAddress {
        let key = "\(code)_\(street.filter { $0 != " " }.lowercased())"
        let id = number.map { "\(key)_\(String(format: "%05d", $0))" + (suffix.isEmpty ? "" : "_\(suffix)") } ?? key
        return BANAddress(
            id: id, number: number, suffix: suffix, street: street, postcode: "80100",
            communeCode: try #require(CommuneCode(code)), communeName: "Commune \(code)", locality: locality,
            position: Position(longitude: longitude, latitude: latitude))
    }

    private func nearest(
        _ bench: StoreBench, _ longitude: Double, _ latitude: Double = 50.05, kinds: Set<PlacePrecision>? = nil,
        limit: Int = 1
    ) throws -> [NearbyAddress] {
        try bench.database.nearest(
            to: [Position(longitude: longitude, latitude: latitude)], kinds: kinds, limit: limit)[0]
    }

    @Test func `the nearest door comes first, with the base's identifier and the distance`() throws {
        let bench = try StoreBench()
        try bench.addresses([
            Self.door(3, "Rue Haute", at: 2.01), Self.door(5, "Rue Haute", suffix: "bis", at: 2.012),
            Self.door(8, "Rue Basse", at: 2.02),
        ])
        let found = try nearest(bench, 2.0121, limit: 5)
        #expect(found.map(\.record.identifier) == ["80001_ruehaute_00005_bis", "80001_ruebasse_00008"])
        #expect(found[0].record.label == "5bis Rue Haute 80100 Commune 80001")
        #expect(abs(found[0].metres - 7.16) < 0.05)
        let doors = try nearest(bench, 2.0121, kinds: [.houseNumber], limit: 5)
        #expect(doors.map(\.record.houseNumber?.description) == ["5bis", "3", "8"])
    }

    @Test func `a street is as far as its nearest point, and stands at its middle`() throws {
        let bench = try StoreBench()
        try bench.addresses([Self.door(1, "Rue Haute", at: 2.00), Self.door(99, "Rue Haute", at: 2.02)])
        let street = try #require(try nearest(bench, 2.02, kinds: [.street]).first)
        #expect(street.metres == 0)
        #expect(street.record.kind == .street && abs(street.record.position.longitude - 2.01) < 1e-9)
        #expect(street.record.identifier == "80001_ruehaute")
    }

    @Test func `a locality is one that opens without a street's type, or that doors name`() throws {
        let bench = try StoreBench()
        try bench.addresses([
            Self.door(nil, "Le Moulin Brûlé", at: 2.05), Self.door(1, "Rue Haute", at: 2.01, locality: "Le Bois"),
        ])
        let found = try nearest(bench, 2.05, kinds: [.locality], limit: 3)
        #expect(found.map(\.record.name) == ["Le Moulin Brûlé", "Le Bois"])
        #expect(found.allSatisfy { $0.record.kind == .locality && $0.record.houseNumber == nil })
        // The hamlet is made of doors, which answer for it.
        #expect(try nearest(bench, 2.01, limit: 3).map(\.record.kind) == [.houseNumber, .locality])
    }

    @Test func `the commune is the one around the place, whichever town hall is nearer`() throws {
        let bench = try StoreBench()
        let inside = try #require(try nearest(bench, 2.0999, kinds: [.commune]).first)
        #expect(inside.record.communeCode.rawValue == "80001")
        #expect(inside.record.identifier == "80001" && inside.record.kind == .commune)
        #expect(try nearest(bench, 2.1001, kinds: [.commune]).first?.record.communeCode.rawValue == "80002")
        // On the border of both: the lower code, and never two.
        #expect(try nearest(bench, 2.1, kinds: [.commune], limit: 9).map(\.record.communeCode.rawValue) == ["80001"])
        // A delegated commune's ground is the whole one's.
        #expect(try nearest(bench, 2.18, 50.02, kinds: [.commune]).first?.record.communeCode.rawValue == "80002")
        #expect(try nearest(bench, 2.5, kinds: [.commune]).isEmpty)
    }

    @Test func `without an address near, the commune answers; at sea nothing does`() throws {
        let bench = try StoreBench()
        try bench.addresses([Self.door(3, "Rue Haute", at: 2.01)])
        #expect(try nearest(bench, 2.19).map(\.record.kind) == [.commune])
        #expect(try nearest(bench, -20, 40).isEmpty)
        #expect(try nearest(bench, 2.01, kinds: []).isEmpty)
        #expect(try nearest(bench, 2.01, limit: 0).isEmpty)
        for (longitude, latitude) in [(180.0, 0.0), (-180, 90), (0, -90), (179.9, 89.99)] {
            #expect(try nearest(bench, longitude, latitude, limit: 100).isEmpty)
        }
    }

    @Test func `the tree follows what an import moves, and what leaves the index`() throws {
        let bench = try StoreBench()
        try bench.addresses([Self.door(3, "Rue Haute", at: 2.01)])
        #expect(try nearest(bench, 2.15).map(\.record.kind) == [.commune])
        try bench.addresses([Self.door(3, "Rue Haute", at: 2.15)])
        #expect(try nearest(bench, 2.15).first?.metres == 0)
        #expect(try nearest(bench, 2.01).map(\.record.kind) == [.commune])
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM streets") }
        #expect(try bench.count("SELECT count(*) FROM street_extents") == 0)
    }

    @Test func `an older database gets the tree of the addresses it has`() throws {
        let folder = try StoreBench.newFolder()
        defer { try? FileManager.default.removeItem(at: folder) }
        let queue = try DatabaseQueue()
        try queue.write { db in
            try AddressIndexSchema.create(in: db)
            try Schema.createAddressSources(db)
            _ = try AddressIndex(db).upsert(rows: [Self.door(3, "Rue Haute", at: 2.01), Self.door(9, "Rue Haute", at: 2.03)])
            try Schema.createStreetExtents(db)
            let row = try #require(try Row.fetchOne(db, sql: "SELECT west, east, south, north FROM street_extents"))
            // The tree keeps 32-bit numbers, rounded outwards.
            #expect((row["west"] as Double) <= 2.01 && (row["west"] as Double) > 2.009999)
            #expect((row["east"] as Double) >= 2.03 && (row["east"] as Double) < 2.030001)
        }
    }

    /// Every door compared with every other: the definition itself.
    @Test(arguments: [1, 2, 3] as [UInt64])
    func `among doors strewn at random, the answer is that of looking at all of them`(seed: UInt64) throws {
        var dice = SeededGenerator(seed: seed)
        let bench = try StoreBench()
        var doors: [BANAddress] = []
        for street in 0..<120 {
            // Some streets are short, some cross the whole country.
            let span = street % 10 == 0 ? 0.4 : 0.004
            let west = Double.random(in: 2.0...2.2, using: &dice), south = Double.random(in: 50.0...50.1, using: &dice)
            for number in 1...Int.random(in: 1...30, using: &dice) {
                doors.append(
                    try Self.door(
                        number, "Rue \(street)", at: west + Double.random(in: 0...span, using: &dice),
                        south + Double.random(in: 0...span / 2, using: &dice)))
            }
        }
        try bench.addresses(doors)
        for _ in 0..<60 {
            let position = Position<WGS84>(
                longitude: Double.random(in: 1.9...2.4, using: &dice),
                latitude: Double.random(in: 49.95...50.2, using: &dice))
            let all = doors.map { (id: $0.id, metres: Ellipsoid.distanceMetres(position, $0.position)) }
                .filter { $0.metres <= AddressIndex.farthestMetres }.sorted { ($0.metres, $0.id) < ($1.metres, $1.id) }
            let limit = Int.random(in: 1...40, using: &dice)
            let found = try nearest(bench, position.longitude, position.latitude, kinds: [.houseNumber], limit: limit)
            #expect(found.map(\.record.identifier) == all.prefix(limit).map(\.id), "seed \(seed)")
            #expect(zip(found, all).allSatisfy { abs($0.metres - $1.metres) < 1e-6 })
            var seen: Set<Substring> = []
            let streets = all.map { $0.id.split(separator: "_").dropLast().joined(separator: "_")[...] }
                .filter { seen.insert($0).inserted }.prefix(limit)
            #expect(
                try nearest(bench, position.longitude, position.latitude, kinds: [.street], limit: limit)
                    .map { $0.record.identifier[...] } == Array(streets), "seed \(seed)")
        }
    }

    @Test func `the tree is asked, never the whole table`() throws {
        let bench = try StoreBench()
        let plan = try bench.database.pool.read { db in
            try Row.fetchAll(
                db,
                sql: """
                    EXPLAIN QUERY PLAN SELECT e.id FROM street_extents e JOIN streets s ON s.id = e.id
                    WHERE e.west <= 1 AND e.east >= 1 AND e.south <= 1 AND e.north >= 1 AND s.kind = 'street'
                    ORDER BY e.id
                    """
            ).map { $0["detail"] as String }
        }
        #expect(plan.contains { $0.contains("VIRTUAL TABLE INDEX 2:") }, "\(plan)")
        #expect(plan.contains { $0.contains("INTEGER PRIMARY KEY") }, "\(plan)")
    }
}

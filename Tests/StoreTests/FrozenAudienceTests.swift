import AlertModel
import Campaigns
import GRDB
import GeoModel
import Targeting
import TestSupport
import Testing

@testable import Store

@Suite struct FrozenAudienceTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person("1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"]),
            person("2", commune: "80001", at: place(2.1, 50.05), within: 100, contacts: ["sms:+33639980002"]),
            person("3", commune: "80001"), person("4"),
            person("5", commune: "80002", at: place(2.15, 50.05), contacts: ["sms:+33639980005"]),
        ])
        return bench
    }

    private func freeze(_ bench: StoreBench, _ name: String = "Crue") throws -> FrozenAudience {
        try bench.database.freezeAudience(named: name, of: zone, scope: .all, actor: "agent", now: now)
    }

    // MARK: Bytes

    @Test(arguments: 0..<5 as Range<UInt64>)
    func `members come back from their bytes as they were`(seed: UInt64) throws {
        var generator = SeededGenerator(seed: seed)
        var members = AudienceMembers()
        var last: Int64 = 0
        let terms = seed < 3 ? 3 : 400
        for _ in 0..<Int.random(in: 0...5000, using: &generator) {
            last += .random(in: 1...(Bool.random(using: &generator) ? 3 : 1 << 40), using: &generator)
            members.append(
                RecipientID(rawValue: last), Bool.random(using: &generator) ? .certain : .possible,
                TermSet(rawValue: .random(in: 1...UInt64(terms), using: &generator)))
        }
        let bytes = members.bytes
        let read = try #require(AudienceMembers(bytes: bytes))
        #expect(read == members)
        #expect(read.bytes == bytes)
        #expect((0..<members.count).allSatisfy { read.reasons(of: $0) == members.reasons(of: $0) })
        // Cut short, or longer, they are nothing; nor does a flipped bit ever crash.
        #expect(AudienceMembers(bytes: Array(bytes.dropLast())) == nil)
        #expect(AudienceMembers(bytes: bytes + [0]) == nil)
        for _ in 0..<200 {
            var damaged = bytes
            damaged[Int.random(in: 0..<bytes.count, using: &generator)] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
            _ = AudienceMembers(bytes: damaged)
        }
    }

    // MARK: In the database

    @Test func `an audience is loaded as it was frozen, under its hash`() throws {
        let bench = try bench()
        let frozen = try freeze(bench)
        #expect((frozen.members.count, frozen.members.certainCount, frozen.notLocated) == (3, 2, 1))
        let loaded = try bench.database.frozenAudience(named: "Crue", scope: .all)
        #expect(loaded.members == frozen.members)
        #expect(loaded.hash == frozen.hash)
        #expect(try ZoneDocument.decode(Array(loaded.zone.utf8)) == zone)
        #expect(try bench.database.frozenAudiences(scope: .all).map(\.name) == ["Crue"])
        #expect(try bench.database.auditEntries(limit: 1).first?.detail["audience"] == frozen.hash.hexadecimal)
        #expect(throws: StoreError.audienceExists(name: "Crue")) { try freeze(bench) }
        #expect(throws: StoreError.unknownAudience(name: "Feu", known: ["Crue"])) {
            try bench.database.frozenAudience(named: "Feu", scope: .all)
        }
    }

    @Test func `the same register and zone freeze to the same hash`() throws {
        let bench = try bench()
        #expect(try freeze(bench, "A").hash == freeze(bench, "B").hash)
    }

    @Test(arguments: [
        "UPDATE audiences SET zone = zone || ' '", "UPDATE audiences SET actor = 'other'",
        "UPDATE audiences SET at = at + 1", "UPDATE audiences SET not_located = 0",
        "UPDATE audiences SET members = substr(members, 1, length(members) - 1)",
        "UPDATE audiences SET cards = zeroblob(32)", "UPDATE audiences SET recipients = 2",
    ])
    func `an altered row is refused`(sql: String) throws {
        let bench = try bench()
        _ = try freeze(bench)
        try bench.database.pool.write { try $0.execute(sql: sql) }
        #expect(throws: StoreError.damagedAudience(id: 1)) {
            try bench.database.frozenAudience(named: "Crue", scope: .all)
        }
    }

    @Test func `a frozen audience is launched exactly so`() throws {
        let bench = try bench()
        let frozen = try freeze(bench)
        let shown = try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: .all, frozen: frozen)
        let launch = try bench.database.launch(
            plan(zone: zone, approved: shown.hash), zone: zone, scope: .all, frozen: frozen, now: now)
        #expect(launch.recipients == 3)
        let kept = try #require(try bench.database.frozenAudience(of: launch.campaign))
        #expect(kept.members == frozen.members)
        #expect(kept.zone == frozen.zone)
    }

    @Test(arguments: [
        person("6", commune: "80001", at: place(2.05, 50.05)),
        person("1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980009"]),
        person("2", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980002"]),
        person("1", commune: "80002", at: place(2.15, 50.05), contacts: ["sms:+33639980001"]),
    ])
    func `whoever comes, goes, or is written otherwise makes it outdated, and nothing is launched`(
        change: Recipient
    ) throws {
        let bench = try bench()
        let frozen = try freeze(bench)
        try bench.register([change])
        #expect(throws: StoreError.self) {
            try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, frozen: frozen, now: now)
        }
        #expect(throws: StoreError.self) {
            try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: .all, frozen: frozen)
        }
        #expect(try bench.fetch("SELECT count(*) FROM campaigns", as: Int.self) == [0])
        #expect(try bench.fetch("SELECT count(*) FROM audiences", as: Int.self) == [1])
    }

    @Test func `somebody outside the zone may change`() throws {
        let bench = try bench()
        let frozen = try freeze(bench)
        try bench.register([person("5", commune: "80002", at: place(2.16, 50.05))])
        #expect(
            try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, frozen: frozen, now: now).recipients == 3)
    }
}

import AlertModel
import Campaigns
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct AudienceReadingTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register([
            person(
                "1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001", "email:a@example.org"]),
            person("2", commune: "80001", at: place(2.1, 50.05), within: 100, contacts: ["sms:+33639980001"]),
            person("3", commune: "80001", contacts: ["voice:+33199000001"]), person("4"),
            person("5", commune: "80002", at: place(2.15, 50.05), contacts: ["sms:+33639980005"]),
        ])
        return bench
    }

    private func hash(
        _ bench: StoreBench, zone: Zone? = nil, _ change: (Zone) -> CampaignPlan = { plan(zone: $0) }
    ) throws
        -> AudienceHash
    {
        let zone = zone ?? self.zone
        return try bench.database.previewAudience(of: change(zone), zone: zone, scope: .all).hash
    }

    @Test func `a preview counts recipients, addresses and communes`() throws {
        let bench = try bench()
        let preview = try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: .all)
        #expect((preview.counts.certain, preview.counts.possible, preview.counts.notLocated) == (2, 1, 1))
        // Two recipients share a number; voice is not of the plan.
        #expect(preview.legs == [.sms: 1, .email: 1])
        #expect(preview.communes.map { "\($0.name) \($0.recipients)" } == ["Ville 80001 3"])
    }

    @Test func `a launch freezes exactly the audience that was previewed`() throws {
        let bench = try bench()
        let shown = try hash(bench)
        let launch = try bench.database.launch(plan(zone: zone, approved: shown), zone: zone, scope: .all, now: now)
        #expect(launch.audience == shown)
        #expect((launch.recipients, launch.isNew) == (3, true))
        #expect(
            try bench.fetch(
                "SELECT external_id || ' ' || certainty || ' ' || state FROM deliveries ORDER BY 1", as: String.self)
                == ["1 certain pending", "2 possible pending", "3 certain unreachable"])
        let entry = try #require(try bench.database.auditEntries(limit: 1).first)
        #expect((entry.actor, entry.action) == ("agent", "campaign.launch"))
        #expect(entry.detail["audience"] == shown.hexadecimal)
        #expect(entry.detail["recipients"] == "3")
    }

    @Test func `the hash changes with the zone, the message, the policy and each recipient`() throws {
        let bench = try bench()
        let shown = try hash(bench)
        var seen: Set<AudienceHash> = [shown]
        func expectNew(_ hash: AudienceHash, _ what: Comment) { #expect(seen.insert(hash).inserted, what) }
        #expect(try hash(bench) == shown)
        expectNew(try hash(bench) { plan(zone: $0, text: "Évacuez à pied.") }, "message")
        expectNew(try hash(bench) { plan(zone: $0, channels: [.sms]) }, "channels")
        expectNew(try hash(bench) { plan(zone: $0, retries: 3) }, "policy")
        // The same people by a zone that differs by a hair.
        expectNew(try hash(bench, zone: perimeter(2.0, 50.0, 2.1, 50.1.nextUp)), "zone")
        let changes: [(Comment, Recipient)] = [
            ("certainty", person("2", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"])),
            ("address", person("2", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980002"])),
            ("another channel's address", person("3", commune: "80001", contacts: ["voice:+33199000003"])),
            ("a newcomer", person("6", commune: "80001", at: place(2.05, 50.05))),
            ("one who left the zone", person("1", commune: "80002", at: place(2.15, 50.05))),
        ]
        for (what, recipient) in changes {
            try bench.register([recipient])
            expectNew(try hash(bench), what)
        }
        // Outside the zone nothing matters.
        let last = try hash(bench)
        try bench.register([person("5", commune: "80002", at: place(2.16, 50.05)), person("7")])
        #expect(try hash(bench) == last)
    }

    @Test func `an audience that changed since it was shown is refused, and nothing is written`() throws {
        let bench = try bench()
        let shown = try hash(bench)
        try bench.register([person("6", commune: "80001", at: place(2.05, 50.05))])
        let entries = try bench.count("SELECT count(*) FROM audit_entries")
        #expect(throws: LaunchError.audienceChanged(recipients: 4)) {
            try bench.database.launch(plan(zone: zone, approved: shown), zone: zone, scope: .all, now: now)
        }
        for table in ["campaigns", "deliveries", "legs"] {
            #expect(try bench.count("SELECT count(*) FROM \(table)") == 0)
        }
        #expect(try bench.count("SELECT count(*) FROM audit_entries") == entries)
    }

    @Test func `an alert whose people are in another of that day is said to repeat it`() throws {
        let bench = try bench()
        let first = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: now)
        func repeated(_ zone: Zone, hours: Int = 1, mode: CampaignMode = .exercise) throws -> [GuardFinding] {
            try bench.database.previewAudience(
                of: plan(zone: zone, key: "next", mode: mode), zone: zone, scope: .all,
                now: now.advanced(bySeconds: 3600 * hours)
            ).guards.filter { $0.rail == .alreadyAlerted }
        }
        // Whoever has no number was not alerted: 1 and 2 were, 3 was not, 5 is in the wider zone alone.
        let wider = perimeter(2.0, 50.0, 2.2, 50.1)
        let finding = try #require(try repeated(wider).first)
        #expect((finding.found, finding.campaigns, finding.consequence) == (2, [first.campaign], .warn))
        #expect(try repeated(wider, hours: 25).isEmpty, "the day after")
        #expect(try repeated(.members(.campaign(first.campaign, .all))).isEmpty, "a correction means them")
        #expect(try repeated(wider, mode: .real).isEmpty, "an exercise alerts nobody")
    }

    @Test func `an audience of nobody is refused`() throws {
        let bench = try bench()
        let empty = perimeter(3, 50, 3.1, 50.1)
        #expect(throws: LaunchError.emptyAudience) {
            try bench.database.launch(plan(zone: empty), zone: empty, scope: .all, now: now)
        }
        #expect(throws: TargetingError.emptyZone) {
            try bench.database.launch(plan(zone: .union([])), zone: .union([]), scope: .all, now: now)
        }
    }

    @Test func `a zone that no event fills is counted, and neither planned nor launched`() throws {
        let bench = try bench()
        let wide = perimeter(-20, 40, 20, 60)
        #expect(try bench.database.counts(of: wide, scope: .all).recipients == 4)
        #expect(throws: TargetingError.suspiciouslyLarge(name: "perimeter “P”")) {
            try bench.database.previewAudience(of: plan(zone: wide), zone: wide, scope: .all)
        }
        #expect(throws: TargetingError.suspiciouslyLarge(name: "perimeter “P”")) {
            try bench.database.launch(plan(zone: wide), zone: wide, scope: .all, now: now)
        }
        #expect(try bench.count("SELECT count(*) FROM campaigns") == 0)
    }

    @Test func `a second launch with the same request key answers the first, whatever became of the register`() throws {
        let bench = try bench()
        try bench.register([person("8", commune: "80001", at: place(2.05, 50.05), lists: ["rive"])])
        let zone = Zone.list("rive")
        let first = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: now)
        try bench.register([person("9", commune: "80001", lists: ["rive"])])
        let second = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: now)
        #expect((second.campaign, second.audience, second.recipients) == (first.campaign, first.audience, 1))
        #expect(!second.isNew)
        // Even when the zone can no longer be judged.
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM lists") }
        #expect(
            try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: now).campaign == first.campaign)
        #expect(try bench.count("SELECT count(*) FROM campaigns") == 1)
        #expect(try bench.count("SELECT count(*) FROM audit_entries WHERE action = 'campaign.launch'") == 1)
    }

    @Test func `an audience holds its organisation's recipients only`() throws {
        let bench = try bench()
        try bench.register([person("1", commune: "80001", at: place(2.05, 50.05))], organisation: "Mairie")
        let scope = try bench.database.scope(organisationNamed: "Mairie")
        #expect(
            try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: scope).counts.recipients == 1)
        #expect(
            try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: .all).counts.recipients == 4)
    }
}

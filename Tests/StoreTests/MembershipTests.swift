import AlertModel
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct MembershipTests {
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let town = Zone.communes(codes("80001"))

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register((1...7).map { number in
            person("\(number)", commune: "80001", contacts: number == 7 ? [] : ["sms:+3363998000\(number)"])
        })
        return bench
    }

    /// Launches to the whole town, and gives its deliveries the states of a campaign that has ended.
    private func campaign(_ bench: StoreBench) throws -> CampaignID {
        let launch = try bench.database.launch(plan(zone: town), zone: town, scope: .all, now: now)
        let states = ["1": "acknowledged", "2": "answered", "3": "passed", "4": "failed", "5": "cancelled", "6": "pending"]
        try bench.database.pool.write { database in
            for (id, state) in states {
                try database.execute(
                    sql: "UPDATE deliveries SET state = ? WHERE external_id = ?", arguments: [state, id])
            }
        }
        return launch.campaign
    }

    @Test(arguments: [
        (CampaignOutcome.all, ["1", "2", "3", "4", "5", "6", "7"]), (.reached, ["1", "2", "3"]), (.acknowledged, ["1"]),
        (.notAcknowledged, ["2", "3", "4", "5", "6", "7"]), (.failed, ["4", "5", "7"]),
    ])
    func `a former campaign's recipients are taken by what became of it`(outcome: CampaignOutcome, ids: [String]) throws {
        let bench = try bench()
        let zone = Zone.members(.campaign(try campaign(bench), outcome))
        #expect(try bench.select(zone) == ids.map { "\($0) certain" })
        for id in 1...7 {
            let explanation = try bench.database.explanations(ofExternalID: "\(id)", in: zone, scope: .all)[0]
            #expect((explanation.verdict == .certain) == ids.contains("\(id)"))
        }
    }

    @Test func `whoever left the register and came back is still of the campaign`() throws {
        let bench = try bench()
        let id = try campaign(bench)
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM recipients WHERE external_id = '2'") }
        let zone = Zone.members(.campaign(id, .notAcknowledged))
        #expect(!(try bench.select(zone).contains("2 certain")))
        try bench.register([person("2", commune: "80002")])
        #expect(try bench.select(zone).contains("2 certain"))
        #expect(try bench.select(.intersection([zone, .communes(codes("80002"))])) == ["2 certain"])
    }

    @Test func `a campaign nobody of the scope launched is unknown to it`() throws {
        let bench = try bench()
        let id = try campaign(bench)
        try bench.register([person("x")], organisation: "B")
        let other = try bench.database.scope(organisationNamed: "B")
        #expect(throws: StoreError.unknownCampaign(id: id.rawValue)) {
            try bench.select(.members(.campaign(id, .all)), scope: other)
        }
        #expect(throws: StoreError.unknownCampaign(id: 99)) {
            try bench.select(.members(.campaign(CampaignID(rawValue: 99), .all)))
        }
    }

    @Test func `a filter needs no list of its name, and one that names lists needs one organisation`() throws {
        let bench = try bench()
        let noSMS = Zone.members(.filter(.not(.channel([.sms]))))
        #expect(try bench.select(noSMS) == ["7 certain"])
        try bench.register([person("x"), person("y", lists: ["rive"])], organisation: "B")
        #expect(try bench.select(noSMS) == ["7 certain", "x certain", "y certain"])
        let listed = Zone.members(.filter(.list(["rive"])))
        #expect(throws: StoreError.ambiguousFilter) { try bench.select(listed) }
        #expect(try bench.select(listed, scope: bench.database.scope(organisationNamed: "B")) == ["y certain"])
        let many = RecipientFilter.any((0...600).map { .postcode(["\($0)"]) })
        #expect(throws: StoreError.listTooComplex(name: "")) { try bench.select(.members(.filter(many))) }
    }

    @Test func `a tag takes its bearers, and a mistyped one is refused`() throws {
        let bench = try bench()
        try bench.database.pool.write {
            try $0.execute(sql: "INSERT INTO recipient_tags (recipient_id, tag) VALUES (2, 'pmr'), (4, 'pmr')")
        }
        #expect(try bench.select(.members(.tag("pmr"))) == ["2 certain", "4 certain"])
        #expect(try bench.select(.difference(town, except: .members(.tag("pmr")))).count == 5)
        #expect(throws: StoreError.unknownTag(name: "pmt", known: ["pmr"])) { try bench.select(.members(.tag("pmt"))) }
    }

    @Test func `an intercommunalité is its communes of today, by INSEE's table`() throws {
        let bench = try bench()
        try bench.register([person("e", commune: "80002"), person("p", at: place(2.15, 50.05))])
        let codes = ["80001": "200000001", "80002": "200000002"].map { (CommuneCode($0)!, (siren: $1, name: "CC")) }
        try bench.codes(.epci(Dictionary(uniqueKeysWithValues: codes)), vintage: 2024)
        #expect(try bench.select(.epci("200000002")) == ["e certain", "p certain"])
        #expect(try bench.select(.epci("200000001")).count == 7)
        #expect(throws: StoreError.unknownEPCI(siren: "200000003")) { try bench.select(.epci("200000003")) }
        let found = try bench.database.intercommunalities(matching: "200000002", limit: 5, scope: .all)
        #expect(found.map(\.siren) == ["200000002"] && found[0].communes.map(\.rawValue) == ["80002"])
        #expect(try bench.database.intercommunalities(matching: "cc", limit: 1, scope: .all).map(\.siren) == ["200000001"])
        #expect(try bench.database.intercommunalities(matching: "c c", limit: 5, scope: .all).count == 2)
        #expect(try bench.database.intercommunalities(matching: "xc", limit: 5, scope: .all).isEmpty)
    }

    @Test func `one message leaves for each person and address, whichever lists, zones and households name it`() throws {
        let bench = try StoreBench()
        try bench.register([
            // In two lists and two zones.
            person(
                "1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001", "voice:+33639980001"],
                lists: ["rive", "port"]),
            // Two households at one address, one telephone.
            person("2", commune: "80001", at: place(2.06, 50.05), contacts: ["voice:+33199000001"], lists: ["rive"]),
            person("3", commune: "80001", at: place(2.06, 50.05), contacts: ["voice:+33199000001"], lists: ["port"]),
        ])
        let zone = Zone.union([
            .list("rive"), .list("port"), perimeter(2, 50, 2.1, 50.1), .circle(centre: place(2.05, 50.05), radiusMetres: 900),
            town,
        ])
        let launch = try bench.database.launch(
            plan(zone: zone, channels: [.sms, .voice]), zone: zone, scope: .all, now: now)
        #expect(launch.recipients == 3)
        #expect(
            try bench.fetch("SELECT channel || ' ' || address FROM legs ORDER BY 1", as: String.self)
                == ["sms +33639980001", "voice +33199000001", "voice +33639980001"])
        #expect(try bench.count("SELECT COUNT(*) FROM leg_shares") == 1)
    }

    @Test func `the same register and the same zone give the same bytes, whatever the order of rows`() throws {
        let people = (1...40).map { number in
            person("\(number)", at: place(2.0 + 0.002 * Double(number), 50.05), contacts: ["sms:+336399800\(number + 10)"])
        }
        let zone = Zone.certainly(.widened(perimeter(2.0, 50.0, 2.03, 50.1), metres: 150))
        var hashes: Set<String> = []
        for rows in [people, people.reversed(), people.filter { $0.externalID < "3" } + people.filter { $0.externalID >= "3" }] {
            let bench = try StoreBench()
            try bench.register(rows)
            hashes.insert(try bench.database.previewAudience(of: plan(zone: zone), zone: zone, scope: .all).hash.hexadecimal)
            // The stored document is read back, and gives the same again.
            let stored = try ZoneDocument.decode(ZoneDocument.encode(zone))
            hashes.insert(
                try bench.database.previewAudience(of: plan(zone: stored), zone: stored, scope: .all).hash.hexadecimal)
        }
        #expect(hashes.count == 1)
    }
}

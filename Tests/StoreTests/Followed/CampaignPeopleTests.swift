import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct CampaignPeopleTests {
    private static let groups: [OutcomeGroup] = [.acknowledged, .answered, .passed, .pending, .failed, .unreachable, .cancelled]
    private let zone = perimeter(2.0, 50.0, 2.2, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    /// A register of households that share numbers, people without any, and some that nobody can locate.
    private func people(_ count: Int, _ dice: inout SeededGenerator) -> [Recipient] {
        (0..<count).map { index in
            var contacts: [String] = []
            if Int.random(in: 0..<5, using: &dice) > 0 { contacts.append("sms:+3363998\(1000 + Int.random(in: 0..<count, using: &dice))") }
            if Bool.random(using: &dice) { contacts.append("email:p\(Int.random(in: 0..<count, using: &dice))@example.org") }
            let isLocated = Int.random(in: 0..<8, using: &dice) > 0
            var recipient = person(
                "r\(index)", commune: isLocated ? ["80001", "80002"].randomElement(using: &dice)! : nil,
                at: isLocated ? place(2.01 + Double(index % 17) / 100, 50.01 + Double(index % 8) / 100) : nil, contacts: contacts,
                lists: index % 3 == 0 ? ["Fragiles"] : [])
            recipient.tags = index % 4 == 0 ? ["pmr"] : []
            if index % 5 == 0 { recipient.vulnerability = Vulnerability(kind: Redacted("oxygène"), detail: nil, recordedOn: nil, provenance: nil) }
            return recipient
        }
    }

    private func outcome(_ dice: inout SeededGenerator) -> (Outcome, LegStep) {
        let cause = FailureCause.allCases.randomElement(using: &dice)!
        return switch Int.random(in: 0..<6, using: &dice) {
        case 0: (.acknowledged, LegStep(state: .acknowledged, cause: nil, countedAttempts: 1))
        case 1: (.answered, LegStep(state: .answered, cause: nil, countedAttempts: 1))
        case 2: (.accepted, LegStep(state: .accepted, cause: nil, countedAttempts: 1))
        case 3: (.delivered, LegStep(state: .delivered, cause: nil, countedAttempts: 1))
        default: (.failed(cause), LegStep(state: .failed, cause: cause, countedAttempts: 1))
        }
    }

    @Test(arguments: UInt64(1)...6) func `at every moment each list has as many people as its counter, and everybody is in one`(seed: UInt64) async throws {
        var dice = SeededGenerator(seed: seed)
        let bench = try StoreBench()
        try bench.register(people(80, &dice))
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        for turn in 0..<12 {
            let claim = try await bench.database.ledger.port.claim(ClaimRequest(
                mode: .exercise, slots: [Channel.sms, .email].map { .init(gateway: "g-\($0)", channel: $0, count: Int.random(in: 1...6, using: &dice)) },
                now: start.advanced(bySeconds: turn)))
            let records = claim.legs.map { leg in
                let (outcome, next) = outcome(&dice)
                return AttemptRecord(leg, SubmissionResult(.known(outcome)), endedAt: start.advanced(bySeconds: turn), next: next)
            }
            _ = try await bench.database.ledger.port.record(RecordBatch(attempts: records, receipts: [], now: start.advanced(bySeconds: turn)))
            if turn == 9, seed % 2 == 0 { _ = try bench.database.stopCampaign(id, actor: "agent") }
            try check(bench, id)
        }
    }

    private func check(_ bench: StoreBench, _ id: CampaignID) throws {
        let progress = try bench.database.ledger.progress(of: id)
        var seen: [String] = []
        for group in Self.groups {
            let state = try #require(group.states.first)
            let listed = try pages(bench, id, PeopleFilter(group: group))
            #expect(listed.count == progress.deliveries[state] ?? 0, "\(group)")
            #expect(try bench.database.countPeople(of: id, PeopleFilter(group: group), scope: .all) == listed.count)
            #expect(listed.allSatisfy { $0.state == state })
            seen += listed.map(\.externalID)
        }
        #expect(seen.count == progress.recipients && Set(seen).count == seen.count)
        for group in [OutcomeGroup.notReached, .notAcknowledged] {
            #expect(
                try pages(bench, id, PeopleFilter(group: group)).count
                    == group.states.reduce(0) { $0 + (progress.deliveries[$1] ?? 0) })
        }
        for failure in try bench.database.failures(of: id) {
            let filter = PeopleFilter(group: .failed, channel: failure.channel, cause: failure.cause)
            #expect(try pages(bench, id, filter).count == failure.people, "\(failure)")
        }
    }

    private func pages(_ bench: StoreBench, _ id: CampaignID, _ filter: PeopleFilter, length: Int = 7) throws -> [CampaignPerson] {
        var all: [CampaignPerson] = []
        while true {
            let page = try bench.database.people(of: id, filter, scope: .all, after: all.last?.number ?? 0, limit: length)
            all += page
            if page.count < length { return all }
        }
    }

    @Test func `whoever left the register and came back is at the door again, on the same lists`() throws {
        let bench = try StoreBench()
        var someone = person(
            "r1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639981001"], lists: ["Fragiles"])
        someone.addressText = Redacted("1 rue Haute")
        someone.vulnerability = Vulnerability(kind: Redacted("oxygène"), detail: nil, recordedOn: nil, provenance: nil)
        try bench.register([someone], organisation: "Mairie")
        let mairie = try bench.database.owner(organisationNamed: "Mairie")
        let id = try bench.database.launch(plan(zone: zone, organisation: mairie), zone: zone, scope: .organisation(mairie), now: start).campaign
        func doors(_ change: (inout PeopleFilter) -> Void = { _ in }) throws -> [String?] {
            var filter = PeopleFilter(group: .notAcknowledged)
            change(&filter)
            return try bench.database.people(of: id, filter, scope: .organisation(mairie), limit: 10).map { $0.address?.value }
        }
        #expect(try doors() == ["1 rue Haute"])
        try bench.database.delete(recipient: "r1", scope: .organisation(mairie), actor: "agent")
        #expect(try doors() == [nil])
        // Another organisation's person of the same identifier is somebody else.
        someone.addressText = Redacted("9 rue Basse")
        try bench.register([someone], organisation: "Voisine")
        #expect(try doors() == [nil])
        someone.addressText = Redacted("2 rue Haute")
        try bench.register([someone], organisation: "Mairie")
        #expect(try doors() == ["2 rue Haute"])
        #expect(try doors { $0.list = "Fragiles" } == ["2 rue Haute"])
        #expect(try doors { $0.isVulnerable = true } == ["2 rue Haute"])
    }

    @Test func `the same identifier without an address that the campaign had is somebody else`() throws {
        let bench = try StoreBench()
        func somebody(_ number: String, _ street: String) -> Recipient {
            var one = person("12", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:\(number)"])
            one.addressText = Redacted(street)
            return one
        }
        try bench.register([somebody("+33639981001", "1 rue Haute")], organisation: "Mairie")
        let mairie = try bench.database.owner(organisationNamed: "Mairie")
        let id = try bench.database.launch(plan(zone: zone, organisation: mairie), zone: zone, scope: .organisation(mairie), now: start).campaign
        func doors() throws -> [String?] {
            try bench.database.people(of: id, PeopleFilter(group: .notAcknowledged), scope: .organisation(mairie), limit: 10).map { $0.address?.value }
        }
        try bench.database.delete(recipient: "12", scope: .organisation(mairie), actor: "agent")
        try bench.register([somebody("+33639981002", "9 rue Basse")], organisation: "Mairie")
        #expect(try doors() == [nil])
        try bench.database.delete(recipient: "12", scope: .organisation(mairie), actor: "agent")
        try bench.register([somebody("+33639981001", "2 rue Haute")], organisation: "Mairie")
        #expect(try doors() == ["2 rue Haute"])
        // The audience was chosen from a neighbour's register too: the identifier may have been theirs.
        try bench.database.pool.write { try $0.execute(sql: "UPDATE audiences SET delegated = '[7]' WHERE campaign_id = ?", arguments: [id.rawValue]) }
        #expect(try doors() == [nil])
    }

    @Test func `who cannot be located is selected anew only once something changed`() throws {
        let bench = try StoreBench()
        try bench.register((0..<9).map { person("u\($0)") } + [person("here", at: place(2.05, 50.05), contacts: ["sms:+33639981001"])])
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        let filter = PeopleFilter(group: .notLocated)
        #expect(try pages(bench, id, filter, length: 2).map(\.externalID) == (0..<9).map { "u\($0)" })
        try bench.register([person("u9")])
        #expect(try pages(bench, id, filter, length: 3).count == 10)
        try bench.database.delete(recipient: "u0", scope: .all, actor: "agent")
        #expect(try pages(bench, id, filter, length: 4).map(\.externalID) == (1..<10).map { "u\($0)" })
        #expect(try bench.database.countPeople(of: id, filter, scope: .all) == 9)
    }

    @Test func `people of a list are written down by the numbers of the table they are of`() throws {
        let bench = try StoreBench()
        try bench.register([person("here", at: place(2.05, 50.05), contacts: ["sms:+33639981001"]), person("nowhere")])
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        func written(_ group: OutcomeGroup) throws -> [String: String] {
            let filter = PeopleFilter(group: group)
            let people = try bench.database.people(of: id, filter, scope: .all, limit: 10)
            try bench.database.recordSight("campaign.people", of: id, filter, people: 1, numbers: people.map(\.number), actor: "agent")
            return try #require(try bench.database.auditEntries(limit: 1).first).detail
        }
        let delivery = try #require(try bench.database.peopleNumbers(of: id)).lowerBound
        #expect(try written(.notAcknowledged)["delivery_numbers"] == String(delivery))
        let unplaced = try written(.notLocated)
        #expect(unplaced["recipient_numbers"] != nil && unplaced["delivery_numbers"] == nil && unplaced["numbers"] == nil)
    }

    @Test func `lists are narrowed by channel, commune, list, tag and vulnerability as the register tells`() async throws {
        var dice = SeededGenerator(seed: 9)
        let bench = try StoreBench()
        let register = people(120, &dice)
        try bench.register(register)
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        let everybody = try pages(bench, id, PeopleFilter(group: .notAcknowledged))
        func expect(_ filter: PeopleFilter, _ belongs: (Recipient) -> Bool) throws {
            let known = Set(register.filter(belongs).map(\.externalID))
            let found = try pages(bench, id, filter).map(\.externalID).sorted()
            #expect(found == everybody.map(\.externalID).filter(known.contains).sorted(), "\(filter)")
            #expect(try bench.database.countPeople(of: id, filter, scope: .all) == found.count)
        }
        func all(_ change: (inout PeopleFilter) -> Void) -> PeopleFilter {
            var filter = PeopleFilter(group: .notAcknowledged)
            change(&filter)
            return filter
        }
        try expect(all { $0.list = "Fragiles" }) { $0.lists == ["Fragiles"] }
        try expect(all { $0.tag = "pmr" }) { $0.tags == ["pmr"] }
        try expect(all { $0.isVulnerable = true }) { $0.vulnerability != nil }
        try expect(all { $0.commune = CommuneCode("80002") }) { $0.communeCode?.rawValue == "80002" }
        try expect(all { $0.channel = .email }) { $0.contactPoints.contains { $0.channel == .email } }
        try expect(all { $0.list = "Fragiles"; $0.tag = "pmr"; $0.isVulnerable = true }) {
            $0.lists == ["Fragiles"] && $0.tags == ["pmr"] && $0.vulnerability != nil
        }
        let lost = register.filter { $0.location == nil && $0.communeCode == nil }
        #expect(try pages(bench, id, PeopleFilter(group: .notLocated)).map(\.externalID).sorted() == lost.map(\.externalID).sorted())
        #expect(
            try pages(bench, id, PeopleFilter(group: .notLocated, list: "Fragiles")).map(\.externalID).sorted()
                == lost.filter { $0.lists == ["Fragiles"] }.map(\.externalID).sorted())
        #expect(throws: StoreError.self) { try pages(bench, id, PeopleFilter(group: .failed, list: "Inconnue")) }
    }

    @Test func `who has left the register keeps their place in the list, without a name`() throws {
        let bench = try StoreBench()
        try bench.register([person("a", at: place(2.05, 50.05)), person("b", at: place(2.05, 50.05))])
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        try bench.database.pool.write { try $0.execute(sql: "DELETE FROM recipients WHERE external_id = 'a'") }
        let listed = try pages(bench, id, PeopleFilter(group: .unreachable))
        #expect(listed.map(\.externalID) == ["a", "b"] && listed[0].name == nil && listed[1].name != nil)
        // Beyond what the organisation sees nothing of the register is told.
        let other = try bench.database.people(of: id, PeopleFilter(group: .unreachable), scope: .organisation(OrganisationID(rawValue: 99)), limit: 9)
        #expect(other.map(\.externalID) == ["a", "b"] && other.allSatisfy { $0.name == nil && $0.address == nil })
    }

    @Test func `squares hold everybody with a point at every zoom, whole, and no finer than the finest`() throws {
        var dice = SeededGenerator(seed: 4)
        let bench = try StoreBench()
        try bench.register(people(150, &dice))
        let id = try bench.database.launch(plan(zone: zone), zone: zone, scope: .all, now: start).campaign
        let grid = try bench.database.stateGrid(of: id, scope: .all)
        let world = BoundingBox<WGS84>(west: -180, south: -85, east: 180, north: 85)
        let recipients = try bench.database.ledger.campaign(id).recipients
        var fewest = 0
        for zoom in 0...20 {
            let cells = grid.cells(in: world, zoom: Double(zoom))
            #expect(cells.flatMap(\.states.values).reduce(0, +) + grid.withoutPlace == recipients)
            #expect(cells.count >= fewest)
            fewest = cells.count
        }
        #expect(grid.cells(in: world, zoom: 13).count == grid.cells(in: world, zoom: 20).count)
        // A small box gives whole squares: what is counted in them does not shrink with it.
        let point = place(2.05, 50.05)
        let small = BoundingBox<WGS84>(west: point.longitude, south: point.latitude, east: point.longitude + 1e-9, north: point.latitude + 1e-9)
        let whole = grid.cells(in: world, zoom: 13).map(\.states)
        for cell in grid.cells(in: small, zoom: 20) { #expect(whole.contains(cell.states)) }
    }
}

import AlertModel
import Campaigns
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct ScheduleTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    /// 2027-03-01 12:00 in Paris.
    private let noon = LocalClock.paris.moment(of: CivilDay(year: 2027, month: 3, day: 1), second: 43_200)

    private func bench() throws -> (StoreBench, OrganisationID) {
        let bench = try StoreBench()
        try bench.register([
            person("1", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+33639980001"]),
            person("2", commune: "80001", at: place(2.06, 50.05), contacts: ["sms:+33639980002"]),
        ])
        return (bench, try bench.database.organisation(named: "Préfecture"))
    }

    private func draft(_ organisation: OrganisationID, rule: String? = "daily", name: String = "Marché") throws -> ScheduleDraft {
        ScheduleDraft(
            organisation: organisation, name: name, mode: .exercise,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), onlyOrganisation: nil,
            message: ScheduledMessage(text: "Marché sur la place", values: ["lieu": "place"]),
            policy: Policy(
                channels: [.sms], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 7_200,
                retries: [.busy: RetryRule(count: 1, periodSeconds: 60)],
                quiet: QuietHours(.standard, clock: .paris)),
            weight: 2,
            timing: ScheduleTiming(
                clock: .paris, day: CivilDay(year: 2027, month: 3, day: 1), second: 64_800, rule: try rule.map { try Recurrence($0) }))
    }

    private func launch(_ bench: StoreBench, _ schedule: SavedSchedule, now: UTCTime) throws -> Launch? {
        try bench.database.launchOccurrence(of: schedule, zone: zone, now: now) { notLocated in
            CampaignPlan(
                organisation: schedule.draft.organisation, requestKey: "schedule \(schedule.id) \(schedule.nextAt!.millisecondsSince1970)",
                mode: .exercise, zoneDocument: schedule.draft.zoneDocument, message: Message(subject: "", text: "Marché"),
                policy: schedule.draft.policy, notLocated: notLocated, approvedHash: nil, createdBy: "test", kind: .information)
        }
    }

    @Test func `a schedule is read as it was written`() throws {
        let (bench, organisation) = try bench()
        let draft = try draft(organisation)
        let next = try bench.database.add(draft, actor: "anne", now: noon)
        #expect(LocalClock.paris.text(next) == "2027-03-01 18:00")
        let saved = try bench.database.schedule(named: "Marché", of: organisation)
        #expect(saved.draft.policy == draft.policy && saved.draft.timing == draft.timing && saved.draft.message == draft.message)
        #expect(saved.draft.zoneDocument == draft.zoneDocument && saved.draft.weight == 2 && saved.createdBy == "anne")
        #expect(saved.state == .active && saved.nextAt == next && saved.last == nil)
        #expect(throws: StoreError.scheduleExists(name: "Marché")) { try bench.database.add(draft, actor: "anne", now: noon) }
        #expect(throws: StoreError.scheduleIsOver(name: "Une fois")) {
            try bench.database.add(try self.draft(organisation, rule: nil, name: "Une fois"), actor: "anne", now: next)
        }
    }

    @Test func `each occurrence launches once, whoever asks and however the clock is set`() throws {
        let (bench, organisation) = try bench()
        let first = try bench.database.add(try draft(organisation), actor: "anne", now: noon)
        #expect(try bench.database.dueSchedules([.exercise], now: first.advanced(bySeconds: -1)).isEmpty)
        #expect(try bench.database.dueSchedules([.real], now: first).isEmpty)
        let due = try bench.database.dueSchedules([.exercise, .real], now: first)
        #expect(due.count == 1)
        let launch = try launch(bench, due[0], now: first)
        #expect(launch?.recipients == 2)
        // Another server read the same.
        #expect(try self.launch(bench, due[0], now: first) == nil)
        #expect(try bench.database.passOver(due[0], .skipped, reason: "late", now: first) == false)
        // The clock is set back over it, and comes again.
        #expect(try bench.database.dueSchedules([.exercise], now: first.advanced(bySeconds: -3_600)).isEmpty)
        #expect(try bench.database.dueSchedules([.exercise], now: first).isEmpty)
        #expect(try bench.database.ledger.campaigns(mode: .exercise).count == 1)
        // The next day's is another campaign; so is one that the clock jumps to.
        let tomorrow = try #require(try bench.database.dueSchedules([.exercise], now: first.advanced(bySeconds: 86_400)).first)
        #expect(try self.launch(bench, tomorrow, now: first.advanced(bySeconds: 86_400)) != nil)
        let saved = try bench.database.schedule(named: "Marché", of: organisation)
        #expect(try bench.database.occurrences(of: saved).map(\.outcome) == [.launched, .launched])
        #expect(try bench.database.ledger.campaigns(mode: .exercise).allSatisfy { $0.kind == .information && $0.policy.quiet != nil })
        #expect(try bench.database.firstBrokenAuditEntry() == nil)
    }

    @Test func `a refused occurrence leaves no campaign behind, is said, and the next one comes`() throws {
        let (bench, organisation) = try bench()
        // 19:59, when an hour of validity lies in the night.
        var draft = try draft(organisation)
        draft = ScheduleDraft(
            organisation: organisation, name: "Nuit", mode: .exercise, zoneDocument: draft.zoneDocument, onlyOrganisation: nil,
            message: draft.message, policy: draft.policy, weight: 1,
            timing: ScheduleTiming(clock: .paris, day: draft.timing.day, second: 75_600, rule: try Recurrence("daily")))
        let first = try bench.database.add(draft, actor: "anne", now: noon)
        let due = try bench.database.dueSchedules([.exercise], now: first)
        let error = #expect(throws: LaunchError.self) { try self.launch(bench, due[0], now: first) }
        #expect(error?.code == "quiet_throughout")
        #expect(try bench.database.ledger.campaigns(mode: .exercise).isEmpty)
        #expect(try bench.database.passOver(due[0], .refused, reason: "\(error!)", now: first))
        let saved = try bench.database.schedule(named: "Nuit", of: organisation)
        #expect(saved.last?.outcome == .refused && saved.last?.reason?.contains("quiet hours") == true)
        #expect(saved.nextAt == first.advanced(bySeconds: 86_400))
        #expect(try bench.database.auditEntries(limit: 1).first?.action == "schedule.refused")
    }

    @Test func `what is paused or removed is not launched, and the end is the end`() throws {
        let (bench, organisation) = try bench()
        let first = try bench.database.add(try draft(organisation, rule: "FREQ=DAILY;COUNT=2"), actor: "anne", now: noon)
        let due = try bench.database.dueSchedules([.exercise], now: first)
        try bench.database.setSchedule(named: "Marché", of: organisation, paused: true, actor: "anne", now: first)
        #expect(try launch(bench, due[0], now: first) == nil)
        let next = try bench.database.setSchedule(
            named: "Marché", of: organisation, paused: false, actor: "anne", now: first.advanced(bySeconds: 60))
        #expect(next == first.advanced(bySeconds: 86_400))
        let last = try #require(try bench.database.dueSchedules([.exercise], now: next!).first)
        #expect(try launch(bench, last, now: next!) != nil)
        #expect(try bench.database.schedule(named: "Marché", of: organisation).state == .ended)
        #expect(throws: StoreError.scheduleIsOver(name: "Marché")) {
            try bench.database.setSchedule(named: "Marché", of: organisation, paused: false, actor: "anne", now: next!)
        }
        try bench.database.removeSchedule(named: "Marché", of: organisation, actor: "anne")
        #expect(try bench.database.schedules(of: organisation).isEmpty)
        // The name is free again, and the number is not: nothing of the old one is taken for the new one's.
        try bench.database.add(try draft(organisation), actor: "anne", now: next!)
        let again = try #require(try bench.database.dueSchedules([.exercise], now: next!.advanced(bySeconds: 86_400)).first)
        #expect(again.id != last.id && again.last == nil)
    }

    @Test func `an organisation's clock is its territory's, or the one it settled`() throws {
        let (bench, _) = try bench()
        let database = bench.database
        #expect(try database.localClock(ofOrganisationNamed: "Préfecture") == .paris)
        let reunion = Zone.union([.department("974"), .communes([CommuneCode("97411")!]), .communes([CommuneCode("80001")!])])
        try database.set(
            .territory, to: String(decoding: ZoneDocument.encode(reunion), as: UTF8.self), ofOrganisationNamed: "Préfecture", actor: "t")
        #expect(try database.localClock(ofOrganisationNamed: "Préfecture").zone == "Indian/Reunion")
        try database.set(.timeZone, to: "Indian/Mayotte", ofOrganisationNamed: "Préfecture", actor: "t")
        #expect(try database.quietHours(ofOrganisationNamed: "Préfecture")?.description == "20:00-08:00 Indian/Mayotte")
        try database.set(.quiet, to: "none", ofOrganisationNamed: "Préfecture", actor: "t")
        #expect(try database.quietHours(ofOrganisationNamed: "Préfecture") == nil)
        #expect(try database.quietHours(ofOrganisationNamed: "Préfecture", asked: QuietPattern("sundays"))?.description == "sundays Indian/Mayotte")
    }

    @Test func `holidays are Alsace and Moselle's where all of the territory lies there`() throws {
        let (bench, _) = try bench()
        let database = bench.database
        func hours(_ territory: Zone) throws -> String? {
            try database.set(
                .territory, to: String(decoding: ZoneDocument.encode(territory), as: UTF8.self), ofOrganisationNamed: "Préfecture", actor: "t")
            return try database.quietHours(ofOrganisationNamed: "Préfecture", asked: QuietPattern("sundays holidays"))?.description
        }
        let (own, plain) = ("sundays holidays alsace-moselle Europe/Paris", "sundays holidays Europe/Paris")
        #expect(try hours(.department("57")) == own)
        #expect(try hours(.union([.communes([CommuneCode("67482")!]), .department("68")])) == own)
        #expect(try hours(.union([.communes([CommuneCode("67482")!]), .department("88")])) == plain)
        #expect(try hours(.department("80")) == plain)
        // Where holidays are days as others there is nothing to add.
        #expect(try database.quietHours(ofOrganisationNamed: "Préfecture")?.description == "20:00-08:00 Europe/Paris")
    }
}

import AlertModel
import Campaigns
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

/// Who is named as a user of a list, against whose list of that name a schedule finds.
@Suite struct ScheduledListsTests {
    /// 2027-03-01 12:00 in Paris.
    private let noon = LocalClock.paris.moment(of: CivilDay(year: 2027, month: 3, day: 1), second: 43_200)

    /// Two towns with a list of one name each, and a prefecture that has none and sees no register but its own.
    private func bench() throws -> (StoreBench, prefecture: OrganisationID, ville: OrganisationID, bourg: OrganisationID) {
        let bench = try StoreBench()
        let store = bench.database
        let top = try store.createOrganisation(named: "P", kind: .prefecture, code: "80", parent: nil, actor: "test")
        let ville = try store.createOrganisation(named: "Ville", kind: .commune, code: "80001", parent: top, actor: "test")
        let bourg = try store.createOrganisation(named: "Bourg", kind: .commune, code: "80002", parent: top, actor: "test")
        try bench.register([person("v", commune: "80001", contacts: ["sms:+33639980002"], lists: ["L"])], organisation: "Ville")
        try bench.register([person("b", commune: "80002", contacts: ["sms:+33639980003"], lists: ["L"])], organisation: "Bourg")
        return (bench, top, ville, bourg)
    }

    private func schedule(
        _ bench: StoreBench, _ name: String, of organisation: OrganisationID, over only: OrganisationID?, asOrganisation: Bool = false
    ) throws {
        var draft = ScheduleDraft(
            organisation: organisation, name: name, mode: .exercise,
            zoneDocument: String(decoding: ZoneDocument.encode(.list("L")), as: UTF8.self), onlyOrganisation: only,
            message: ScheduledMessage(text: "Marché"),
            policy: Policy(
                channels: [.sms], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 7_200, retries: [:],
                quiet: QuietHours(.standard, clock: .paris)),
            weight: 2,
            timing: ScheduleTiming(clock: .paris, day: CivilDay(year: 2027, month: 3, day: 1), second: 64_800, rule: nil))
        draft.asOrganisation = asOrganisation
        try bench.database.add(draft, actor: "test", now: noon)
    }

    private func users(_ bench: StoreBench, _ organisation: OrganisationID) throws -> [String] {
        let entry = try #require(try bench.database.listBook(of: organisation, now: noon).first { $0.list.name == "L" })
        return entry.schedules + entry.organisations
    }

    @Test func `a schedule over one register names that register's list, whoever made it`() throws {
        let (bench, top, ville, bourg) = try bench()
        try schedule(bench, "A", of: top, over: ville)
        #expect(try users(bench, ville) == ["P"])
        #expect(try users(bench, bourg) == [])
        // Made by a town over another's register, it does not mean the town's own list of that name.
        try schedule(bench, "B", of: bourg, over: ville)
        #expect(try users(bench, ville) == ["Bourg", "P"])
        #expect(try users(bench, bourg) == [])
        #expect(throws: StoreError.listInUse(name: "L", by: ["Bourg", "P"])) {
            let list = try bench.database.list(named: "L", scope: .organisation(ville)).id
            try bench.database.deleteList(.numbered(list, of: ville), evenSo: false, actor: "test", now: noon)
        }
    }

    @Test func `a schedule over the whole register may mean anybody's list of that name`() throws {
        let (bench, top, ville, bourg) = try bench()
        try schedule(bench, "A", of: top, over: nil)
        try schedule(bench, "B", of: top, over: nil)
        try schedule(bench, "C", of: ville, over: nil)
        #expect(try users(bench, ville) == ["C", "P"])
        #expect(try users(bench, bourg) == ["P", "Ville"])
    }

    @Test func `a schedule that goes by what its organisation sees means its own list and those delegated to it`() throws {
        let (bench, top, ville, bourg) = try bench()
        try schedule(bench, "A", of: ville, over: nil, asOrganisation: true)
        try schedule(bench, "B", of: top, over: nil, asOrganisation: true)
        #expect(try users(bench, ville) == ["A"])
        #expect(try users(bench, bourg) == [])
        try bench.database.delegate(registerOf: bourg, to: top, from: noon, until: nil, actor: "test", now: noon)
        #expect(try users(bench, bourg) == ["P"])
        // One register was named when it was made: a delegation of another changes nothing of that.
        try schedule(bench, "C", of: top, over: top)
        #expect(try users(bench, ville) == ["A"])
    }
}

import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

@Suite struct DelegationTests {
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let all = Zone.communes(codes("80001", "80002"))

    /// A prefecture and two towns of one person each, and the numbers of the three.
    private func bench() throws -> (StoreBench, prefecture: OrganisationID, ville: OrganisationID, bourg: OrganisationID) {
        let bench = try StoreBench()
        let store = bench.database
        let top = try store.createOrganisation(named: "P", kind: .prefecture, code: "80", parent: nil, actor: "test")
        let ville = try store.createOrganisation(named: "Ville", kind: .commune, code: "80001", parent: top, actor: "test")
        let bourg = try store.createOrganisation(named: "Bourg", kind: .commune, code: "80002", parent: top, actor: "test")
        try bench.register([person("p", commune: "80001", contacts: ["sms:+33639980001"], lists: ["L"])], organisation: "P")
        try bench.register([person("v", commune: "80001", contacts: ["sms:+33639980002"], lists: ["L", "V"])], organisation: "Ville")
        try bench.register([person("b", commune: "80002", contacts: ["sms:+33639980003"], lists: ["L"])], organisation: "Bourg")
        return (bench, top, ville, bourg)
    }

    @Test func `a parent sees its children's registers only while they let it`() throws {
        let (bench, top, ville, bourg) = try bench()
        let store = bench.database
        func seen(at now: UTCTime) throws -> [String] { try bench.select(all, scope: store.scope(of: top, now: now)) }
        #expect(try seen(at: start) == ["p certain"])
        try store.delegate(registerOf: ville, to: top, from: start, until: start.advanced(bySeconds: 60), actor: "test", now: start)
        try store.delegate(registerOf: bourg, to: top, from: start.advanced(bySeconds: 30), until: nil, actor: "test", now: start)
        #expect(try seen(at: start.advanced(bySeconds: -1)) == ["p certain"])
        #expect(try seen(at: start) == ["p certain", "v certain"])
        #expect(try seen(at: start.advanced(bySeconds: 30)) == ["b certain", "p certain", "v certain"])
        #expect(try seen(at: start.advanced(bySeconds: 60)) == ["b certain", "p certain"])
        try store.withdraw(registerOf: bourg, from: top, actor: "test", now: start)
        #expect(try seen(at: start.advanced(bySeconds: 60)) == ["p certain"])
        // Never the other way, and nobody else.
        #expect(try store.scope(of: ville, now: start) == .organisation(ville))
        #expect(try store.auditEntries(limit: 10).filter { $0.action == "register.delegate" }.count == 2)
        #expect(throws: StoreError.self) { try store.withdraw(registerOf: bourg, from: top, actor: "test", now: start) }
    }

    @Test func `what is delegated is seen by packs and by rows alike, and is not written to`() throws {
        let (bench, top, ville, _) = try bench()
        let store = bench.database
        try store.delegate(registerOf: ville, to: top, from: start, until: nil, actor: "test", now: start)
        let scope = try store.scope(of: top, now: start)
        #expect(scope == .organisations(own: top, delegated: [ville]))
        for _ in 0..<2 {
            #expect(try store.counts(of: all, scope: scope).recipients == 2)
            #expect(try store.selectedRecipientIDs(in: all, scope: scope).count == 2)
            #expect(try store.registerSummary(scope: scope).recipients == 2)
            try store.rebuildRegisterIndexes()
        }
        // Its own list is meant where both have one of the name; the other's is known by a name of its own.
        #expect(try bench.select(.list("L"), scope: scope) == ["p certain"])
        #expect(try bench.select(.list("V"), scope: scope) == ["v certain"])
        #expect(throws: StoreError.self) { try store.deleteList(.named("V", scope: scope), evenSo: false, actor: "test", now: .now) }
        #expect(throws: StoreError.self) { try store.delete(recipient: "v", scope: scope, actor: "test") }
        #expect(throws: StoreError.self) { try store.edit(recipient: "v", [.language("en")], scope: scope, actor: "test") }
        #expect(try store.registerEntry(ofExternalID: "v", scope: scope).recipient.externalID == "v")
    }

    @Test func `late joiners come from the registers that were approved and still are delegated`() throws {
        let (bench, top, ville, bourg) = try bench()
        let store = bench.database
        try store.delegate(registerOf: ville, to: top, from: start, until: nil, actor: "test", now: start)
        let base = plan(zone: all, channels: [.sms], organisation: top)
        var policy = base.policy
        policy = Policy(
            channels: [.sms], maximumRetries: 0, retryPeriodSeconds: 60, validitySeconds: 86_400, admitsLateJoiners: true)
        let now = UTCTime.now
        let made = CampaignPlan(
            organisation: top, requestKey: "k", mode: .exercise, zoneDocument: base.zoneDocument, message: base.message,
            policy: policy, notLocated: 0, approvedHash: nil, createdBy: "agent", kind: .alert)
        let launch = try store.launch(made, zone: all, scope: try store.scope(of: top), now: now)
        #expect(launch.recipients == 2)
        #expect(try store.frozenAudience(of: launch.campaign)?.scope == .organisations(own: top, delegated: [ville]))
        // Delegated since: not what was approved.
        try store.delegate(registerOf: bourg, to: top, from: now, until: nil, actor: "test", now: now)
        try bench.register([person("v2", commune: "80001", contacts: ["sms:+33639980012"])], organisation: "Ville")
        #expect(try store.lateJoiners(of: launch.campaign, carried: [.sms], now: now.advanced(bySeconds: 1)).recipients == 1)
        try store.withdraw(registerOf: ville, from: top, actor: "test", now: now)
        #expect(try store.lateJoiners(of: launch.campaign, carried: [.sms], now: now.advanced(bySeconds: 1)).recipients == 0)
    }

    @Test func `a delegation that cannot be is refused`() throws {
        let (bench, top, ville, _) = try bench()
        let store = bench.database
        #expect(throws: StoreError.self) {
            try store.delegate(registerOf: top, to: top, from: start, until: nil, actor: "test", now: start)
        }
        #expect(throws: StoreError.self) {
            try store.delegate(registerOf: ville, to: top, from: start, until: start, actor: "test", now: start)
        }
        try store.delegate(registerOf: ville, to: top, from: start, until: nil, actor: "test", now: start)
        #expect(throws: StoreError.self) {
            try store.delegate(registerOf: ville, to: top, from: start, until: nil, actor: "test", now: start)
        }
    }
}

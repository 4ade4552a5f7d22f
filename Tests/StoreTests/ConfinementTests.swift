import AlertModel
import Campaigns
import Dispatching
import GeoModel
import Targeting
import Testing

@testable import Store

/// A console's database launches and steers campaigns of one mode; those of the other are not there.
@Suite struct ConfinementTests {
    private static let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private func plan(_ mode: CampaignMode, key: String, zone: Zone = zone) -> CampaignPlan {
        CampaignPlan(
            organisation: OrganisationID(rawValue: 1), requestKey: key, mode: mode,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: Message(subject: "S", text: "T"),
            policy: PolicyRules.standard(channels: [.sms], mode: mode), notLocated: 0, approvedHash: nil, createdBy: "anne",
            acceptance: "essai", circumstances: LaunchCircumstances(undoSeconds: 5))
    }

    private func bench() throws -> StoreBench {
        let bench = try StoreBench()
        try bench.register((1...3).map { person("\($0)", commune: "80001", contacts: ["sms:+3363998000\($0)"]) })
        return bench
    }

    @Test(arguments: CampaignMode.allCases)
    func `a launch of the other mode is refused, whatever the plan says`(mode: CampaignMode) throws {
        let bench = try bench(), other: CampaignMode = mode == .real ? .exercise : .real
        let confined = bench.database.confined(to: mode)
        #expect(throws: LedgerError.otherMode(mode)) {
            try confined.launch(plan(other, key: "a"), zone: Self.zone, scope: .all, now: start)
        }
        // Nor as the repetition of a launch that was made elsewhere.
        _ = try bench.database.launch(plan(other, key: "b"), zone: Self.zone, scope: .all, now: start)
        #expect(throws: LedgerError.otherMode(mode)) {
            try confined.launch(plan(other, key: "b"), zone: Self.zone, scope: .all, now: start)
        }
        _ = try confined.launch(plan(mode, key: "c"), zone: Self.zone, scope: .all, now: start)
        #expect(try bench.count("SELECT count(*) FROM campaigns") == 2)
    }

    @Test(arguments: CampaignMode.allCases)
    func `the other mode's campaigns are neither steered, changed, taken back nor joined`(mode: CampaignMode) throws {
        let bench = try bench(), other: CampaignMode = mode == .real ? .exercise : .real
        let id = try bench.database.launch(plan(other, key: "k"), zone: Self.zone, scope: .all, now: start).campaign
        let confined = bench.database.confined(to: mode), unknown = LedgerError.unknownCampaign(id)
        #expect(throws: unknown) { try confined.pauseCampaign(id, actor: "anne") }
        #expect(throws: unknown) { try confined.resumeCampaign(id, actor: "anne") }
        #expect(throws: unknown) { try confined.stopCampaign(id, actor: "anne") }
        #expect(throws: unknown) { try confined.undoCampaign(id, actor: "anne", now: start) }
        #expect(throws: unknown) {
            try confined.amend(id, with: Message(subject: "S", text: "U"), author: .machine, actor: "anne", now: start)
        }
        #expect(throws: unknown) { try confined.join(id, actor: "anne", isAutomatic: false, carried: [.sms], now: start) }
        #expect(try bench.database.ledger.campaign(id).state == .running)
        // The same through what is not confined, or confined to its own mode.
        try bench.database.confined(to: other).pauseCampaign(id, actor: "anne")
    }

    @Test func `whom an exercise reached is no audience of something real, nor the other way round`() throws {
        let bench = try bench()
        for mode in CampaignMode.allCases {
            let other: CampaignMode = mode == .real ? .exercise : .real
            let id = try bench.database.launch(plan(mode, key: mode.rawValue), zone: Self.zone, scope: .all, now: start).campaign
            let reached = Zone.members(.campaign(id, .all))
            let refusal = StoreError.campaignOfOtherMode(id: id.rawValue, mode: other)
            #expect(throws: refusal) {
                try bench.database.previewAudience(of: plan(other, key: "p", zone: reached), zone: reached, scope: .all)
            }
            #expect(throws: refusal) {
                try bench.database.launch(plan(other, key: "l\(id)", zone: reached), zone: reached, scope: .all, now: start)
            }
            _ = try bench.database.launch(plan(mode, key: "m\(id)", zone: reached), zone: reached, scope: .all, now: start)
        }
    }

    @Test func `every list, history and past of campaigns is of one mode`() throws {
        let bench = try bench(), database = bench.database
        for (mode, count) in [(CampaignMode.exercise, 3), (.real, 2)] {
            for number in 1...count {
                _ = try database.launch(plan(mode, key: "\(mode) \(number)"), zone: Self.zone, scope: .all, now: start)
            }
        }
        let organisation = OrganisationID(rawValue: 1), later = start.advanced(bySeconds: 60)
        for (mode, count) in [(CampaignMode.exercise, 3), (.real, 2)] {
            #expect(try database.ledger.campaigns(of: organisation, mode: mode).map(\.mode) == Array(repeating: mode, count: count))
            #expect(try database.ledger.liveCampaigns(mode).count == count)
            #expect(try database.runningWork(mode).count == count)
            #expect(try database.joinableCampaigns([mode], now: later).count == count)
            for (id, _) in try database.ledger.liveCampaigns(mode) { _ = try database.stopCampaign(id, actor: "anne") }
            #expect(try database.measures(mode, of: organisation).count == count)
            // The guard rail that looks for people who were alerted before sees its own mode's alerts.
            let preview = try database.previewAudience(
                of: plan(mode, key: "new"), zone: Self.zone, scope: .all, now: later)
            #expect(!preview.guards.contains { $0.rail == .alreadyAlerted }, "stopped before anybody got it")
        }
    }
}

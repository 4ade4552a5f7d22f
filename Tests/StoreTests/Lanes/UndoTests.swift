import AlertModel
import Campaigns
import Dispatching
import GeoModel
import Testing

@testable import Store

@Suite struct UndoTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    private func launched(undoSeconds: Int = Lane.undoSeconds) throws -> (bench: StoreBench, campaign: CampaignID) {
        let bench = try StoreBench()
        try bench.register((1...3).map { person("\($0)", commune: "80001", contacts: ["sms:+3363998000\($0)"]) })
        let launch = try bench.database.launch(
            CampaignPlan(
                organisation: OrganisationID(rawValue: 1), requestKey: "k", mode: .exercise,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
                message: Message(subject: "S", text: "T"), policy: PolicyRules.standard(channels: [.sms], mode: .exercise),
                notLocated: 0, approvedHash: nil, createdBy: "anne",
                circumstances: LaunchCircumstances(undoSeconds: undoSeconds, scenario: "Crue")),
            zone: zone, scope: .all, now: start)
        return (bench, launch.campaign)
    }

    private func claim(_ bench: StoreBench, at milliseconds: Int64) async throws -> Int {
        try await bench.database.ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: 10)],
                now: start.advanced(byMilliseconds: milliseconds))
        ).legs.count
    }

    @Test func `a scenario's launch that is repeated gets its campaign, by the hash that was shown`() throws {
        let (bench, campaign) = try launched()
        let ledger = bench.database.ledger, hash = try ledger.campaign(campaign).audience.hexadecimal
        func again(
            _ key: String = "k", of owner: Int64 = 1, _ mode: CampaignMode = .exercise, hash: String?, scenario: String? = nil
        ) throws -> CampaignID? {
            try ledger.launched(
                requestKey: key, of: OrganisationID(rawValue: owner), mode: mode, audience: hash, scenario: scenario)?.campaign
        }
        #expect(try again(hash: hash) == campaign)
        #expect(try again(hash: nil, scenario: "Crue") == campaign)
        #expect(try again("other", hash: hash) == nil)
        #expect(throws: LedgerError.requestKeyReused) { try again(hash: "0") }
        #expect(throws: LedgerError.requestKeyReused) { try again(hash: nil, scenario: "Feu") }
        #expect(throws: LedgerError.requestKeyReused) { try again(of: 2, hash: hash) }
        #expect(throws: LedgerError.requestKeyReused) { try again("k", of: 1, .real, hash: hash) }
    }

    @Test func `nothing is claimed before the five seconds are over, and everything after`() async throws {
        let (bench, _) = try launched()
        for milliseconds in [0, 1, 2_500, 4_999] as [Int64] { #expect(try await claim(bench, at: milliseconds) == 0) }
        #expect(try bench.count("SELECT count(*) FROM attempts") == 0)
        #expect(try await claim(bench, at: 5_000) == 3)
    }

    @Test func `taken back in time, none of it leaves, ever`() async throws {
        let (bench, campaign) = try launched()
        #expect(try bench.database.undoCampaign(campaign, actor: "anne", now: start.advanced(byMilliseconds: 4_999)) == 3)
        #expect(try await claim(bench, at: 60_000) == 0)
        #expect(try bench.count("SELECT count(*) FROM attempts") == 0)
        let record = try bench.database.ledger.campaign(campaign)
        #expect(record.state == .stopped && record.firstSubmissionAt == nil && record.progress.count(LegState.cancelled) == 3)
        #expect(try bench.database.auditEntries(limit: 1).first?.action == "campaign.undo")
        #expect(throws: (any Error).self) { try bench.database.undoCampaign(campaign, actor: "anne", now: start) }
    }

    @Test func `after the window, or once something was attempted, it is too late`() async throws {
        let (bench, campaign) = try launched()
        #expect(throws: LedgerError.tooLateToUndo(campaign)) {
            try bench.database.undoCampaign(campaign, actor: "anne", now: start.advanced(byMilliseconds: 5_000))
        }
        #expect(try await claim(bench, at: 5_000) == 3)
        // A clock that was set back opens no window that was closed.
        #expect(throws: LedgerError.tooLateToUndo(campaign)) {
            try bench.database.undoCampaign(campaign, actor: "anne", now: start)
        }
        let (other, unheld) = try launched(undoSeconds: 0)
        #expect(throws: LedgerError.tooLateToUndo(unheld)) {
            try other.database.undoCampaign(unheld, actor: "anne", now: start)
        }
    }
}

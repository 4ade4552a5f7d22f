import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import Testing

@testable import Store

@Suite struct GatewayBacklogTests {
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let zone = perimeter(2.0, 50.0, 2.2, 50.1)

    @Test func `a queue is its organisation's, and overdue receipts are every organisation's`() async throws {
        let bench = try StoreBench()
        for (name, letter) in [("Mairie", "a"), ("Voisine", "b")] {
            try bench.register(
                (0..<4).map { person("\(letter)\($0)", at: place(2.05, 50.05), contacts: ["sms:+3363998\(letter == "a" ? 1 : 2)00\($0)"]) },
                organisation: name)
            let owner = try bench.database.owner(organisationNamed: name)
            _ = try bench.database.launch(
                plan(zone: zone, key: name, channels: [.sms], organisation: owner), zone: zone, scope: .organisation(owner), now: start)
        }
        let claim = try await bench.database.ledger.port.claim(ClaimRequest(
            mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: 5)], now: start))
        try #require(claim.legs.count == 5)
        let waiting = start.advanced(bySeconds: 3_000)
        _ = try await bench.database.ledger.port.record(RecordBatch(
            attempts: claim.legs.map { leg in
                AttemptRecord(
                    leg, SubmissionResult(.known(.accepted), reference: "r\(leg.leg)", receiptWithin: .seconds(3_000)), endedAt: start,
                    next: LegStep(state: .accepted, awaitingUntil: waiting, countedAttempts: 1))
            }, receipts: [], now: start))
        let ledger = bench.database.ledger
        for name in ["Mairie", "Voisine"] {
            let owner = try bench.database.owner(organisationNamed: name)
            let left = try bench.count(
                "SELECT count(*) FROM legs JOIN campaigns ON campaigns.id = campaign_id WHERE legs.state = 'queued' AND organisation_id = \(owner.rawValue)")
            #expect(try ledger.queued(.exercise, of: owner)[.sms] ?? 0 == left)
        }
        let patience = Int(CampaignLedger.lateReceiptMilliseconds / 1000)
        #expect(try ledger.lateReceipts(.exercise, now: start.advanced(bySeconds: patience)).isEmpty)
        #expect(try ledger.lateReceipts(.exercise, now: start.advanced(bySeconds: patience + 1)) == ["g": 5])
        #expect(try ledger.lateReceipts(.real, now: start.advanced(bySeconds: patience + 1)).isEmpty)
    }
}

import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import TestSupport
import Testing

@testable import Store

@Suite struct CampaignTalliesTests {
    private let zone = perimeter(2.0, 50.0, 2.2, 50.1)
    private let start = UTCTime(millisecondsSince1970: 1_700_000_000_000)

    @Test func `a campaign is counted once no receipt is waited for, and once only`() async throws {
        let bench = try StoreBench()
        try bench.register(
            (1...2).map { person("r\($0)", at: place(2.05, 50.05), contacts: ["sms:+3363998100\($0)"]) }, organisation: "Mairie")
        let mairie = try bench.database.owner(organisationNamed: "Mairie")
        let id = try bench.database.launch(
            plan(zone: zone, organisation: mairie), zone: zone, scope: .organisation(mairie), now: start).campaign
        let claim = try await bench.database.ledger.port.claim(ClaimRequest(
            mode: .exercise, slots: [.init(gateway: "g", channel: .sms, count: 2)], now: start))
        let until = start.advanced(bySeconds: 600)
        let records = claim.legs.map { leg in
            AttemptRecord(
                leg, SubmissionResult(.known(.accepted)), endedAt: start.advanced(bySeconds: 3),
                next: LegStep(state: .accepted, cause: nil, awaitingUntil: until, countedAttempts: 1))
        }
        _ = try await bench.database.ledger.port.record(RecordBatch(attempts: records, receipts: [], now: start.advanced(bySeconds: 3)))
        _ = try bench.database.stopCampaign(id, actor: "agent")
        func due(_ now: UTCTime) throws -> [CampaignID] {
            try bench.database.campaignsToTally(under: mairie, months: 1, mostOrganisations: 9, now: now)
        }
        func figures() throws -> CampaignFigures? {
            try bench.database.campaignFigures(under: mairie, months: 1, mostOrganisations: 9, now: until).figures.first
        }
        #expect(try due(until.advanced(bySeconds: -1)).isEmpty)
        #expect(try due(until) == [id])
        // Reading counts nothing.
        #expect(try figures()?.uncounted == 1)
        try bench.database.tally(id, now: until)
        try bench.database.tally(id, now: until)
        #expect(try due(until).isEmpty)
        let counted = try #require(try figures())
        #expect((counted.uncounted, counted.halfReachedSeconds) == (0, 3))
    }
}

import AlertModel
import Campaigns
import Dispatching
import GRDB
import GeoModel
import Targeting
import Testing

@testable import Store

/// Quotas, tariffs and costs over a real ledger.
@Suite struct QuotaLedgerTests {
    private let zone = perimeter(2.0, 50.0, 2.1, 50.1)
    /// 2023-11-14 in Paris.
    private let now = UTCTime(millisecondsSince1970: 1_700_000_000_000)
    private let county = OrganisationID(rawValue: 1)

    /// A county with two towns, each of ten people with a telephone and one of them with an address.
    private func bench() throws -> (StoreBench, towns: [OrganisationID]) {
        let bench = try StoreBench()
        try bench.register([person("0", commune: "80001")])
        try bench.database.remember([
            KnownGateway(name: "bulk", channel: .sms, tariff: Tariff(unit: .segment, price: Money(millionths: 50_000, currency: "EUR"))),
            KnownGateway(name: "relay", channel: .email, tariff: nil),
        ])
        return (
            bench,
            try ["Eu", "Gamaches"].enumerated().map { index, name in
                let id = try bench.database.createOrganisation(named: name, kind: .commune, code: nil, parent: county, actor: "test")
                try bench.register(
                    (0..<10).map {
                        person("\(name) \($0)", commune: "80001", at: place(2.05, 50.05), contacts: ["sms:+3363998\(index)00\($0)"])
                    }, organisation: name)
                return id
            }
        )
    }

    private func draft(
        _ organisation: OrganisationID, _ key: String, kind: CampaignKind = .information, text: String = "Fete du village"
    ) -> CampaignPlan {
        CampaignPlan(
            organisation: organisation, requestKey: key, mode: .real,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self),
            message: Message(subject: "Fete", text: text),
            policy: Policy(channels: [.sms], maximumRetries: 1, retryPeriodSeconds: 60, validitySeconds: 3600), notLocated: 0,
            approvedHash: nil, createdBy: "agent", kind: kind)
    }

    @discardableResult
    private func launch(
        _ bench: StoreBench, _ organisation: OrganisationID, _ key: String, kind: CampaignKind = .information,
        text: String = "Fete du village", at time: UTCTime? = nil
    ) throws -> CampaignID {
        try bench.database.launch(
            draft(organisation, key, kind: kind, text: text), zone: zone, scope: .organisation(organisation), now: time ?? now
        ).campaign
    }

    /// Carries a campaign: so many are taken, so many refused, and with the last one perhaps the process dies.
    private func carry(
        _ bench: StoreBench, taken: Int, refused: Int = 0, inDoubt: Int = 0, completes: Bool = true, at time: UTCTime? = nil
    ) async throws {
        let port = bench.database.ledger.port
        let time = time ?? now
        let claim = try await port.claim(
            ClaimRequest(mode: .real, slots: [.init(gateway: "bulk", channel: .sms, count: taken + refused + inDoubt)], now: time))
        #expect(claim.legs.count == taken + refused + inDoubt)
        let records = claim.legs.prefix(taken + refused).enumerated().map { index, leg in
            AttemptRecord(
                leg, index < taken ? SubmissionResult(.known(.delivered)) : .failed(.refused), endedAt: time,
                next: LegStep(
                    state: index < taken ? .delivered : .failed, cause: index < taken ? nil : .refused, countedAttempts: 1))
        }
        _ = try await port.record(RecordBatch(attempts: Array(records), receipts: [], now: time))
        if inDoubt > 0 { #expect(try await port.rescue(.real, time) == inDoubt) }
        if completes { _ = try await port.settle(SettleRequest(mode: .real, channels: [.sms], now: time)) }
    }

    /// As though nobody had asked since the campaigns ended.
    private func forgetCharges(_ bench: StoreBench) throws {
        try bench.database.pool.write { database in
            try database.execute(sql: "UPDATE campaigns SET charged_at = NULL")
            try database.execute(sql: "DELETE FROM campaign_charges WHERE state = 'spent'")
        }
    }

    private func level(_ bench: StoreBench, _ organisation: OrganisationID, at time: UTCTime? = nil) throws -> [Int64] {
        let level = try #require(try bench.database.quotaLevels(of: organisation, now: time ?? now).first)
        return [level.spent, level.reserved, level.left]
    }

    private func quota(_ bench: StoreBench, _ organisation: OrganisationID, _ text: String) throws {
        let setting = try QuotaSetting(text)
        try bench.database.setQuota(setting.amount, of: organisation, per: setting.period, setting.measure, actor: "test")
    }

    @Test func `a launch reserves, so that two campaigns cannot both take the last units`() async throws {
        let (bench, towns) = try bench()
        try quota(bench, county, "month:segments=15")
        try launch(bench, towns[0], "a")
        #expect(try level(bench, county) == [0, 10, 5], "the towns' count in the county's")
        let refusal = #expect(throws: LaunchError.self) { try launch(bench, towns[1], "b") }
        #expect(refusal?.code == "quota_exceeded" && refusal?.description.contains("5 segments of sms left") == true)
        #expect(try bench.count("SELECT count(*) FROM campaigns") == 1, "nothing of it was written")
        // An alert goes, and the journal says so.
        try launch(bench, towns[1], "c", kind: .alert)
        #expect(try level(bench, county) == [0, 20, 0])
        let entry = try #require(try bench.database.auditEntries(limit: 9).first { $0.action == "quota.exceeded" })
        #expect(entry.detail["left"] == "5 segments of sms" && entry.organisation == county)
    }

    @Test func `what left counts once, whatever died in between, and what was refused does not`() async throws {
        let (bench, towns) = try bench()
        try quota(bench, towns[0], "month:sms=20")
        try launch(bench, towns[0], "a")
        try await carry(bench, taken: 3, refused: 2, inDoubt: 1, completes: false)
        // One is in doubt, and goes again: perhaps it had left.
        #expect(try level(bench, towns[0]) == [4, 6, 10])
        try await carry(bench, taken: 5)
        #expect(try bench.fetch("SELECT state FROM campaigns", as: String.self) == ["completed"])
        #expect(try level(bench, towns[0]) == [9, 0, 11])
        #expect(try level(bench, towns[0]) == [9, 0, 11], "counted once, and kept")
        #expect(try bench.count("SELECT sum(messages) FROM campaign_charges WHERE state = 'spent'") == 9)
        // Nobody asked meanwhile: what has ended counts in a launch all the same.
        try forgetCharges(bench)
        try launch(bench, towns[0], "b")
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "c") }
    }

    @Test func `segments are counted as the text has them, and a month begins anew by the organisation's clock`() async throws {
        let (bench, towns) = try bench()
        try quota(bench, towns[0], "month:segments=25")
        let long = String(repeating: "Fete du village. ", count: 12)
        try launch(bench, towns[0], "a", text: long)
        try await carry(bench, taken: 10)
        #expect(try level(bench, towns[0]) == [20, 0, 5])
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "b", text: long) }
        // Midnight of the first of December in Paris, and the second before.
        let december = UTCTime(millisecondsSince1970: 1_701_385_200_000)
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "c", text: long, at: december.advanced(bySeconds: -1)) }
        try launch(bench, towns[0], "d", text: long, at: december)
        #expect(try level(bench, towns[0], at: december) == [0, 20, 5])
    }

    @Test func `a tariff is the town's, the county's or the file's, and does not rewrite what was sent`() async throws {
        let (bench, towns) = try bench()
        let store = bench.database
        func set(_ text: String, _ organisation: OrganisationID, at time: UTCTime) throws {
            let setting = try TariffSetting(text)
            try store.setTariff(
                setting.tariff, of: organisation, channel: setting.channel, gateway: setting.gateway, from: time, actor: "test",
                now: time)
        }
        func cost(_ name: String) throws -> String? {
            let lines = try store.costs(under: county, year: 2023, month: 11, now: now)
            return lines.first { $0.name == name }?.cost?.description
        }
        try launch(bench, towns[0], "a")
        try await carry(bench, taken: 10)
        #expect(try cost("Eu") == "0.50 EUR", "by the file")
        try set("sms=0.10 EUR/segment", county, at: now.advanced(bySeconds: 1))
        #expect(try cost("Eu") == "0.50 EUR")
        let later = now.advanced(bySeconds: 60)
        try launch(bench, towns[1], "b", at: later)
        try set("sms@bulk=0.01 EUR/segment", towns[1], at: later.advanced(bySeconds: 1))
        try await carry(bench, taken: 10, at: later)
        #expect(try cost("Gamaches") == "1.00 EUR", "by the county's, which held at its launch")
        let last = now.advanced(bySeconds: 120)
        try launch(bench, towns[1], "c", at: last)
        try await carry(bench, taken: 10, at: last)
        #expect(try cost("Gamaches") == "1.10 EUR")
        #expect(throws: QuotaError.inThePast) {
            try store.setTariff(nil, of: county, channel: .sms, from: now, actor: "test", now: last)
        }
        #expect(throws: QuotaError.self) { try set("email=1 EUR/segment", county, at: last) }
    }

    @Test func `money is kept to, at the price that holds for the town`() async throws {
        let (bench, towns) = try bench()
        try quota(bench, county, "year:EUR=1")
        try launch(bench, towns[0], "a")
        try launch(bench, towns[1], "b")
        #expect(try level(bench, county) == [0, 1_000_000, 0])
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "c") }
    }

    @Test func `nobody with a campaign under way is left without a gateway`() throws {
        let (bench, towns) = try bench()
        let store = bench.database
        func settle(_ text: String, _ organisation: OrganisationID) throws {
            try store.settle(try ShareSetting(text), of: organisation, actor: "test")
        }
        try settle("bulk=reserve", towns[0])
        try settle("bulk=ceiling 20", towns[0])
        try settle("bulk=share 3", towns[0])
        #expect(try store.gatewayAssignments().map { "\($0.gateway) \($0.isReserved) \($0.share) \($0.ceiling ?? 0)" } == ["bulk true 3 20"])
        #expect(try !store.gatewayAccess(of: towns[1]).allows("bulk", on: .sms))
        try launch(bench, towns[0], "a", kind: .alert)
        #expect(throws: QuotaError.self, "another would take the town's only gateway") {
            try settle("bulk=reserve", towns[1])
            try settle("bulk=release", towns[0])
        }
        #expect(try store.gatewayAccess(of: towns[0]).allows("bulk", on: .sms))
        #expect(throws: QuotaError.unknownGateway("gone")) { try settle("gone=reserve", towns[0]) }
        #expect(try store.campaignWithoutGateway() == nil)
        try store.remember([KnownGateway(name: "other", channel: .sms, tariff: nil)])
        #expect(try store.campaignWithoutGateway()?.channels == [.sms])
    }
}

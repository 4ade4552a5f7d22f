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

    /// As though each message of a reservation took all that a number holds.
    private func overstate(_ bench: StoreBench) throws {
        try bench.database.pool.write { database in
            try database.execute(
                sql: "UPDATE campaign_charges SET segments = ?1, cost = ?1, currency = 'EUR', messages = 1 WHERE state = 'reserved'",
                arguments: [Int64.max])
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
        #expect(try store.campaignsWithoutGateway().isEmpty)
        try store.remember([KnownGateway(name: "other", channel: .sms, tariff: nil)])
        let stranded = try store.campaignsWithoutGateway()
        #expect(stranded.map(\.channels) == [[.sms]] && stranded.map(\.name) == ["Eu"])
        // It had none before: that keeps nobody from settling something else.
        try settle("bulk=release", towns[1])
        try settle("other=share 2", towns[1])
        #expect(throws: LaunchError.channelUnavailable([.sms])) { try launch(bench, towns[0], "b") }
        try launch(bench, towns[1], "c")
    }

    @Test func `a town is not moved away from the gateway of its campaign, and who asks learns of no other's`() throws {
        let (bench, towns) = try bench()
        let store = bench.database
        func settle(_ text: String, _ organisation: OrganisationID, within account: OrganisationID? = nil) throws {
            try store.settle(try ShareSetting(text), of: organisation, actor: "test", within: account)
        }
        try settle("bulk=reserve", county)
        let id = try launch(bench, towns[0], "a", kind: .alert)
        #expect(throws: QuotaError.gatewayInUse(id, [.sms])) { try store.move(towns[0], under: nil, actor: "test") }
        #expect(try store.ancestors(of: towns[0]).map(\.id) == [county], "it stayed where it was")
        try store.move(towns[1], under: nil, actor: "test")
        try store.move(towns[1], under: county, actor: "test")
        try settle("bulk=release", county)
        #expect(throws: QuotaError.gatewayInUse(nil, [.sms])) { try settle("bulk=reserve", towns[1], within: towns[1]) }
        #expect(throws: QuotaError.gatewayInUse(id, [.sms])) { try settle("bulk=reserve", towns[1], within: county) }
    }

    @Test func `what was planned by an earlier book is not launched for nobody to carry`() throws {
        let (bench, towns) = try bench()
        try bench.database.settle(try ShareSetting("bulk=reserve"), of: towns[0], actor: "test")
        #expect(throws: LaunchError.channelUnavailable([.sms])) { try launch(bench, towns[1], "a", kind: .alert) }
        #expect(try bench.count("SELECT count(*) FROM campaigns") == 0)
        try launch(bench, towns[0], "b", kind: .alert)
    }

    @Test func `sums that no number holds stop neither a launch nor who asks`() async throws {
        let (bench, towns) = try bench()
        try launch(bench, towns[0], "a")
        try await carry(bench, taken: 5, completes: false)
        try overstate(bench)
        try quota(bench, towns[0], "month:segments=3")
        try quota(bench, county, "year:EUR=1")
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "b") }
        try launch(bench, towns[0], "c", kind: .alert)
        #expect(try level(bench, county)[2] == 0)
    }

    @Test func `a campaign counts by its parts also in a quota that is settled after its launch`() async throws {
        let (bench, towns) = try bench()
        try launch(bench, towns[0], "a", text: String(repeating: "Fete du village. ", count: 12))
        #expect(try bench.count("SELECT segments FROM campaign_charges WHERE state = 'reserved'") == 20)
        try quota(bench, towns[0], "month:segments=25")
        #expect(try level(bench, towns[0]) == [0, 20, 5])
        #expect(throws: LaunchError.self) { try launch(bench, towns[0], "b") }
    }

    @Test func `what ended is counted aside, a little at a time, and only while nothing runs`() async throws {
        let (bench, towns) = try bench()
        let store = bench.database
        func settled() throws -> Int { try bench.count("SELECT count(*) FROM campaigns WHERE charged_at IS NOT NULL") }
        for key in ["a", "b", "c"] {
            try launch(bench, towns[0], key)
            try await carry(bench, taken: 8, refused: 2)
        }
        try launch(bench, towns[1], "d")
        try store.settleCharges(isAside: true, now: now)
        #expect(try settled() == 0, "one runs")
        try await carry(bench, taken: 10)
        try store.settleCharges(isAside: true, now: now)
        #expect(try settled() == 1)
        try quota(bench, county, "month:sms=100")
        #expect(try level(bench, county) == [34, 0, 66], "what is not kept yet is counted for who asks")
        #expect(try settled() == 3, "two for each who asks")
        try store.settleCharges(isAside: true, now: now)
        try store.settleCharges(isAside: true, now: now)
        #expect(try settled() == 4)
        #expect(try level(bench, county) == [34, 0, 66])
    }

    @Test func `an erased organisation gives its gateway to nobody by chance, and what it sent keeps its price`() async throws {
        let (bench, towns) = try bench()
        let store = bench.database
        try store.settle(try ShareSetting("bulk=reserve"), of: towns[0], actor: "test")
        try launch(bench, towns[0], "a")
        try await carry(bench, taken: 10)
        let refusal = #expect(throws: StoreError.self) { try store.eraseOrganisation(towns[0], actor: "test") }
        #expect(refusal?.description.contains("“bulk”") == true && refusal?.description.contains("bulk=release") == true)
        #expect(try !store.gatewayAccess(of: towns[1]).allows("bulk", on: .sms))
        try store.settle(try ShareSetting("bulk=reserve"), of: towns[1], actor: "test")
        try forgetCharges(bench)
        _ = try store.eraseOrganisation(towns[0], actor: "test")
        #expect(try store.gatewayAssignments().map(\.organisation) == [towns[1]])
        #expect(try bench.count("SELECT messages FROM campaign_charges WHERE state = 'spent'") == 10)
        #expect(try bench.count("SELECT count(*) FROM campaigns WHERE charged_at >= ended_at") == 1)
        try store.settleCharges(most: nil)
        #expect(try bench.count("SELECT messages FROM campaign_charges WHERE state = 'spent'") == 10, "not counted again")
    }
}

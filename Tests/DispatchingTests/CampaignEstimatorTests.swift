import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

/// The estimate beside the dispatcher itself, which runs the same campaigns in virtual time.
@Suite struct CampaignEstimatorTests {
    private static let answerMilliseconds: Int64 = 200
    /// What a dispatcher that has just started holds back, and the paces of claims and records: no estimate knows them.
    private static let startSeconds = 2.0
    private static let part = 0.06

    private func gateway(_ traits: GatewayTraits) -> Gateway {
        Gateway(traits, isSimulator: true, segments: { max(1, SMSText($0.text).segments) }) { _ in .failed(.unavailable) }
    }

    /// Runs the towns together and compares the first one's times with their estimate.
    private func compare(
        _ towns: [Town], _ traits: [GatewayTraits], isMeasured: Bool = false,
        _ location: SourceLocation = #_sourceLocation
    ) async throws {
        let ledger = MemoryLedger()
        for town in towns { _ = try await ledger.launch(town, now: Peers.start) }
        let simulation = DispatchSimulation(
            gateways: try .exercise(traits.map(gateway)), ledger: ledger.port, from: Peers.start
        ) { _, _ in .init(answerMilliseconds: Self.answerMilliseconds, result: SubmissionResult(.known(.accepted))) }
        try await simulation.run(untilCompleted: towns.count)
        let sent = simulation.sent.filter { $0.campaign.rawValue == 1 }.map { Double($0.uptime.microseconds) / 1e6 }
        let estimate = CampaignEstimator.estimate(
            towns[0].work,
            through: traits.map {
                ForecastGateway($0, answerMilliseconds: isMeasured ? Double(Self.answerMilliseconds) : nil)
            },
            beside: towns.dropFirst().map(\.work))
        let times = try #require(estimate.times, sourceLocation: location)
        for (index, percent) in AttemptTimes.percents.enumerated() {
            let expected = Double(try #require(times.milliseconds[index])) / 1000
            let real = sent[AttemptTimes.place(percent, of: sent.count)]
            #expect(
                abs(expected - real) <= Self.startSeconds + Self.part * real,
                "\(percent) %: \(expected) s estimated, \(real) s simulated", sourceLocation: location)
            // And not merely because everything is over in the start.
            #expect(real > 2 * Self.startSeconds, sourceLocation: location)
        }
    }

    private func sms(_ name: String, _ perSecond: Double, weight: Int = 1, window: Int = 200, unit: GatewayRate.Unit = .segments)
        -> GatewayTraits
    {
        GatewayTraits(
            name: name, channel: .sms, weight: weight, window: window, rate: GatewayRate(perSecond: perSecond, unit: unit))
    }

    @Test func `a campaign alone takes what the gateway's rate says`() async throws {
        try await compare([Town(recipients: 1_500)], [sms("a", 45)])
    }

    @Test func `two gateways work at the sum of their rates, whatever their weights`() async throws {
        try await compare([Town(recipients: 3_000)], [sms("a", 60, weight: 5), sms("b", 20, unit: .messages)])
    }

    @Test func `a gateway without a rate works as its window and its answers let it`() async throws {
        let traits = GatewayTraits(name: "a", channel: .sms, window: 10)
        try await compare([Town(recipients: 1_500)], [traits], isMeasured: true)
    }

    @Test func `a window that is too small for the rate is the limit`() async throws {
        try await compare([Town(recipients: 1_000)], [sms("a", 500, window: 5)], isMeasured: true)
    }

    @Test func `information waits for the alerts, and alerts do not wait for information`() async throws {
        let alert = Town(recipients: 1_000, key: "alert")
        let information = Town(recipients: 800, key: "information", firstRecipient: 10_000, kind: .information)
        try await compare([information, alert], [sms("a", 60)])
        try await compare([alert, information], [sms("a", 60)])
    }

    @Test func `channels count together as they leave together`() async throws {
        let traits = [
            sms("a", 90),
            GatewayTraits(
                name: "b", channel: .email, window: 100, rate: GatewayRate(perSecond: 30, unit: .messages)),
        ]
        try await compare([Town(recipients: 900, channels: [.sms, .email])], traits)
    }

    @Test func `a channel whose pace nobody knows is unknown, and a declared one is used`() {
        let town = Town(recipients: 100, channels: [.sms, .email])
        let unknown = GatewayTraits(name: "b", channel: .email, window: 10)
        let gateways = [ForecastGateway(sms("a", 50)), ForecastGateway(unknown)]
        let without = CampaignEstimator.estimate(town.work, through: gateways)
        #expect(without.channels.map(\.pace) == [.contract, .unknown])
        #expect(without.times == nil && without.channels[1].times == nil && without.channels[0].times != nil)
        let declared = CampaignEstimator.estimate(town.work, through: gateways, declared: [.email: 10])
        #expect(declared.channels.map(\.pace) == [.contract, .declared])
        #expect(declared.channels[1].times?.milliseconds == [5_000, 9_000, 10_000].map { $0 - 100 })
        let past = CampaignEstimator.estimate(
            town.work, through: [gateways[0], ForecastGateway(unknown, pastPerSecond: 9)])
        #expect(past.channels.map(\.pace) == [.contract, .history])
        // Ten leave at once.
        #expect(past.channels[1].times?.milliseconds[2] == 10_000)
    }

    @Test func `a cost is exact, a range with several gateways, and unknown without a tariff`() throws {
        let price = try #require(Money("0.0455", currency: "EUR"))
        let dearer = try #require(Money("0.06", currency: "EUR"))
        func traits(_ name: String, weight: Int, _ tariff: Tariff?) -> GatewayTraits {
            GatewayTraits(name: name, channel: .sms, weight: weight, window: 10, tariff: tariff)
        }
        let long = Message(subject: "", text: String(repeating: "a", count: 161))
        let work = ForecastWork(
            kind: .alert, weight: 1,
            loads: [
                MessageLoad(channel: .sms, message: long, messages: 3),
                MessageLoad(channel: .sms, message: Message(subject: "", text: "court"), messages: 1),
            ])
        let a = traits("a", weight: 3, Tariff(unit: .segment, price: price))
        let b = traits("b", weight: 1, Tariff(unit: .message, price: dearer))
        let alone = CampaignEstimator.estimate(work, through: [ForecastGateway(a)])
        #expect(alone.channels[0].segments == 7)
        #expect(alone.cost?.expected.description == "0.3185 EUR" && alone.cost?.least == alone.cost?.most)
        let both = try #require(CampaignEstimator.estimate(work, through: [ForecastGateway(a), ForecastGateway(b)]).cost)
        #expect([both.least, both.expected, both.most].map(\.amount) == ["0.24", "0.298875", "0.3185"])
        let free = traits("c", weight: 1, nil)
        #expect(CampaignEstimator.estimate(work, through: [ForecastGateway(a), ForecastGateway(free)]).cost == nil)
    }

    @Test func `what may follow is bounded: retries as they were, every later turn, and validity`() throws {
        let tariff = Tariff(unit: .message, price: try #require(Money("0.10", currency: "EUR")))
        func gateway(_ channel: Channel, _ tariff: Tariff?) -> ForecastGateway {
            ForecastGateway(GatewayTraits(
                name: channel.rawValue, channel: channel, window: 10, rate: GatewayRate(perSecond: 10, unit: .messages), tariff: tariff))
        }
        func work(_ channel: Channel, _ count: Int) -> ForecastWork {
            ForecastWork(kind: .alert, weight: 1, loads: [MessageLoad(channel: channel, message: Message(subject: "", text: "x"), messages: count)])
        }
        func outlook(validity: Int = 86_400, past: [Channel: Double] = [.sms: 0.5], voice: Tariff? = tariff, later: Int = 50) -> CampaignEstimate.Outlook {
            let gateways = [gateway(.sms, tariff), gateway(.voice, voice)]
            let estimate = CampaignEstimator.estimate(work(.sms, 100), through: gateways, retries: past)
            return CampaignEstimator.outlook(
                of: estimate, later: later == 0 ? ForecastWork(kind: .alert, weight: 1, loads: []) : work(.voice, later),
                longestWaitSeconds: 600,
                policy: Policy(channels: [.sms, .voice], maximumRetries: 2, retryPeriodSeconds: 60, validitySeconds: validity),
                through: gateways)
        }
        // 100 messages at 0.10, 50 more attempts, 50 calls.
        #expect(outlook().costWithRetries?.expected.amount == "15.00")
        #expect(outlook().costAtMost?.most.amount == "20.00")
        // Three rounds of 10 s of SMS and 5 s of calls, ten minutes, and twice a minute.
        let last = try #require(outlook().lastMilliseconds)
        let expected: Int64 = 765_000
        #expect((expected - 2_000...expected + 2_000).contains(last))
        #expect(outlook(validity: 300).lastMilliseconds == 300_000)
        let pastless = outlook(past: [:])
        #expect(pastless.costWithRetries == nil)
        #expect(pastless.costAtMost?.most.amount == "15.00")
        let priceless = outlook(voice: nil)
        #expect(priceless.costAtMost == nil)
        #expect(priceless.costWithRetries != nil)
        #expect(outlook(later: 0).costAtMost == nil)
    }
}

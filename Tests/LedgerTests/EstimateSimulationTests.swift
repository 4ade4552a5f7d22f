import AlertModel
import DispatchSupport
import Dispatching
import GRDB
import Testing

@testable import Store

/// Estimates and measures beside the real ledger's shares, in virtual time.
@Suite struct EstimateSimulationTests {
    private func simulate(
        _ bench: LedgerBench, _ traits: [GatewayTraits],
        course: @escaping (Submission, Gateway) -> DispatchSimulation.Course
    ) throws -> DispatchSimulation {
        let gateways = traits.map { traits in
            Gateway(traits, isSimulator: true, segments: { max(1, SMSText($0.text).segments) }) { _ in .failed(.unavailable) }
        }
        return DispatchSimulation(
            gateways: try .exercise(gateways), ledger: bench.ledger.port, from: Peers.start, course: course)
    }

    @Test(arguments: [(1, 1), (3, 1), (1, 4)])
    func `a campaign shares with the others of its kind by weight, as estimated`(own: Int, other: Int) async throws {
        let bench = try LedgerBench()
        let towns = [
            Town(recipients: 1_500, key: "own", weight: own),
            Town(recipients: 900, key: "other", firstRecipient: 10_000, weight: other),
        ]
        let launches = try towns.map { try bench.launch($0) }
        let traits = GatewayTraits(
            name: "a", channel: .sms, window: 200, rate: GatewayRate(perSecond: 80, unit: .segments))
        let simulation = try simulate(bench, [traits]) { _, _ in
            .init(answerMilliseconds: 200, result: SubmissionResult(.known(.accepted)))
        }
        try await simulation.run(untilCompleted: 2)
        let estimate = CampaignEstimator.estimate(
            towns[0].work, through: [ForecastGateway(traits)], beside: [towns[1].work])
        let measure = try await bench.ledger.writer.read { try $0.measure(launches[0].campaign, prices: []) }
        let sent = simulation.sent.filter { $0.campaign == launches[0].campaign }
        for (index, percent) in AttemptTimes.percents.enumerated() {
            let real = sent[AttemptTimes.place(percent, of: sent.count)].at.millisecondsSince1970
                - Peers.start.millisecondsSince1970
            let measured = try #require(measure.times.milliseconds[index])
            // An attempt is written when it is claimed, a moment ahead of its turn.
            #expect(abs(measured - real) <= 300, "measured \(measured), left \(real)")
            let expected = try #require(estimate.times?.milliseconds[index])
            #expect(
                abs(Double(expected - real)) <= 2_000 + 0.06 * Double(real), "\(percent) %: \(expected) estimated, \(real) simulated")
        }
    }

    @Test func `a measure counts what left by whom, what was taken is charged, and what was not is not`() async throws {
        let bench = try LedgerBench()
        let english = try #require(MessageVariant.Use(language: "en", channel: nil))
        let long = MessageVariant(english, text: String(repeating: "walk ", count: 40))
        let town = Town(recipients: 200, retries: 1, retryPeriodSeconds: 5, language: "en", variants: [long])
        let launch = try bench.launch(town)
        let traits = [
            GatewayTraits(name: "a", channel: .sms, window: 20), GatewayTraits(name: "b", channel: .sms, window: 20),
        ]
        let simulation = try simulate(bench, traits) { submission, _ in
            // One telephone in ten is busy, each time.
            submission.address.value.last == "4"
                ? .init(answerMilliseconds: 50, result: .failed(.busy))
                : .init(answerMilliseconds: 100, result: SubmissionResult(.known(.accepted)))
        }
        try await simulation.run(untilCompleted: 1)
        let price = try #require(Money("0.05", currency: "EUR"))
        let prices = ["a", "b"].map { CampaignEstimate.Price(gateway: $0, tariff: Tariff(unit: .segment, price: price)) }
        let measure = try await bench.ledger.writer.read { try $0.measure(launch.campaign, prices: prices) }
        let sms = try #require(measure.channels.first)
        #expect(sms.messages == 200 && sms.attempts == simulation.sent.count && sms.attempts == 220)
        #expect(sms.failures == ["busy": 40])
        #expect(sms.segments == 180 * 2)
        #expect(sms.cost?.description == "18.00 EUR" && measure.cost == sms.cost)
        let byGateway = Dictionary(grouping: simulation.sent.filter { $0.number == 1 }, by: \.gateway).mapValues(\.count)
        #expect(Dictionary(uniqueKeysWithValues: measure.gateways.map { ($0.gateway, $0.messages) }) == byGateway)
        #expect(measure.gateways.allSatisfy { (50...160).contains($0.answerMilliseconds) })
        let one = try await bench.ledger.writer.read { try $0.measure(launch.campaign, prices: [prices[0]]) }
        #expect(one.cost == nil, "a gateway without a price makes the sum unknown, not smaller")
    }

    @Test func `a stopped campaign has no time for what never left`() async throws {
        let bench = try LedgerBench()
        let launch = try bench.launch(Town(recipients: 400))
        let traits = GatewayTraits(name: "a", channel: .sms, window: 50, rate: GatewayRate(perSecond: 20, unit: .messages))
        let simulation = try simulate(bench, [traits]) { _, _ in
            .init(answerMilliseconds: 100, result: SubmissionResult(.known(.accepted)))
        }
        let ledger = bench.ledger
        simulation.at(Peers.start.advanced(bySeconds: 13)) { try ledger.stop(launch.campaign, now: Peers.start.advanced(bySeconds: 13)) }
        try await simulation.run { simulation.moment.uptime.microseconds > 20_000_000 }
        let measure = try await bench.ledger.writer.read { try $0.measure(launch.campaign, prices: []) }
        #expect(measure.times.milliseconds[0] != nil && measure.times.milliseconds[1] == nil && measure.times.milliseconds[2] == nil)
    }
}

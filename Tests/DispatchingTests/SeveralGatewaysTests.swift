import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

/// Several gateways on one channel, in virtual time.
@Suite struct SeveralGatewaysTests {
    private func gateway(
        _ name: String, weight: Int = 1, window: Int = 20, rate: GatewayRate? = nil, hasProbe: Bool = false,
        segments: Int = 1, keepsPace: Bool = false
    ) -> Gateway {
        let probe: @Sendable () async -> ProbeAnswer = { .up }
        return Gateway(
            GatewayTraits(name: name, channel: .sms, weight: weight, window: window, rate: rate), isSimulator: true,
            segments: { _ in segments }, keepsPace: keepsPace, probe: hasProbe ? probe : nil
        ) { _ in .failed(.unavailable) }
    }

    private func simulate(
        _ ledger: MemoryLedger, _ gateways: [Gateway], course: @escaping (Submission, Gateway) -> DispatchSimulation.Course
    ) throws -> DispatchSimulation {
        DispatchSimulation(gateways: try .exercise(gateways), ledger: ledger.port, from: Peers.start, course: course)
    }

    private let passes = { (_: Submission, _: Gateway) in
        DispatchSimulation.Course(answerMilliseconds: 100, result: SubmissionResult(.known(.accepted)))
    }

    private func counts(_ simulation: DispatchSimulation) -> [String: Int] {
        Dictionary(grouping: simulation.sent, by: \.gateway).mapValues(\.count)
    }

    @Test func `gateways share by weight, with a backlog and with a trickle`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 2_000), now: Peers.start)
        let backlog = try simulate(ledger, [gateway("a", weight: 3), gateway("b")], course: passes)
        try await backlog.run(untilCompleted: 1)
        #expect((1_400...1_600).contains(counts(backlog)["a"] ?? 0))

        let few = MemoryLedger()
        _ = try await few.launch(Town(recipients: 40), now: Peers.start)
        let trickle = try simulate(few, [gateway("a", weight: 3, window: 500), gateway("b", window: 500)], course: passes)
        try await trickle.run(untilCompleted: 1)
        #expect(counts(trickle) == ["a": 30, "b": 10])
    }

    @Test func `a gateway that goes down loses its traffic to the other, and nobody a try`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 1_000, retries: 0), now: Peers.start)
        let down = Peers.start.advanced(byMilliseconds: 500)
        let simulation = try simulate(ledger, [gateway("a"), gateway("b")]) { submission, gateway in
            gateway.name == "a" && submission.claimedAt >= down
                ? .init(answerMilliseconds: 50, result: .failed(.network)) : passes(submission, gateway)
        }
        try await simulation.run(untilCompleted: 1)
        #expect(await ledger.legs.allSatisfy { $0.state == .accepted })
        #expect(simulation.changes.first == GatewayChange(gateway: "a", isUp: false))
        // A window of failures, then one trial a pause.
        let failed = simulation.sent.filter { $0.gateway == "a" && $0.at >= down }
        #expect(failed.count <= 50)
        #expect((counts(simulation)["b"] ?? 0) > 800)
    }

    @Test func `a gateway that comes back is found by one trial, or by its probe without one`() async throws {
        for hasProbe in [false, true] {
            let ledger = MemoryLedger()
            _ = try await ledger.launch(Town(recipients: 4_000, retries: 1), now: Peers.start)
            let back = Peers.start.advanced(bySeconds: 8)
            let simulation = try simulate(ledger, [gateway("a", hasProbe: hasProbe), gateway("b")]) { submission, gateway in
                gateway.name == "a" && submission.claimedAt < back
                    ? .init(answerMilliseconds: 50, result: .failed(.network)) : passes(submission, gateway)
            }
            simulation.probe = { _ in simulation.now < back ? .down("refused") : .up }
            try await simulation.run(untilCompleted: 1)
            #expect(simulation.changes == [GatewayChange(gateway: "a", isUp: false), GatewayChange(gateway: "a", isUp: true)])
            let trials = simulation.sent.filter {
                $0.gateway == "a" && $0.at > Peers.start.advanced(bySeconds: 1) && $0.at < back
            }
            #expect(hasProbe ? trials.isEmpty : (1...2).contains(trials.count))
            #expect(simulation.sent.contains { $0.gateway == "a" && $0.at > back })
        }
    }

    @Test func `when all are down each leg still ends by its policy`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 50, retries: 1, retryPeriodSeconds: 5), now: Peers.start)
        let simulation = try simulate(ledger, [gateway("a"), gateway("b")]) { _, _ in
            .init(answerMilliseconds: 50, result: .failed(.network))
        }
        try await simulation.run(untilCompleted: 1)
        let ends = Set(await ledger.legs.map { "\($0.state) \($0.cause?.rawValue ?? "") \($0.counted)" })
        #expect(ends == ["failed network 2"])
    }

    @Test func `an observer never counts more than the rate in a second, through claims, pauses and kills`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 1_500), now: Peers.start)
        let rate = GatewayRate(perSecond: 45, unit: .segments)
        let simulation = try simulate(ledger, [gateway("a", window: 100, rate: rate, segments: 3)], course: passes)
        for _ in 0..<4 {
            try await simulation.run(actions: 400) { false }
            _ = try await simulation.killAndRestart()
        }
        try await simulation.run(untilCompleted: 1)
        let times = simulation.sent.map(\.uptime.microseconds)
        for (index, time) in times.enumerated() where index >= 15 {
            #expect(time - times[index - 15] >= 1_000_000, "15 messages of 3 segments in a second")
        }
        let last = Array(times.suffix(600))
        let seconds = Double(last[599] - last[0]) / 1e6
        let sustained = Double(599 * 3) / seconds
        #expect(sustained >= 0.98 * 45)
    }

    @Test func `what waits for a connection does not leave all at once when it stands`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 300), now: Peers.start)
        // The first answer takes as long as a connection; what is submitted meanwhile leaves with it.
        var standsAt = Uptime.never
        var left: [Int64] = []
        var simulation: DispatchSimulation?
        simulation = try simulate(
            ledger, [gateway("a", window: 50, rate: GatewayRate(perSecond: 45, unit: .messages))]
        ) { _, _ in
            let now = simulation?.moment.uptime ?? .never
            if standsAt == .never { standsAt = now.advanced(byMilliseconds: 800) }
            let leaves = max(now, standsAt)
            left.append(leaves.microseconds)
            return .init(
                answerMilliseconds: leaves.microseconds(since: now) / 1000 + 50, result: SubmissionResult(.known(.accepted)))
        }
        try await simulation?.run(untilCompleted: 1)
        #expect(left.count == 300)
        for (index, time) in left.enumerated() where index >= 45 { #expect(time - left[index - 45] >= 1_000_000) }
    }

    @Test func `a clock that is set back or forward moves neither the rate nor the loop`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 900, validitySeconds: 86_400), now: Peers.start)
        let rate = GatewayRate(perSecond: 50, unit: .messages)
        let simulation = try simulate(ledger, [gateway("a", window: 100, rate: rate)], course: passes)
        simulation.at(Peers.start.advanced(bySeconds: 5)) { simulation.setClock(byMilliseconds: 3_600_000) }
        try await simulation.run { simulation.sent.count > 500 }
        simulation.setClock(byMilliseconds: -7_200_000)
        // Its due times lie in the future now: they are reached once the clock is set right again.
        try await simulation.run(actions: 50) { false }
        simulation.setClock(byMilliseconds: 3_600_000)
        try await simulation.run(untilCompleted: 1)
        let times = simulation.sent.map(\.uptime.microseconds)
        for (index, time) in times.enumerated() where index >= 50 { #expect(time - times[index - 50] >= 1_000_000) }
        #expect(times.count == 900)
    }

    @Test func `a gateway that throttles is slowed down and its messages lose no try`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 600, retries: 0), now: Peers.start)
        // It takes thirty a second.
        var seconds: [Int64: Int] = [:]
        let strict = try simulate(ledger, [gateway("a", window: 200)]) { submission, _ in
            let second = submission.claimedAt.millisecondsSince1970 / 1000
            seconds[second, default: 0] += 1
            return .init(
                answerMilliseconds: 40,
                result: seconds[second]! > 30 ? .failed(.throttled) : SubmissionResult(.known(.accepted)))
        }
        try await strict.run(untilCompleted: 1)
        #expect(await ledger.legs.allSatisfy { $0.state == .accepted })
        #expect(strict.sent.count < 2_000)
    }

    @Test(arguments: [false, true])
    func `calls, answered a minute later, begin at the rate from the first on where the gateway keeps its pace`(keepsPace: Bool) async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 100), now: Peers.start)
        let rate = try #require(GatewayRate(perSecond: 20, unit: .messages))
        let simulation = try simulate(ledger, [gateway("a", window: 200, rate: rate, keepsPace: keepsPace)]) { _, _ in
            DispatchSimulation.Course(answerMilliseconds: 60_000, result: SubmissionResult(.known(.accepted)))
        }
        try await simulation.run(untilCompleted: 1)
        let early = simulation.sent.filter { $0.at < Peers.start.advanced(bySeconds: 10) }.count
        #expect(early == (keepsPace ? 100 : 1))
    }
}

import AlertModel
import DispatchSupport
import Testing

@testable import Dispatching

@Suite struct DispatchSimulationTests {
    private func simulate(
        _ ledger: MemoryLedger, _ windows: [Channel: Int] = [.sms: 20],
        settings: DispatcherSettings = DispatcherSettings(),
        course: @escaping (Submission) -> DispatchSimulation.Course = Peers.steady(SubmissionResult(.known(.accepted)))
    ) throws -> DispatchSimulation {
        DispatchSimulation(
            gateways: try Peers.exercise(windows), ledger: ledger.port, settings: settings, from: Peers.start,
            course: course)
    }

    @Test func `the outcomes of a scripted exercise add up to the legs planned`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 2_000, channels: [.sms, .voice]), now: Peers.start)
        let simulation = try simulate(ledger, [.sms: 150, .voice: 400], course: Peers.scripted())
        try await simulation.run(untilCompleted: 1)
        let legs = await ledger.legs
        #expect(legs.count == 4_000)
        #expect(legs.allSatisfy { !$0.state.isOpen })
        #expect(Set(simulation.sent.map(\.address)).count == 2_000)
        for state in [LegState.delivered, .answered, .acknowledged, .failed] {
            #expect(legs.contains { $0.state == state })
        }
        #expect(await ledger.attempts.allSatisfy { $0.outcome != nil })
    }

    @Test func `the same seed plays the same exercise`() async throws {
        var runs: [[DispatchSimulation.Sent]] = []
        for _ in 0..<2 {
            let ledger = MemoryLedger()
            _ = try await ledger.launch(Town(recipients: 500, channels: [.voice]), now: Peers.start)
            let simulation = try simulate(ledger, [.voice: 50], course: Peers.scripted(seed: 7))
            try await simulation.run(untilCompleted: 1)
            runs.append(simulation.sent)
        }
        #expect(runs[0] == runs[1])
    }

    @Test func `never more in flight than the window`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 300), now: Peers.start)
        let simulation = try simulate(ledger, [.sms: 7])
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.mostInFlight == 7)
    }

    @Test func `retries keep their count and their period`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 3, retries: 2, retryPeriodSeconds: 30), now: Peers.start)
        let simulation = try simulate(ledger, course: Peers.steady(.failed(.busy)))
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 9)
        let times = simulation.sent.filter { $0.address == simulation.sent[0].address }.map(\.at)
        #expect(times[1].milliseconds(since: times[0]) >= 30_000)
        #expect(times[1].milliseconds(since: times[0]) < 30_500)
        #expect(await ledger.legs.allSatisfy { $0.state == .failed && $0.cause == .busy && $0.counted == 3 })
    }

    @Test func `a message too late is not sent`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 100, validitySeconds: 60), now: Peers.start)
        let simulation = try simulate(
            ledger, [.sms: 5], course: Peers.steady(SubmissionResult(.known(.accepted)), milliseconds: 20_000))
        try await simulation.run(untilCompleted: 1)
        let end = Peers.start.advanced(bySeconds: 60)
        #expect(simulation.sent.allSatisfy { $0.at < end })
        let legs = await ledger.legs
        #expect(legs.filter { $0.cause == .expired }.count == 100 - simulation.sent.count)
    }

    @Test func `pausing holds within a second, what is in flight is recorded, resuming goes on`() async throws {
        let ledger = MemoryLedger()
        let id = try await ledger.launch(Town(recipients: 500), now: Peers.start)
        let simulation = try simulate(ledger, [.sms: 10])
        let pause = Peers.start.advanced(bySeconds: 2)
        let resume = Peers.start.advanced(bySeconds: 30)
        simulation.at(pause) { await ledger.setState(.paused, of: id) }
        simulation.at(resume) {
            #expect(await ledger.attempts.allSatisfy { $0.outcome != nil })
            await ledger.setState(.running, of: id)
        }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.allSatisfy { $0.at <= pause || $0.at >= resume })
        #expect(simulation.sent.first { $0.at >= resume }!.at <= resume.advanced(bySeconds: 1))
        #expect(simulation.sent.count == 500)
    }

    @Test func `a channel nothing carries is unavailable, never simulated`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 10, channels: [.sms, .fax]), now: Peers.start)
        let simulation = try simulate(ledger)
        try await simulation.run(untilCompleted: 1)
        let fax = await ledger.legs.filter { $0.channel == .fax }
        #expect(fax.allSatisfy { $0.state == .failed && $0.cause == .unavailable })
        #expect(simulation.sent.allSatisfy { $0.channel == .sms })
    }

    @Test func `a leg altered after the freeze is withheld and the others leave`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 10), now: Peers.start)
        await ledger.alter(3) { $0.externalID = "someone else" }
        await ledger.alter(5) { $0.certainty = nil }
        let simulation = try simulate(ledger)
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.withheld.map(\.reason) == [.sealBroken, .outsideZone])
        #expect(simulation.sent.count == 8)
        #expect(await ledger.legs.filter { $0.cause == .withheld }.count == 2)
    }

    @Test func `a ledger that refuses for a while delays and loses nothing`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 200), now: Peers.start)
        let simulation = try simulate(ledger)
        simulation.at(Peers.start.advanced(byMilliseconds: 300)) { await ledger.refuseTransactions(5) }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 200)
        #expect(await ledger.legs.allSatisfy { $0.state == .accepted })
    }

    @Test func `a graceful end claims nothing more and records what was in flight`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 100), now: Peers.start)
        let simulation = try simulate(ledger, [.sms: 10])
        simulation.at(Peers.start.advanced(byMilliseconds: 250)) { simulation.shutDown() }
        let last = try await simulation.run()
        guard case .finish? = last else { return #expect(Bool(false), "it ends") }
        #expect(await ledger.attempts.allSatisfy { $0.outcome != nil })
        #expect(simulation.sent.count < 100)
    }

    @Test func `a graceful end gives up at its limit and says how many are in flight`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 4), now: Peers.start)
        let simulation = try simulate(
            ledger, course: Peers.steady(SubmissionResult(.known(.accepted)), milliseconds: 3_600_000))
        simulation.at(Peers.start.advanced(bySeconds: 1)) { simulation.shutDown() }
        guard case .abandon(let count)? = try await simulation.run() else { return #expect(Bool(false), "it gives up") }
        #expect(count == 4)
        #expect(simulation.now == Peers.start.advanced(bySeconds: 31))
    }

    @Test func `a graceful end is not held up for ever by a ledger that cannot be written`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 4), now: Peers.start)
        let simulation = try simulate(ledger)
        simulation.at(Peers.start.advanced(byMilliseconds: 50)) {
            await ledger.refuseTransactions(1_000)
            simulation.shutDown()
        }
        guard case .abandon(let count)? = try await simulation.run() else { return #expect(Bool(false), "it gives up") }
        #expect(count == 4)
        #expect(simulation.now <= Peers.start.advanced(bySeconds: 32))
    }

    @Test func `a slow gateway does not cost one transaction a leg, nor an idle dispatcher many`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 400, retryPeriodSeconds: 60), now: Peers.start)
        let simulation = try simulate(ledger, [.sms: 100], course: { submission in
            .init(answerMilliseconds: 1_000 + submission.attempt.rawValue % 997, result: SubmissionResult(.known(.accepted)))
        })
        try await simulation.run(untilCompleted: 1)
        let seconds = simulation.now.milliseconds(since: Peers.start) / 1000
        #expect(Int64(simulation.transactions) < 75 * seconds)
        let before = simulation.transactions
        simulation.at(simulation.now.advanced(bySeconds: 60)) { simulation.shutDown() }
        try await simulation.run()
        #expect(simulation.transactions - before < 130)
    }
}

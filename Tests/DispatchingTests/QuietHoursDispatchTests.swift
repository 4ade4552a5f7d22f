import AlertModel
import DispatchSupport
import TestSupport
import Testing

@testable import Dispatching

/// In virtual time that starts at `Peers.start`; the windows are placed around it by the clock of Paris.
@Suite struct QuietHoursDispatchTests {
    /// Quiet from so many minutes after the start, for so long.
    private func quiet(after minutes: Int, for length: Int) throws -> QuietHours {
        func text(_ minute: Int) -> String { String(LocalClock.paris.text(Peers.start.advanced(bySeconds: minute * 60)).suffix(5)) }
        return try #require(QuietHours("\(text(minutes))-\(text(minutes + length)) Europe/Paris"))
    }

    private func simulate(_ ledger: MemoryLedger, rate: GatewayRate? = nil, result: SubmissionResult = SubmissionResult(.known(.accepted))) throws -> DispatchSimulation {
        let gateway = Gateway(GatewayTraits(name: "sms", channel: .sms, window: 10, rate: rate), isSimulator: true) { _ in result }
        return DispatchSimulation(
            gateways: try GatewaySet.exercise([gateway]), ledger: ledger.port, from: Peers.start,
            course: Peers.steady(result))
    }

    @Test func `information launched in quiet hours leaves when they end, at once`() async throws {
        let ledger = MemoryLedger()
        let quiet = try quiet(after: -60, for: 90)
        _ = try await ledger.launch(Town(recipients: 25, kind: .information, quiet: quiet), now: Peers.start)
        let simulation = try simulate(ledger)
        try await simulation.run(untilCompleted: 1)
        let end = try #require(quiet.end(at: Peers.start))
        #expect(simulation.sent.count == 25)
        #expect(simulation.sent.allSatisfy { $0.at >= end && $0.at < end.advanced(bySeconds: 1) })
    }

    @Test func `what waits in a gateway's lane when they begin does not leave in them, and costs no try`() async throws {
        let ledger = MemoryLedger()
        let quiet = try quiet(after: 1, for: 10)
        _ = try await ledger.launch(
            Town(recipients: 400, retries: 0, validitySeconds: 7_200, kind: .information, quiet: quiet), now: Peers.start)
        // Some 300 leave in the minute before.
        let simulation = try simulate(ledger, rate: GatewayRate(perSecond: 5, unit: .messages))
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 400 && Set(simulation.sent.map(\.address)).count == 400)
        #expect(simulation.sent.allSatisfy { !quiet.isQuiet(at: $0.at) && $0.number == 1 })
        #expect(Set(simulation.sent.map { $0.at < quiet.start(from: Peers.start) }) == [true, false])
        #expect(await ledger.legs.allSatisfy { $0.state == .accepted && $0.counted == 1 })
    }

    @Test func `a retry that would fall in them comes after, and not when validity is over by then`() async throws {
        for (validity, tries) in [(7_200, 2), (1_200, 1)] {
            let ledger = MemoryLedger()
            let quiet = try quiet(after: 1, for: 30)
            _ = try await ledger.launch(
                Town(recipients: 3, retries: 1, retryPeriodSeconds: 120, validitySeconds: validity, kind: .information, quiet: quiet),
                now: Peers.start)
            let simulation = try simulate(ledger, result: .failed(.busy))
            try await simulation.run(untilCompleted: 1)
            #expect(simulation.sent.count == 3 * tries)
            #expect(simulation.sent.allSatisfy { !quiet.isQuiet(at: $0.at) })
        }
    }

    @Test(arguments: 1...12)
    func `an alert never waits, whatever the hour and whoever asked`(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let quiet = try quiet(after: Int.random(in: -15...2, using: &random), for: Int.random(in: 5...20, using: &random))
        let ledger = MemoryLedger()
        let recipients = Int.random(in: 1...60, using: &random)
        // The same quiet hours are asked for; and information beside it waits.
        _ = try await ledger.launch(Town(recipients: recipients, kind: .alert, quiet: quiet), now: Peers.start)
        _ = try await ledger.launch(
            Town(recipients: 9, validitySeconds: 90_000, firstRecipient: 500, kind: .information, quiet: quiet), now: Peers.start)
        let simulation = try simulate(ledger)
        try await simulation.run(untilCompleted: 2)
        let alert = simulation.sent.filter { $0.campaign == CampaignID(rawValue: 1) }
        #expect(alert.count == recipients && alert.allSatisfy { $0.at < Peers.start.advanced(bySeconds: 5) })
        #expect(simulation.sent.filter { $0.campaign != CampaignID(rawValue: 1) }.allSatisfy { !quiet.isQuiet(at: $0.at) })
        #expect(simulation.sent.count == recipients + 9)
    }

    @Test func `a clock that is set back into them holds back again`() async throws {
        let ledger = MemoryLedger()
        let quiet = try quiet(after: -60, for: 60)
        _ = try await ledger.launch(
            Town(recipients: 300, validitySeconds: 7_200, kind: .information, quiet: quiet), now: Peers.start)
        let simulation = try simulate(ledger, rate: GatewayRate(perSecond: 5, unit: .messages))
        simulation.at(Peers.start.advanced(bySeconds: 20)) { simulation.setClock(byMilliseconds: -300_000) }
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.count == 300 && Set(simulation.sent.map(\.address)).count == 300)
        // What was claimed for the next tenth of a second when the clock was set is gone.
        let changed = 20_200_000
        #expect(simulation.sent.allSatisfy { !quiet.isQuiet(at: $0.at) || $0.uptime.microseconds < changed })
        #expect(simulation.sent.contains { $0.uptime.microseconds > 300_000_000 })
    }

    @Test(arguments: 1...24)
    func `whatever the rate, the hours and the answers, no information begins inside them`(seed: Int) async throws {
        var random = SeededGenerator(seed: UInt64(seed))
        let quiet = try quiet(after: Int.random(in: 0...3, using: &random), for: Int.random(in: 3...40, using: &random))
        let ledger = MemoryLedger()
        let recipients = Int.random(in: 100...400, using: &random)
        _ = try await ledger.launch(
            Town(
                recipients: recipients, retries: 2, retryPeriodSeconds: Int.random(in: 10...300, using: &random),
                validitySeconds: 90_000, kind: .information, quiet: quiet), now: Peers.start)
        let gateway = Gateway(
            GatewayTraits(
                name: "sms", channel: .sms, window: Int.random(in: 1...40, using: &random),
                rate: GatewayRate(perSecond: Double(Int.random(in: 1...6, using: &random)), unit: .messages)),
            isSimulator: true) { _ in SubmissionResult(.known(.accepted)) }
        let simulation = DispatchSimulation(
            gateways: try GatewaySet.exercise([gateway]), ledger: ledger.port, from: Peers.start,
            course: Peers.scripted(seed: UInt64(seed)))
        try await simulation.run(untilCompleted: 1)
        #expect(simulation.sent.allSatisfy { !quiet.isQuiet(at: $0.at) })
        #expect(Set(simulation.sent.map(\.address)).count == recipients, "and nobody is left out")
    }
}

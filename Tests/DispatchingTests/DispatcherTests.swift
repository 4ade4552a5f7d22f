import AlertModel
import Channels
import DispatchSupport
import Logging
import Synchronization
import Testing

@testable import Dispatching

/// The actor around the machine, in real time but with gateways that answer at once.
@Suite(.timeLimit(.minutes(15))) struct DispatcherTests {
    private let quiet = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }

    /// A dispatcher that ends itself at the first completion.
    private func runToCompletion(_ gateways: [Gateway], _ ledger: MemoryLedger) async throws -> [DispatchEvent] {
        let events = Mutex<[DispatchEvent]>([])
        let holder = Mutex<Dispatcher?>(nil)
        let dispatcher = Dispatcher(gateways: try .exercise(gateways), ledger: ledger.port, logger: quiet) { event in
            events.withLock { $0.append(event) }
            if case .completed = event { holder.withLock { $0 }?.shutDown() }
        }
        holder.withLock { $0 = dispatcher }
        try await dispatcher.run()
        return events.withLock { $0 }
    }

    @Test func `an exercise at full speed reaches everyone through the simulators`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(
            Town(recipients: 300, channels: Channel.allCases, retries: 0), now: .now)
        _ = try await runToCompletion(Simulators.all(speed: 0), ledger)
        let legs = await ledger.legs
        #expect(legs.count == 1_200)
        #expect(legs.allSatisfy { !$0.state.isOpen })
        #expect(legs.contains { $0.channel == .sms && $0.state == .delivered })
    }

    @Test func `the cancellation of its task is a graceful end: what was answered is written`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 5), now: .now)
        let (reached, reach) = AsyncStream.makeStream(of: Void.self)
        let (released, release) = AsyncStream.makeStream(of: Void.self)
        let gateway = Gateway(name: "slow", channel: .sms, isSimulator: true, window: 1) { _ in
            reach.yield()
            for await _ in released { break }
            return SubmissionResult(.known(.accepted), detail: Task.isCancelled ? "cancelled" : nil)
        }
        let dispatcher = Dispatcher(gateways: try .exercise([gateway]), ledger: ledger.port, logger: quiet) { _ in }
        let run = Task { try await dispatcher.run() }
        for await _ in reached { break }
        run.cancel()
        release.yield()
        release.finish()
        try await run.value
        let attempts = await ledger.attempts
        #expect(attempts.allSatisfy { $0.outcome == .known(.accepted) })
        #expect(!attempts.isEmpty)
    }

    @Test func `a signal wakes an idle dispatcher at once`() async throws {
        let ledger = MemoryLedger()
        var settings = DispatcherSettings()
        settings.settlePaceMilliseconds = 3_600_000
        let (reached, reach) = AsyncStream.makeStream(of: Void.self)
        let gateway = Gateway(name: "one", channel: .sms, isSimulator: true, window: 1) { _ in
            reach.yield()
            return SubmissionResult(.known(.accepted))
        }
        let dispatcher = Dispatcher(
            gateways: try .exercise([gateway]), ledger: ledger.port, settings: settings, logger: quiet
        ) { _ in }
        let run = Task { try await dispatcher.run() }
        _ = try await ledger.launch(Town(recipients: 1), now: .now)
        dispatcher.signal()
        for await _ in reached { break }
        dispatcher.shutDown()
        try await run.value
        #expect(await ledger.legs[0].state == .accepted)
    }

    @Test func `attempts of a dead process are rescued before anything is claimed, and audited`() async throws {
        let ledger = MemoryLedger()
        _ = try await ledger.launch(Town(recipients: 10, retries: 0), now: .now)
        _ = try await ledger.port.claim(
            ClaimRequest(
                mode: .exercise, slots: [.init(gateway: "gone", channel: .sms, count: 4)], now: .now))
        let events = try await runToCompletion(Simulators.all(speed: 0), ledger)
        guard case .rescued(.exercise, 4)? = events.first else { return #expect(Bool(false), "four are rescued first") }
        #expect(await ledger.attempts.filter(\.possibleDuplicate).count == 4)
    }
}

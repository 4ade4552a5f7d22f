import Synchronization
import Testing

@testable import Console

@Suite(.timeLimit(.minutes(15))) struct BackgroundTallyTests {
    /// Counts what was counted; each count waits until it is let go.
    private final class Ledger: Sendable {
        let counted = Mutex<[Int]>([])
        let gate = AsyncStream.makeStream(of: Void.self)
        let started = AsyncStream.makeStream(of: Int.self)

        func count(_ key: Int) async {
            started.continuation.yield(key)
            for await _ in gate.stream { break }
            counted.withLock { $0.append(key) }
        }
    }

    private struct Broken: Error {}

    /// Never ends while the test runs.
    @Sendable private static func forever() async {
        let never = AsyncStream<Void>.makeStream()
        for await _ in never.stream {}
        withExtendedLifetime(never) {}
    }

    @Test func `two who ask at once have everything counted once, and both wait for it`() async throws {
        let ledger = Ledger()
        let tally = BackgroundTally<Int> { await ledger.count($0) }
        async let first: Void = tally.count([1, 2], patience: Self.forever)
        var started = ledger.started.stream.makeAsyncIterator()
        #expect(await started.next() == 1)
        async let second: Void = tally.count([2, 1, 3], patience: Self.forever)
        // A third sees the second's wish queued or not; it changes nothing of how often each is counted.
        try await tally.count([3], patience: {})
        for _ in 0..<3 { ledger.gate.continuation.yield() }
        _ = try await (first, second)
        #expect(ledger.counted.withLock { $0.sorted() } == [1, 2, 3])
    }

    @Test func `whoever has no patience goes on while it is counted`() async throws {
        let ledger = Ledger()
        let tally = BackgroundTally<Int> { await ledger.count($0) }
        try await tally.count([1], patience: {})
        #expect(ledger.counted.withLock { $0.isEmpty })
        ledger.gate.continuation.finish()
        try await tally.count([1], patience: Self.forever)
        #expect(ledger.counted.withLock { $0.contains(1) })
    }

    @Test func `a count that fails is told once, and tried anew when asked again`() async throws {
        let fails = Mutex(true)
        let counted = Mutex<[Int]>([])
        let tally = BackgroundTally<Int> { key in
            if fails.withLock({ $0 }) { throw Broken() }
            counted.withLock { $0.append(key) }
        }
        await #expect(throws: Broken.self) { try await tally.count([1, 2], patience: Self.forever) }
        fails.withLock { $0 = false }
        try await tally.count([1, 2], patience: Self.forever)
        #expect(counted.withLock { $0 } == [1, 2])
    }
}

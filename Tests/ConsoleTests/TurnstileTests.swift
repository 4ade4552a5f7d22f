import Synchronization
import Testing

@testable import Console

@Suite(.timeLimit(.minutes(15))) struct TurnstileTests {
    /// How many are inside, and the most there ever were.
    private final class Gauge: Sendable {
        let state = Mutex((now: 0, most: 0))

        func enter() {
            state.withLock { state in
                state.now += 1
                state.most = max(state.most, state.now)
            }
        }

        func leave() { state.withLock { $0.now -= 1 } }
    }

    @Test func `no more than its width pass at once, and a full queue refuses`() async throws {
        let turnstile = Turnstile(width: 2, longestQueue: 3)
        let (gate, open) = AsyncStream.makeStream(of: Void.self)
        let (entries, entered) = AsyncStream.makeStream(of: Void.self)
        let inside = Gauge()
        func visit() async throws {
            try await turnstile.run {
                inside.enter()
                entered.yield()
                for await _ in gate { break }
                inside.leave()
            }
        }
        let results = await withTaskGroup(of: Bool.self) { group in
            for _ in 0..<8 { group.addTask { (try? await visit()) != nil } }
            var iterator = entries.makeAsyncIterator()
            await iterator.next()
            await iterator.next()
            // Three of the eight find the queue full, whatever the order.
            var passed: [Bool] = []
            for _ in 0..<3 { passed.append(await group.next()!) }
            open.finish()
            for await result in group { passed.append(result) }
            return passed
        }
        #expect(results.filter { !$0 }.count == 3)
        #expect(inside.state.withLock { $0.most } == 2)
        #expect(inside.state.withLock { $0.now } == 0)
    }
}

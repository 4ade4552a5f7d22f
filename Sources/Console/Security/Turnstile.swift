import Synchronization

/// Lets a fixed number of operations run at once; the others wait their turn, up to a number that wait.
final class Turnstile: Sendable {
    private struct State {
        var free: Int
        var waiting: [CheckedContinuation<Bool, Never>] = []
    }

    private let state: Mutex<State>
    private let longestQueue: Int

    init(width: Int, longestQueue: Int) {
        state = Mutex(State(free: width))
        self.longestQueue = longestQueue
    }

    /// - Throws: `ConsoleProblem` `unavailable` when the queue is full, or what the operation throws.
    func run<Value>(_ operation: () async throws -> Value) async throws -> Value {
        try await enter()
        defer { leave() }
        return try await operation()
    }

    private func enter() async throws {
        let passes = await withCheckedContinuation { (continuation: CheckedContinuation<Bool, Never>) in
            let answer = state.withLock { state -> Bool? in
                if state.free > 0 {
                    state.free -= 1
                    return true
                }
                if state.waiting.count >= longestQueue { return false }
                state.waiting.append(continuation)
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
        guard passes else { throw ConsoleProblem(.unavailable) }
    }

    private func leave() {
        let next = state.withLock { state -> CheckedContinuation<Bool, Never>? in
            guard !state.waiting.isEmpty else {
                state.free += 1
                return nil
            }
            return state.waiting.removeFirst()
        }
        next?.resume(returning: true)
    }
}

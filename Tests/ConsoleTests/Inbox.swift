import Synchronization

/// What arrives, one by one, for a test that waits for it.
final class Inbox<Value: Sendable>: Sendable {
    private struct State {
        var values: [Value] = []
        var isFinished = false
        var waiting: CheckedContinuation<Value?, Never>?
    }

    private let state = Mutex(State())

    func put(_ value: Value) {
        let waiting = state.withLock { state in
            let waiting = state.waiting
            if waiting == nil { state.values.append(value) }
            state.waiting = nil
            return waiting
        }
        waiting?.resume(returning: value)
    }

    func finish() {
        let waiting = state.withLock { state in
            state.isFinished = true
            defer { state.waiting = nil }
            return state.waiting
        }
        waiting?.resume(returning: nil)
    }

    /// - Returns: nil once finished.
    func next() async -> Value? {
        await withCheckedContinuation { continuation in
            let answer = state.withLock { state -> Value?? in
                if !state.values.isEmpty { return .some(state.values.removeFirst()) }
                if state.isFinished { return .some(nil) }
                state.waiting = continuation
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }
}

import Synchronization

/// Runs an operation and gives up waiting for it after a time, even if it does not heed its cancellation.
/// - Throws: `ConsoleProblem` `timeout`, or what the operation throws.
func withTimeLimit<Value: Sendable>(
    _ limit: Duration, _ operation: @escaping @Sendable () async throws -> Value
) async throws -> Value {
    let race = Race<Value>()
    let runner = Task {
        do {
            race.finish(.success(try await operation()))
        } catch is CancellationError where Task.isCancelled {
            // Who cancelled it says why.
            race.finish(.failure(race.isTimeUp ? ConsoleProblem(.timeout) : CancellationError()))
        } catch {
            race.finish(.failure(error))
        }
    }
    let timer = Task {
        guard (try? await Task.sleep(for: limit)) != nil else { return }
        // First: nobody may go on with the request while its body is still being waited for.
        race.timeIsUp()
        runner.cancel()
        race.finish(.failure(ConsoleProblem(.timeout)))
    }
    defer { timer.cancel() }
    return try await withTaskCancellationHandler {
        try await withCheckedThrowingContinuation { race.wait($0) }
    } onCancel: {
        runner.cancel()
    }
}

/// Resumes whoever waits with the first result.
private final class Race<Value: Sendable>: Sendable {
    private enum State {
        case running
        case waiting(CheckedContinuation<Value, any Error>)
        case finished(Result<Value, any Error>)
        case done
    }

    private let state = Mutex(State.running)
    private let timeUp = Mutex(false)

    var isTimeUp: Bool { timeUp.withLock { $0 } }
    func timeIsUp() { timeUp.withLock { $0 = true } }

    func wait(_ continuation: CheckedContinuation<Value, any Error>) {
        let result = state.withLock { state -> Result<Value, any Error>? in
            guard case .finished(let result) = state else {
                state = .waiting(continuation)
                return nil
            }
            state = .done
            return result
        }
        if let result { continuation.resume(with: result) }
    }

    func finish(_ result: Result<Value, any Error>) {
        let continuation = state.withLock { state -> CheckedContinuation<Value, any Error>? in
            switch state {
            case .running:
                state = .finished(result)
                return nil
            case .waiting(let continuation):
                state = .done
                return continuation
            case .finished, .done: return nil
            }
        }
        continuation?.resume(with: result)
    }
}

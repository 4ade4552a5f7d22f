import Logging
import ServiceLifecycle

/// Work that is done again and again for as long as the server runs. A fault is told once, until it has gone well again.
struct RepeatedWork {
    let logger: Logger
    /// What is told of a fault.
    let fault: Logger.Message
    /// How long it rests after a fault.
    let pause: Duration

    /// - Parameter turn: gives how long to rest after it.
    func run(_ turn: @escaping @Sendable () async throws -> Duration) async {
        await cancelWhenGracefulShutdown {
            var isReported = false
            while !Task.isCancelled {
                var rest = pause
                do {
                    rest = try await turn()
                    isReported = false
                } catch {
                    if !isReported { logger.error(fault, metadata: ["error": "\(error)"]) }
                    isReported = true
                }
                try? await Task.sleep(for: rest)
            }
        }
    }
}

import Logging
import ServiceLifecycle
import Store

/// Counts what campaigns that have ended came to, one at a time and while no real one runs, for as long as the server runs: so
/// that quotas are judged by what left, and nobody who asks waits for it.
struct ChargeService: Service {
    private static let period = Duration.seconds(5)

    let store: AlertDatabase
    let logger: Logger

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isReported = false
            while !Task.isCancelled {
                do {
                    try await Offload.run { try store.settleCharges(isAside: true) }
                    isReported = false
                } catch {
                    if !isReported { logger.error("what campaigns came to cannot be counted", metadata: ["error": "\(error)"]) }
                    isReported = true
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}

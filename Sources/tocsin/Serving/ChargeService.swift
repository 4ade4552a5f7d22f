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
        let work = RepeatedWork(logger: logger, fault: "what campaigns came to cannot be counted", pause: Self.period)
        await work.run {
            try await Offload.run { try store.settleCharges(isAside: true) }
            return Self.period
        }
    }
}

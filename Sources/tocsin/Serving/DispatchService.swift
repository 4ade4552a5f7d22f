import AlertModel
import Dispatching
import Logging
import ServiceLifecycle
import Store
import Synchronization

/// The server's dispatcher of one mode: waits for the mode's lock when a command holds it, then dispatches until
/// the end.
final class DispatchService: Service {
    /// How often the lock is asked for while another process holds it.
    private static let lockPeriod = Duration.seconds(1)

    /// As the lock names whoever holds it.
    static let purpose = "serve"

    private let store: AlertDatabase
    private let means: any CampaignMeans
    private let logger: Logger
    private let runtime = Mutex<DispatchRuntime?>(nil)

    init(store: AlertDatabase, means: any CampaignMeans, logger: Logger) {
        self.store = store
        self.means = means
        self.logger = logger
    }

    /// Something was launched, resumed or stopped.
    func signal() { runtime.withLock { $0 }?.signal() }

    /// How its gateways are now; nil while another process dispatches this mode, or nobody does.
    func vitals() async -> GatewayVitalsSheet? { await runtime.withLock { $0 }?.vitals() }

    func run() async throws {
        try await withTaskCancellationOrGracefulShutdownHandler {
            guard let runtime = try await self.lock() else { return }
            self.runtime.withLock { $0 = runtime }
            // Asked to end between the lock and here: nobody told the runtime.
            if Task.isShuttingDownGracefully { runtime.shutDown() }
            defer { self.runtime.withLock { $0 = nil } }
            try await runtime.run()
        } onCancelOrGracefulShutdown: {
            self.runtime.withLock { $0 }?.shutDown()
        }
    }

    /// Nil when asked to end before the lock was free, or the missing gateway's campaign was stopped.
    private func lock() async throws -> DispatchRuntime? {
        var isReported = false
        var isGatewayReported = false
        while !Task.isShuttingDownGracefully, !Task.isCancelled {
            do {
                return try DispatchRuntime(
                    store: store, means: means, purpose: Self.purpose, logger: logger)
            } catch DispatcherLock.Failure.held(let holder) {
                if !isReported {
                    logger.notice(
                        "another process dispatches; this server takes over when it ends",
                        metadata: ["mode": "\(means.mode.rawValue)", "holder": "\(holder?.description ?? "unknown")"])
                }
                isReported = true
            } catch let error as MissingGateway {
                if !isGatewayReported { logger.critical("\(error)") }
                isGatewayReported = true
            }
            // Cancelled: the loop's condition ends it.
            try? await Task.sleep(for: Self.lockPeriod)
        }
        return nil
    }
}

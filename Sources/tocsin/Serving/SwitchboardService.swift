import Channels
import Logging
import ServiceLifecycle
import Store
import Switchboard

/// Calls of operators, taken for as long as the server runs.
struct SwitchboardService: Service {
    let lines: [SwitchboardLine]

    init(store: AlertDatabase, gateways: GatewaySettings, means: [any CampaignMeans], logger: Logger, signal: @escaping @Sendable () -> Void) throws {
        let desk = SwitchboardDesk(store: store, means: means, signal: signal)
        lines = try gateways.incomingLines().map { name, line in
            var logger = logger
            logger[metadataKey: "gateway"] = "\(name)"
            return SwitchboardLine(
                .init(trunk: line.trunk, caller: line.caller, command: line.command, digits: line.digits), desk: desk, logger: logger)
        }
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                for line in lines { group.addTask { await line.run() } }
            }
        }
    }
}

import AlertModel
import Console
import Dispatching
import Logging
import ServiceLifecycle
import Store
import Synchronization
import Targeting

extension ConsoleServices {
    /// Everything the console of exercises is made of. What it is given can reach no gateway and launch nothing real: the
    /// database is confined to exercises, the means are simulators, and of what manages people, rights, registers,
    /// organisations and approvals there is nothing.
    ///
    /// - Throws: when the territory's tiles cannot be prepared.
    static func exercises(
        store: AlertDatabase, means: ExerciseMeans, addresses: AddressDesk?, dispatcher: DispatchService
    ) throws -> ConsoleServices {
        let store = store.confined(to: .exercise)
        let signal: @Sendable () -> Void = { dispatcher.signal() }
        var services = ConsoleServices(
            accounts: Accounts(exercisesIn: store), territory: Territory(store: store, means: means),
            zones: ZoneDesk(store: store), perimeters: Perimeters(store: store),
            campaigns: CampaignDesk(store: store, means: means, signal: signal),
            scenarios: ScenarioDesk(store: store, means: means, signal: signal),
            messages: MessageDesk(store: store, means: means, signal: signal), recordings: RecordingDesk(store: store), addresses: addresses,
            coverage: CoverageDesk(store: store, rates: GatewayRates(perSecond: [:])))
        services.follow = FollowDesk(store: store, mode: .exercise)
        services.drafts = DraftDesk(store: store, mode: .exercise)
        services.gatewayWatch = GatewayWatch(store: store, means: means, dispatcher: dispatcher)
        return services
    }
}

/// Ports of the consoles that listen, by mode.
final class ConsolePorts: Sendable {
    private let ports = Mutex<[CampaignMode: Int]>([:])

    subscript(_ mode: CampaignMode) -> Int? { ports.withLock { $0[mode] } }

    func note(_ port: Int, of mode: CampaignMode) { ports.withLock { $0[mode] = port } }
}

/// The console of exercises beside the real one: whatever becomes of it, the real one goes on.
struct ExerciseConsoleService: Service {
    let console: ConsoleServer
    let logger: Logger

    func run() async throws {
        do {
            try await console.run()
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            logger.error(
                "there is no address for exercises: choose another --exercise-port, or --no-exercise-address",
                metadata: ["port": "\(console.configuration.port)", "error": "\(error)"])
            try? await gracefulShutdown()
        }
    }
}

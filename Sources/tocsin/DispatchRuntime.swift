import AlertModel
import Channels
import Dispatching
import Foundation
import Logging
import ServiceLifecycle
import Store

/// A database's dispatchers, one for each mode asked for, under the database's lock.
///
/// They share nothing but the ledger: the exercise's is built from simulators and holds no real gateway, and where
/// only exercises are carried no real gateway is built at all.
struct DispatchRuntime: Sendable {
    private let dispatchers: [Dispatcher]
    private let lock: DispatcherLock

    /// - Throws: `DispatcherLock.Failure.held` when another process dispatches on this database.
    init(
        store: AlertDatabase, gateways: GatewaySettings, modes: Set<CampaignMode>, purpose: String, logger: Logger
    ) throws {
        lock = try DispatcherLock(databasePath: store.path, purpose: purpose)
        let audit: @Sendable (DispatchEvent) async -> Void = { event in
            let entry = event.auditEntry
            do {
                try store.audit(actor: "dispatcher", action: entry.action, subject: entry.subject, detail: entry.detail)
            } catch {
                logger.error("the journal refused an entry", metadata: ["action": "\(entry.action)"])
            }
        }
        dispatchers = try CampaignMode.allCases.filter(modes.contains).map { mode in
            let set =
                switch mode {
                case .exercise: try GatewaySet.exercise(Simulators.all(speed: gateways.exerciseSpeed))
                case .real: try GatewaySet.real(gateways.realGateways())
                }
            return Dispatcher(gateways: set, ledger: store.ledger.port, logger: logger, audit: audit)
        }
    }

    /// Runs them until `shutDown`, or until the task is cancelled.
    func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for dispatcher in dispatchers { group.addTask { try await dispatcher.run() } }
            // If one fails the other ends too: half a dispatcher is a silent one.
            while try await group.next() != nil {}
        }
    }

    /// Something was launched, resumed or stopped.
    func signal() {
        for dispatcher in dispatchers { dispatcher.signal() }
    }

    func shutDown() {
        for dispatcher in dispatchers { dispatcher.shutDown() }
    }
}

extension DispatchEvent {
    /// As the journal writes it.
    fileprivate var auditEntry: (action: String, subject: String, detail: [String: String]) {
        switch self {
        case .rescued(let mode, let count):
            ("dispatch.rescued", mode.rawValue, ["in_doubt": String(count)])
        case .withheld(let leg):
            ("dispatch.withheld", leg.campaign.description, ["leg": leg.leg.description, "reason": leg.reason.rawValue])
        case .completed(let campaign):
            ("campaign.completed", campaign.description, [:])
        case .strayReceipts(let gateway, let count):
            ("dispatch.stray_receipts", gateway, ["count": String(count)])
        case .ledgerFailed(let action, _):
            ("dispatch.ledger_failed", action, [:])
        }
    }
}

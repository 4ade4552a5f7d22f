import AlertModel
import Dispatching
import Foundation
import Logging
import Store

/// The dispatcher of a database's campaigns of one mode, under that mode's lock.
///
/// An exercise's is built from simulators and holds no real gateway; where only exercises are carried no real
/// gateway is built at all.
struct DispatchRuntime: Sendable {
    private let dispatcher: Dispatcher
    private let lock: DispatcherLock
    private let status: DispatcherStatus
    /// How often other processes are told how the gateways are.
    private static let statusPeriod = Duration.seconds(1)

    /// - Throws: `DispatcherLock.Failure.held` when another process dispatches this mode on this database;
    ///   `MissingGateway` when a live campaign uses a channel that nothing here carries: its messages wait for a
    ///   process that is configured, rather than being given up. Where only its own organisation has no gateway there, it
    ///   waits alone: the journal and the log say so, and everybody else's leave.
    init(
        store: AlertDatabase, means: any CampaignMeans, purpose: String, logger: Logger
    ) throws {
        lock = try DispatcherLock(databasePath: store.path, mode: means.mode, purpose: purpose)
        status = DispatcherStatus(databasePath: store.path, mode: means.mode)
        let set = try means.gatewaySet(for: store)
        if means.mode == .real {
            try store.remember(means.known())
            for campaign in try store.ledger.liveCampaigns(.real) {
                let missing = campaign.channels.subtracting(set.channels)
                if !missing.isEmpty { throw MissingGateway(campaign: campaign.id, channels: missing.sorted()) }
            }
            for campaign in try store.campaignsWithoutGateway() { try Self.tell(of: campaign, store, logger) }
        }
        dispatcher = Dispatcher(gateways: set, ledger: store.ledger.port, logger: logger) { event in
            let entry = event.auditEntry
            do {
                try store.audit(actor: "dispatcher", action: entry.action, subject: entry.subject, detail: entry.detail)
            } catch {
                logger.error("the journal refused an entry", metadata: ["action": "\(entry.action)"])
            }
        }
    }

    private static func tell(of campaign: StrandedCampaign, _ store: AlertDatabase, _ logger: Logger) throws {
        let channels = campaign.channels.map(\.rawValue).joined(separator: ", ")
        logger.critical(
            """
            campaign \(campaign.id) of “\(campaign.name)” waits: its organisation may use no gateway for \(channels). Give it one \
            (`tocsin organisation gateways`), set TOCSIN_GATEWAYS as it was, or end it with `tocsin campaign stop \(campaign.id)`
            """)
        try store.audit(
            actor: "dispatcher", action: "dispatch.no_gateway", subject: campaign.id.description,
            detail: ["organisation": campaign.name, "channels": channels], organisation: campaign.organisation)
    }

    /// Runs until `shutDown`, or until the task is cancelled.
    func run() async throws {
        let telling = Task { await tellOthers() }
        defer {
            telling.cancel()
            status.remove()
        }
        try await dispatcher.run()
    }

    /// How each gateway is now.
    func vitals() async -> GatewayVitalsSheet { await dispatcher.vitals() }

    /// For the commands and consoles of other processes. A disk that is full keeps no message from leaving.
    private func tellOthers() async {
        while !Task.isCancelled {
            let sheet = await dispatcher.vitals()
            try? await Offload.run { try status.write(sheet) }
            try? await Task.sleep(for: Self.statusPeriod)
        }
    }

    /// Something was launched, resumed or stopped.
    func signal() { dispatcher.signal() }

    func shutDown() { dispatcher.shutDown() }
}

/// A real campaign was launched with a gateway that this process does not have.
struct MissingGateway: Error, CustomStringConvertible {
    let campaign: CampaignID
    let channels: [Channel]

    var description: String {
        "campaign \(campaign) uses \(channels.map(\.rawValue).joined(separator: ", ")) and no gateway is configured here: "
            + "set TOCSIN_GATEWAYS (or TOCSIN_SMTP_URL and TOCSIN_MAIL_FROM) as it was, or end it with `tocsin campaign stop \(campaign)`"
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
        case .gatewayChanged(let change):
            (change.isUp ? "gateway.up" : "gateway.down", change.gateway, [:])
        case .ledgerFailed(let action, _):
            ("dispatch.ledger_failed", action, [:])
        }
    }
}

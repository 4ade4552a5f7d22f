import AlertModel
import Dispatching
import Logging
import SMPP

/// SMS through an SMSC, for real alerts only.
package enum SMPPGateway {
    /// Receipts not read yet. The dispatcher reads them as they come; beyond this the SMSC is asked to wait.
    static let receiptLimit = 20_000
    /// Messages from people, not read yet.
    static let inboundLimit = 2_000

    /// Nothing connects before the first submission, or before somebody reads receipts or messages.
    /// - Parameter traits: its name and window are the gateway's; the sessions share the window.
    /// - Throws: when the file of certificates can't be read.
    package static func gateway(
        _ traits: GatewayTraits, _ settings: SMPPSettings, time: DispatcherTime = .system, logger: Logger
    ) throws -> Gateway {
        var settings = settings
        settings.client.name = traits.name
        settings.client.session.window = settings.sessionWindow ?? max(1, traits.window / settings.client.binds)
        let receipts = Mailbox<Receipt>(limit: receiptLimit)
        let inbound = Mailbox<InboundMessage>(limit: inboundLimit)
        let desk = SMPPDesk(settings: settings, receipts: receipts, inbound: inbound, time: time, logger: logger)
        let client = try SMPPClient(settings: settings.client, logger: logger) { desk.take($0, $1) }
        let start: @Sendable () -> Void = { client.start() }
        return Gateway(
            traits, isSimulator: false, segments: { max(1, SMSText($0.text).segments) },
            receipts: settings.givesReceipts ? receipts.stream(opened: start) : nil,
            inbound: settings.client.plan == .transmitter ? nil : inbound.stream(opened: start),
            confirm: { client.confirm($0) },
            probe: {
                switch await client.probe() {
                case .up: .up
                case .down(let reason): .down("smpp: \(reason)")
                }
            },
            close: {
                await client.close()
                receipts.finish()
                inbound.finish()
            }
        ) { await desk.submit($0, through: client) }
    }
}

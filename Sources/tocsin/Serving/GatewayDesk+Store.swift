import AlertModel
import Channels
import Console
import Dispatching
import Foundation
import Logging
import Store

extension GatewayDesk {
    /// Providers' callbacks, written to the ledger. The process that submitted need not be this one.
    ///
    /// - Parameter signal: tells the dispatchers that a leg ended.
    /// - Throws: when a secret of a gateway that is called back cannot be read.
    init(
        store: AlertDatabase, gateways: GatewaySettings, logger: Logger, signal: @escaping @Sendable () -> Void
    ) throws {
        let key = try store.linkKey()
        let readers = try gateways.callbackReaders()
        self.init { call in
            guard let (reader, base) = readers[call.gateway], CallbackKey.isWord(call.key, gateway: call.gateway, key: key)
            else { return .unknown }
            let news: CallbackNews
            do throws(CallbackRefusal) {
                news = try reader.read(
                    Callback(url: base + call.target, query: call.query, headers: call.headers, body: call.body))
            } catch {
                logger.warning(
                    "a callback was refused", metadata: ["gateway": "\(call.gateway)", "reason": "\(error)"])
                return error == .forged ? .forged : .unreadable
            }
            let now = UTCTime.now
            let receipts = news.receipts.map {
                Receipt(gateway: call.gateway, reference: $0.reference, outcome: $0.outcome, receivedAt: now)
            }
            let messages = news.messages.map {
                InboundMessage(
                    gateway: call.gateway, sender: $0.sender, recipient: $0.recipient, text: $0.text, receivedAt: now, id: $0.id)
            }
            try await Offload.run {
                if !receipts.isEmpty { try store.ledger.receive(receipts, now: now) }
                if !messages.isEmpty { try store.ledger.receive(messages, mode: .real, now: now) }
            }
            if !messages.isEmpty || receipts.contains(where: { $0.outcome != .delivered }) { signal() }
            return .taken
        }
    }
}

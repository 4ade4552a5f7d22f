import AlertModel

/// A message somebody sent to one of our gateways: a reply, or a word of their own.
package struct InboundMessage: Hashable, Sendable {
    /// Which part of which long message it is.
    package struct Part: Hashable, Sendable {
        /// What the sender's phone tells its long messages apart by.
        package let reference: Int
        package let total: Int
        /// From 1 to `total`.
        package let number: Int

        package init(reference: Int, total: Int, number: Int) {
            self.reference = reference
            self.total = total
            self.number = number
        }
    }

    package let gateway: String
    /// Who sent it, in E.164 where the gateway says so.
    package let sender: Redacted<String>
    /// The number it was sent to.
    package let recipient: String
    package let text: Redacted<String>
    /// Parts of a long message never came: `text` is what did.
    package let isIncomplete: Bool
    /// What `text` is a part of, where the message is longer; nil for a whole one.
    package let part: Part?
    package let receivedAt: UTCTime
    /// The gateway's own id of it; nil where it has none.
    package let id: String?
    /// What the gateway's `confirm` is told once the ledger has it; nil where nobody waits for that.
    package let ticket: UInt64?

    package init(
        gateway: String, sender: Redacted<String>, recipient: String, text: Redacted<String>, isIncomplete: Bool = false,
        part: Part? = nil, receivedAt: UTCTime, id: String? = nil, ticket: UInt64? = nil
    ) {
        self.part = part
        self.id = id
        self.ticket = ticket
        self.gateway = gateway
        self.sender = sender
        self.recipient = recipient
        self.text = text
        self.isIncomplete = isIncomplete
        self.receivedAt = receivedAt
    }
}

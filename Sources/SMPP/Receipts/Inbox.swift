import AlertModel

/// What an SMSC brings of its own accord.
package enum Incoming: Hashable, Sendable {
    case receipt(DeliveryReceipt)
    case text(InboundText)
}

/// A message from a phone.
package struct InboundText: Hashable, Sendable {
    /// As the SMSC gives it: digits, in most cases international and without a plus sign.
    package let source: Redacted<String>
    package let isInternational: Bool
    package let destination: String
    package let text: Redacted<String>
    /// Which part of a longer message it is; nil for a whole one.
    package let part: UserDataHeader.Concatenation?
}

/// Tells receipts from messages, and parts from whole ones. Whoever keeps them joins them: the SMSC is answered for a part
/// once it is kept, so that a crash between two loses neither.
package struct Inbox: Sendable {
    /// Why nothing came of a message.
    package enum Discarded: String, Sendable {
        case receiptNotUnderstood, notText, unmarkedReceipt
    }

    private let takesUnmarkedReceipts: Bool

    /// - Parameter takesUnmarkedReceipts: whether a text like a receipt's is one even though neither esm_class nor a
    ///   parameter says so. A phone can write such a text, so only where the SMSC leaves no other way.
    package init(takesUnmarkedReceipts: Bool = false) {
        self.takesUnmarkedReceipts = takesUnmarkedReceipts
    }

    package func take(_ message: ShortMessage) -> (incoming: Incoming?, discarded: Discarded?) {
        // esm_class bits 5 to 2 (§5.2.12): a receipt, an acknowledgement by the phone, or a notice on the way.
        let kind = message.esmClass & 0x3C
        let isMarked = kind == 0x04 || kind == 0x20 || message.parameters[.receiptedMessageID] != nil
        if isMarked {
            guard let receipt = DeliveryReceipt(message) else { return (nil, .receiptNotUnderstood) }
            return (.receipt(receipt), nil)
        }
        if kind == 0, !message.hasUserDataHeader, looksLikeReceipt(message), let receipt = DeliveryReceipt(message) {
            if takesUnmarkedReceipts { return (.receipt(receipt), nil) }
            return (.text(inbound(message, text(message) ?? "")), .unmarkedReceipt)
        }
        return takeText(message)
    }

    private func takeText(_ message: ShortMessage) -> (Incoming?, Discarded?) {
        var octets = message.payload
        var part = sarPart(message)
        if message.hasUserDataHeader, let header = UserDataHeader(octets) {
            octets.removeFirst(header.length)
            part = header.concatenation ?? part
        }
        guard let text = DataCoding(rawValue: message.dataCoding).decode(octets) else { return (nil, .notText) }
        return (.text(inbound(message, text, part.flatMap { $0.total > 1 ? $0 : nil })), nil)
    }

    private func inbound(
        _ message: ShortMessage, _ text: String, _ part: UserDataHeader.Concatenation? = nil
    ) -> InboundText {
        InboundText(
            source: message.source.digits, isInternational: message.source.typeOfNumber == 1,
            destination: message.destination.digits.value, text: Redacted(text), part: part)
    }

    private func text(_ message: ShortMessage) -> String? { DataCoding(rawValue: message.dataCoding).decode(message.payload) }

    private func looksLikeReceipt(_ message: ShortMessage) -> Bool {
        let text = ReceiptText(String(decoding: message.payload.prefix(200), as: UTF8.self))
        return text.id != nil && text.state != nil
    }

    private func sarPart(_ message: ShortMessage) -> UserDataHeader.Concatenation? {
        guard let reference = message.parameters[.sarReference]?.number.flatMap(UInt16.init(exactly:)),
            let total = message.parameters[.sarTotal]?.number.flatMap(UInt8.init(exactly:)),
            let number = message.parameters[.sarNumber]?.number.flatMap(UInt8.init(exactly:))
        else { return nil }
        let part = UserDataHeader.Concatenation(reference: reference, total: total, number: number)
        return part.isValid ? part : nil
    }
}

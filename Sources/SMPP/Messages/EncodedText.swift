import AlertModel

/// How a text longer than one message is carried.
package enum LongMessages: String, CaseIterable, Codable, Sendable {
    /// Parts with a user data header: what every network and phone understands.
    case udh
    /// Parts numbered by the SAR parameters; the SMSC writes the header.
    case sar
    /// The whole text in message_payload; the SMSC cuts it.
    case payload
}

/// A text as octets, ready to be put into messages: the same for every recipient.
package struct EncodedText: Hashable, Sendable {
    let coding: DataCoding
    let parts: [[UInt8]]
    private let long: LongMessages

    /// - Parameters:
    ///   - text: what to say; not empty.
    ///   - isFlash: message class 0.
    package init(_ text: String, isFlash: Bool = false, long: LongMessages = .udh) {
        let encoding = SMSText(text).encoding
        coding =
            switch encoding {
            case .gsm7: isFlash ? .flashGSM7 : .gsm7
            case .ucs2: isFlash ? .flashUCS2 : .ucs2
            }
        parts = SMSText.parts(of: text).map { Self.octets($0, encoding) }
        self.long = long
    }

    /// Whether it needs a concatenation reference.
    package var isLong: Bool { parts.count > 1 && long != .payload }

    /// - Parameters:
    ///   - template: addresses, validity and receipts, the same for every part.
    ///   - reference: the number that tells this message's parts from another's to the same phone.
    package func messages(_ template: ShortMessage, reference: UInt16) -> [ShortMessage] {
        var template = template
        template.dataCoding = coding.rawValue
        if parts.count <= 1 {
            template.octets = Redacted(parts.first ?? [])
            return [template]
        }
        if long == .payload {
            template.parameters.append(TLV(.messagePayload, parts.flatMap { $0 }))
            return [template]
        }
        return parts.enumerated().map { index, octets in
            let part = UserDataHeader.Concatenation(
                reference: reference, total: UInt8(clamping: parts.count), number: UInt8(clamping: index + 1))
            var message = template
            if long == .sar {
                message.octets = Redacted(octets)
                message.parameters += [
                    TLV(.sarReference, part.reference), TLV(.sarTotal, part.total), TLV(.sarNumber, part.number),
                ]
            } else {
                message.esmClass |= 0x40
                message.octets = Redacted(UserDataHeader.octets(part) + octets)
            }
            return message
        }
    }

    private static func octets(_ text: String, _ encoding: SMSText.Encoding) -> [UInt8] {
        // A text measured as GSM-7 has a code for every character; the other branch is then never taken.
        if encoding == .gsm7, let octets = GSM7.encode(text) { return octets }
        return text.utf16.flatMap { [UInt8(truncatingIfNeeded: $0 >> 8), UInt8(truncatingIfNeeded: $0)] }
    }
}

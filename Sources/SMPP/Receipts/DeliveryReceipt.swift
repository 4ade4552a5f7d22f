/// What an SMSC says later of a message it took: by parameters, by a text, or by both.
///
/// The text is not of the specification proper (its appendix B gives one SMSC's as an example), and every SMSC has
/// its own: other case, order and separators, fields left out, states written in full.
package struct DeliveryReceipt: Hashable, Sendable {
    /// §5.2.28, and the texts' words for them.
    package enum State: UInt8, CaseIterable, Sendable {
        case scheduled = 0, enroute, delivered, expired, deleted, undeliverable, accepted, unknown, rejected, skipped

        /// Whether more is still to come for the message.
        package var isIntermediate: Bool {
            switch self {
            case .scheduled, .enroute, .accepted: true
            case .delivered, .expired, .deleted, .undeliverable, .unknown, .rejected, .skipped: false
            }
        }

        init?(word: some StringProtocol) {
            switch word.lowercased() {
            case "delivrd", "delivered", "deliverd", "dlvrd": self = .delivered
            case "expired", "expird": self = .expired
            case "deleted", "canceled", "cancelled": self = .deleted
            case "undeliv", "undelivered", "undeliverable", "undlvrd", "failed": self = .undeliverable
            case "acceptd", "accepted", "acked", "buffred", "buffered": self = .accepted
            case "unknown", "unknwn": self = .unknown
            case "rejectd", "rejected": self = .rejected
            case "enroute", "en_route": self = .enroute
            case "scheduled", "schedld": self = .scheduled
            case "skipped": self = .skipped
            default: return nil
            }
        }
    }

    /// network_error_code (§5.3.2.31): which kind of network, and its own number.
    package struct NetworkError: Hashable, Sendable {
        package static let gsm: UInt8 = 3
        package let network: UInt8
        package let code: UInt16
    }

    /// As receipted_message_id has it.
    package let parameterID: String?
    /// As the text has it, which may be in another base.
    package let textID: String?
    package let state: State
    package let networkError: NetworkError?
    /// The text's err field, as it stands, at most `codeLimit` letters and digits of it.
    package let errorCode: String?

    static let codeLimit = 8

    /// Reads a deliver_sm or data_sm whose esm_class says that it is a receipt, or that has a receipt's parameters.
    /// - Returns: nil when it names no message or gives no state.
    package init?(_ message: ShortMessage) {
        let text = ReceiptText(Self.text(of: message))
        let parameterID = message.parameters[.receiptedMessageID]?.text
        self.parameterID = parameterID.flatMap { $0.isEmpty ? nil : $0 }
        textID = text.id
        guard self.parameterID != nil || textID != nil else { return nil }
        let parameterState = message.parameters[.messageState]?.number
            .flatMap { UInt8(exactly: $0) }.flatMap { State(rawValue: $0) }
        guard let state = parameterState ?? text.state.flatMap({ State(word: $0) }) else { return nil }
        self.state = state
        if let value = message.parameters[.networkErrorCode]?.value, value.count == 3 {
            networkError = NetworkError(network: value[0], code: UInt16(value[1]) << 8 | UInt16(value[2]))
        } else {
            networkError = nil
        }
        errorCode = text.error
    }

    /// A receipt's text is ASCII whatever its data_coding claims, but for UCS-2.
    private static func text(of message: ShortMessage) -> String {
        let coding = DataCoding(rawValue: message.dataCoding)
        if coding.alphabet == .ucs2, let text = coding.decode(message.payload) { return text }
        return String(decoding: message.payload, as: UTF8.self)
    }
}

/// The fields of a receipt's text that matter here.
struct ReceiptText: Hashable, Sendable {
    let id: String?
    let state: String?
    let error: String?

    private static let keys = ["id", "stat", "status", "state", "err", "error"].map { Array($0.utf8) }

    init(_ text: String) {
        var text = text
        // Receipts come one a message, and all but a few are ASCII.
        let fields = text.withUTF8 { bytes in bytes.allSatisfy { $0 < 0x80 } ? Self.fields(bytes) : nil }
        self.init(fields ?? Self.fields(text))
    }

    /// - Parameter fields: in the order of `keys`.
    init(_ fields: [String?]) {
        id = fields[0]
        state = fields[1] ?? fields[2] ?? fields[3]
        error = (fields[4] ?? fields[5]).map {
            String($0.filter { $0.isASCII && ($0.isLetter || $0.isNumber) }.prefix(DeliveryReceipt.codeLimit))
        }
    }

    static func fields(_ text: String) -> [String?] {
        let words = words(text)
        return keys.map { words[String(decoding: $0, as: UTF8.self)] }
    }

    /// As `words`, of ASCII.
    static func fields(_ bytes: UnsafeBufferPointer<UInt8>) -> [String?] {
        var found = [String?](repeating: nil, count: keys.count)
        func keep(_ value: some Collection<UInt8>, of key: Int?) {
            if let key, found[key] == nil { found[key] = String(decoding: value, as: UTF8.self) }
        }
        var key: Int?
        for piece in bytes.split(whereSeparator: { $0 == 0x20 || $0 == 0x3B || $0 == 0x2C || (0x09...0x0D).contains($0) }) {
            guard let colon = piece.firstIndex(where: { $0 == 0x3A || $0 == 0x3D }) else {
                keep(piece, of: key)
                key = nil
                continue
            }
            let name = piece[..<colon]
            let which = keys.firstIndex { word in
                word.count == name.count && zip(word, name).allSatisfy { $0 == ($1 | ((0x41...0x5A).contains($1) ? 0x20 : 0)) }
            }
            let value = piece[(colon + 1)...]
            key = value.isEmpty ? which : nil
            if !value.isEmpty { keep(value, of: which) }
        }
        return found
    }

    /// Every `key:value`, the first of a key counting: the message's own words come last, after `text:`.
    private static func words(_ text: String) -> [String: String] {
        var found: [String: String] = [:]
        // "id: 7" is written too: a key whose value is the next word.
        var key: String?
        for piece in text.split(whereSeparator: { $0 == " " || $0 == ";" || $0 == "," || $0.isNewline || $0 == "\t" }) {
            guard let colon = piece.firstIndex(where: { $0 == ":" || $0 == "=" }) else {
                if let key, found[key] == nil { found[key] = String(piece) }
                key = nil
                continue
            }
            let name = piece[..<colon].lowercased()
            let value = piece[piece.index(after: colon)...]
            key = nil
            if value.isEmpty { key = name } else if found[name] == nil { found[name] = String(value) }
        }
        return found
    }
}

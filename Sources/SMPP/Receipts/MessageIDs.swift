/// How an SMSC writes its message ids: some answer a submission in hexadecimal and write the receipt in decimal, or
/// the other way round.
package enum MessageIDs: String, CaseIterable, Codable, Sendable {
    /// The receipt repeats the response's id, give or take its case and leading zeros.
    case same
    case hexThenDecimal
    case decimalThenHex

    /// The id of a response, in the form in which ids are compared and kept.
    package func reference(ofResponse id: String) -> String {
        switch self {
        case .same: Self.plain(id)
        case .hexThenDecimal: Self.decimal(id, radix: 16)
        case .decimalThenHex: Self.decimal(id, radix: 10)
        }
    }

    /// The id of a receipt, in the same form.
    package func reference(of receipt: DeliveryReceipt) -> String {
        switch self {
        case .same: Self.plain(receipt.parameterID ?? receipt.textID ?? "")
        // It is the text that is in another base; the parameter, where it stands alone, is taken for the same.
        case .hexThenDecimal: Self.decimal(receipt.textID ?? receipt.parameterID ?? "", radix: 10)
        case .decimalThenHex: Self.decimal(receipt.textID ?? receipt.parameterID ?? "", radix: 16)
        }
    }

    /// Lower case, without blanks around it and zeros before it.
    private static func plain(_ id: String) -> String {
        if let plain = plainASCII(id) { return plain }
        let text = id.lowercased().filter { !$0.isWhitespace }
        let stripped = text.drop { $0 == "0" }
        return stripped.isEmpty ? String(text.suffix(1)) : String(stripped)
    }

    /// The same of what has the letters of ASCII alone, as nearly every id has; nil for others.
    private static func plainASCII(_ id: String) -> String? {
        var plain: [UInt8] = []
        plain.reserveCapacity(id.utf8.count)
        for byte in id.utf8 {
            switch byte {
            case 0x80...: return nil
            case 0x09...0x0D, 0x20: continue
            case 0x41...0x5A: plain.append(byte | 0x20)
            default: plain.append(byte)
            }
        }
        let rest = plain.drop { $0 == 0x30 }
        return String(decoding: rest.isEmpty ? plain.suffix(1) : rest, as: UTF8.self)
    }

    /// A number in decimal; what is not one, or is wider than 64 bits, as it stands.
    private static func decimal(_ id: String, radix: Int) -> String {
        let text = plain(id)
        let digits = radix == 16 && text.hasPrefix("x") ? text.dropFirst() : text[...]
        guard let number = UInt64(digits, radix: radix) else { return text }
        return String(number)
    }
}

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
        let text = id.lowercased().filter { !$0.isWhitespace }
        let stripped = text.drop { $0 == "0" }
        return stripped.isEmpty ? String(text.suffix(1)) : String(stripped)
    }

    /// A number in decimal; what is not one, or is wider than 64 bits, as it stands.
    private static func decimal(_ id: String, radix: Int) -> String {
        let text = plain(id)
        let digits = radix == 16 && text.hasPrefix("x") ? text.dropFirst() : text[...]
        guard let number = UInt64(digits, radix: radix) else { return text }
        return String(number)
    }
}

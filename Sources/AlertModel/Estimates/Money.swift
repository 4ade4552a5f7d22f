/// An amount of one currency, exact to a millionth of its unit: tariffs are quoted in tenths of a cent and multiplied
/// by hundreds of thousands, where binary fractions would drift.
package struct Money: Hashable, Sendable, CustomStringConvertible {
    /// The dearest tariff that is not a slip of the pen, in units of the currency.
    package static let dearest = 1_000
    private static let scale: Int64 = 1_000_000

    /// Millionths of the currency's unit.
    package let millionths: Int64
    /// ISO 4217: `EUR`, `XPF`.
    package let currency: String

    package init(millionths: Int64, currency: String) {
        self.millionths = millionths
        self.currency = currency
    }

    /// - Parameter text: a decimal number with a point, such as `0.0455`: at most six decimals, from 0 to `dearest`.
    /// - Returns: nil for anything else, and for a currency that is not three capital letters.
    package init?(_ text: String, currency: String) {
        guard Self.isCurrency(currency) else { return nil }
        let halves = text.split(separator: ".", maxSplits: 1, omittingEmptySubsequences: false)
        let decimals = halves.count == 2 ? halves[1] : "0"
        guard (1...4).contains(halves[0].utf8.count), (1...6).contains(decimals.utf8.count),
            (halves[0] + decimals).utf8.allSatisfy({ (48...57).contains($0) }), let whole = Int64(halves[0]),
            let part = Int64(decimals + String(repeating: "0", count: 6 - decimals.utf8.count)),
            whole * Self.scale + part <= Int64(Self.dearest) * Self.scale
        else { return nil }
        self.init(millionths: whole * Self.scale + part, currency: currency)
    }

    package static func isCurrency(_ text: String) -> Bool {
        text.utf8.count == 3 && text.utf8.allSatisfy { (65...90).contains($0) }
    }

    /// So many times the amount; nil beyond what can be held.
    package func times(_ count: Int) -> Money? {
        let (product, overflows) = millionths.multipliedReportingOverflow(by: Int64(count))
        return overflows ? nil : Money(millionths: product, currency: currency)
    }

    /// The sum; nil for two currencies, and beyond what can be held.
    package func adding(_ other: Money) -> Money? {
        let (sum, overflows) = millionths.addingReportingOverflow(other.millionths)
        return overflows || currency != other.currency ? nil : Money(millionths: sum, currency: currency)
    }

    /// The number alone, without trailing zeros after the second decimal: `12.50`, `0.0455`.
    package var amount: String {
        var decimals = String(String(Self.scale + millionths.magnitudeAsInt64 % Self.scale).dropFirst())
        while decimals.utf8.count > 2, decimals.hasSuffix("0") { decimals.removeLast() }
        return "\(millionths < 0 ? "-" : "")\(millionths.magnitudeAsInt64 / Self.scale).\(decimals)"
    }

    package var description: String { "\(amount) \(currency)" }
}

extension Int64 {
    fileprivate var magnitudeAsInt64: Int64 { Int64(clamping: magnitude) }
}

extension Money: Codable {
    private enum Key: String, CodingKey { case millionths, currency }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        self.init(
            millionths: try container.decode(Int64.self, forKey: .millionths),
            currency: try container.decode(String.self, forKey: .currency))
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(millionths, forKey: .millionths)
        try container.encode(currency, forKey: .currency)
    }
}

import Foundation

/// How contact points' addresses begin that a text means: a number however it is written, or an e-mail's beginning.
struct PeopleAddresses {
    /// Digits from which a text is looked for among numbers.
    private static let leastDigits = 4
    private static let leastMailbox = 3
    /// The countries of the one French plan: 06… is +336… in Amiens, and 0692… +262692… in Saint-Denis.
    private static let planCountries = ["33", "262", "590", "594", "596"]

    /// From the first address to the one after the last, in byte order.
    let ranges: [(from: String, to: String)]

    /// Nil for a text that is no address.
    init?(_ text: String) {
        let text = text.trimmingCharacters(in: .whitespacesAndNewlines)
        if text.contains("@") {
            guard text.utf8.count >= Self.leastMailbox, !text.contains(where: \.isWhitespace) else { return nil }
            // As typed, and as people mostly write them: an address's own letters are kept.
            let small = text.lowercased()
            ranges = Set([text, small, small.prefix(1).uppercased() + small.dropFirst()]).sorted().map(Self.range)
            return
        }
        guard text.unicodeScalars.allSatisfy({ !$0.properties.isAlphabetic }) else { return nil }
        let isInternational = text.hasPrefix("+")
        var digits = text.replacing("(0)", with: "").filter { $0.isASCII && $0.isNumber }
        guard digits.count >= Self.leastDigits else { return nil }
        if isInternational {
            ranges = [Self.range("+" + digits)]
        } else if digits.hasPrefix("00") {
            digits.removeFirst(2)
            ranges = [Self.range("+" + digits)]
        } else if digits.hasPrefix("0") {
            digits.removeFirst()
            ranges = Self.planCountries.map { Self.range("+\($0)\(digits)") }
        } else {
            ranges = [Self.range("+" + digits)] + Self.planCountries.map { Self.range("+\($0)\(digits)") }
        }
    }

    private static func range(_ beginning: String) -> (from: String, to: String) {
        // Behind every address: no text in UTF-8 has this scalar.
        (beginning, beginning + "\u{10FFFF}")
    }
}

/// What a phone shows as the sender of a message, by kind.
package enum SMSSender: Hashable, Sendable, CustomStringConvertible {
    /// A name of up to 11 characters of the GSM alphabet, with a letter in it.
    case name(String)
    /// A short number of three to eight digits, which only one country knows.
    case short(String)
    /// An international number: a plus sign and its digits.
    case number(String)

    package static let longestName = 11

    /// Nil when the text is none of the three. Blanks and dots between digits are left out.
    package init?(_ text: String) {
        let digits = text.filter { $0 != " " && $0 != "." && $0 != "-" }
        if digits.hasPrefix("+"), Self.isDigits(digits.dropFirst()), (7...15).contains(digits.count - 1) {
            self = .number(digits)
        } else if Self.isDigits(digits[...]), (3...8).contains(digits.count) {
            self = .short(digits)
        } else if (1...Self.longestName).contains(text.count), text.allSatisfy({ GSM7.septets(of: $0) == 1 && !$0.isNewline }),
            text.contains(where: \.isLetter)
        {
            self = .name(text)
        } else {
            return nil
        }
    }

    private static func isDigits(_ text: Substring) -> Bool { text.utf8.allSatisfy { (48...57).contains($0) } }

    /// As it is shown.
    package var description: String {
        switch self {
        case .name(let text), .short(let text), .number(let text): text
        }
    }
}

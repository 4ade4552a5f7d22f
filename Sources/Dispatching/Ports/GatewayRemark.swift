/// What a gateway says of a failure, before it is shown, logged or kept: causes and codes only.
///
/// A provider's own words may hold the number or the mailbox the message was for. Adapters pass on codes; this stands behind
/// them, so that none has to be trusted.
enum GatewayRemark {
    /// What stands for words taken out.
    static let mark = "[…]"
    /// A code, and a few words of what it means.
    private static let mostCharacters = 160
    /// The fewest digits of a telephone number of one country, with spaces between them or not.
    private static let fewestDigits = 7

    /// Leaves out mailboxes and whatever may be a telephone number; keeps replies ("550"), enhanced status codes ("5.7.1") and
    /// hexadecimal ones ("0x00000045").
    static func scrubbed(_ text: String) -> String {
        // Nearly all are our own few words.
        // "%": an address or a number as a URL has it; 0x80 and on: a dash or a digit of another alphabet.
        guard text.utf8.count > mostCharacters || text.utf8.contains(where: { $0 == 0x40 || $0 == 0x25 || $0 < 0x20 || $0 >= 0x80 })
            || text.utf8.count(where: isDigit) >= fewestDigits
        else { return text }
        var kept: [Substring] = []
        /// Words at the end of `kept` that may go on as one number.
        var run = (words: 0, digits: 0)
        for word in text.prefix(mostCharacters).split(whereSeparator: { $0.isWhitespace || $0.isNewline }) {
            if isMailbox(word) {
                kept.append(mark[...])
                run = (0, 0)
            } else if isCode(word) {
                kept.append(word)
                run = (0, 0)
            } else if longestNumber(word) >= fewestDigits {
                kept.append(mark[...])
                run = (0, 0)
            } else if isPartOfNumber(word, goesOn: run.words > 0) {
                kept.append(word)
                run = (run.words + 1, run.digits + word.unicodeScalars.count(where: isDigit))
                guard run.digits >= fewestDigits else { continue }
                kept.removeLast(run.words)
                kept.append(mark[...])
                // What follows may be its last digits.
                run.words = 1
            } else {
                kept.append(word)
                run = (0, 0)
            }
        }
        return kept.joined(separator: " ")
    }

    private static func isDigit(_ byte: UInt8) -> Bool { (0x30...0x39).contains(byte) }

    /// "5.7.1" (RFC 3463), or a number in hexadecimal of eight digits at most.
    private static func isCode(_ word: Substring) -> Bool {
        let word = word.trimmingSuffix { ":;,)".contains($0) }
        if word.hasPrefix("0x") { return word.utf8.count <= 10 && word.dropFirst(2).allSatisfy(\.isHexDigit) }
        let parts = word.split(separator: ".", omittingEmptySubsequences: false)
        return parts.count == 3 && ["2", "4", "5"].contains(parts[0])
            && parts.allSatisfy { (1...3).contains($0.utf8.count) && $0.utf8.allSatisfy(isDigit) }
    }

    private static func isMailbox(_ word: Substring) -> Bool {
        let word = word.lowercased()
        return ["@", "\u{FF20}", "%40", "&#64;"].contains { word.contains($0) }
    }

    /// Digits of the longest stretch of a word that only punctuation parts.
    private static func longestNumber(_ word: Substring) -> Int {
        var longest = 0
        var digits = 0
        for scalar in word.unicodeScalars {
            if isDigit(scalar) {
                digits += 1
                longest = max(longest, digits)
            } else if !isBetweenDigits(scalar) {
                digits = 0
            }
        }
        return longest
    }

    /// Digits, and what stands between them, as in "+33", "(0)6", "12"; or a dash alone in a number that goes on.
    private static func isPartOfNumber(_ word: Substring, goesOn: Bool) -> Bool {
        (goesOn || word.unicodeScalars.contains(where: isDigit))
            && word.unicodeScalars.allSatisfy { isDigit($0) || isBetweenDigits($0) }
    }

    /// Of any alphabet.
    private static func isDigit(_ scalar: Unicode.Scalar) -> Bool { scalar.properties.numericType == .decimal }

    /// + . / ( ) %, every dash and underscore, what is not seen at all, and the marks of a sentence after it.
    private static func isBetweenDigits(_ scalar: Unicode.Scalar) -> Bool {
        switch scalar.properties.generalCategory {
        case .dashPunctuation, .connectorPunctuation, .format: true
        default: "+\u{2212}./(),;:%\u{B7}".unicodeScalars.contains(scalar)
        }
    }
}

extension Substring {
    fileprivate func trimmingSuffix(while isTrimmed: (Character) -> Bool) -> Substring {
        var kept = self
        while let last = kept.last, isTrimmed(last) { kept.removeLast() }
        return kept
    }
}

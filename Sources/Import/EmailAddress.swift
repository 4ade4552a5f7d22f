/// An e-mail address fit to be handed to any relay: ASCII (an internationalised domain is given in its `xn--` form),
/// RFC 5321 lengths, the forms people really use.
struct EmailAddress {
    let text: String

    /// - Returns: nil for anything else, quoted local parts and address literals included.
    init?(_ text: String) {
        // RFC 5321, section 4.5.3.1: 64 octets of local part, 254 in all.
        guard text.utf8.count <= 254, text.utf8.allSatisfy({ $0 > 32 && $0 < 127 }) else { return nil }
        let parts = text.split(separator: "@", omittingEmptySubsequences: false)
        guard parts.count == 2, (1...64).contains(parts[0].utf8.count), Self.isLocalPart(parts[0]),
              Self.isDomain(parts[1])
        else { return nil }
        self.text = parts[0] + "@" + parts[1].lowercased()
    }

    private static func isLocalPart(_ part: Substring) -> Bool {
        let forbidden: Set<Character> = ["(", ")", "<", ">", "[", "]", ":", ";", "\\", ",", "\""]
        return !part.hasPrefix(".") && !part.hasSuffix(".") && !part.contains("..")
            && !part.contains(where: forbidden.contains)
    }

    private static func isDomain(_ part: Substring) -> Bool {
        let labels = part.split(separator: ".", omittingEmptySubsequences: false)
        return labels.count >= 2 && labels.allSatisfy { label in
            (1...63).contains(label.utf8.count) && !label.hasPrefix("-") && !label.hasSuffix("-")
                && label.allSatisfy { $0.isLetter || $0.isNumber || $0 == "-" }
        }
    }
}

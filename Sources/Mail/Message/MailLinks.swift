/// The addresses of one recipient's own pages, for the message to them. Each is put in a declared place of the template,
/// after the text, which is the same for everyone.
package struct MailLinks: Hashable, Sendable {
    /// The page on which the recipient says that the message was read.
    package let acknowledge: String?
    /// The page on which the recipient refuses further information. Never in an alert.
    package let unsubscribe: String?

    package init(acknowledge: String? = nil, unsubscribe: String? = nil) {
        self.acknowledge = acknowledge
        self.unsubscribe = unsubscribe
    }

    package static let none = MailLinks()

    /// Header lines cannot be split inside an address, and RFC 5322 §2.1.1 ends them at 998.
    private static let lengthLimit = 900

    /// Whether all may stand in a header, in HTML and in a text.
    var isSafe: Bool {
        [acknowledge, unsubscribe].compactMap(\.self).allSatisfy { link in
            link.utf8.count <= Self.lengthLimit && (link.hasPrefix("https://") || link.hasPrefix("http://"))
                && link.utf8.allSatisfy { (0x21...0x7E).contains($0) && ![0x22, 0x26, 0x3C, 0x3E, 0x5C].contains($0) }
        }
    }
}

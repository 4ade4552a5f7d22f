import AlertModel

/// Whom messages come from: `alerte@mairie.example` or `Mairie d'Abbeville <alerte@mairie.example>`.
package struct MailSender: Hashable, Sendable {
    /// Shown to the reader; nil when only the address is given.
    package let name: String?
    package let address: EmailAddress

    /// - Throws: `MailError.invalidSender`.
    package init(_ text: String) throws(MailError) {
        let text = text.trimmingSpaces
        var name = ""
        var address = text
        if text.hasSuffix(">"), let bracket = text.lastIndex(of: "<") {
            name = String(text[..<bracket]).trimmingSpaces
            address = String(text[text.index(after: bracket)..<text.index(before: text.endIndex)])
            if name.count >= 2, name.hasPrefix("\""), name.hasSuffix("\"") {
                name = String(name.dropFirst().dropLast())
            }
        }
        guard !name.containsControl, let mailbox = EmailAddress(address) else {
            throw MailError(
                .invalidSender,
                "the sender of messages is not of the form \"name <address>\" or \"address\": correct TOCSIN_MAIL_FROM")
        }
        self.name = name.isEmpty ? nil : name
        self.address = mailbox
    }
}

extension String {
    fileprivate var trimmingSpaces: String {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let start = drop(while: isSpace)
        return String(start.reversed().drop(while: isSpace).reversed())
    }

    /// A line end, a tab, or any other control character: nothing a header's text needs.
    var containsControl: Bool {
        var before: UInt8 = 0
        for byte in utf8 {
            // U+0000 to U+001F, U+007F, and U+0080 to U+009F, which are C2 80 to C2 9F.
            if byte < 0x20 || byte == 0x7F || before == 0xC2 && byte < 0xA0 { return true }
            before = byte
        }
        return false
    }
}

/// A mailbox's address that may stand in an SMTP command and a header: ASCII, no quoting, no comments.
///
/// Stricter than RFC 5321: quoted local parts and internationalised addresses (RFC 6531) are refused. In a
/// register they are typing mistakes, and what a relay would do with them is not known.
package struct EmailAddress: Hashable, Sendable {
    package let text: String

    /// RFC 5321 §4.5.3.1: 64 octets before the at sign, 254 for the path without its brackets.
    private static let localLimit = 64
    private static let limit = 254

    /// - Throws: `MailError.invalidAddress`, which does not repeat the address.
    package init(_ text: String) throws(MailError) {
        let parts = text.utf8.split(separator: UInt8(ascii: "@"), omittingEmptySubsequences: false)
        guard text.utf8.count <= Self.limit, parts.count == 2, Self.isDotAtom(parts[0]), Self.isDomain(parts[1]),
            parts[0].count <= Self.localLimit
        else { throw MailError(.invalidAddress, "not an e-mail address that can be written to") }
        self.text = text
    }

    package var domain: String { String(text[text.index(after: text.firstIndex(of: "@")!)...]) }

    /// RFC 5322 §3.2.3.
    private static func isDotAtom(_ bytes: Substring.UTF8View.SubSequence) -> Bool {
        let extra = Set("!#$%&'*+-/=?^_`{|}~".utf8)
        return bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { atom in
            !atom.isEmpty && atom.allSatisfy { isAlphanumeric($0) || extra.contains($0) }
        }
    }

    private static func isDomain(_ bytes: Substring.UTF8View.SubSequence) -> Bool {
        bytes.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { label in
            !label.isEmpty && label.count <= 63 && label.first != UInt8(ascii: "-") && label.last != UInt8(ascii: "-")
                && label.allSatisfy { isAlphanumeric($0) || $0 == UInt8(ascii: "-") }
        }
    }

    private static func isAlphanumeric(_ byte: UInt8) -> Bool {
        (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
    }
}

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
        guard !name.containsControl, let mailbox = try? EmailAddress(address) else {
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
    var containsControl: Bool { unicodeScalars.contains { $0.properties.generalCategory == .control } }
}

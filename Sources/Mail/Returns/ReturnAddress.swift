import AlertModel

/// Where relays send back what they cannot deliver: one mailbox, each attempt's token behind a plus sign (VERP), so that
/// whatever comes back names the attempt by the address it comes to.
package struct ReturnAddress: Hashable, Sendable {
    private let local: Substring
    private let domain: Substring

    /// RFC 5321 §4.5.3.1.1, less the plus sign and the token.
    private static let localLimit = 64 - 1 - LinkToken.length

    /// - Parameter text: the mailbox, `retours@alerte.example`. It must take what is sent to `retours+…@alerte.example`.
    /// - Throws: `MailError.invalidReturn`.
    package init(_ text: String) throws(MailError) {
        guard let address = EmailAddress(text), let at = address.text.firstIndex(of: "@"),
            address.text[..<at].utf8.count <= Self.localLimit, !address.text[..<at].contains("+")
        else {
            throw MailError(
                .invalidReturn, "the return address is not of the form name@domain, with a name of at most \(Self.localLimit) "
                    + "characters and no plus sign: correct TOCSIN_MAIL_RETURN")
        }
        local = address.text[..<at]
        domain = address.domain
    }

    /// - Returns: nil when no such address can be written.
    package func address(of attempt: AttemptID, key: LinkKey) -> EmailAddress? {
        EmailAddress("\(local)+\(LinkToken(attempt.rawValue, .bounce).text(key: key))@\(domain)")
    }

    /// The attempt whose return address this is; nil when it is another's, or was made up. The mailbox's own name and
    /// domain are not looked at: relays on the way may have written them differently, and the token is proof.
    package static func attempt(in address: String, key: LinkKey) -> AttemptID? {
        guard let plus = address.firstIndex(of: "+") else { return nil }
        let token = address[address.index(after: plus)...].prefix { $0 != "@" }
        return LinkToken(token, .bounce, key: key).map { AttemptID(rawValue: $0.number) }
    }
}

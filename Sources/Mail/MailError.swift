/// Why a relay or a message is refused before anything is sent. Descriptions are safe to show: no address, no
/// password, no text.
package struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidRelay = "invalid_relay"
        case invalidSender = "invalid_sender"
        case invalidReturn = "invalid_return_address"
        /// A header's text holds a line end or another control character.
        case unsafeHeader = "unsafe_header"
        /// libcurl refused to start.
        case library = "mail_library"
        /// A link that a message needs is missing or is no web address.
        case link = "mail_link"
        /// The DKIM key, or what it should sign.
        case signature = "mail_signature"
    }

    package let code: Code
    package let description: String

    package init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

/// Why a relay or a message is refused before anything is sent. Descriptions are safe to show: no address, no
/// password, no text.
package struct MailError: Error, Hashable, Sendable, CustomStringConvertible {
    package enum Code: String, Sendable {
        case invalidRelay = "invalid_relay"
        case invalidSender = "invalid_sender"
        /// A header's text holds a line end or another control character.
        case unsafeHeader = "unsafe_header"
        /// libcurl refused to start.
        case library = "mail_library"
    }

    package let code: Code
    package let description: String

    init(_ code: Code, _ description: String) {
        self.code = code
        self.description = description
    }
}

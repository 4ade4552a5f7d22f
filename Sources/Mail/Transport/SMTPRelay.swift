import Foundation

/// The relay messages are handed to, as its URL says.
///
/// `smtp://user:password@host:port?starttls=required` or `smtps://…`. With credentials STARTTLS is required
/// unless the URL is `smtps`; without, it is used when offered. Certificates are always verified.
package struct SMTPRelay: Hashable, Sendable, CustomStringConvertible {
    package enum StartTLS: String, CaseIterable, Sendable {
        case none
        /// When the relay offers it.
        case opportunistic = "try"
        case required
    }

    /// Without credentials: `smtp://host:port`.
    package let url: String
    package let user: String?
    package let password: String?
    package let startTLS: StartTLS
    /// A file of certificates to trust instead of the system's.
    package let certificateAuthorityFile: String?
    /// Connections kept at once, and messages in flight.
    package let connections: Int
    /// For a whole submission. RFC 5321 §4.5.3.2 would wait ten minutes at the end of data; an alert is better
    /// tried again.
    package let timeoutSeconds: Int

    package static let connectTimeoutSeconds = 10
    package static let connectionBounds = 1...100
    package static let standardConnections = 16
    package static let timeoutBounds = 1...600
    package static let standardTimeoutSeconds = 60

    package var description: String { url }

    /// - Parameter text: the URL; options are `starttls`, `ca`, `connections` (16) and `timeout` (60, in seconds).
    /// - Throws: `MailError.invalidRelay`, which never repeats the URL, for it may hold a password.
    package init(_ text: String) throws(MailError) {
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased(),
            ["smtp", "smtps"].contains(scheme), let host = parts.host, !host.isEmpty,
            parts.path.isEmpty || parts.path == "/"
        else {
            throw MailError(
                .invalidRelay,
                "the relay's URL is not of the form smtp://user:password@host:port or smtps://…: "
                    + "correct TOCSIN_SMTP_URL")
        }
        let port = parts.port.map { ":\($0)" } ?? ""
        url = "\(scheme)://\(host)\(port)"
        user = parts.user
        password = parts.password
        guard (user == nil) == (password == nil) else {
            throw MailError(.invalidRelay, "the relay's URL has a user without a password, or the reverse")
        }
        var options: [String: String] = [:]
        for item in parts.queryItems ?? [] { options[item.name] = item.value ?? "" }
        startTLS = try Self.startTLS(options.removeValue(forKey: "starttls"), scheme: scheme, hasUser: user != nil)
        certificateAuthorityFile = options.removeValue(forKey: "ca")
        connections = try Self.number(
            options.removeValue(forKey: "connections"), "connections", Self.connectionBounds, standard: Self.standardConnections)
        timeoutSeconds = try Self.number(
            options.removeValue(forKey: "timeout"), "timeout", Self.timeoutBounds, standard: Self.standardTimeoutSeconds)
        if let file = certificateAuthorityFile, !FileManager.default.isReadableFile(atPath: file) {
            throw MailError(.invalidRelay, "the certificate file \(file) of the relay's URL can't be read")
        }
        guard options.isEmpty else {
            throw MailError(
                .invalidRelay,
                "the relay's URL has options unknown here; those known are starttls, ca, connections and timeout")
        }
    }

    /// A relay described member by member, each checked by whoever read it.
    ///
    /// - Parameter url: `smtp://host:port` or `smtps://host:port`.
    /// - Throws: `MailError.invalidRelay` when the file of certificates cannot be read.
    package init(
        url: String, user: String?, password: String?, startTLS: StartTLS, certificateAuthorityFile: String?,
        connections: Int, timeoutSeconds: Int
    ) throws(MailError) {
        if let file = certificateAuthorityFile, !FileManager.default.isReadableFile(atPath: file) {
            throw MailError(.invalidRelay, "the relay's file of certificates \(file) can't be read")
        }
        self.url = url
        self.user = user
        self.password = password
        self.startTLS = startTLS
        self.certificateAuthorityFile = certificateAuthorityFile
        self.connections = connections
        self.timeoutSeconds = timeoutSeconds
    }

    /// Whether a text can stand as the host of a URL: a name or an address, IPv6 in brackets.
    package static func isHost(_ text: String) -> Bool {
        guard text.utf8.count <= 255 else { return false }
        let bare = text.hasPrefix("[") && text.hasSuffix("]") ? text.dropFirst().dropLast() : text[...]
        let isBracketed = bare.count != text.count
        return !bare.isEmpty && bare.utf8.allSatisfy { byte in
            (48...57).contains(byte) || (97...122).contains(byte) || (65...90).contains(byte) || byte == 46
                || (isBracketed ? byte == 58 : byte == 45 || byte == 95)
        }
    }

    private static func startTLS(_ word: String?, scheme: String, hasUser: Bool) throws(MailError) -> StartTLS {
        guard let word else { return hasUser && scheme == "smtp" ? .required : .opportunistic }
        guard let value = StartTLS(rawValue: word) else {
            throw MailError(.invalidRelay, "starttls in the relay's URL is one of none, try, required")
        }
        guard !(hasUser && scheme == "smtp") || value == .required else {
            throw MailError(
                .invalidRelay, "a password is only sent over TLS: leave starttls=\(word) out of the relay's URL")
        }
        return value
    }

    private static func number(
        _ text: String?, _ name: String, _ bounds: ClosedRange<Int>, standard: Int
    ) throws(MailError) -> Int {
        guard let text else { return standard }
        guard let number = Int(text), bounds.contains(number) else {
            throw MailError(
                .invalidRelay,
                "\(name) in the relay's URL is a number from \(bounds.lowerBound) to \(bounds.upperBound)")
        }
        return number
    }
}

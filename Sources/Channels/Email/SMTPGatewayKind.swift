import AlertModel
import Dispatching
import GeoModel
import Mail

/// `"kind": "smtp"`: an e-mail relay.
package struct SMTPGatewayKind: GatewayKind {
    package static let word = "smtp"
    package static let channels: Set<Channel> = [.email]
    /// One connection carries one message at a time: the window is the number of connections.
    package static let standardWindow = SMTPRelay.standardConnections
    package static let largestWindow = SMTPRelay.connectionBounds.upperBound

    /// How the connection is protected; `implicit` is TLS from the first byte (port 465).
    package enum Protection: String, CaseIterable, Sendable {
        case none
        /// STARTTLS when the relay offers it.
        case offered
        case required
        case implicit
    }

    let host: String
    let port: Int
    let protection: Protection
    let user: String?
    let password: GatewaySecret?
    let certificateAuthorityFile: String?
    let timeoutSeconds: Int
    let sender: MailSender
    let returnAddress: ReturnAddress?
    private let signature: (domain: String, selector: String, keyFile: String)?

    package var destination: String { "\(host):\(port)" }

    package init(_ settings: inout JSONMembers) throws(JSONMemberError) {
        host = try settings.text("host")
        guard SMTPRelay.isHost(host) else { throw settings.fault("host", "a host's name or address is due") }
        user = try settings.optionalText("user")
        password = try settings.secret("password")
        guard (user == nil) == (password == nil) else {
            throw settings.fault("user", "a user goes with passwordFile or passwordVariable, and they with a user")
        }
        protection = try settings.word("tls", standard: user == nil ? .offered : .required)
        guard user == nil || protection == .required || protection == .implicit else {
            throw settings.fault("tls", "a password is only sent over TLS: write required or implicit")
        }
        port = try settings.integer("port", 1...65_535, standard: protection == .implicit ? 465 : 587)
        certificateAuthorityFile = try settings.optionalText("certificates")
        timeoutSeconds = try settings.integer(
            "timeoutSeconds", SMTPRelay.timeoutBounds, standard: SMTPRelay.standardTimeoutSeconds)
        let text = try settings.text("from")
        do throws(MailError) {
            sender = try MailSender(text)
        } catch {
            throw settings.fault("from", "a sender is due, such as Mairie <alerte@example.org>")
        }
        let returnText = try settings.optionalText("returnAddress")
        do throws(MailError) {
            returnAddress = if let returnText { try ReturnAddress(returnText) } else { nil }
        } catch {
            throw settings.fault("returnAddress", "a mailbox that takes plus signs is due, such as retours@example.org")
        }
        guard settings.has("dkim") else {
            signature = nil
            return
        }
        var dkim = try settings.members("dkim")
        let domain = try dkim.optionalText("domain") ?? String(sender.address.domain)
        signature = (domain, try dkim.text("selector"), try dkim.text("keyFile"))
        try dkim.finish()
    }

    package func gateway(_ traits: GatewayTraits, secrets: GatewaySecrets) throws -> Gateway {
        let scheme = protection == .implicit ? "smtps" : "smtp"
        let relay = try SMTPRelay(
            url: "\(scheme)://\(host):\(port)", user: user, password: password.map(secrets.read),
            startTLS: protection.startTLS, certificateAuthorityFile: certificateAuthorityFile.map(secrets.path),
            connections: traits.window, timeoutSeconds: timeoutSeconds)
        return EmailGateway.gateway(
            traits,
            EmailSettings(
                relay: relay, sender: sender, returnAddress: returnAddress, signer: try signer(secrets: secrets)),
            extras: secrets.email)
    }

    /// What signs its messages; nil when they are not signed.
    /// - Throws: `MailError.signature` when the key cannot be used.
    package func signer(secrets: GatewaySecrets) throws -> DKIMSigner? {
        try signature.map { signature in
            try DKIMSigner(
                domain: signature.domain, selector: signature.selector, key: DKIMKey(path: secrets.path(signature.keyFile)))
        }
    }
}

extension SMTPGatewayKind.Protection {
    fileprivate var startTLS: SMTPRelay.StartTLS {
        switch self {
        case .none: .none
        case .offered, .implicit: .opportunistic
        case .required: .required
        }
    }
}

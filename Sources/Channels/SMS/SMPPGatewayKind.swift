import AlertModel
import Dispatching
import GeoModel
import Logging
import SMPP

/// `"kind": "smpp"`: an SMSC over SMPP 3.4.
package struct SMPPGatewayKind: GatewayKind {
    package static let word = "smpp"
    package static let channels: Set<Channel> = [.sms]
    package static let standardWindow = 10
    package static let largestWindow = 10_000
    /// Sessions: more than any contract gives.
    static let mostBinds = 32

    /// How the connection is protected.
    enum Protection: String, CaseIterable { case none, implicit }

    let settings: SMPPSettings
    private let password: GatewaySecret?
    private let certificates: String?

    package var destination: String { "\(settings.client.host):\(settings.client.port)" }
    package var sender: SMSSender? { settings.sender }
    package var binds: Int? { settings.client.binds }

    package init(_ members: inout JSONMembers) throws(JSONMemberError) {
        var client = ClientSettings()
        client.host = try members.text("host")
        client.port = try members.integer("port", 1...65_535, standard: 2775)
        client.session.bind.systemID = try Self.bounded(&members, "systemID", 15)
        password = try members.secret("password")
        client.session.bind.systemType = try members.has("systemType") ? Self.bounded(&members, "systemType", 12) : ""
        client.plan = try members.word("bind", standard: .transceiver)
        client.binds = try members.integer("binds", 1...Self.mostBinds, standard: 1)
        let protection: Protection = try members.word("tls", standard: Protection.none)
        certificates = try members.optionalText("certificates")
        guard certificates == nil || protection == .implicit else {
            throw members.fault("certificates", "they go with \"tls\": \"implicit\"")
        }
        client.tls = protection == .implicit ? ClientSettings.TLS() : nil
        client.session.responseTimeout = 1000 * Int64(try members.integer("responseSeconds", 1...600, standard: 30))
        client.session.enquireInterval = 1000 * Int64(try members.integer("enquireSeconds", 1...600, standard: 10))
        client.takesUnmarkedReceipts = try members.flag("unmarkedReceipts", standard: false)
        guard let sender = SMSSender(try members.text("sender")) else {
            throw members.fault(
                "sender", "a name of up to \(SMSSender.longestName) characters, a short number, or an international "
                    + "number with its plus sign is due")
        }
        var settings = SMPPSettings(client: client, sender: sender)
        settings.isFlash = try members.flag("flash", standard: false)
        settings.long = try members.word("longMessages", standard: .udh)
        settings.messageIDs = try members.word("messageIDs", standard: .same)
        if members.has("sessionWindow") { settings.sessionWindow = try members.integer("sessionWindow", 1...Self.largestWindow) }
        settings.wantsReceipts = try members.flag("receipts", standard: true)
        self.settings = settings
    }

    package func gateway(_ traits: GatewayTraits, secrets: GatewaySecrets) throws -> Gateway {
        var settings = settings
        settings.client.session.bind.password = Redacted(try password.map(secrets.read) ?? "")
        settings.client.tls?.certificateAuthorityFile = certificates.map(secrets.path)
        return try SMPPGateway.gateway(traits, settings, logger: Logger(label: "tocsin.smpp"))
    }

    /// A text that its SMPP field can hold.
    private static func bounded(
        _ members: inout JSONMembers, _ key: String, _ limit: Int
    ) throws(JSONMemberError) -> String {
        let text = try members.text(key)
        guard text.utf8.count <= limit else { throw members.fault(key, "SMPP holds at most \(limit) octets of it") }
        return text
    }
}

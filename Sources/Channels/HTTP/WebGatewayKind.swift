import AlertModel
import Dispatching
import Foundation
import GeoModel

/// What the gateways' file says of one provider, under `settings`.
protocol WebProviderKind: Sendable {
    /// The file's word for it.
    static var word: String { get }
    /// Takes its own members.
    init(_ settings: inout JSONMembers) throws(JSONMemberError)
    /// Absolute; what is asked goes there or below.
    var url: String { get }
    /// Whether the provider tells of receipts where the file says nothing.
    static var receiptsStandard: Bool { get }
    /// - Throws: when a secret cannot be read.
    func provider(secrets: GatewaySecrets) throws -> any WebProvider
}

extension WebProviderKind {
    static var receiptsStandard: Bool { true }
}

/// A kind of gateway whose provider calls back.
package protocol CallbackKind: GatewayKind {
    /// What turns its callbacks into receipts and messages.
    /// - Throws: when a secret cannot be read.
    func callbackReader(secrets: GatewaySecrets) throws -> CallbackReader
    /// Where the provider reaches this installation; nil where neither the file nor the environment says so.
    func callbackBase(publicAddress: String?) -> String?
}

/// SMS through a provider's HTTP interface: `http`, `ovh`, `twilio`, `kannel`.
struct WebGatewayKind<Provider: WebProviderKind>: CallbackKind {
    static var word: String { Provider.word }
    static var channels: Set<Channel> { [.sms] }
    static var standardWindow: Int { 10 }
    /// Connections at once.
    static var largestWindow: Int { 200 }

    private let settings: WebGatewaySettings
    private let kind: Provider

    init(_ members: inout JSONMembers) throws(JSONMemberError) {
        guard let sender = SMSSender(try members.text("sender")) else {
            throw members.fault(
                "sender", "a name of up to \(SMSSender.longestName) characters, a short number, or an international "
                    + "number with its plus sign is due")
        }
        let wantsReceipts = try members.flag("receipts", standard: Provider.receiptsStandard)
        var settings = WebGatewaySettings(sender: sender, wantsReceipts: wantsReceipts)
        settings.isFlash = try members.flag("flash", standard: false)
        settings.web.certificates = try members.optionalText("certificates")
        settings.web.answerMilliseconds = 1000 * Int64(try members.integer("answerSeconds", 1...300, standard: 30))
        settings.web.connectMilliseconds = 1000 * Int64(try members.integer("connectSeconds", 1...60, standard: 5))
        if let base = try members.optionalText("callbacks") {
            guard let text = WebAddress.base(base) else {
                throw members.fault("callbacks", "where the provider reaches this server is due, such as https://alerte.example")
            }
            settings.callbackBase = text
        }
        let mayBePlain = try members.flag("insecure", standard: false)
        kind = try Provider(&members)
        self.settings = settings
        guard WebAddress.host(kind.url) != nil else {
            throw members.fault("url", "an address such as https://api.example.org is due")
        }
        guard kind.url.hasPrefix("https://") || mayBePlain || WebAddress.isLoopback(kind.url) else {
            throw members.fault(
                "url", "texts and passwords leave over https only: write https://, or \"insecure\": true where the network "
                    + "between is your own")
        }
    }

    var destination: String { WebAddress.host(kind.url) ?? "" }
    var sender: SMSSender? { settings.sender }

    func gateway(_ traits: GatewayTraits, secrets: GatewaySecrets) throws -> Gateway {
        var settings = settings
        settings.web.certificates = settings.web.certificates.map(secrets.path)
        let base = settings.wantsReceipts ? callbackBase(publicAddress: secrets.email?.publicAddress) : nil
        let callback = base.flatMap { base in
            secrets.email.map { base + CallbackKey.path(gateway: traits.name, key: $0.key) }
        }
        return WebGateway.gateway(traits, settings, provider: try kind.provider(secrets: secrets), callback: callback)
    }

    func callbackReader(secrets: GatewaySecrets) throws -> CallbackReader {
        CallbackReader(try kind.provider(secrets: secrets))
    }

    func callbackBase(publicAddress: String?) -> String? { settings.callbackBase ?? publicAddress }
}

/// Web addresses as the gateways' file writes them.
package enum WebAddress {
    /// Host and port, without the rest: a path may hold an account's name.
    static func host(_ url: String) -> String? {
        guard let parts = URLComponents(string: url), parts.scheme == "https" || parts.scheme == "http",
            let host = parts.host, !host.isEmpty, parts.user == nil, parts.password == nil, parts.fragment == nil
        else { return nil }
        return parts.port.map { "\(host):\($0)" } ?? host
    }

    /// Scheme, host and port.
    static func origin(_ url: String) -> String? {
        guard let host = host(url), let scheme = URLComponents(string: url)?.scheme else { return nil }
        return "\(scheme)://\(host)"
    }

    static func base(_ text: String) -> String? {
        let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
        return host(bare) != nil && !bare.contains("?") ? bare : nil
    }

    package static func isLoopback(_ url: String) -> Bool {
        guard let host = URLComponents(string: url)?.host else { return false }
        return host == "localhost" || isLoopbackNumber(host) || host == "[::1]" || host == "::1"
    }

    /// Four numbers, of which the first is 127: a name may begin like them.
    private static func isLoopbackNumber(_ host: String) -> Bool {
        let numbers = host.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
        return numbers.count == 4 && numbers[0] == 127 && !numbers.contains(nil)
    }
}

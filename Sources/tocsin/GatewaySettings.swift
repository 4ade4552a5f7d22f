import AlertModel
import Campaigns
import Channels
import Dispatching
import Foundation
import GeoModel
import Mail
import Store
import Targeting

/// What the environment says of gateways: the file TOCSIN_GATEWAYS names, or the one relay of TOCSIN_SMTP_URL.
/// Nothing is connected before a campaign needs it.
struct GatewaySettings: Sendable {
    static let fileVariable = "TOCSIN_GATEWAYS"

    /// The file's gateways, in its order; nil without a file.
    let file: GatewayFile?
    /// Where recipients reach this installation.
    let publicAddress: PublicAddress?
    private let environment: [String: String]

    /// - Throws: when the file or the public address is named and cannot be read.
    init(environment: [String: String] = ProcessInfo.processInfo.environment) throws {
        // A relay's address holds its password.
        let environment = try SecretSetting.resolved([EmailGateway.relayVariable], environment: environment)
        self.environment = environment
        publicAddress = try PublicAddress(environment: environment)
        guard let path = environment[Self.fileVariable], !path.isEmpty else {
            file = nil
            return
        }
        if let url = environment[EmailGateway.relayVariable], !url.isEmpty { throw GatewaySettingsError.twice }
        do {
            file = try GatewayFile.read(path: path)
        } catch {
            throw GatewaySettingsError.file(path, error)
        }
        try checkSenders()
    }

    /// What an automated system may show as its sender changes by date.
    fileprivate func checkSenders() throws {
        guard let today = CalendarDate(Date.now.formatted(.iso8601)) else { return }
        for entry in file?.gateways ?? [] {
            guard let sender = entry.kind.sender else { continue }
            do {
                try SenderRules.check(sender, on: today)
            } catch {
                throw GatewaySettingsError.sender(entry.traits.name, error)
            }
        }
    }

    /// Builds the gateways that reach people; an exercise never asks for them. A channel without one is
    /// unavailable, never simulated.
    ///
    /// - Parameters:
    ///   - email: what campaigns' e-mails carry besides the text.
    ///   - recordings: what is played in the place of texts that are spoken.
    /// - Throws: when a variable or a secret is named and cannot be read: a mistyped relay is never taken for none.
    func realGateways(email: EmailExtras? = nil, recordings: RecordedSounds? = nil) throws -> [Gateway] {
        guard let file else {
            return try EmailGateway.configured(environment: environment, extras: email).map { [$0] } ?? []
        }
        let secrets = secrets(email: email, recordings: recordings)
        return try file.gateways.map { try $0.gateway(secrets: secrets) }
    }

    /// Builds the first e-mail gateway of an allowed name alone: another gateway's secret that can't be read holds no e-mail up.
    ///
    /// - Throws: as `realGateways`, of that gateway.
    func emailGateway(where isAllowed: (String) -> Bool) throws -> Gateway? {
        try firstGateway { $0.channel == .email && isAllowed($0.name) }
    }

    /// Builds one gateway alone, to try it or ask it: another's secret that can't be read is no fault of this one.
    ///
    /// - Returns: nil where none bears the name.
    /// - Throws: as `realGateways`, of that gateway.
    func gateway(named name: String) throws -> Gateway? { try firstGateway { $0.name == name } }

    private func firstGateway(where isWanted: (GatewayTraits) -> Bool) throws -> Gateway? {
        guard let file else { return try realGateways().first { isWanted($0.traits) } }
        return try file.gateways.first { isWanted($0.traits) }?.gateway(secrets: secrets())
    }

    /// Reads the secrets that the file names.
    private func secrets(email: EmailExtras? = nil, recordings: RecordedSounds? = nil) -> GatewaySecrets {
        let path = URL(filePath: environment[Self.fileVariable] ?? "").deletingLastPathComponent().path
        return GatewaySecrets(environment: environment, folder: path, email: email, recordings: recordings, sheets: FaxPage.sheets)
    }

    /// The e-mail gateways that sign, by name.
    /// - Throws: as `realGateways`.
    func signers() throws -> [(name: String, signer: DKIMSigner)] {
        guard let file else {
            return try EmailSettings(environment: environment)?.signer.map { [(name: "smtp", signer: $0)] } ?? []
        }
        return try file.gateways.compactMap { entry in
            try (entry.kind as? SMTPGatewayKind)?.signer(secrets: secrets()).map { (entry.traits.name, $0) }
        }
    }

    /// The trunks whose calls are taken, by gateway.
    /// - Throws: as `realGateways`.
    func incomingLines() throws -> [(gateway: String, line: IncomingLine)] {
        try (file?.gateways ?? []).compactMap { entry in
            try (entry.kind as? SIPGatewayKind)?.incomingLine(secrets: secrets()).map { (entry.traits.name, $0) }
        }
    }

    /// What reads the callbacks of each gateway whose provider makes any, and where the provider finds this server.
    /// - Throws: as `realGateways`.
    func callbackReaders() throws -> [String: (reader: CallbackReader, base: String)] {
        var readers: [String: (reader: CallbackReader, base: String)] = [:]
        for entry in file?.gateways ?? [] {
            guard let kind = entry.kind as? any CallbackKind, let base = kind.callbackBase(publicAddress: publicAddress?.text)
            else { continue }
            readers[entry.traits.name] = (try kind.callbackReader(secrets: secrets()), base)
        }
        return readers
    }

    /// Channels that a real gateway carries.
    func realChannels() throws -> Set<Channel> {
        try file.map { Set($0.gateways.map(\.traits.channel)) } ?? Set(realGateways().map(\.channel))
    }
}

extension GatewaySettings: CampaignMeans {
    var mode: CampaignMode { .real }

    func known() throws -> [KnownGateway] {
        let traits = try file?.gateways.map(\.traits) ?? realGateways().map(\.traits)
        return traits.map { KnownGateway(name: $0.name, channel: $0.channel, tariff: $0.tariff) }
    }

    func binds() -> [String: Int] {
        Dictionary(uniqueKeysWithValues: (file?.gateways ?? []).compactMap { entry in entry.kind.binds.map { (entry.traits.name, $0) } })
    }

    func launchRules(of organisation: OrganisationID, in store: AlertDatabase) throws -> LaunchRules {
        try checkSenders()
        let known = try known()
        try store.remember(known)
        let access = try store.gatewayAccess(of: organisation)
        return LaunchRules(
            mode: .real, available: Set(known.filter { access.allows($0.name, on: $0.channel) }.map(\.channel)))
    }

    func testGateways(of organisation: OrganisationID, in store: AlertDatabase) throws -> [Gateway] {
        let access = try store.gatewayAccess(of: organisation)
        return try realGateways(recordings: store.recordedSounds).filter { access.allows($0.name, on: $0.channel) }
    }

    func gatewaySet(for store: AlertDatabase) throws -> GatewaySet {
        try .real(realGateways(email: EmailExtras(store: store, gateways: self), recordings: store.recordedSounds))
    }

    func forecastGateways(
        _ history: [CampaignMeasure], of organisation: OrganisationID, in store: AlertDatabase
    ) throws -> [ForecastGateway] {
        let access = try store.gatewayAccess(of: organisation)
        let tariffs = try store.tariffBook(of: organisation)
        let traits = try (file?.gateways.map(\.traits) ?? realGateways().map(\.traits))
            .filter { access.allows($0.name, on: $0.channel) }
            .map { $0.charging(tariffs.tariff(of: $0.name, on: $0.channel, at: .now)?.tariff ?? $0.tariff) }
        let past = history.flatMap(\.gateways)
        return traits.map { traits in
            let own = past.filter { $0.gateway == traits.name && $0.channel == traits.channel }
            // Fewer messages than this all left at once, and show no pace.
            let full = own.first { $0.messages >= Self.windowsToJudge * traits.window && $0.spanMilliseconds >= 1_000 }
            return ForecastGateway(
                traits, pastPerSecond: full.map { Double($0.messages) * 1000 / Double($0.spanMilliseconds) },
                answerMilliseconds: own.first { $0.answerMilliseconds > 0 }.map { Double($0.answerMilliseconds) })
        }
    }

    private static let windowsToJudge = 3

    func declaredRates() throws -> [Channel: Double] { try GatewayRates.declared().perSecond }

    func carriers(of organisation: OrganisationID, in store: AlertDatabase) throws -> [Channel: String] {
        let access = try store.gatewayAccess(of: organisation)
        return Dictionary(
            try known().filter { access.allows($0.name, on: $0.channel) }.map { ($0.channel, $0.name) }) { first, _ in first }
    }
}

enum GatewaySettingsError: Error, CustomStringConvertible {
    case file(String, JSONMemberError)
    case sender(String, SenderRefused)
    case twice

    var description: String {
        switch self {
        case .file(let path, let error): "the gateways' file \(path): \(error)"
        case .sender(let name, let error): "the gateway \(name): \(error)"
        case .twice:
            "\(GatewaySettings.fileVariable) and \(EmailGateway.relayVariable) are both set: describe the relay in the file, "
                + "or unset \(GatewaySettings.fileVariable)"
        }
    }
}

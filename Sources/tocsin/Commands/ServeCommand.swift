import AlertModel
import ArgumentParser
import Console
import Foundation
import Logging
import Mail
import ServiceLifecycle
import Store
import UnixSignals

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve",
        abstract: "Serve the operator console and carry the campaigns.",
        discussion: """
            Listens on this machine only unless --host says otherwise; to serve others give it a certificate, or put a TLS \
            proxy in front and say so with --behind-tls-proxy. Campaigns interrupted by a crash go on at once.
            """)

    @OptionGroup var database: DatabaseOption

    @Option(help: "Address to listen on.")
    var host = "127.0.0.1"

    @Option(help: "Port to listen on; 0 lets the system choose.")
    var port = 8080

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A name the console is reached by, besides localhost (repeatable).", valueName: "name"))
    var hostName: [String] = []

    @Flag(help: "A TLS proxy stands in front: secure cookies, https origins, X-Forwarded-For believed.")
    var behindTLSProxy = false

    @Option(help: ArgumentHelp(
        "Serve TLS with this certificate (PEM, its chain after it); taken again when it changes.", valueName: "file"))
    var tlsCertificate: String?

    @Option(help: ArgumentHelp("The certificate's key (PEM), readable by its owner only.", valueName: "file"))
    var tlsKey: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A bound on what clients may cost (repeatable): \(LimitSetting.names).", valueName: "name=number"))
    var limit: [LimitSetting] = []

    @Option(
        help: ArgumentHelp(
            "The console's pages (default: TOCSIN_PUBLIC, or found beside the executable).", valueName: "folder"))
    var publicFolder: String?

    @Flag(help: "Do not answer the national geocoder's clients (/search, /reverse), which need no sign-in.")
    var noAddressAPI = false

    @Option(help: ArgumentHelp("Address requests answered to one client a second; 0 for no bound.", valueName: "number"))
    var addressRate = ConsoleLimits().addressRequestsPerSecond

    @Option(help: ArgumentHelp(
        "The Maildir that undeliverable e-mail comes back to (TOCSIN_MAIL_RETURN); read every few seconds.",
        valueName: "folder"))
    var returnedMail: String?

    func validate() throws {
        if (tlsCertificate == nil) != (tlsKey == nil) { throw ValidationError("--tls-certificate and --tls-key go together") }
        if tlsCertificate != nil, behindTLSProxy {
            throw ValidationError("TLS ends here (--tls-certificate) or at the proxy (--behind-tls-proxy), not at both")
        }
        if addressRate < 0 { throw ValidationError("--address-rate is 0 or more") }
        if !(0...65_535).contains(port) { throw ValidationError("--port goes from 0 to 65535") }
        if Self.everyAddress.contains(host), hostName.isEmpty {
            throw ValidationError(
                "--host \(host) listens to other machines, whose requests would all be refused: say by which name or "
                    + "address they reach this one, with --host-name")
        }
    }

    func run() async throws {
        let store = try database.open(for: .administer)
        let gateways = try GatewaySettings()
        let folder = try PublicFolder.path(named: publicFolder)
        let logger = Logger(label: "tocsin") { _ in StandardErrorLog(level: .info) }
        // Without a gateway real campaigns are left to a process that has one: given to this one, their messages
        // would be given up as unavailable.
        let modes: [CampaignMode] = try gateways.realChannels().isEmpty ? [.exercise] : CampaignMode.allCases
        if !modes.contains(.real) { logger.notice("no gateway is configured: this server carries exercises only") }
        let dispatchers = modes.map {
            DispatchService(store: store, gateways: gateways, mode: $0, logger: logger)
        }
        let signal: @Sendable () -> Void = { for dispatcher in dispatchers { dispatcher.signal() } }
        var certificates: TLSCertificates?
        if let tlsCertificate, let tlsKey { certificates = try TLSCertificates(certificate: tlsCertificate, key: tlsKey) }
        var further: [any Service] = [
            LateJoinerService(
                store: store, modes: modes, carried: try gateways.realChannels(), logger: logger, signal: signal),
            NoticeService(store: store, gateways: gateways, logger: logger),
            ScheduleService(
                office: ScheduleOffice(store: store, gateways: gateways), modes: modes, logger: logger, signal: signal),
        ]
        if let anchoring = try JournalAnchorService(store: store, logger: logger) { further.append(anchoring) }
        if let backups = try BackupService(store: store, logger: logger) { further.append(backups) }
        if let certificates { further.append(CertificateService(certificates: certificates, logger: logger)) }
        if let returnedMail {
            further.append(ReturnedMailService(
                mail: try ReturnedMail(store: store), maildir: try ReturnedMaildir(path: returnedMail), logger: logger,
                signal: signal))
        }
        // Recipients ask for the public name, through whatever stands in front; providers for the one their gateway says.
        let callers = try gateways.callbackReaders()
        let publicNames = [gateways.publicAddress?.host].compactMap { $0 }
            + callers.values.compactMap { URLComponents(string: $0.base)?.host }
        var services = ConsoleServices(
            accounts: Accounts(store: store, keyFile: database.keyFile), territory: try Territory(store: store, gateways: gateways),
            zones: ZoneDesk(store: store), perimeters: Perimeters(store: store),
            campaigns: CampaignDesk(store: store, gateways: gateways, signal: signal),
            approvals: ApprovalDesk(store: store, gateways: gateways, signal: signal),
            scenarios: ScenarioDesk(store: store, gateways: gateways, signal: signal),
            messages: MessageDesk(store: store, gateways: gateways, signal: signal), addresses: noAddressAPI ? nil : AddressDesk(store: store),
            coverage: CoverageDesk(store: store, rates: try .configured()),
            recipients: try RecipientDesk(store: store, signal: signal),
            gateways: callers.isEmpty
                ? nil : try GatewayDesk(store: store, gateways: gateways, logger: logger, signal: signal),
            journal: JournalDesk(store: store), people: PeopleDesk(store: store),
            account: AccountDesk(store: store, keyFile: database.keyFile), organisations: OrganisationDesk(store: store))
        services.requests = RequestDesk(store: store)
        services.amendments = AmendmentDesk(store: store, signal: signal)
        services.notices = NoticeDesk(store: store)
        var limits = ConsoleLimits()
        limits.addressRequestsPerSecond = addressRate
        for setting in limit { setting.apply(to: &limits) }
        let scheme = certificates == nil ? "http" : "https"
        let reachedBy = Self.everyAddress.contains(host) ? hostName[0] : bracketedHost
        let console = ConsoleServer(
            configuration: ConsoleConfiguration(
                host: host, port: port, hostNames: Set((hostName + publicNames + [bracketedHost]).map { $0.lowercased() }),
                publicFolder: folder, isBehindTLSProxy: behindTLSProxy, certificates: certificates, limits: limits),
            services: services, logger: logger,
            onListening: { port in
                Terminal.say("Tocsin listens on \(scheme)://\(reachedBy):\(port)")
                // A failure shows at the first search, to who asked.
                Task { try? await Offload.run { try store.readyGeocoder() } }
            })
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (dispatchers + further).map { .init(service: $0) } + [.init(service: console)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    /// What `--host` means by “every address of this machine”: nobody's name.
    private static let everyAddress: Set<String> = ["0.0.0.0", "::"]

    /// The address listened on as a URL and a `Host` field write it.
    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}

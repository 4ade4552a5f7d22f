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

    @Option(help: ArgumentHelp(
        "Port of the console of exercises, which can reach nobody (default: the next one; 0: the system chooses).",
        valueName: "port"))
    var exercisePort: Int?

    @Option(help: ArgumentHelp("Where a proxy serves the console of exercises: https://exercice.example.", valueName: "url"))
    var exerciseURL: String?

    @Flag(help: "No console of exercises; `alert --exercise` remains.")
    var noExerciseAddress = false

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
        if let exercisePort {
            if !(0...65_535).contains(exercisePort) { throw ValidationError("--exercise-port goes from 0 to 65535") }
            if exercisePort == port, port != 0 { throw ValidationError("--exercise-port is another one than --port") }
            if noExerciseAddress { throw ValidationError("--exercise-port and --no-exercise-address: one or the other") }
        }
        if let exerciseURL, URLComponents(string: exerciseURL)?.host?.isEmpty ?? true {
            throw ValidationError("--exercise-url is a whole address, such as https://exercice.example")
        }
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
        let background = try BackgroundMapSetting.configured(ProcessInfo.processInfo.environment)
        let logger = Logger(label: "tocsin") { _ in StandardErrorLog(level: .info) }
        // Without a gateway real campaigns are left to a process that has one: given to this one, their messages
        // would be given up as unavailable.
        let isReal = try !gateways.realChannels().isEmpty
        if !isReal { logger.notice("no gateway is configured: this server carries exercises only") }
        let simulators = try exerciseMeans(isAllThereIs: !isReal, logger: logger)
        var means: [any CampaignMeans] = []
        if let simulators { means.append(simulators) }
        if isReal { means.append(gateways) }
        let modes = means.map(\.mode)
        let dispatchers = means.map { DispatchService(store: store, means: $0, logger: logger) }
        let signal: @Sendable () -> Void = { for dispatcher in dispatchers { dispatcher.signal() } }
        let ports = ConsolePorts()
        var certificates: TLSCertificates?
        if let tlsCertificate, let tlsKey { certificates = try TLSCertificates(certificate: tlsCertificate, key: tlsKey) }
        var further: [any Service] = [
            LateJoinerService(
                store: store, modes: modes, carried: try gateways.realChannels(), logger: logger, signal: signal),
            NoticeService(store: store, gateways: gateways, logger: logger),
            ChargeService(store: store, logger: logger),
            RegisterWordsService(store: store, logger: logger),
            DraftService(store: store, logger: logger),
            ScheduleService(
                office: ScheduleOffice(store: store, means: means), logger: logger, signal: signal),
        ]
        let switchboard = try SwitchboardService(store: store, gateways: gateways, means: means, logger: logger, signal: signal)
        if !switchboard.lines.isEmpty { further.append(switchboard) }
        if let anchoring = try JournalAnchorService(store: store, logger: logger) { further.append(anchoring) }
        if let backups = try BackupService(store: store, logger: logger) { further.append(backups) }
        if let certificates { further.append(CertificateService(certificates: certificates, logger: logger)) }
        if let returnedMail {
            further.append(ReturnedMailService(
                mail: try ReturnedMail(store: store), maildir: try ReturnedMaildir(path: returnedMail), logger: logger,
                signal: signal))
        }
        // What each console is given launches and steers campaigns of its own mode, and no others.
        let real = store.confined(to: .real)
        // Recipients ask for the public name, through whatever stands in front; providers for the one their gateway says.
        let callers = try gateways.callbackReaders()
        let publicNames = [gateways.publicAddress?.host].compactMap { $0 }
            + callers.values.compactMap { URLComponents(string: $0.base)?.host }
        let addresses = noAddressAPI ? nil : AddressDesk(store: store)
        var services = ConsoleServices(
            accounts: Accounts(store: store, keyFile: database.keyFile), territory: Territory(store: real, means: gateways),
            zones: ZoneDesk(store: store), perimeters: Perimeters(store: store),
            campaigns: CampaignDesk(store: real, means: gateways, signal: signal),
            approvals: ApprovalDesk(store: real, gateways: gateways, signal: signal),
            scenarios: ScenarioDesk(store: real, means: gateways, signal: signal),
            messages: MessageDesk(store: real, means: gateways, signal: signal), recordings: RecordingDesk(store: real), addresses: addresses,
            coverage: CoverageDesk(store: store, rates: try .configured()),
            recipients: try RecipientDesk(store: store, signal: signal),
            gateways: callers.isEmpty
                ? nil : try GatewayDesk(store: store, gateways: gateways, logger: logger, signal: signal),
            journal: JournalDesk(store: store), people: PeopleDesk(store: store),
            account: AccountDesk(store: store, keyFile: database.keyFile), organisations: OrganisationDesk(store: store))
        services.means = MeansDesk(store: store, gateways: gateways)
        services.requests = RequestDesk(store: real)
        services.amendments = AmendmentDesk(store: real, signal: signal)
        services.notices = NoticeDesk(store: store)
        services.register = RegisterDesk(store: store)
        services.imports = ImportDesk(store: store)
        services.follow = FollowDesk(store: real, mode: .real)
        services.drafts = DraftDesk(store: store, mode: .real)
        services.inbox = InboxDesk(store: store)
        services.templates = TemplateDesk(store: store)
        services.statistics = StatisticsDesk(store: store)
        services.schedules = ScheduleDesk(store: real, means: gateways)
        // The real dispatcher is the last, where there is one.
        services.gatewayWatch = GatewayWatch(store: store, gateways: gateways, dispatcher: isReal ? dispatchers.last : nil)
        services.doubles = DoubleDesk(store: store)
        services.listRoom = ListRoom(store: store)
        var limits = ConsoleLimits()
        limits.addressRequestsPerSecond = addressRate
        for setting in limit { setting.apply(to: &limits) }
        let keys = RelyingPartySetting(
            environment: ProcessInfo.processInfo.environment, names: hostName + publicNames,
            isSecure: behindTLSProxy || certificates != nil, holders: try store.securityKeyHolders())
        let party = try keys.choose { logger.notice("security keys cannot be used", metadata: ["reason": "\($0)"]) }
        if let warning = keys.shutOut(by: party) { logger.critical("\(warning)") }
        let scheme = certificates == nil ? "http" : "https"
        let reachedBy = Self.everyAddress.contains(host) ? hostName[0] : bracketedHost
        var exercises: ExerciseConsoleService?
        // The simulators' dispatcher is the first.
        if let simulators, let drills = dispatchers.first {
            do {
                exercises = try exerciseConsole(
                    try .exercises(store: store, means: simulators, addresses: addresses, dispatcher: drills), ports: ports,
                    certificates: certificates, limits: limits, background: background, publicFolder: folder, publicAddress: gateways.publicAddress,
                    logger: logger)
            } catch {
                guard isReal else { throw error }
                logger.error(
                    "there is no console of exercises: mend what the error names and start the server again",
                    metadata: ["error": "\(error)"])
            }
        }
        let console = ConsoleServer(
            configuration: ConsoleConfiguration(
                other: otherConsole(.exercise, named: exerciseURL, ports), host: host, port: port, hostNames: Set((hostName + publicNames + [bracketedHost]).map { $0.lowercased() }),
                publicFolder: folder, isBehindTLSProxy: behindTLSProxy, certificates: certificates, relyingParty: party,
                background: background, limits: limits),
            services: services, logger: logger,
            onListening: { port in
                ports.note(port, of: .real)
                Terminal.say("Tocsin listens on \(scheme)://\(reachedBy):\(port)")
                // A failure shows at the first search, to who asked.
                Task { try? await Offload.run { try store.readyGeocoder() } }
            })
        try await ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: (dispatchers + further + (exercises.map { [$0] } ?? [])).map { .init(service: $0) } + [.init(service: console)],
                gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        ).run()
    }

    /// What exercises are carried with. A pace that cannot be read is no reason not to carry real alerts.
    ///
    /// - Parameter isAllThereIs: whether nothing real is carried either.
    /// - Returns: nil where the environment's settings cannot be read, which the log then says.
    /// - Throws: where there is nothing else to carry.
    private func exerciseMeans(isAllThereIs: Bool, logger: Logger) throws -> ExerciseMeans? {
        do { return try ExerciseMeans() } catch {
            if isAllThereIs { throw error }
            logger.error(
                "exercises are not carried, and have no console; real alerts are: set the variable right and start the server again",
                metadata: ["error": "\(error)"])
            return nil
        }
    }

    /// The console of exercises, listening on a port of its own.
    private func exerciseConsole(
        _ services: ConsoleServices, ports: ConsolePorts, certificates: TLSCertificates?, limits: ConsoleLimits,
        background: BackgroundMap?, publicFolder: String, publicAddress: PublicAddress?, logger: Logger
    ) throws -> ExerciseConsoleService? {
        guard !noExerciseAddress else { return nil }
        let scheme = certificates == nil ? "http" : "https"
        let reachedBy = Self.everyAddress.contains(host) ? hostName[0] : bracketedHost
        let next = port == 0 ? 0 : port == 65_535 ? port - 1 : port + 1
        let names = hostName + [bracketedHost] + [exerciseURL.flatMap { URLComponents(string: $0)?.host }].compactMap { $0 }
        return ExerciseConsoleService(
            console: ConsoleServer(
                configuration: ConsoleConfiguration(
                    mode: .exercise, other: otherConsole(.real, named: behindTLSProxy ? publicAddress?.text : nil, ports),
                    host: host, port: exercisePort ?? next, hostNames: Set(names.map { $0.lowercased() }),
                    publicFolder: publicFolder, isBehindTLSProxy: behindTLSProxy, certificates: certificates,
                    background: background, limits: limits),
                services: services, logger: logger,
                onListening: { port in
                    ports.note(port, of: .exercise)
                    Terminal.say("Exercises, which reach nobody, are at \(scheme)://\(reachedBy):\(port)")
                }),
            logger: logger)
    }

    /// What pages of one console say of the other: behind a proxy its ports are nobody's.
    private func otherConsole(
        _ mode: CampaignMode, named url: String?, _ ports: ConsolePorts
    ) -> @Sendable () -> OtherConsole? {
        let isBehindProxy = behindTLSProxy
        return { url.map { .url($0) } ?? (isBehindProxy ? nil : ports[mode].map { .port($0) }) }
    }

    /// What `--host` means by “every address of this machine”: nobody's name.
    private static let everyAddress: Set<String> = ["0.0.0.0", "::"]

    /// The address listened on as a URL and a `Host` field write it.
    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}

import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle

/// The console's HTTP server, as a service.
///
/// A graceful shutdown refuses new connections, ends the live streams at once and lets the other answers finish.
package struct ConsoleServer: Service {
    package let configuration: ConsoleConfiguration
    private let services: ConsoleServices
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameter onListening: called once with the port, which the system chose if the configuration says 0.
    package init(
        configuration: ConsoleConfiguration, services: ConsoleServices, logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.services = services
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        try await application().run()
    }

    /// The server as Hummingbird knows it.
    package func application() -> some ApplicationProtocol {
        let onListening = onListening, headers = HeadersMiddleware(configuration)
        let limits = configuration.limits, certificates = configuration.certificates
        let isCounted = !configuration.isBehindTLSProxy
        let seats = ConnectionSeats(most: limits.connectionsPerAddress)
        var http = HTTP1Channel.Configuration(
            additionalChannelHandlers: [
                RequestClock(lingerTime: TimeAmount(limits.lingerTime)), BareAnswerHandler(fields: headers.fields),
            ],
            idleTimeout: TimeAmount(configuration.limits.idleTime))
        http.httpDecoder = .init(maxHeaderFieldSize: 32 << 10, maxHeaderListSize: 48 << 10, maxHeaderFieldCount: 100)
        let channel = http
        return Application(
            router: router(),
            server: HTTPServerBuilder { responder in
                GuardedChannel(
                    base: HTTP1Channel(responder: responder, configuration: channel), seats: seats, isCounted: isCounted,
                    certificates: certificates, limits: limits)
            },
            configuration: ApplicationConfiguration(
                address: .hostname(configuration.host, port: configuration.port),
                availableConnectionsDelegate: MaximumAvailableConnections(
                    configuration.limits.connections, logger: logger)),
            onServerRunning: { await onListening($0.localAddress?.port ?? 0) },
            logger: logger)
    }

    private func router() -> Router<ConsoleContext> {
        let router = Router(context: ConsoleContext.self, options: .autoGenerateHeadEndpoints)
        // From the outside in: whatever fails inside has its envelope, and that has its headers and its line.
        router.add(middleware: HeadersMiddleware(configuration))
        router.add(middleware: AccessLogMiddleware(now: configuration.now))
        router.add(middleware: EnvelopeMiddleware(mode: configuration.mode))
        router.add(
            middleware: HostMiddleware(
                policy: HostPolicy(
                    hostNames: configuration.hostNames, isSecure: configuration.isSecure)))

        let doorkeeper = Doorkeeper(accounts: services.accounts, mode: configuration.mode, now: configuration.now)
        let routes = RouteRegistrar(
            router: router, doorkeeper: doorkeeper, limits: configuration.limits,
            gates: RequestGates(configuration: configuration), mode: configuration.mode)
        routes.refuseOtherAddress()
        PageRoutes(configuration: configuration, doorkeeper: doorkeeper).register(on: routes)
        FileRoutes(files: StaticFiles(folder: configuration.publicFolder)).register(on: routes)
        let challenges = KeyChallenges()
        SessionRoutes(accounts: services.accounts, configuration: configuration, challenges: challenges).register(on: routes)
        TerritoryRoutes(territory: services.territory, background: configuration.background, now: configuration.now).register(on: routes)
        ZoneRoutes(zones: services.zones).register(on: routes)
        PerimeterRoutes(perimeters: services.perimeters).register(on: routes)
        let drafts = services.drafts.map { DraftRoutes(desk: $0, pacing: configuration.pacing, doorkeeper: doorkeeper) }
        drafts?.register(on: routes)
        CampaignRoutes(desk: services.campaigns, drafts: drafts, now: configuration.now).register(on: routes)
        ScenarioRoutes(desk: services.scenarios, now: configuration.now).register(on: routes)
        if let approvals = services.approvals { ApprovalRoutes(desk: approvals, drafts: drafts).register(on: routes) }
        MessageRoutes(desk: services.messages).register(on: routes)
        RecordingRoutes(desk: services.recordings).register(on: routes)
        EventRoutes(desk: services.campaigns, pacing: configuration.pacing, doorkeeper: doorkeeper).register(on: routes)
        if let requests = services.requests { RequestRoutes(desk: requests).register(on: routes) }
        if let amendments = services.amendments { AmendmentRoutes(desk: amendments).register(on: routes) }
        if let follow = services.follow { FollowRoutes(desk: follow).register(on: routes) }
        if let notices = services.notices { NoticeRoutes(desk: notices).register(on: routes) }
        if let register = services.register { RegisterRoutes(desk: register).register(on: routes) }
        if let imports = services.imports { ImportRoutes(desk: imports).register(on: routes) }
        if let inbox = services.inbox { InboxRoutes(desk: inbox).register(on: routes) }
        if let templates = services.templates { TemplateRoutes(desk: templates).register(on: routes) }
        if let statistics = services.statistics { StatisticsRoutes(desk: statistics).register(on: routes) }
        if let schedules = services.schedules { ScheduleRoutes(desk: schedules).register(on: routes) }
        if let watch = services.gatewayWatch {
            GatewayBoardRoutes(desk: watch, pacing: configuration.pacing, doorkeeper: doorkeeper).register(on: routes)
        }
        if let doubles = services.doubles { DoubleRoutes(desk: doubles).register(on: routes) }
        if let lists = services.listRoom { ListRoutes(desk: lists).register(on: routes) }
        if let journal = services.journal { JournalRoutes(desk: journal).register(on: routes) }
        if let organisations = services.organisations {
            OrganisationRoutes(desk: organisations).register(on: routes)
        }
        if let means = services.means { MeansRoutes(desk: means).register(on: routes) }
        if let coverage = services.coverage {
            CoverageRoutes(desk: coverage, doorkeeper: doorkeeper).register(on: routes)
        }
        if let recipients = services.recipients {
            RecipientRoutes(desk: recipients, configuration: configuration).register(on: routes)
        }
        if let people = services.people {
            PeopleRoutes(desk: people, configuration: configuration).register(on: routes)
        }
        if let account = services.account {
            AccountRoutes(
                desk: account, accounts: services.accounts, configuration: configuration, challenges: challenges
            ).register(on: routes)
        }
        if let gateways = services.gateways {
            GatewayRoutes(desk: gateways, configuration: configuration).register(on: routes)
        }
        if let addresses = services.addresses {
            AddressRoutes(desk: addresses, configuration: configuration).register(on: routes)
        }
        return router
    }
}

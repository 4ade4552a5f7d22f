import AlertModel
import Foundation
import WebAuthn

/// Where and how the console listens.
package struct ConsoleConfiguration: Sendable {
    /// What is launched here: the two modes have an address, sessions and passwords each.
    package var mode: CampaignMode
    /// Where the other mode's console is, once it listens; nil where there is none.
    package var other: @Sendable () -> OtherConsole?
    /// Address to bind: a name or a literal address.
    package var host: String
    /// Port to bind; 0 lets the system choose.
    package var port: Int
    /// Names the console answers to, in lower case and without port, besides the loopback ones. Any other `Host`
    /// is refused, so that a foreign page cannot reach the console through a name of its own (DNS rebinding).
    package var hostNames: Set<String>
    /// Path of the folder with the pages, `vendor/` and the console's own scripts.
    package var publicFolder: String
    /// Whether a TLS proxy stands in front: cookies become `Secure`, origins must be https, and the client's
    /// address is the last one of `X-Forwarded-For`. Leave false otherwise: the header can be forged.
    package var isBehindTLSProxy: Bool
    /// The certificate with which the server speaks TLS itself; nil behind a proxy, and on this machine alone.
    package var certificates: TLSCertificates?
    /// Who security keys sign for; nil where the console is reached by no name that they could.
    package var relyingParty: RelyingParty?
    /// A foreign server's map under the console's own; nil where none is configured, and nothing else is ever asked.
    package var background: BackgroundMap?
    package var limits: ConsoleLimits
    package var pacing: EventPacing
    /// The time; tests set it.
    package var now: @Sendable () -> Date

    package init(
        mode: CampaignMode = .real, other: @escaping @Sendable () -> OtherConsole? = { nil },
        host: String = "127.0.0.1", port: Int = 8080, hostNames: Set<String> = [], publicFolder: String,
        isBehindTLSProxy: Bool = false, certificates: TLSCertificates? = nil,
        relyingParty: RelyingParty? = nil, background: BackgroundMap? = nil, limits: ConsoleLimits = ConsoleLimits(),
        pacing: EventPacing = EventPacing(), now: @escaping @Sendable () -> Date = { Date() }
    ) {
        self.mode = mode
        self.other = other
        self.host = host
        self.port = port
        self.hostNames = hostNames
        self.publicFolder = publicFolder
        self.isBehindTLSProxy = isBehindTLSProxy
        self.certificates = certificates
        self.relyingParty = relyingParty
        self.background = background
        self.limits = limits
        self.pacing = pacing
        self.now = now
    }

    /// Whether browsers reach the console by https: cookies are `Secure` then.
    var isSecure: Bool { isBehindTLSProxy || certificates != nil }
}

/// How a page links to the other mode's console.
package enum OtherConsole: Hashable, Sendable {
    /// A port of the same name.
    case port(Int)
    /// A whole address, where a proxy gives it a name of its own.
    case url(String)

    /// As pages carry it; a port is figures.
    var text: String {
        switch self {
        case .port(let port): String(port)
        case .url(let url): url
        }
    }
}

/// Bounds on what one request may cost.
package struct ConsoleLimits: Sendable {
    /// Bodies without a zone.
    package var jsonBytes = 1 << 20
    /// Bodies that carry a zone, and uploaded perimeters: a perimeter read from a file of this size must be
    /// countable afterwards.
    package var geometryBytes = 32 << 20
    /// An uploaded file of recipients: two million rows of a usual one.
    package var registerFileBytes = 256 << 20
    /// Time for a body to arrive; 32 MiB take 107 s at 2.5 Mbit/s.
    package var bodyTime: Duration = .seconds(120)
    /// Time for an answer that reads little.
    package var quickTime: Duration = .seconds(20)
    /// Time for an answer that computes over a zone or launches a campaign.
    package var longTime: Duration = .seconds(120)
    /// A connection on which nothing is read or written for so long is closed, unless an answer is being prepared.
    package var idleTime: Duration = .seconds(60)
    /// Once this many connections are open, more wait in the kernel's queue.
    package var connections = 4_000
    /// Of these, from one address (an IPv6 network): a town hall behind its one public address. Not behind a proxy.
    package var connectionsPerAddress = 400
    /// Time for a TLS handshake.
    package var handshakeTime: Duration = .seconds(10)
    /// Time from a request's first byte to the end of its head.
    package var headTime: Duration = .seconds(15)
    /// Who goes on sending a body that was answered already is cut off after this long.
    package var lingerTime: Duration = .seconds(5)
    /// Requests a second from one address; five times as many at once after a pause.
    package var requestsPerSecondByAddress = 500
    /// Requests a second of one account, likewise: dragging a corner over a zone asks some sixty times a second.
    package var requestsPerSecondByAccount = 200
    /// Password checks at one time: each takes a core and tens of megabytes.
    package var concurrentPasswordChecks = 2

    /// Requests for recipients' own pages that one client may make a second: a town behind its operator's one address.
    package var linkRequestsPerSecond = 100
    /// Callbacks of providers answered to one address, a second: each is a transaction, and a provider that is asked to
    /// wait calls again.
    package var callbackRequestsPerSecond = 500

    /// Requests for addresses that one client may make a second, as with the national service; 0 for no bound.
    package var addressRequestsPerSecond = 50
    /// Questions about addresses answered at one time: half of the machine, so that the other half and most of the
    /// database's readers are always the console's.
    package var concurrentAddressQuestions = max(1, ProcessInfo.processInfo.activeProcessorCount / 2)
    /// Questions that wait for their turn; more are refused. At a millisecond each they wait a fifth of a second.
    package var waitingAddressQuestions = 200
    /// Time for an answer about addresses, its turn included.
    package var addressTime: Duration = .seconds(5)
    /// An uploaded table of addresses: the national service's limit.
    package var tableBytes = 50_000_000
    /// Rows of such a table: what is answered within `tableTime` at a thousand rows a second.
    package var tableRows = 500_000
    /// Tables held in memory at one time.
    package var concurrentTables = 2
    /// Time for all of a table's answer.
    package var tableTime: Duration = .seconds(900)
    /// A reader who takes nothing of a table's answer for so long is gone.
    package var tableStallTime: Duration = .seconds(60)

    package init() {}
}

/// How live events are spaced.
package struct EventPacing: Sendable {
    /// At most four events per second.
    package var minimumInterval: Duration = .milliseconds(250)
    /// A comment line this often keeps proxies from closing a silent stream.
    package var pingPeriod: Duration = .seconds(15)
    /// How often a stream asks whether its reader still may: rights that are withdrawn end it within a second.
    package var checkPeriod: Duration = .milliseconds(500)
    package var clock: any Clock<Duration> = ContinuousClock()

    package init() {}
}

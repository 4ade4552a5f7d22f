import AlertModel
import ArgumentParser
import Campaigns
import Channels
import Dispatching
import Foundation
import GeoModel
import Logging
import Store
import Synchronization

struct DispatchBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "dispatch",
        abstract: "Time a campaign through a gateway that answers at once, with the whole ledger on.",
        discussion: """
            Recipients are invented and the ledger is a file of its own, removed at the end: no register is read and \
            nothing can leave. The delay is from the moment a message is claimed to the moment the gateway has it. With a \
            relay on this machine, such as `smtp-sink`, messages are e-mails as a real campaign writes them, with links and, \
            where TOCSIN_DKIM says so, signed, to addresses that exist nowhere (.invalid).
            """)

    @Option(help: "How many recipients, each with one number.")
    var recipients = 150_000

    @Option(help: "Submissions in flight at once.")
    var window = 4_000

    @Option(help: ArgumentHelp("A gateway with a rate (default: none).", valueName: "messages a second"))
    var rate: Double?

    @Option(help: ArgumentHelp("On which disk the ledger is written (default: the system's temporary folder).", valueName: "folder"))
    var folder: String?

    @Flag(help: "Every message names its recipient.")
    var personal = false

    @Option(help: ArgumentHelp(
        "E-mail to this relay, which must be on this machine.", valueName: "smtp://127.0.0.1:port"))
    var relay: String?

    func validate() throws {
        guard relay.map(WebAddress.isLoopback) ?? true else {
            throw ValidationError("--relay takes a relay on this machine: smtp://127.0.0.1:PORT")
        }
        guard relay == nil || rate == nil else { throw ValidationError("--rate is the answering gateway's: leave it or --relay out") }
        guard (1...10_000_000).contains(recipients) else { throw ValidationError("--recipients takes 1 to 10000000") }
        guard (1...100_000).contains(window) else { throw ValidationError("--window takes 1 to 100000") }
    }

    func run() async throws {
        let bench = try BenchLedger(in: folder.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory)
        try bench.enrol(recipients)
        let clock = ContinuousClock()
        MemoryPeak.reset()
        let launchedAt = clock.now
        let launch = try launch(bench.ledger)
        let planning = clock.now - launchedAt
        let planningPeak = MemoryPeak.mebibytes
        MemoryPeak.reset()

        let meter = Meter(expecting: recipients, clock.now)
        let holder = Mutex<Dispatcher?>(nil)
        let dispatcher = Dispatcher(
            gateways: try relay.map { try .real([try mailGateway($0, meter)]) } ?? .exercise([try nullGateway(meter)]),
            ledger: bench.ledger.port,
            logger: Logger(label: "tocsin.bench") { _ in StandardErrorLog(level: .warning) }
        ) { event in
            if case .completed = event { holder.withLock { $0 }?.shutDown() }
        }
        holder.withLock { $0 = dispatcher }
        let start = clock.now
        try await dispatcher.run()
        let seconds = (clock.now - start).inSeconds
        let accepted = try bench.ledger.progress(of: launch.campaign).count(LegState.accepted)
        guard accepted == recipients else {
            throw ValidationError(
                "\(accepted) of \(recipients) messages were accepted: the measure is worth nothing"
                    + (relay == nil ? "" : "; look whether the relay takes messages"))
        }
        for (name, value) in [
            ("recipients", Double(recipients)), ("planning_seconds", planning.inSeconds), ("planning_peak_mib", planningPeak),
            ("dispatch_seconds", seconds), ("messages_per_second", Double(recipients) / seconds),
            ("messages_per_quarter_hour", Double(recipients) / seconds * 900),
        ] + meter.lines + [("dispatch_peak_mib", MemoryPeak.mebibytes)] {
            Terminal.out("\(name)\t\(value == value.rounded() ? String(Int(value)) : String(format: "%.3f", value))\n")
        }
    }

    private static let personalText = "Bonjour {nom}, ceci est un essai du dispositif d'alerte de {commune}. Aucune action "
        + "n'est attendue de vous."

    private var channel: Channel { relay == nil ? .sms : .email }
    private var mode: CampaignMode { relay == nil ? .exercise : .real }

    private func launch(_ ledger: CampaignLedger) throws -> Launch {
        let channel = channel
        let campaign = BenchCampaign(
            recipients: recipients, channel: channel, mode: mode, text: personal ? Self.personalText : "Essai du dispositif",
            isPersonal: personal)
        return try campaign.launch(on: ledger) { channel == .email ? "r\($0)@exemple.invalid" : "+3319900\($0)" }
    }

    /// The e-mail gateway as it is, noted by the meter.
    private func mailGateway(_ relay: String, _ meter: Meter) throws -> Gateway {
        let environment = [
            EmailGateway.relayVariable: relay, EmailGateway.senderVariable: "Essai <essai@exemple.invalid>",
            EmailSettings.signatureVariable: ProcessInfo.processInfo.environment[EmailSettings.signatureVariable] ?? "",
        ]
        guard let key = LinkKey(bytes: LinkKey.random()),
            let gateway = try EmailGateway.configured(
                environment: environment, extras: EmailExtras(key: key, publicAddress: "https://alerte.invalid"))
        else { throw ValidationError("--relay is empty: smtp://127.0.0.1:PORT") }
        return Gateway(gateway.traits, isSimulator: false, close: gateway.close) { submission in
            let result = await gateway.submit(submission)
            meter.note(UTCTime.now.milliseconds(since: submission.claimedAt))
            return result
        }
    }

    /// Answers at once and reaches nobody. It exists here alone.
    private func nullGateway(_ meter: Meter) throws -> Gateway {
        var limit: GatewayRate?
        if let rate {
            limit = GatewayRate(perSecond: rate, unit: .messages)
            guard limit != nil else { throw ValidationError("--rate takes 0.001 to 100000") }
        }
        let traits = GatewayTraits(name: "null", channel: .sms, window: window, rate: limit)
        return Gateway(traits, isSimulator: true) { submission in
            meter.note(UTCTime.now.milliseconds(since: submission.claimedAt))
            return SubmissionResult(.known(.accepted))
        }
    }
}

/// Delays and moments of submissions, in bounded memory.
private final class Meter: Sendable {
    private static let longestMilliseconds = 60_000

    private struct Counts {
        /// By milliseconds; the last holds all that were longer.
        var delays: [Int]
        var done = 0
        var reached: [(part: Int, seconds: Double)] = []
    }

    private let counts: Mutex<Counts>
    private let total: Int
    private let start: ContinuousClock.Instant

    init(expecting total: Int, _ start: ContinuousClock.Instant) {
        self.total = total
        self.start = start
        counts = Mutex(Counts(delays: Array(repeating: 0, count: Self.longestMilliseconds + 1)))
    }

    func note(_ milliseconds: Int64) {
        counts.withLock { counts in
            counts.delays[max(0, min(Int(milliseconds), Self.longestMilliseconds))] += 1
            counts.done += 1
            for part in [50, 90, 100] where counts.done == max(1, total * part / 100) {
                counts.reached.append((part, (ContinuousClock.now - start).inSeconds))
            }
        }
    }

    var lines: [(String, Double)] {
        counts.withLock { counts in
            let delays = [50, 95, 99].map { part -> (String, Double) in
                var left = max(1, counts.done * part / 100)
                let index = counts.delays.firstIndex { count in
                    left -= count
                    return left <= 0
                }
                return ("delay_p\(part)_ms", Double(index ?? 0))
            }
            return delays + counts.reached.map { ("seconds_to_\($0.part)_percent", $0.seconds) }
        }
    }
}

extension Duration {
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) / 1e18 }
}

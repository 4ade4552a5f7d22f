import AlertModel
import ArgumentParser
import Campaigns
import Channels
import Dispatching
import Foundation
import Logging
import Store
import Synchronization
import Telephony

struct VoiceBenchCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "voice",
        abstract: "Time a campaign of calls over a trunk of this machine, with the whole ledger on.",
        discussion: """
            Recipients are invented and the ledger is a file of its own, removed at the end. The trunk must be on this machine and \
            answer every call, such as `sipp -sn uas`: `Scripts/bench-voice` starts one. Audio of all calls has one tick every 20 ms; a \
            tick is late by more than 10 ms. Cores are the processor time of this process alone while nearly all lines are taken.
            """)

    @Option(help: ArgumentHelp("Where the trunk is.", valueName: "127.0.0.1:port"))
    var trunk: String

    @Option(help: "Calls at once.")
    var lines = 3_000

    @Option(help: "Calls in all (default: one and a half times the lines).")
    var calls: Int?

    @Option(help: "Calls begun a second.")
    var rate = 200.0

    @Option(help: ArgumentHelp("On which disk the ledger is written (default: the system's temporary folder).", valueName: "folder"))
    var folder: String?

    func validate() throws {
        guard port != nil else { throw ValidationError("--trunk takes a trunk on this machine: 127.0.0.1:PORT") }
        guard (1...4_000).contains(lines) else { throw ValidationError("--lines takes 1 to 4000") }
        guard (1...100_000).contains(number) else { throw ValidationError("--calls takes 1 to 100000") }
        guard GatewayRate(perSecond: rate, unit: .messages) != nil else { throw ValidationError("--rate takes 0.001 to 100000") }
    }

    private var port: Int? {
        let parts = trunk.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts[0] == "127.0.0.1", let port = Int(parts[1]), (1...65_535).contains(port) else { return nil }
        return port
    }

    private var number: Int { calls ?? lines * 3 / 2 }

    func run() async throws {
        let bench = try BenchLedger(in: folder.map { URL(filePath: $0) } ?? FileManager.default.temporaryDirectory)
        try bench.enrol(number)
        let campaign = BenchCampaign(recipients: number, channel: .voice, mode: .real, text: Self.text)
        let launch = try campaign.launch(on: bench.ledger) { "+3319900\($0)" }
        let opened = Mutex<Trunk?>(nil)
        let traits = GatewayTraits(
            name: "trunk", channel: .voice, window: lines, rate: GatewayRate(perSecond: rate, unit: .messages))
        let gateway = VoiceGateway.gateway(traits, settings) { trunk in opened.withLock { $0 = trunk } }
        let holder = Mutex<Dispatcher?>(nil)
        let dispatcher = Dispatcher(
            gateways: try .real([gateway]), ledger: bench.ledger.port,
            logger: Logger(label: "tocsin.bench") { _ in StandardErrorLog(level: .warning) }
        ) { event in
            if case .completed = event { holder.withLock { $0 }?.shutDown() }
        }
        holder.withLock { $0 = dispatcher }
        MemoryPeak.reset()
        let start = ContinuousClock.now
        let gauge = Task {
            var gauge = LineGauge(lines: lines)
            while !Task.isCancelled {
                if let times = opened.withLock({ $0 })?.timekeeping { gauge.note(times) }
                try? await Task.sleep(for: .milliseconds(200))
            }
            return gauge
        }
        try await dispatcher.run()
        let seconds = (ContinuousClock.now - start).inSeconds
        gauge.cancel()
        let measured = await gauge.value
        let progress = try bench.ledger.progress(of: launch.campaign)
        guard progress.count(LegState.answered) == number else {
            throw ValidationError(
                "\(progress.count(LegState.answered)) of \(number) calls were answered and heard: the measure is worth nothing; look "
                    + "whether the trunk answers, and keeps up")
        }
        for (name, value) in [("calls", Double(number)), ("seconds", seconds)] + measured.figures + [("peak_mib", MemoryPeak.mebibytes)] {
            Terminal.out("\(name)\t\(value == value.rounded() ? String(Int(value)) : String(format: "%.3f", value))\n")
        }
    }

    /// Some twenty seconds of speech: longer than it takes to fill all lines.
    private static let text = String(
        repeating: "Ceci est un essai du dispositif d'alerte. Aucune action n'est attendue de vous. ", count: 4)

    private var settings: VoiceGateway.Settings {
        var trunk = TrunkSettings(host: "127.0.0.1", lines: lines)
        trunk.port = port
        var settings = VoiceGateway.Settings(trunk: trunk, caller: "+33199000000")
        settings.script.plays = 1
        settings.script.pause = .seconds(1)
        return settings
    }
}

/// What is read of a trunk while a campaign runs.
private struct LineGauge {
    private let lines: Int
    private let start = ContinuousClock.now
    private var last: TrunkTimekeeping?
    private var secondsToFill: Double?
    /// While nearly all lines are taken.
    private var before: (time: ContinuousClock.Instant, processor: Double)?
    private var full = (seconds: 0.0, processor: 0.0, lineSeconds: 0.0)

    init(lines: Int) { self.lines = lines }

    mutating func note(_ times: TrunkTimekeeping) {
        last = times
        let now = (time: ContinuousClock.now, processor: Self.processorSeconds)
        let isFull = times.calls >= lines * 95 / 100
        if isFull, secondsToFill == nil { secondsToFill = (now.time - start).inSeconds }
        if isFull, let before {
            let seconds = (now.time - before.time).inSeconds
            full.seconds += seconds
            full.processor += now.processor - before.processor
            full.lineSeconds += seconds * Double(times.calls)
        }
        before = isFull ? now : nil
    }

    var figures: [(String, Double)] {
        guard let last else { return [] }
        var figures: [(String, Double)] = [
            ("most_lines", Double(last.mostCalls)), ("ticks", Double(last.ticks)), ("late_ticks", Double(last.late)),
            ("late_percent", 100 * Double(last.late) / Double(max(1, last.ticks))), ("worst_tick_ms", last.worstMilliseconds),
        ]
        if let secondsToFill { figures += [("seconds_to_95_percent_of_lines", secondsToFill), ("calls_begun_a_second", Double(lines) * 0.95 / secondsToFill)] }
        if full.seconds > 0, full.processor > 0 {
            let cores = full.processor / full.seconds
            figures += [("full_seconds", full.seconds), ("cores", cores), ("lines_a_core", full.lineSeconds / full.seconds / cores)]
        }
        return figures
    }

    /// Of this process and all its threads; not of the programs it started.
    private static var processorSeconds: Double {
        var usage = rusage()
        guard getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage) == 0 else { return 0 }
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}

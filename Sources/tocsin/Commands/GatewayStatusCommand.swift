import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Store

struct GatewayStatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "How the gateways are now, as the process that carries the campaigns sees them.",
        discussion: """
            Prints name, channel, `closed` (up), `open` (down) or `half_open` (being tried again), since when it is down, the last \
            failure of its own, the last success, messages in flight, units a second and how much of the last hour was accepted. \
            Nothing is connected; without a dispatcher there is nothing to tell, and the status is other than 0.
            """)

    @OptionGroup var database: DatabaseOption

    @Flag(help: "The simulators that exercises are carried with.")
    var exercise = false

    @Flag(help: "As JSON.")
    var json = false

    func run() throws {
        let store = try database.open(for: .statistics)
        let mode: CampaignMode = exercise ? .exercise : .real
        guard let sheet = DispatcherStatus(databasePath: store.path, mode: mode).read(now: .now) else {
            let holder = DispatcherLock.holder(ofDatabaseAt: store.path, mode: mode)
            Terminal.warn(
                holder.map { "\($0) carries the campaigns and tells nothing of its gateways: it is another version, or its disk is full" }
                    ?? "nobody carries \(mode.rawValue) campaigns on this database: start `tocsin serve`")
            throw ExitCode.failure
        }
        let organisation = try store.currentOperator().organisation
        let access = mode == .real ? try organisation.map { try store.gatewayAccess(of: $0) } ?? .all : .all
        let gateways = sheet.gateways.filter { access.allows($0.name, on: $0.channel) }
        if json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .prettyPrinted, .withoutEscapingSlashes]
            encoder.dateEncodingStrategy = .iso8601
            let lines = gateways.map { StatusLine($0) }
            Terminal.out(String(decoding: try encoder.encode(lines), as: UTF8.self) + "\n")
        } else {
            for gateway in gateways { Terminal.out(StatusLine(gateway).words.joined(separator: "\t") + "\n") }
        }
    }
}

/// One gateway as the command tells it.
private struct StatusLine: Encodable {
    let name: String
    let channel: Channel
    let circuit: GatewayVitals.Circuit
    let downSince: Date?
    let fault: String?
    let lastSuccess: Date?
    let held: Int
    let inFlight: Int
    let unitsPerSecond: Double
    let taken: Int
    let refused: Int
    let faults: Int

    init(_ vitals: GatewayVitals) {
        name = vitals.name
        channel = vitals.channel
        circuit = vitals.circuit
        downSince = vitals.downSince.map { Date($0) }
        fault = vitals.fault
        lastSuccess = vitals.lastSuccess.map { Date($0) }
        held = vitals.held
        inFlight = vitals.inFlight
        unitsPerSecond = vitals.unitsPerSecond
        taken = vitals.answers.taken
        refused = vitals.answers.refused
        faults = vitals.answers.faults
    }

    var words: [String] {
        let all = taken + refused + faults
        return [
            name, channel.rawValue, circuit.rawValue, downSince.map { "since \($0.formatted(.iso8601))" } ?? "", fault ?? "no failure",
            lastSuccess?.formatted(.iso8601) ?? "no success yet", "\(inFlight) in flight", "\(unitsPerSecond)/s",
            all == 0 ? "nothing sent" : "\(taken) of \(all) accepted",
        ]
    }
}

import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

struct RequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "request",
        abstract: "Hand ground beyond the territory to whoever answers for it, and answer what was handed over.",
        discussion: """
            Each organisation whose territory meets what lies beyond gets its own part, with the text, and decides by itself: \
            accepted, it is launched there with their register, lanes and guard rails (`tocsin alert --handed NUMBER`). Whoever \
            asked sees that it was launched and when, and nothing of whom it reached.
            """,
        subcommands: [
            ListRequestsCommand.self, ShowRequestCommand.self, SendRequestCommand.self, AcceptRequestCommand.self,
            RefuseRequestCommand.self, WithdrawRequestCommand.self,
        ], defaultSubcommand: ListRequestsCommand.self)
}

/// The request a command is about.
struct RequestArgument: ParsableArguments {
    @OptionGroup var database: DatabaseOption

    @Argument(help: "The request's number.")
    var id: Int64

    var request: ZoneRequestID { ZoneRequestID(rawValue: id) }
}

struct ListRequestsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, newest first: number, received or sent, state, since, from, to, when launched, subject.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open(for: .statistics)
        let (received, sent) = try store.zoneRequests(of: store.currentOperator().organisation)
        let all = received.map { ("received", $0) } + sent.map { ("sent", $0) }
        for (way, request) in all.sorted(by: { $0.1.id > $1.1.id }) {
            Terminal.out(
                [
                    request.id.description, way, request.facts.state(at: .now).rawValue, ISO8601.text(request.facts.askedAt),
                    request.fromName, request.toName, request.launchedAt.map { ISO8601.text($0) } ?? "", request.message.subject,
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what is asked, of whom, and what became of it, as `key<TAB>value` lines.")

    @OptionGroup var request: RequestArgument

    @Flag(help: "Print the zone document instead.")
    var zone = false

    func run() throws {
        let store = try request.database.open(for: .statistics)
        let person = try store.currentOperator()
        let saved = try store.zoneRequest(request.request, of: person.organisation)
        if zone { return Terminal.out(saved.zoneDocument + "\n") }
        let isReceiver = person.organisation == nil || person.organisation == saved.to
        let lines: [(String, String)] = [
            ("request", saved.id.description), ("state", saved.facts.state(at: .now).rawValue), ("from", saved.fromName),
            ("to", saved.toName), ("asked_by", saved.askedBy), ("asked_at", ISO8601.text(saved.facts.askedAt)),
            ("expires_at", ISO8601.text(saved.facts.expiresAt)), ("kind", saved.kind.rawValue),
            ("channels", saved.channels.map(\.rawValue).joined(separator: ",")),
            ("communes", saved.communes.joined(separator: ", ")), ("communes_total", String(saved.communesTotal)),
            ("square_metres", String(Int(saved.squareMetres.rounded()))), ("subject", saved.message.subject),
            ("text", saved.message.text), ("note", saved.note),
            // Whose account answered there is theirs to know.
            ("decided_by", isReceiver ? saved.decidedBy ?? "" : ""),
            ("decided_at", saved.decidedAt.map { ISO8601.text($0) } ?? ""), ("reason", saved.reason ?? ""),
            ("launched_at", saved.launchedAt.map { ISO8601.text($0) } ?? ""),
            ("campaign", isReceiver ? saved.campaign?.description ?? "" : ""),
        ]
        Terminal.out(lines.map { "\($0)\t\($1.replacing("\n", with: " "))\n" }.joined())
    }
}

struct SendRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "send",
        abstract: "Hand what lies beyond the territory to organisations; without --to, say whose it is and send nothing.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup(title: "Zone") var zone: ZoneArguments
    @OptionGroup(title: "Message") var message: MessageArguments

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("An organisation that is asked (repeatable).", valueName: "name"))
    var to: [String] = []

    @Option(help: ArgumentHelp("Channels, comma-separated.", valueName: "channel,channel…"))
    var channels = "sms"

    @Option(help: "What it is for.")
    var kind = CampaignKind.alert

    @Option(help: "To whoever reads it there.")
    var note = ""

    @Option(help: ArgumentHelp("The same key never sends twice (for scripts that may run again).", valueName: "key"))
    var requestKey: String?

    func run() throws {
        let store = try database.open(for: to.isEmpty ? .statistics : .launch)
        let organisation = try owner.organisation(in: store)
        let zone = try zone.zone(in: store, scope: store.scope(of: organisation))
        let neighbours = try store.neighbours(of: zone, beyond: organisation)
        guard !to.isEmpty else {
            for one in neighbours {
                Terminal.out(
                    [
                        one.organisation.name, one.organisation.kind.rawValue, one.isParent ? "parent" : "neighbour",
                        String(Int(one.squareMetres.rounded())), one.communes.prefix(5).joined(separator: ", "),
                    ].joined(separator: "\t") + "\n")
            }
            return Terminal.say("nothing was sent: name who is asked with --to, and the text")
        }
        let name = try store.name(of: organisation)
        let text = try message.message(in: store, of: (organisation, name))
        let receivers = try to.map { name in
            guard let one = neighbours.first(where: { $0.organisation.name == name }) else { throw ZoneRequestRefusal.notConcerned }
            return one.organisation.id
        }
        let sent = try store.send(
            ZoneRequestDraft(
                organisation: organisation, requestKey: requestKey ?? UUID().uuidString, zone: zone, message: text,
                channels: try Channel.list(channels, option: "--channels"), kind: kind, note: note, askedBy: database.actor),
            to: receivers, now: .now)
        for one in sent {
            Terminal.out("request\t\(one.id)\t\(one.toName)\n")
            Terminal.say("\(one.toName) is asked until \(ISO8601.text(one.facts.expiresAt)): `tocsin request show \(one.id)`")
        }
    }
}

struct AcceptRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "accept", abstract: "Take up what was handed over; it is launched apart, or not.")

    @OptionGroup var request: RequestArgument

    func run() throws {
        let store = try request.database.open(for: .launch)
        let person = try store.currentOperator()
        let saved = try store.acceptZoneRequest(request.request, of: person.organisation, by: person.name, now: .now)
        Terminal.say(
            "request \(saved.id) of \(saved.fromName) is accepted, and nothing is launched yet: "
                + "`tocsin alert --handed \(saved.id)` launches it with your register")
    }
}

struct RefuseRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a request, for a reason that its asker sees.")

    @OptionGroup var request: RequestArgument

    @Option(help: "Why; the other organisation reads it.")
    var reason: String

    func run() throws {
        let store = try request.database.open(for: .launch)
        let person = try store.currentOperator()
        let saved = try store.refuseZoneRequest(
            request.request, of: person.organisation, by: person.name, reason: reason, now: .now)
        Terminal.say("request \(saved.id) of \(saved.fromName) is refused")
    }
}

struct WithdrawRequestCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a request of one's own back while nobody answered.")

    @OptionGroup var request: RequestArgument

    func run() throws {
        let store = try request.database.open(for: .launch)
        let person = try store.currentOperator()
        let saved = try store.withdrawZoneRequest(request.request, of: person.organisation, by: person.name, now: .now)
        Terminal.say("request \(saved.id) to \(saved.toName) is withdrawn")
    }
}

import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

struct ScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "scenario",
        abstract: "Prepare launches ahead: zone, message with blanks, channels; approved once, launched in one gesture.",
        discussion: """
            Approved by a second person, a scenario within the organisation's limits is launched by one, who has five \
            seconds to take it back (`campaign undo`). A change voids the approval.
            """,
        subcommands: [
            ListScenariosCommand.self, SaveScenarioCommand.self, ShowScenarioCommand.self, AskScenarioCommand.self,
            ApproveScenarioCommand.self, RefuseScenarioCommand.self,
            RemoveScenarioCommand.self, LaunchScenarioCommand.self, NumberScenarioCommand.self,
        ], defaultSubcommand: ListScenariosCommand.self)
}

/// The scenario a command is about, and whose it is.
struct ScenarioArgument: ParsableArguments {
    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "Its name.") var name: String

    func owner(in store: AlertDatabase) throws -> OrganisationID {
        try owner.organisation(in: store)
    }
}

struct ListScenariosCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List scenarios: name, who approved it, channels, blanks, subject, who asks for approval.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open(for: .statistics)
        let organisation = try Tenancy(store).organisation
        let requests = try store.scenarioRequests(of: organisation)
        for saved in try store.scenarios(of: organisation) {
            Terminal.out(
                [
                    saved.name, saved.approvedBy ?? "not approved",
                    saved.scenario.policy.channels.sorted().map(\.rawValue).joined(separator: ","),
                    Scenario.write(saved.scenario.blanks), saved.scenario.message.subject,
                    requests[saved.id].map { $0.state == .pending ? "asked by \($0.askedBy)" : "" } ?? "",
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct SaveScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Save a scenario, or change the one of that name; it is to be approved again.")

    @OptionGroup var scenario: ScenarioArgument
    @OptionGroup(title: "Zone") var zone: ZoneArguments
    @OptionGroup(title: "Message") var message: MessageArguments
    @OptionGroup(title: "Message") var recording: RecordingOption
    @OptionGroup(title: "Delivery") var delivery: DeliveryArguments

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("A place that is filled at the launch, and with what: time, place or text (repeatable).", valueName: "name=kind"))
    var blank: [String] = []

    @Option(help: "What it is for.")
    var kind = CampaignKind.alert

    func validate() throws { try message.requireText() }

    func run() throws {
        let store = try scenario.database.open(for: .prepare)
        let person = try store.currentOperator()
        guard let blanks = Scenario.readBlanks(blank.joined(separator: ",")) else {
            throw ValidationError("--blank \(blank.joined(separator: " ")): name=time, name=place or name=text is due")
        }
        guard message.values.isEmpty else { throw ValidationError("--set is for the launch; a scenario names its blanks: --blank") }
        let owner = try scenario.owner(in: store)
        let name = try store.name(of: owner)
        let scope = try store.scope(of: owner)
        let zone = try zone.zone(in: store, scope: scope)
        // Unknown codes and unjudgeable zones are refused now, not at the launch.
        _ = try store.counts(of: zone, scope: scope)
        let policy = try delivery.chosenPolicy(kind: kind, mode: .real, in: store, of: name)
        if let problem = PolicyRules.problems(of: policy).first { throw LaunchError.policyOutOfBounds(problem) }
        let written: Message = if let template = message.template {
            try store.template(named: template, of: owner).template[message.part ?? .message]
        } else {
            Message(subject: message.subject ?? "", text: message.message ?? "")
        }
        try store.save(
            Scenario(
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: recording.applied(to: written, in: store, of: owner), policy: policy,
                kind: kind, weight: 1, blanks: blanks),
            named: scenario.name, of: owner, standardBlanks: StandardPlaces.names,
            actor: person.name, now: .now)
        Terminal.say("scenario \(scenario.name) is saved; another person approves it: `tocsin scenario ask`")
    }
}

struct ShowScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Print a scenario as `key<TAB>value` lines.")

    @OptionGroup var scenario: ScenarioArgument

    func run() throws {
        let store = try scenario.database.open(for: .statistics)
        let saved = try store.scenario(named: scenario.name, of: scenario.owner(in: store))
        let zone = try ZoneDocument.decode(Array(saved.scenario.zoneDocument.utf8))
        let lines: [(String, String)] = [
            ("scenario", saved.name), ("kind", saved.scenario.kind.rawValue), ("zone", zone.label),
            ("channels", saved.scenario.policy.channels.sorted().map(\.rawValue).joined(separator: ",")),
            ("subject", saved.scenario.message.subject), ("text", saved.scenario.message.text),
            ("recordings", saved.scenario.message.recordings.sorted().map(\.hexadecimal).joined(separator: ",")),
            ("blanks", Scenario.write(saved.scenario.blanks)), ("hash", saved.scenario.digest),
            ("saved_by", saved.savedBy), ("saved_at", ISO8601.text(saved.savedAt)),
            ("approved_by", saved.approvedBy ?? ""), ("approved_at", saved.approvedAt.map { ISO8601.text($0) } ?? ""),
        ] + Self.request(try store.scenarioRequests(of: saved.organisation)[saved.id]) + (try Self.changes(saved, store))
        Terminal.out(lines.map { "\($0)\t\($1.replacing("\n", with: " "))\n" }.joined())
    }
}

extension ShowScenarioCommand {
    private static func request(_ request: ScenarioRequest?) -> [(String, String)] {
        guard let request else { return [] }
        return [
            ("request", request.state.rawValue), ("asked_by", request.askedBy), ("asked_at", ISO8601.text(request.askedAt)),
            ("decided_by", request.decidedBy ?? ""), ("reason", request.reason ?? ""),
        ]
    }

    /// What is otherwise than when it was last approved.
    private static func changes(_ saved: SavedScenario, _ store: AlertDatabase) throws -> [(String, String)] {
        guard !saved.isApproved, let last = try store.lastApproved(saved.id) else { return [] }
        let changes = saved.scenario.changes(since: last.scenario) { ScenarioOffice.label(ofZone: $0) }
        return [("approved_before", "\(last.approvedBy), \(ISO8601.text(last.approvedAt))")]
            + changes.map { ("changed \($0.field.rawValue)", "\($0.before) → \($0.after)") }
    }
}

struct AskScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ask", abstract: "Ask that a scenario be approved as it stands.")

    @OptionGroup var scenario: ScenarioArgument

    func run() throws {
        let store = try scenario.database.open(for: .prepare)
        let person = try store.currentOperator(), owner = try scenario.owner(in: store)
        try store.askForScenario(named: scenario.name, of: owner, by: person.name, now: .now)
        Terminal.say("the scenario \(scenario.name) waits for a second person: `tocsin scenario approve`")
        if try store.approvers(of: owner, besides: store.scenario(named: scenario.name, of: owner).savedBy).isEmpty {
            Terminal.warn("nobody else may approve here: until somebody may, it is launched alone, with a reason")
        }
    }
}

struct RefuseScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a scenario that was asked about, for a reason that its asker sees.")

    @OptionGroup var scenario: ScenarioArgument

    @Option(help: "Why; kept in the journal.")
    var reason: String

    func run() throws {
        let store = try scenario.database.open(for: .approve)
        let person = try store.currentOperator()
        try store.refuseScenario(
            named: scenario.name, of: scenario.owner(in: store), by: person.name, reason: reason, now: .now)
        Terminal.say("scenario \(scenario.name) is refused")
    }
}

struct ApproveScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a scenario as it stands, as a second person.")

    @OptionGroup var scenario: ScenarioArgument

    func run() throws {
        let store = try scenario.database.open(for: .approve)
        let person = try store.currentOperator()
        try store.approveScenario(
            named: scenario.name, of: scenario.owner(in: store), by: person.name, now: .now)
        Terminal.say("scenario \(scenario.name) is approved")
    }
}

struct RemoveScenarioCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take a scenario away.")

    @OptionGroup var scenario: ScenarioArgument

    func run() throws {
        let store = try scenario.database.open(for: .prepare)
        let person = try store.currentOperator()
        try store.removeScenario(named: scenario.name, of: scenario.owner(in: store), actor: person.name)
        Terminal.say("scenario \(scenario.name) is removed")
    }
}

struct LaunchScenarioCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "launch", abstract: "Launch a scenario: one confirmation, and five seconds to take it back.")

    @OptionGroup var scenario: ScenarioArgument

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Fill a blank (repeatable).", valueName: "name=value"))
    var values: [String] = []

    @Flag(help: "Simulators only; every text starts with EXERCICE.")
    var exercise = false

    @Flag(help: "Do not ask for confirmation.")
    var yes = false

    @Flag(help: "Launch and return; the running server carries the campaign.")
    var detach = false

    @Option(help: ArgumentHelp("The same key never launches twice.", valueName: "key"))
    var requestKey: String?

    @Option(help: ArgumentHelp("Launch alone what takes two, and why; kept in the journal as critical.", valueName: "reason"))
    var accept: String?

    func run() async throws {
        let store = try scenario.database.open(for: .launch)
        let person = try store.currentOperator()
        let owner = try scenario.owner(in: store)
        let given = try MessageArguments.values(values)
        let mode = exercise ? CampaignMode.exercise : .real
        let office = ScenarioOffice(store: store, means: try mode.means())
        if let requestKey, let earlier = try store.ledger.launched(
            requestKey: requestKey, of: owner, mode: mode, audience: nil, scenario: scenario.name)
        {
            Terminal.out("campaign\t\(earlier.campaign)\n")
            Terminal.say("campaign \(earlier.campaign) was already launched")
            if !detach { try await CampaignRunner(store: store).carry(earlier.campaign, purpose: "scenario") }
            return
        }
        let draft = try office.draft(
            scenario.name, of: owner, values: given, by: person, reason: accept,
            requestKey: requestKey ?? UUID().uuidString)
        if let cut = draft.cut { Terminal.warn(TerritoryWords.left(out: cut)) }
        for finding in draft.shown.guards where finding.rail != .empty { Terminal.warn(finding.description) }
        let what = (exercise ? "EXERCISE: simulate sending to " : "Really send to ")
            + "\(draft.shown.counts.recipients) people of \(draft.shown.communes.count) communes"
        Terminal.say(what)
        if !yes {
            guard let answer = Terminal.ask("Type yes to launch:") else {
                throw ValidationError("nobody can confirm here: add --yes to launch without asking")
            }
            guard ["yes", "y", "oui", "o"].contains(answer.trimmingCharacters(in: .whitespaces).lowercased()) else {
                throw ExitCode.failure
            }
        }
        let launch = try office.launch(draft)
        Terminal.out("campaign\t\(launch.campaign)\n")
        Terminal.say(
            "campaign \(launch.campaign) \(launch.isNew ? "launched" : "was already launched"): `tocsin campaign undo "
                + "\(launch.campaign)` takes it back within \(Lane.undoSeconds) seconds")
        if !detach { try await CampaignRunner(store: store).carry(launch.campaign, purpose: "scenario") }
    }
}

import AlertModel
import ArgumentParser
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Reports
import Store
import Targeting

struct ApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approval",
        abstract: "Answer launches that wait for a second person.",
        discussion: """
            `alert --ask` makes a request. Who asked can't approve it. When nobody answers in the organisation's time \
            (`guards set break_glass_seconds=…`), who asked may launch alone, for a reason that the journal keeps. Numbers with \
            an A before them are other texts of campaigns under way (`campaign amend --ask`).
            """,
        subcommands: [
            ListApprovalsCommand.self, ShowApprovalCommand.self, ApproveCommand.self, RefuseApprovalCommand.self,
            WithdrawApprovalCommand.self, BreakGlassCommand.self,
        ], defaultSubcommand: ListApprovalsCommand.self)
}

/// The request a command is about.
struct ApprovalArgument: ParsableArguments {
    @Argument(help: "The request's number; A12 for another text of a campaign under way.")
    var id: String

    func validate() throws { _ = try which() }

    /// What is asked about: a launch, or a text.
    enum Which {
        case launch(ApprovalID)
        case text(AmendmentID)
    }

    func which() throws -> Which {
        let isText = id.first == "A" || id.first == "a"
        guard let number = Int64(isText ? id.dropFirst() : id[...]) else {
            throw ValidationError("\(id): a request's number is due, such as 12, or A12 for another text")
        }
        return isText ? .text(AmendmentID(rawValue: number)) : .launch(ApprovalID(rawValue: number))
    }
}

struct ListApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List requests, newest first: number, state, since, by whom, recipients (or the campaign), subject.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open(for: .statistics)
        let person = try store.currentOperator()
        for saved in try store.amendments(of: person.organisation) {
            Terminal.out(
                [
                    "A\(saved.id)", saved.state(at: .now).rawValue, ISO8601.text(saved.facts.askedAt),
                    saved.facts.askedBy, "campaign \(saved.campaign)", saved.message.subject,
                ].joined(separator: "\t") + "\n")
        }
        for saved in try store.approvals(of: person.organisation) {
            Terminal.out(
                [
                    saved.id.description, saved.state(at: .now).rawValue, ISO8601.text(saved.facts.askedAt),
                    saved.facts.askedBy, String(saved.recipients), saved.message.subject,
                ].joined(separator: "\t") + "\n")
        }
        let others = try person.organisation.map { try store.approvers(of: $0, besides: person.name) }
        if person.capabilities.contains(.launch), others?.isEmpty == true {
            Terminal.warn("nobody else may approve: what takes two persons is launched alone, with a reason")
        }
    }
}

struct ShowApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what would leave, to how many, where, and who asks, as `key<TAB>value` lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open(for: .statistics)
        let person = try store.currentOperator()
        let lines = switch try approval.which() {
        case .launch(let id): try Self.lines(store.approval(id, of: person.organisation))
        case .text(let id): Self.lines(try store.amendment(id, of: person.organisation))
        }
        // A line is a line: what people wrote may have several.
        Terminal.out(lines.map { "\($0)\t\($1.replacing("\n", with: " "))\n" }.joined())
    }

    private static func lines(_ saved: SavedApproval) throws -> [(String, String)] {
        let zone = try ZoneDocument.decode(Array(saved.zoneDocument.utf8))
        return [
            ("approval", saved.id.description), ("state", saved.state(at: .now).rawValue),
            ("asked_by", saved.facts.askedBy), ("asked_at", ISO8601.text(saved.facts.askedAt)),
            ("break_glass_at", ISO8601.text(saved.facts.breakGlassAt)), ("expires_at", ISO8601.text(saved.facts.expiresAt)),
            ("kind", saved.kind.rawValue), ("channels", saved.policy.channels.sorted().map(\.rawValue).joined(separator: ",")),
            ("recipients", String(saved.recipients)), ("certain", String(saved.certain)),
            ("not_located", String(saved.notLocated)), ("zone", zone.label),
            ("communes", saved.communes.joined(separator: ", ")), ("communes_total", String(saved.communesTotal)),
            ("scenario", saved.scenario ?? ""), ("guards", saved.guards.map(\.rawValue).joined(separator: ",")),
            ("subject", saved.message.subject), ("text", saved.message.text),
            ("audience_hash", saved.audience.hexadecimal), ("decided_by", saved.decidedBy ?? ""),
            ("decided_at", saved.decidedAt.map { ISO8601.text($0) } ?? ""), ("reason", saved.reason ?? ""),
            ("campaign", saved.campaign?.description ?? ""),
        ]
    }

    private static func lines(_ saved: SavedAmendment) -> [(String, String)] {
        [
            ("approval", "A\(saved.id)"), ("state", saved.state(at: .now).rawValue), ("asked_by", saved.facts.askedBy),
            ("asked_at", ISO8601.text(saved.facts.askedAt)), ("break_glass_at", ISO8601.text(saved.facts.breakGlassAt)),
            ("expires_at", ISO8601.text(saved.facts.expiresAt)), ("campaign", saved.campaign.description),
            ("replaces_version", String(saved.baseVersion)), ("text_before", saved.before?.text ?? ""),
            ("subject", saved.message.subject), ("text", saved.message.text), ("decided_by", saved.decidedBy ?? ""),
            ("decided_at", saved.decidedAt.map { ISO8601.text($0) } ?? ""), ("reason", saved.reason ?? ""),
            ("version", saved.version.map(String.init) ?? ""),
        ]
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Launch what was asked for, if its audience is still the one that was shown.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open(for: .approve)
        let person = try store.currentOperator()
        switch try approval.which() {
        case .launch(let id):
            let launch = try store.approve(
                id, of: person.organisation, by: person.name, scope: try ApprovalCommand.scope(of: id, in: store), now: .now)
            ApprovalCommand.say(launch, store)
        case .text(let id):
            ApprovalCommand.say(try store.approveAmendment(id, of: person.organisation, by: person.name, now: .now))
        }
    }
}

struct RefuseApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "refuse", abstract: "Refuse a request, for a reason that its asker sees.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    @Option(help: "Why; kept in the journal.")
    var reason: String

    func run() throws {
        let store = try database.open(for: .approve)
        let person = try store.currentOperator()
        switch try approval.which() {
        case .launch(let id):
            _ = try store.refuseApproval(id, of: person.organisation, by: person.name, reason: reason, now: .now)
        case .text(let id):
            _ = try store.refuseAmendment(id, of: person.organisation, by: person.name, reason: reason, now: .now)
        }
        Terminal.say("request \(approval.id) is refused")
    }
}

struct WithdrawApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "withdraw", abstract: "Take a request of one's own back.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open(for: .statistics)
        let person = try store.currentOperator()
        switch try approval.which() {
        case .launch(let id): _ = try store.withdrawApproval(id, of: person.organisation, by: person.name, now: .now)
        case .text(let id): _ = try store.withdrawAmendment(id, of: person.organisation, by: person.name, now: .now)
        }
        Terminal.say("request \(approval.id) is withdrawn")
    }
}

struct BreakGlassCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "break-glass", abstract: "Launch alone what nobody answered in time: every approver is told.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    @Option(help: "Why it can't wait; kept in the journal as critical.")
    var reason: String

    func run() throws {
        let store = try database.open(for: .launch)
        let person = try store.currentOperator()
        switch try approval.which() {
        case .launch(let id):
            let launch = try store.breakGlass(
                id, of: person.organisation, by: person.name, reason: reason,
                scope: try ApprovalCommand.scope(of: id, in: store), now: .now)
            ApprovalCommand.say(launch, store)
        case .text(let id):
            ApprovalCommand.say(
                try store.breakGlassOnAmendment(id, of: person.organisation, by: person.name, reason: reason, now: .now))
        }
    }
}

extension ApprovalCommand {
    /// The registers of the organisation that asked: what it selected over.
    fileprivate static func scope(of id: ApprovalID, in store: AlertDatabase) throws -> RegisterScope {
        try store.scope(of: store.approval(id, of: Tenancy(store).organisation).organisation)
    }

    fileprivate static func say(_ amendment: SavedAmendment) {
        Terminal.out("campaign\t\(amendment.campaign)\nversion\t\(amendment.version ?? 0)\n")
        Terminal.say("campaign \(amendment.campaign) says version \(amendment.version ?? 0) from now on")
    }

    fileprivate static func say(_ launch: Launch, _ store: AlertDatabase) {
        Terminal.out("campaign\t\(launch.campaign)\n")
        let isCarried = DispatcherLock.holder(ofDatabaseAt: store.path, mode: .real)?.purpose == DispatchService.purpose
        Terminal.say(
            "campaign \(launch.campaign) launched: \(launch.recipients) recipients"
                + (isCarried ? "" : "; no server carries it: `tocsin campaign watch \(launch.campaign)` does"))
    }
}

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
            (`guards set break_glass_seconds=…`), who asked may launch alone, for a reason that the journal keeps.
            """,
        subcommands: [
            ListApprovalsCommand.self, ShowApprovalCommand.self, ApproveCommand.self, RefuseApprovalCommand.self,
            WithdrawApprovalCommand.self, BreakGlassCommand.self,
        ], defaultSubcommand: ListApprovalsCommand.self)
}

/// The request a command is about.
struct ApprovalArgument: ParsableArguments {
    @Argument(help: "The request's number.")
    var id: Int64

    var approval: ApprovalID { ApprovalID(rawValue: id) }
}

struct ListApprovalsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List requests, newest first: number, state, since, by whom, recipients, subject.")

    @OptionGroup var database: DatabaseOption

    func run() throws {
        let store = try database.open()
        let person = try database.launchOperator(in: store)
        for saved in try store.approvals(of: person.organisation) {
            Terminal.out(
                [
                    saved.id.description, saved.state(at: .now).rawValue, ISO8601.text(saved.facts.askedAt),
                    saved.facts.askedBy, String(saved.recipients), saved.message.subject,
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what would leave, to how many, where, and who asks, as `key<TAB>value` lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open()
        let saved = try store.approval(approval.approval, of: database.launchOperator(in: store).organisation)
        let zone = try ZoneDocument.decode(Array(saved.zoneDocument.utf8))
        let lines: [(String, String)] = [
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
        // A line is a line: what people wrote may have several.
        Terminal.out(lines.map { "\($0)\t\($1.replacing("\n", with: " "))\n" }.joined())
    }
}

struct ApproveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Launch what was asked for, if its audience is still the one that was shown.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open()
        let person = try database.launchOperator(in: store)
        try person.require(.approve)
        let launch = try store.approve(
            approval.approval, of: person.organisation, by: person.name, scope: .all, now: .now)
        ApprovalCommand.say(launch, store)
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
        let store = try database.open()
        let person = try database.launchOperator(in: store)
        try person.require(.approve)
        _ = try store.refuseApproval(
            approval.approval, of: person.organisation, by: person.name, reason: reason, now: .now)
        Terminal.say("request \(approval.id) is refused")
    }
}

struct WithdrawApprovalCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "withdraw", abstract: "Take a request of one's own back.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var approval: ApprovalArgument

    func run() throws {
        let store = try database.open()
        let person = try database.launchOperator(in: store)
        _ = try store.withdrawApproval(approval.approval, of: person.organisation, by: person.name, now: .now)
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
        let store = try database.open()
        let person = try database.launchOperator(in: store)
        try person.require(.launch)
        let launch = try store.breakGlass(
            approval.approval, of: person.organisation, by: person.name, reason: reason, scope: .all, now: .now)
        ApprovalCommand.say(launch, store)
    }
}

extension ApprovalCommand {
    fileprivate static func say(_ launch: Launch, _ store: AlertDatabase) {
        Terminal.out("campaign\t\(launch.campaign)\n")
        let isCarried = DispatcherLock.holder(ofDatabaseAt: store.path, mode: .real)?.purpose == DispatchService.purpose
        Terminal.say(
            "campaign \(launch.campaign) launched: \(launch.recipients) recipients"
                + (isCarried ? "" : "; no server carries it: `tocsin campaign watch \(launch.campaign)` does"))
    }
}

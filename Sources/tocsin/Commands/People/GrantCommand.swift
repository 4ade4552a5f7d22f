import AlertModel
import ArgumentParser
import Foundation
import Store

struct GrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "grant",
        abstract: "Give rights for good or for a time, confirm what others gave, and take rights back.",
        discussion: """
            What gives launch, approve or administer, and whatever lends somebody's rights, gives nothing until a second \
            administrator has confirmed it: another person of this organisation or of one above it, who does not receive it.
            """,
        subcommands: [
            ListGrantsCommand.self, AddGrantCommand.self, ConfirmGrantCommand.self, RefuseGrantCommand.self,
            WithdrawGrantCommand.self,
        ])
}

/// How grants are printed.
enum GrantOutput {
    static let pendingHint = "it waits for a second administrator: `tocsin grant list`, then `tocsin grant confirm NUMBER`"

    static func line(_ card: GrantCard) -> String {
        let what =
            switch card.grant.gift {
            case .role: "role \(card.gift)"
            case .shift: "duty as \(card.gift)"
            case .rights: "rights of \(card.gift)"
            case .membership: "in group \(card.gift)"
            }
        return [
            card.grant.id.description, card.grant.state.rawValue, card.beneficiary, what,
            card.grant.startsAt.formatted(.iso8601), card.grant.endsAt?.formatted(.iso8601) ?? "-", card.madeBy,
            card.decidedBy ?? "-",
        ].joined(separator: "\t") + "\n"
    }
}

struct ListGrantsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "List grants, newest first: number, state, to whom, what, from, until, made by, decided by.")

    @OptionGroup var people: PeopleOption

    @Flag(help: "Also those that are over, refused or withdrawn.")
    var ended = false

    @Flag(help: "Only what waits for a second person, in the organisations below too.")
    var pending = false

    func run() throws {
        let (store, _, organisation) = try people.open()
        let cards = try pending ? store.pendingGrants(within: organisation) : store.grants(of: organisation, ended: ended)
        for card in cards { Terminal.out(GrantOutput.line(card)) }
    }
}

struct AddGrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Give somebody, or a group, a right; prints its number and its state.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "To whom: a sign-in name, or a group's name with --to-group.")
    var name: String

    @Flag(help: "The name is a group's.")
    var toGroup = false

    @Option(help: "A role, as `tocsin role list` names it.")
    var role: String?

    @Option(help: ArgumentHelp("Whatever this person may do, while they are away.", valueName: "name"))
    var replacing: String?

    @Option(help: ArgumentHelp("What the group has.", valueName: "name"))
    var inGroup: String?

    @Option(help: "From when: \(MomentArgument.help). Default: now.")
    var from: MomentArgument?

    @Option(help: "Until when. Default, for a role or a group: until withdrawn.")
    var until: MomentArgument?

    func validate() throws {
        guard [role, replacing, inGroup].compactMap({ $0 }).count == 1 else {
            throw ValidationError("say one of --role, --replacing and --in-group")
        }
        if toGroup, role == nil { throw ValidationError("a group is given roles: --to-group goes with --role") }
    }

    func run() throws {
        // Whoever goes away may lend their own rights; anything else is an administrator's.
        let store = try people.database.open()
        let actor = try store.currentOperator()
        let organisation = try people.organisation == nil ? actor.organisation ?? store.owner(organisationNamed: nil)
            : store.owner(organisationNamed: people.organisation)
        let beneficiary: Grant.Beneficiary =
            try toGroup
            ? .group(store.group(name, of: organisation)) : .person(store.person(name, of: organisation, within: actor))
        let gift: Grant.Gift
        if let role {
            gift = .role(role)
        } else if let replacing {
            gift = .rights(of: try store.person(replacing, of: organisation, within: actor))
        } else {
            gift = .membership(try store.group(inGroup ?? "", of: organisation))
        }
        let made = try store.give(
            GrantRequest(to: beneficiary, gift, from: from?.date ?? .now, until: until?.date), in: organisation, by: actor)
        Terminal.out("\(made.id)\t\(made.state.rawValue)\n")
        if made.state == .pending { Terminal.say(GrantOutput.pendingHint) }
    }
}

/// The grants a command decides about.
struct GrantNumber: ParsableArguments {
    @OptionGroup var database: DatabaseOption

    @Argument(help: "Its number, as `tocsin grant list` prints it.")
    var number: Int64

    func open() throws -> (store: AlertDatabase, actor: Operator, grant: GrantID) {
        let store = try database.open()
        return (store, try store.currentOperator(), GrantID(rawValue: number))
    }
}

struct ConfirmGrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "confirm", abstract: "Confirm what another administrator gave: it holds from now on.")

    @OptionGroup var number: GrantNumber

    func run() throws {
        let (store, actor, grant) = try number.open()
        try store.confirm(grant, by: actor)
    }
}

struct RefuseGrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "refuse", abstract: "Refuse what waits for confirmation.")

    @OptionGroup var number: GrantNumber

    func run() throws {
        let (store, actor, grant) = try number.open()
        try store.refuse(grant, by: actor)
    }
}

struct WithdrawGrantCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "withdraw", abstract: "Take a right back at once; open sessions lose it within a second.")

    @OptionGroup var number: GrantNumber

    func run() throws {
        let (store, actor, grant) = try number.open()
        try store.withdraw(grant, by: actor)
    }
}

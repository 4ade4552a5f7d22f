import AlertModel
import ArgumentParser
import Foundation
import Store

struct DutyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duty",
        abstract: "Keep the duty rota: who is on duty, from when until when, with which role.",
        discussion: "A turn of duty gives its role for its time only. `tocsin grant withdraw NUMBER` strikes one out.",
        subcommands: [NowOnDutyCommand.self, ListDutyCommand.self, AddDutyCommand.self],
        defaultSubcommand: NowOnDutyCommand.self)
}

struct NowOnDutyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "now", abstract: "Say who is on duty now: name, role, until when.")

    @OptionGroup var people: PeopleOption

    @Option(help: "At another moment: \(MomentArgument.help).")
    var at: MomentArgument?

    func run() throws {
        let (store, _, organisation) = try people.open(for: .statistics)
        let moment = at?.date ?? .now
        for card in try store.shifts(of: organisation, from: moment, until: moment.addingTimeInterval(1))
        where card.grant.isInForce(at: moment) {
            Terminal.out("\(card.beneficiary)\t\(card.gift)\t\(card.grant.endsAt?.formatted(.iso8601) ?? "-")\n")
        }
    }
}

struct ListDutyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List the turns that are on or to come, by their start, as `grant list` does.")

    @OptionGroup var people: PeopleOption

    @Option(help: "How many days ahead.")
    var days = 31

    func run() throws {
        let (store, _, organisation) = try people.open(for: .statistics)
        let until = Date.now.addingTimeInterval(Double(max(1, min(days, 3_660))) * 86_400)
        for card in try store.shifts(of: organisation, until: until) { Terminal.out(GrantOutput.line(card)) }
    }
}

struct AddDutyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Put somebody on duty for a time; prints the turn's number and state.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Option(help: "The role, for that time only.")
    var role: String

    @Option(help: "From when: \(MomentArgument.help).")
    var from: MomentArgument

    @Option(help: "Until when.")
    var until: MomentArgument

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let made = try store.give(
            GrantRequest(
                to: .person(try store.person(name, of: organisation, within: actor)), .shift(role), from: from.date,
                until: until.date),
            in: organisation, by: actor)
        Terminal.out("\(made.id)\t\(made.state.rawValue)\n")
        if made.state == .pending { Terminal.say(GrantOutput.pendingHint) }
    }
}

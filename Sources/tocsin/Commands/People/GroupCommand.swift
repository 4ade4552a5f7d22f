import AlertModel
import ArgumentParser
import Store

struct GroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "group",
        abstract: "Keep groups of accounts, which are given rights together.",
        discussion: "Members are added with `tocsin grant add NAME --in-group GROUP` and leave with `tocsin grant withdraw`.",
        subcommands: [ListGroupsCommand.self, CreateGroupCommand.self, RemoveGroupCommand.self])
}

struct ListGroupsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List groups: name, what each member has by it, members.")

    @OptionGroup var people: PeopleOption

    func run() throws {
        let (store, _, organisation) = try people.open()
        let names = Dictionary(
            try store.people(of: organisation).map { ($0.id, $0.name) }, uniquingKeysWith: { name, _ in name })
        for group in try store.groups(of: organisation) {
            let members = group.members.compactMap { names[$0] }.joined(separator: " ")
            Terminal.out("\(group.name)\t\(group.capabilities.names.joined(separator: " "))\t\(members)\n")
        }
    }
}

struct CreateGroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Make an empty group.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "Its name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        _ = try store.createGroup(named: name, in: organisation, by: actor)
    }
}

struct RemoveGroupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a group: what it gave ends at once.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "Its name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.removeGroup(try store.group(name, of: organisation), in: organisation, by: actor)
    }
}

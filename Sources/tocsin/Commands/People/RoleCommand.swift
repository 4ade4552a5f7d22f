import AlertModel
import ArgumentParser
import Store

struct RoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "role",
        abstract: "Name sets of capabilities that accounts are given.",
        subcommands: [ListRolesCommand.self, SaveRoleCommand.self, RemoveRoleCommand.self])
}

struct ListRolesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List roles: name, built-in or own, capabilities.")

    @OptionGroup var people: PeopleOption

    func run() throws {
        let (store, _, organisation) = try people.open()
        for role in try store.roles(of: organisation) {
            let kind = Role.builtIn(named: role.name) == nil ? "own" : "built-in"
            Terminal.out("\(role.name)\t\(kind)\t\(role.capabilities.names.joined(separator: " "))\n")
        }
    }
}

struct SaveRoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "save", abstract: "Make a role, or change what one gives to whoever has it.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "Its name.")
    var name: String

    @Argument(help: ArgumentHelp(
        "What it gives: \(Capability.allCases.map(\.rawValue).joined(separator: ", ")).", valueName: "capability"))
    var capabilities: [Capability]

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.save(Role(name: name, capabilities: Set(capabilities)), in: organisation, by: actor)
    }
}

struct RemoveRoleCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Remove a role that nobody has.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "Its name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.removeRole(named: name, in: organisation, by: actor)
    }
}

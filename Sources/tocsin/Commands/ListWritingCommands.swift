import AlertModel
import ArgumentParser
import Dispatching
import Foundation
import Store

struct CreateListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Create a list: static, or a saved filter, or a combination of lists.",
        discussion: ListDefinitionArguments.discussion)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @OptionGroup var list: ListArgument
    @OptionGroup(title: "What it is") var definition: ListDefinitionArguments

    func run() throws {
        let definition = try definition.definition() ?? .members
        let store = try database.open(for: .editRegister)
        let organisation = try owner.organisation(in: store)
        try store.createList(
            named: list.name, definition: definition, organisation: organisation, actor: database.actor)
        let list = try store.list(named: list.name, scope: .organisation(organisation))
        Terminal.say("list “\(list.name)” created: \(definition.kind), \(try store.memberCount(of: list)) recipients")
    }
}

struct DefineListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "define",
        abstract: "Give a saved filter or a combination another definition.",
        discussion: ListDefinitionArguments.discussion)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument
    @OptionGroup(title: "What it is") var definition: ListDefinitionArguments

    func run() throws {
        guard let definition = try definition.definition() else {
            throw ValidationError("say what the list is: --where, --filter, --union, --intersection or --difference")
        }
        let store = try database.open(for: .editRegister)
        let scope = try scope.scope(in: store)
        try store.redefineList(named: list.name, as: definition, scope: scope, actor: database.actor)
        let list = try store.list(named: list.name, scope: scope)
        Terminal.say("list “\(list.name)”: \(definition.kind), \(try store.memberCount(of: list)) recipients")
    }
}

/// Taking a list's name away from what names it.
struct ListUseOption: ParsableArguments {
    @Flag(help: "Even if scenarios or schedules, of your organisation or of one that sees its register, name the list: they refuse to leave until they are changed.")
    var evenSo = false

    /// Says who must change what. - Parameter users: what named the list.
    func tell(_ users: [String], of list: String) {
        guard !users.isEmpty else { return }
        Terminal.say("still naming the list “\(list)”, and stopped until they are changed: \(users.joined(separator: ", "))")
    }
}

struct RenameListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "rename", abstract: "Give a list another name; lists that are made of it follow.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument
    @Argument(help: "The new name.") var newName: String
    @OptionGroup var use: ListUseOption

    func run() throws {
        let store = try database.open(for: .editRegister)
        let reference = ListReference.named(list.name, scope: try scope.scope(in: store))
        use.tell(try store.renameList(reference, to: newName, evenSo: use.evenSo, actor: database.actor, now: .now), of: list.name)
    }
}

struct DeleteListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a list; its recipients stay in the register.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument
    @OptionGroup var use: ListUseOption

    func run() throws {
        let store = try database.open(for: .editRegister)
        let reference = ListReference.named(list.name, scope: try scope.scope(in: store))
        use.tell(try store.deleteList(reference, evenSo: use.evenSo, actor: database.actor, now: .now), of: list.name)
    }
}

struct DefaultListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "default",
        abstract: "Name, or leave out, the list a launch suggests when its zone names none.",
        discussion: "It is shown and never used unasked. Without NAME: prints the default lists, and whose they are.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var owner: OwnerOption
    @Argument(help: "The list's name.") var name: String?
    @Flag(help: "No default list any more.") var none = false

    func validate() throws {
        if none, name != nil { throw ValidationError("give a NAME or --none, not both") }
    }

    func run() throws {
        let store = try database.open(for: .editRegister)
        if let name {
            let scope = try Tenancy(store).scope(narrowedTo: owner.organisation)
            return try store.setDefaultList(named: name, scope: scope, actor: database.actor)
        }
        if none {
            return try store.clearDefaultList(of: try owner.organisation(in: store), actor: database.actor)
        }
        let scope = try Tenancy(store).scope(narrowedTo: owner.organisation)
        for (list, members) in try store.defaultLists(scope: scope) {
            Terminal.out("\(list.name)\t\(members)\t\(list.organisationName)\n")
        }
    }
}

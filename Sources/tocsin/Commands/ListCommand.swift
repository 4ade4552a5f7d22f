import AlertModel
import ArgumentParser
import Foundation
import Store

struct ListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Keep lists of recipients: static, saved filters, and combinations of lists.",
        discussion: "A zone takes any of them with --list NAME.",
        subcommands: [
            AllListsCommand.self, ShowListCommand.self, ListMembersCommand.self, CreateListCommand.self,
            DefineListCommand.self, RenameListCommand.self, DeleteListCommand.self, AddToListCommand.self,
            RemoveFromListCommand.self, DefaultListCommand.self,
        ], defaultSubcommand: AllListsCommand.self)
}

/// The list a command is about.
struct ListArgument: ParsableArguments {
    @Argument(help: "The list's name.")
    var name: String
}

struct AllListsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "all", abstract: "List the lists: name, kind, recipients, “default” or “-”, organisation.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption

    func run() throws {
        let store = try database.open(for: .statistics)
        for (list, members) in try store.lists(scope: try scope.scope(in: store)) {
            Terminal.out(
                [
                    list.name, list.definition.kind, String(members), list.isDefault ? "default" : "-",
                    list.organisationName,
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct ShowListCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what a list is, as `key<TAB>value` lines.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument

    func run() throws {
        let store = try database.open(for: .statistics)
        let list = try store.list(named: list.name, scope: try scope.scope(in: store))
        var lines = [
            ("name", list.name), ("organisation", list.organisationName), ("kind", list.definition.kind),
            ("recipients", String(try store.memberCount(of: list))), ("default", list.isDefault ? "yes" : "no"),
        ]
        if let document = ListDocument.encode(list.definition) {
            lines.append(("definition", String(decoding: document, as: UTF8.self)))
        }
        lines += try store.lists(using: list).map { ("used_by", $0) }
        Terminal.out(lines.map { "\($0.0)\t\($0.1)\n" }.joined())
    }
}

struct ListMembersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "members", abstract: "Print the identifiers of a list's recipients, one a line, in byte order.")

    @OptionGroup var database: DatabaseOption
    @OptionGroup var scope: ScopeOption
    @OptionGroup var list: ListArgument

    func run() throws {
        let store = try database.open(for: .seePersonalData)
        let members = try store.members(ofListNamed: list.name, scope: try scope.scope(in: store))
        Terminal.out(members.map { $0 + "\n" }.joined())
    }
}

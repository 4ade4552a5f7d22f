import AlertModel
import ArgumentParser
import Foundation
import Store

struct TokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "token",
        abstract: "Let programs use the JSON API in an account's name, with some of its rights.",
        discussion: """
            A program sends `Authorization: Bearer tocsin_…`. A token may do at most what its account may do at that \
            moment, and manages nobody's account.
            """,
        subcommands: [ListTokensCommand.self, CreateTokenCommand.self, RevokeTokenCommand.self])
}

struct ListTokensCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tokens: number, account, name, capabilities, end, last use, mode.")

    @OptionGroup var people: PeopleOption

    func run() throws {
        let (store, _, organisation) = try people.open()
        for token in try store.tokens(of: organisation) {
            Terminal.out(
                [
                    token.id.description, token.user, token.name, token.capabilities.names.joined(separator: " "),
                    token.expiresAt.formatted(.iso8601), token.lastUsedAt?.formatted(.iso8601) ?? "-", token.mode.rawValue,
                ].joined(separator: "\t") + "\n")
        }
    }
}

struct CreateTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create", abstract: "Make a token for an account; it is printed once and stored nowhere.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The account's sign-in name.")
    var user: String

    @Argument(help: "What the token may do.")
    var capabilities: [Capability]

    @Option(help: "What it is for, as lists show it.")
    var name: String

    @Option(help: "How many days it lasts.")
    var days = 90

    @Flag(help: "For the console of exercises alone: it opens nothing real.")
    var exercise = false

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let made = try store.createToken(
            named: name, for: try store.person(user, of: organisation, within: actor), capabilities: Set(capabilities),
            days: days, mode: exercise ? .exercise : .real, by: actor)
        Terminal.out("token \(made.id): \(made.token)\n")
    }
}

struct RevokeTokenCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "revoke", abstract: "Revoke a token at once.")

    @OptionGroup var database: DatabaseOption

    @Argument(help: "Its number, as `tocsin token list` prints it.")
    var number: Int64

    func run() throws {
        let store = try database.open()
        try store.revokeToken(TokenID(rawValue: number), by: try store.currentOperator())
    }
}

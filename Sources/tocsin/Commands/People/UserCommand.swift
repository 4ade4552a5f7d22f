import AlertModel
import ArgumentParser
import Foundation
import Store

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage who may sign in to the console.",
        subcommands: [
            ListUsersCommand.self, ShowUserCommand.self, CreateUserCommand.self, CloseUserCommand.self,
            ResetPasswordCommand.self, ExercisePasswordCommand.self, ResetFactorsCommand.self, RemoveKeyCommand.self,
            SecondFactorCommand.self, NoticesCommand.self, UserTelephoneCommand.self,
        ])
}

struct ListUsersCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List accounts: name, open or closed, what they may do now.")

    @OptionGroup var people: PeopleOption

    func run() throws {
        let (store, _, organisation) = try people.open()
        for person in try store.people(of: organisation) {
            Terminal.out(
                [person.name, person.isClosed ? "closed" : "open", person.capabilities.names.joined(separator: " ")]
                    .joined(separator: "\t") + "\n")
        }
    }
}

struct ShowUserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Say what an account may do now, and from which grants it has it.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let id = try store.person(name, of: organisation, within: actor)
        guard let person = try store.people(of: organisation).first(where: { $0.id == id }) else {
            throw RightsError.unknownPerson
        }
        Terminal.out("name\t\(person.name)\nstate\t\(person.isClosed ? "closed" : "open")\n")
        Terminal.out("capabilities\t\(person.capabilities.names.joined(separator: " "))\n")
        for key in try store.securityKeys(of: id) {
            let used = key.lastUsedAt.map { $0.formatted(.iso8601) } ?? "never"
            Terminal.out("key \(key.id)\t\(key.name)\t\(key.domain)\tused \(used)\n")
        }
        for source in person.sources {
            Terminal.out("grant \(source.grant)\t\(source.capabilities.names.joined(separator: " "))\n")
        }
    }
}

struct CreateUserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create",
        abstract: "Open an account, and print its one-time password.",
        discussion: """
            A role that gives launch, approve or administer waits until a second administrator confirms it: \
            `tocsin grant list` shows its number. The password is printed once and stored nowhere.
            """)

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Option(help: "The role, as `tocsin role list` names it.")
    var role: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let made = try store.createPerson(named: name, role: role, in: organisation, by: actor)
        Terminal.out("one-time password: \(made.password)\n")
        if made.role == .pending { Terminal.say(GrantOutput.pendingHint) }
    }
}

struct CloseUserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "close",
        abstract: "Close an account for good: its sessions and tokens end at once.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.closePerson(try store.person(name, of: organisation, within: actor), by: actor)
    }
}

struct ResetPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Give a user a new one-time password; on the machine itself, create an administrator when new.",
        discussion: "The user's open sessions and tokens end. The password is printed once and stored nowhere.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    func run() throws {
        let store = try people.database.open(for: .administer)
        let actor = try store.currentOperator()
        let password: String
        if try actor.user != nil || store.hasUser(named: name) {
            password = try store.resetPassword(of: try store.person(named: name, within: actor).id, by: actor)
        } else {
            let owner = try people.organisation ?? store.organisations().first?.name ?? DefaultOrganisation.name
            password = try store.resetPassword(user: name, organisationNamed: owner, actor: actor.name)
        }
        Terminal.out("one-time password: \(password)\n")
    }
}

struct ExercisePasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "exercise-password",
        abstract: "Give an account a password for the console of exercises, or take it away.",
        discussion: """
            It opens nothing real, and the account's own password does not open exercises. It is printed once and stored \
            nowhere; sessions that the former one opened end.
            """)

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Flag(help: "Take it away: no sign-in where exercises are held.")
    var remove = false

    func run() throws {
        let store = try people.database.open(for: .administer)
        let actor = try store.currentOperator()
        let person = try store.person(named: name, within: actor).id
        if remove { return try store.removeExercisePassword(of: person, by: actor) }
        Terminal.out("password for exercises: \(try store.makeExercisePassword(of: person, by: actor))\n")
    }
}

struct ResetFactorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-factors",
        abstract: "Take away an account's second factor, recovery codes and PIN: its telephone is lost.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.resetFactors(of: try store.person(name, of: organisation, within: actor), by: actor)
    }
}

struct RemoveKeyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove-key",
        abstract: "Take one security key of an account away: it is lost. `user show` tells its number.")

    @OptionGroup var people: PeopleOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Argument(help: "The key's number.")
    var key: Int64

    func run() throws {
        let (store, actor, organisation) = try people.open()
        let person = try store.person(name, of: organisation, within: actor), key = SecurityKeyID(rawValue: key)
        guard try store.securityKeys(of: person).contains(where: { $0.id == key }) else { throw RightsError.unknownKey }
        try store.removeSecurityKey(key, by: actor)
    }
}

struct SecondFactorCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "second-factor",
        abstract: "Ask whoever may launch, approve or administer for a second factor, or leave it to them.")

    enum Rule: String, CaseIterable, ExpressibleByArgument { case required, optional }

    @OptionGroup var people: PeopleOption

    @Argument(help: "required or optional.")
    var rule: Rule

    func run() throws {
        let (store, actor, organisation) = try people.open()
        try store.requireSecondFactor(rule == .required, in: organisation, by: actor)
    }
}

import ArgumentParser
import Store

struct UserCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "user",
        abstract: "Manage who may sign in to the console.",
        subcommands: [ResetPasswordCommand.self])
}

struct ResetPasswordCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Give a user a new one-time password, and create the user when new.",
        discussion: "The user's open sessions end. The password is printed once and stored nowhere.")

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The sign-in name.")
    var name: String

    @Option(help: "The organisation of a new user (default: the first one).")
    var organisation: String?

    func run() throws {
        let store = try database.open()
        let owner = try organisation ?? store.organisations().first?.name ?? DefaultOrganisation.name
        let password = try store.resetPassword(user: name, organisationNamed: owner, actor: database.actor)
        Terminal.out("one-time password: \(password)\n")
    }
}

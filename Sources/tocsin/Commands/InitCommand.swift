import ArgumentParser
import Foundation
import Store

struct InitCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "init",
        abstract: "Create the database, an organisation and an administrator.",
        discussion: """
            On the first run the administrator's one-time password is printed on standard output; it is stored \
            nowhere and must be replaced at the first sign-in. Running it again changes nothing and prints nothing.
            """)

    @OptionGroup var database: DatabaseOption

    @Option(help: "Name of the first organisation.")
    var organisation = DefaultOrganisation.name

    @Option(help: "Sign-in name of the administrator.")
    var administrator = "admin"

    func run() throws {
        let store = try AlertDatabase.create(at: database.path)
        try SecretBox.makeKey(at: database.keyFile)
        guard try !store.hasUser(named: administrator) else { return }
        let name = try store.organisations().first?.name ?? organisation
        let password = try store.resetPassword(
            user: administrator, organisationNamed: name, actor: database.actor)
        Terminal.out("database: \(database.path)\nadministrator: \(administrator)\none-time password: \(password)\n")
    }
}

/// The organisation recipients belong to when an import names none.
enum DefaultOrganisation {
    static let name = "Préfecture"
}

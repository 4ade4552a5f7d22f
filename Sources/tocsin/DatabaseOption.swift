import AlertModel
import ArgumentParser
import Foundation
import Store

/// Which database a command works on, and in whose name.
struct DatabaseOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp(
            "The database (default: TOCSIN_DATABASE, or ~/.local/share/tocsin/tocsin.sqlite).", valueName: "file"))
    var database: String?

    var path: String {
        let environment = ProcessInfo.processInfo.environment
        if let database { return database }
        if let named = environment["TOCSIN_DATABASE"], !named.isEmpty { return named }
        return URL(filePath: environment["HOME"] ?? "/var/lib").appending(path: ".local/share/tocsin/tocsin.sqlite").path
    }

    func open() throws -> AlertDatabase { try AlertDatabase.openExisting(at: path) }

    /// The name the journal writes: TOCSIN_USER, or the login name of whoever runs the command.
    var actor: String {
        if let name = ProcessInfo.processInfo.environment["TOCSIN_USER"], !name.isEmpty { return name }
        return "cli:\(NSUserName())"
    }
}

/// Narrows a command to one organisation's recipients, of those the account that runs it sees.
struct ScopeOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Only this organisation's recipients (default: the whole register).", valueName: "name"))
    var organisation: String?

    func scope(in database: AlertDatabase) throws -> RegisterScope {
        try Tenancy(database).scope(narrowedTo: organisation)
    }
}

/// The one organisation a command writes to.
struct OwnerOption: ParsableArguments {
    @Option(
        name: .long,
        help: ArgumentHelp("Whose it is; needed when the database has several organisations.", valueName: "name"))
    var organisation: String?

    func organisation(in database: AlertDatabase) throws -> OrganisationID {
        try Tenancy(database).owner(named: organisation)
    }
}

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

    /// The key that second factors are sealed with: never in the database, so that a copy of it gives none.
    var keyFile: String {
        ProcessInfo.processInfo.environment["TOCSIN_KEY_FILE"].flatMap { $0.isEmpty ? nil : $0 } ?? path + ".key"
    }

    /// Opens the database for what anybody with an account may do, or for what needs a right.
    ///
    /// - Throws: `RightsError`, also when TOCSIN_USER names no open account.
    func open(for capability: Capability? = nil) throws -> AlertDatabase {
        let store = try AlertDatabase.openExisting(at: path)
        let actor = try store.currentOperator()
        if let capability { try actor.require(capability) }
        return store
    }

    /// Opens the database for what all its organisations share: maps, addresses, gateways. The machine's administrator has it
    /// in hand, or an account where there is no other organisation.
    ///
    /// - Throws: as `open(for:)`, and `ValidationError` for an account beside other organisations.
    func openShared(for capability: Capability) throws -> AlertDatabase {
        let store = try open(for: capability)
        let isMachines = try store.currentOperator().organisation == nil, isOnlyOne = try store.isOnlyOrganisation
        guard isMachines || isOnlyOne else {
            throw ValidationError(
                "all organisations of this database share what this command reads or changes: no one organisation's account does "
                    + "it; ask the machine's administrator to run it (without TOCSIN_USER)")
        }
        return store
    }

    /// The name the journal writes: TOCSIN_USER, or the login name of whoever runs the command.
    var actor: String { Operator.accountName ?? Operator.machineName.name }
}

extension Operator {
    /// The account that TOCSIN_USER names; nil for the machine's administrator.
    static var accountName: String? {
        ProcessInfo.processInfo.environment["TOCSIN_USER"].flatMap { $0.isEmpty ? nil : $0 }
    }

    /// Whoever runs the command, under no account.
    static var machineName: Operator { .machine(login: NSUserName()) }
}

extension AlertDatabase {
    /// In whose name this command acts: the account that TOCSIN_USER names, with its rights and its organisation, or the
    /// machine's administrator.
    ///
    /// - Throws: `RightsError.unknownPerson`: a misspelt name never acts with every right.
    func currentOperator() throws -> Operator {
        guard let name = Operator.accountName else { return .machineName }
        return try actingOperator(named: name)
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

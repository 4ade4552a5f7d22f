import AlertModel
import ArgumentParser
import Foundation
import Store

struct ExportOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Write all that an organisation has to a new folder: open formats, and a manifest with SHA-256.",
        discussion: """
            Register with its protected facts, lists, perimeters, templates, scenarios, schedules, zones handed over, settings, \
            accounts without their secrets, campaigns with everybody in them, what people wrote back, and the journal's \
            entries about it. `sha256sum` and the manifest tell whether it is whole.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Argument(help: "An empty folder, or one to be made.") var folder: String

    func run() throws {
        let store = try database.open(for: .administer)
        try store.currentOperator().require(.seePersonalData)
        let own = try organisation.own(in: store)
        let count = try OrganisationArchive(store: store, organisation: own, folder: folder, actor: database.actor).write()
        Terminal.say("\(folder): \(count) files and manifest.json")
    }
}

struct EraseOrganisationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "erase",
        abstract: "Erase an organisation's people and everything it has, for good.",
        discussion: """
            Asks for the name. The journal keeps that it happened, and its campaigns their figures, without persons. The \
            database's file is written anew, so that nothing is left in its bytes: stop the server first. Backups are not \
            touched: delete them yourself.
            """)

    @OptionGroup var database: DatabaseOption
    @OptionGroup var organisation: OrganisationArgument
    @Option(help: ArgumentHelp("The name once more, in the place of typing it.", valueName: "name")) var confirm: String?

    func run() throws {
        let store = try database.open(for: .administer)
        guard try Tenancy(store).organisation == nil else {
            throw ValidationError("only who administers the machine erases an organisation")
        }
        let own = try organisation.organisation(in: store)
        guard let typed = confirm ?? Terminal.ask("Type the name of the organisation to erase it for good:") else {
            throw ValidationError("nobody can confirm here: add --confirm NAME")
        }
        guard typed.trimmingCharacters(in: .whitespacesAndNewlines) == own.name else {
            throw ValidationError("that is not its name: nothing was erased")
        }
        let erasure = try store.eraseOrganisation(own.id, actor: database.actor)
        Terminal.say(
            "“\(own.name)” is erased: \(erasure.recipients) recipients, and the persons of \(erasure.campaigns) campaigns")
    }
}

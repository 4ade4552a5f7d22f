import AlertModel
import ArgumentParser
import Foundation
import Reports
import Store

struct ImportUndoCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "undo",
        abstract: "Take an import of recipients back.",
        discussion: """
            The register is then as before that import: what it added goes, what it changed or removed is as it was. \
            What campaigns have sent stays in their ledger. Without a number the newest import that is not undone is \
            taken. An import that something later built upon is refused, with the identifiers; undo the later one \
            first. The newest \(AlertDatabase.keptImports) imports of an organisation can be undone; --list shows them.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The import's number, as `import recipients` printed it.")
    var id: Int64?

    @Option(help: "The organisation whose register it is.")
    var organisation: String?

    @Flag(help: "Print the imports, newest first, and undo none.")
    var list = false

    /// More than can be undone: what was done is worth seeing for longer.
    private static let listed = 50

    func run() throws {
        let store = try database.open(for: .editRegister)
        let name = try Tenancy(store).ownerName(named: organisation)
        guard !list else { return try show(store, name) }
        let undone = try store.undoImport(id, organisationNamed: name, actor: database.actor)
        Terminal.say(
            "import \(undone.id) is undone: \(undone.removed) recipients removed, \(undone.restored) changed back, "
                + "\(undone.returned) brought back")
    }

    private func show(_ store: AlertDatabase, _ name: String) throws {
        for record in try store.registerImports(ofOrganisationNamed: name, limit: Self.listed) {
            let state = record.undoneAt != nil ? "undone" : record.canBeUndone ? "can be undone" : "kept"
            let cells = [
                String(record.id), record.at.ISO8601Format(), record.source, "\(record.counts.added) added",
                "\(record.counts.updated) updated", "\(record.counts.removed) removed", state, record.actor,
            ]
            Terminal.out(cells.joined(separator: "\t") + "\n")
        }
    }
}

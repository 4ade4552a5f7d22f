import ArgumentParser

struct ImportCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Bring communes, code tables, addresses or recipients into the database.",
        discussion: "Each file goes in whole or not at all; importing the same file again changes nothing.",
        subcommands: [
            ImportCommunesCommand.self, ImportCOGCommand.self, ImportAddressesCommand.self, ImportPopulationCommand.self,
            ImportRecipientsCommand.self, ImportUndoCommand.self,
        ])
}

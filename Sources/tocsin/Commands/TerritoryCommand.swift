import ArgumentParser

/// What the territory holds, and how well its parts fit.
struct TerritoryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "territory", abstract: "Look into the communes, and how the register fits them.",
        subcommands: [TerritoryCheckCommand.self])
}

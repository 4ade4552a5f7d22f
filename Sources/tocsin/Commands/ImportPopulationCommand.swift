import AlertModel
import ArgumentParser
import Import
import Store

struct ImportPopulationCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "population",
        abstract: "Import INSEE's population squares (Filosofi, 200 m or 1 km).",
        discussion: """
            CSV, a spreadsheet, GeoPackage or Shapefile, with the squares' identifiers (CRS3035RES200mN…E…) and the people \
            in each (ind). They say where in a commune its people live, for `tocsin coverage`; where addresses are imported, \
            these do.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: ArgumentHelp("The layer, when a file has several.", valueName: "name"))
    var layer: String?

    func run() throws {
        let importer = PopulationImport(database: try database.openShared(for: .administer), actor: database.actor)
        for file in files {
            let report = try importer.run(file: file, layer: layer)
            let squares = report.sides.sorted { $0.key < $1.key }.map { "\($0.value) squares of \($0.key) m" }
            Terminal.say(
                "\(file): \(squares.joined(separator: ", ")), \(Int(report.people.rounded())) people: "
                    + "\(report.counts.added) added, \(report.counts.updated) updated, \(report.counts.unchanged) unchanged")
        }
    }
}

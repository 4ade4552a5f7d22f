import AlertModel
import ArgumentParser
import GeoModel
import Import
import Store

struct ImportCOGCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cog",
        abstract: "Import INSEE's code tables, legal populations and intercommunalités.",
        discussion: """
            Communes, movements since 1943, departments, regions, legal populations and the composition of \
            intercommunalités, in CSV or a spreadsheet; which it is, its columns say. With the movements, codes of other \
            years are understood: see `tocsin territory resolve`.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: "Year of the Code officiel géographique, when neither a file nor its name says.")
    var vintage: Int?

    func validate() throws {
        if let vintage, !(1943...2100).contains(vintage) {
            throw ValidationError("--vintage is a year, such as 2024")
        }
    }

    func run() throws {
        let store = try database.openShared(for: .administer)
        let importer = CodeTableImport(database: store, actor: database.actor)
        for file in files {
            let report = try importer.run(file: file, vintage: vintage)
            if report.counts.isSuperseded {
                Terminal.warn("\(file): nothing taken: the movements of a newer file are there already")
                continue
            }
            Terminal.say(
                "\(file): \(report.table) of \(report.vintage), \(report.vintageSource.rawValue): \(report.rows) rows, "
                    + "\(report.counts.added) added, \(report.counts.removed) removed, "
                    + "\(report.counts.unchanged) unchanged")
        }
        AtlasRefresh.run(in: store)
        for warning in try store.territorySummary().warnings { Terminal.warn(warning) }
    }
}

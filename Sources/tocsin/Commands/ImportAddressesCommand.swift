import ArgumentParser
import Import
import Store

struct ImportAddressesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "addresses",
        abstract: "Import addresses from Base Adresse Nationale CSV files, gzipped or not.",
        discussion: """
            Afterwards recipients without coordinates of their own are located again with what is now known.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    func run() throws {
        let importer = AddressImport(database: try database.open(), actor: database.actor)
        for file in files {
            var line = ProgressLine(file)
            let report = try importer.run(file: file) { progress in
                line.update("\(progress.rows) addresses, \(progress.percent) %")
            }
            line.finish()
            Terminal.say(
                "\(file): \(report.rows) addresses: \(report.counts.added) added, \(report.counts.updated) updated, "
                    + "\(report.counts.unchanged) unchanged"
                    + (report.relocated > 0 ? "; \(report.relocated) recipients located anew" : ""))
        }
    }
}

import AlertModel
import ArgumentParser
import Import
import Store

struct ImportAddressesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "addresses",
        abstract: "Import addresses: Base Adresse Nationale, Base Adresse Locale, La Poste's postcodes.",
        discussion: """
            CSV files, gzipped or not; what a file is is told by its columns. A file goes in whole or not at all, and the \
            same file again changes nothing. La Poste's table adds postcodes and names of communes, never a point. \
            Afterwards recipients without coordinates of their own are located again with what is now known.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    func run() throws {
        let importer = AddressImport(database: try database.openShared(for: .administer), actor: database.actor)
        for file in files {
            var line = ProgressLine(file)
            let report = try importer.run(file: file) { progress in
                line.update("\(progress.rows) addresses, \(progress.percent) %")
            }
            line.finish()
            let moved = report.relocated > 0 ? "; \(report.relocated) recipients located anew" : ""
            if report.kind == .postal {
                Terminal.say("\(file): \(report.rows) rows: \(report.counts.added) postcodes and names added\(moved)")
            } else {
                Terminal.say(
                    "\(file): \(report.rows) addresses: \(report.counts.added) added, "
                        + "\(report.counts.updated) updated, \(report.counts.unchanged) unchanged\(moved)")
            }
        }
    }
}

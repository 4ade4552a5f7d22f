import ArgumentParser
import GeoModel
import Import
import Store

struct ImportCommunesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "communes",
        abstract: "Import commune boundaries from GeoJSON or newline-delimited GeoJSON, gzipped or not.",
        discussion: """
            Property names of IGN ADMIN EXPRESS, Etalab's contours-administratifs and france-geojson are recognised. \
            Invalid boundaries are repaired and named.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: "Year of the Code officiel géographique, when the features do not state it (`millesime`).")
    var vintage: Int?

    func validate() throws {
        if let vintage, !(1943...2100).contains(vintage) {
            throw ValidationError("--vintage is a year, such as 2024")
        }
    }

    func run() throws {
        let store = try database.open()
        let importer = CommuneImport(database: store, actor: database.actor)
        for file in files {
            var line = ProgressLine(file)
            let report: CommuneImportReport
            do {
                report = try importer.run(file: file, vintage: vintage) { progress in
                    line.update("\(progress.rows) communes, \(progress.percent) %")
                }
            } catch let error as GeoJSONError {
                throw InputError(file: file, underlying: error)
            }
            line.finish()
            if report.isVintageAssumed {
                Terminal.warn(
                    "\(file) does not say of which year its communes are: \(report.vintage) is assumed; "
                        + "--vintage YEAR says otherwise")
            }
            if !report.repaired.isEmpty {
                Terminal.warn(
                    "\(file): boundary repaired of \(report.repaired.map(\.rawValue).joined(separator: ", "))")
            }
            if !report.withoutBoundary.isEmpty {
                Terminal.warn(
                    "\(file): no boundary for \(report.withoutBoundary.map(\.rawValue).joined(separator: ", "))")
            }
            Terminal.say(
                "\(file): \(report.features) communes of \(report.vintage): \(report.counts.added) added, "
                    + "\(report.counts.updated) updated, \(report.counts.unchanged) unchanged")
        }
    }
}

extension ImportProgress {
    /// Share of the file's bytes read so far, 0 to 100.
    var percent: Int { totalBytes == 0 ? 100 : bytesRead * 100 / totalBytes }
}

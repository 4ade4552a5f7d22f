import AlertModel
import ArgumentParser
import Foundation
import GeoModel
import Import
import Store

struct ImportCommunesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "communes",
        abstract: "Import commune boundaries from GeoJSON (lines of it too, gzipped or not), Shapefile, GeoPackage, TopoJSON…",
        discussion: """
            A shapefile is its .shp with the other parts beside it, or a .zip of them; any reference system is brought to \
            WGS 84. Also read: FlatGeobuf, KML, MapInfo.

            Property names of IGN ADMIN EXPRESS, Etalab's contours-administratifs and france-geojson are recognised; \
            --map says what others hold. Fields: \(CommuneField.allCases.map(\.rawValue).joined(separator: ", ")).

            Invalid boundaries are repaired, outward, and named; overlaps and gaps between neighbours are counted. \
            --report writes them all.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The files.")
    var files: [String]

    @Option(help: "Year of the Code officiel géographique, when the features do not state it (`millesime`).")
    var vintage: Int?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Say what a column holds (repeatable).", valueName: "column=field"))
    var map: [String] = []

    @Option(help: ArgumentHelp("The layer, when a file has several.", valueName: "name"))
    var layer: String?

    @Option(help: ArgumentHelp("Write repairs, missing boundaries, overlaps and gaps to a CSV file.", valueName: "file"))
    var report: String?

    /// Repairs and missing boundaries named on the terminal; --report has them all.
    private static let shownFindings = 20

    func validate() throws {
        if let vintage, !(1943...2100).contains(vintage) {
            throw ValidationError("--vintage is a year, such as 2024")
        }
        _ = try mapping()
    }

    func run() throws {
        let store = try database.openShared(for: .administer)
        var outcomes: [(file: String, report: CommuneImportReport)] = []
        do {
            for file in files { outcomes.append((file, try take(file, into: store))) }
        } catch {
            // What came before the bad file is imported, and owed the same care.
            try finish(outcomes, in: store)
            throw error
        }
        try finish(outcomes, in: store)
    }

    private func mapping() throws -> [String: String] {
        var result: [String: String] = [:]
        for text in map {
            guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
                throw ValidationError("--map takes COLUMN=FIELD, such as --map INSEE=code")
            }
            result[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return result
    }

    private func take(_ file: String, into store: AlertDatabase) throws -> CommuneImportReport {
        let importer = CommuneImport(database: store, actor: database.actor)
        var line = ProgressLine(file)
        let report: CommuneImportReport
        do {
            report = try importer.run(
                file: file, options: CommuneImport.Options(vintage: vintage, map: try mapping(), layer: layer)
            ) { progress in line.update("\(progress.rows) communes, \(progress.percent) %") }
        } catch let error as GeoJSONError {
            throw InputError(file: file, underlying: error)
        }
        line.finish()
        if let layer = report.layer, layer.isSystemAssumed {
            Terminal.warn(
                "\(file) does not say which reference system its coordinates are in: \(layer.system) was recognised by them")
        }
        if report.isVintageAssumed {
            Terminal.warn(
                "\(file) does not say of which year its communes are: \(report.vintage) is assumed; "
                    + "--vintage YEAR says otherwise")
        }
        show("boundary repaired of", report.findings.filter { $0.kind == .repaired }, file) {
            CommuneFindingReport.words(ofRepair: $0)
        }
        show("no boundary for", report.findings.filter { $0.kind == .withoutBoundary }, file) {
            $0.communes.map(\.rawValue).joined()
        }
        Terminal.say(
            "\(file): \(report.features) communes of \(report.vintage): \(report.counts.added) added, "
                + "\(report.counts.updated) updated, \(report.counts.unchanged) unchanged")
        return report
    }

    private func show(
        _ what: String, _ findings: [CommuneFinding], _ file: String, _ words: (CommuneFinding) -> String
    ) {
        guard !findings.isEmpty else { return }
        let rest = findings.count - Self.shownFindings
        Terminal.warn(
            "\(file): \(what) \(findings.prefix(Self.shownFindings).map(words).joined(separator: ", "))"
                + (rest > 0 ? " and \(rest) more; --report FILE writes them all" : ""))
    }

    /// Compares neighbours and draws the map. The communes are in: what fails here is said, and does not undo them.
    private func finish(_ outcomes: [(file: String, report: CommuneImportReport)], in store: AlertDatabase) throws {
        guard !outcomes.isEmpty else { return }
        var findings = outcomes.flatMap { outcome in
            outcome.report.findings.map { (file: Optional(outcome.file), finding: $0) }
        }
        let departments = outcomes.reduce(into: Set<String>()) { $0.formUnion($1.report.changedDepartments) }
        if !departments.isEmpty {
            do {
                let topology = try CommuneTopology(of: store, departments: departments)
                findings += topology.findings.map { (file: nil, finding: $0) }
                let overlaps = topology.findings.filter { $0.kind == .overlap }
                let gaps = topology.findings.filter { $0.kind == .gap }
                Terminal.say(
                    "between communes: \(CommuneFindingReport.words(of: overlaps, "overlap", "overlaps")); "
                        + CommuneFindingReport.words(of: gaps, "gap", "gaps"))
            } catch {
                Terminal.warn("the communes are imported, but their boundaries could not be compared: \(error)")
            }
        }
        if let report {
            do {
                try CommuneFindingReport.csv(findings).write(toFile: report, atomically: true, encoding: .utf8)
            } catch {
                throw ValidationError("--report: \(report) can't be written")
            }
        }
        AtlasRefresh.run(in: store)
    }
}

extension ImportProgress {
    /// Share of the file's bytes read so far, 0 to 100.
    var percent: Int { totalBytes == 0 ? 100 : bytesRead * 100 / totalBytes }
}

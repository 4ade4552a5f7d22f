import AlertModel
import ArgumentParser
import Foundation
import Import
import Reports
import Store

struct ImportRecipientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipients",
        abstract: "Import recipients from a CSV file, gzipped or not.",
        discussion: """
            Separator, encoding (UTF-8, Windows-1252) and French or English column names are recognised; --map \
            corrects the guess. Fields: \(RecipientField.allCases.map(\.rawValue).joined(separator: ", ")).

            Every refused row is named on standard error with its line, column and reason; nothing is imported \
            then, unless --skip-invalid keeps the other rows.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The file.")
    var file: String

    @Option(help: "The organisation whose register it is; created when new.")
    var organisation: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Say what a column holds (repeatable).", valueName: "column=field"))
    var map: [String] = []

    @Flag(help: "Check everything and write nothing.")
    var dryRun = false

    @Flag(help: "Import the valid rows and leave the others out.")
    var skipInvalid = false

    @Option(help: ArgumentHelp("Write refused rows and warnings to a CSV file.", valueName: "file"))
    var report: String?

    /// Refused rows and warnings shown on the terminal; --report has them all.
    private static let shownRefusals = 1000
    private static let shownWarnings = 20

    func run() throws {
        let store = try database.open()
        var options = RecipientImport.Options(
            organisation: try organisation ?? store.organisations().first?.name ?? DefaultOrganisation.name,
            dryRun: dryRun, skipInvalid: skipInvalid)
        options.map = try mapping()
        var line = ProgressLine(file)
        let outcome = try RecipientImport(database: store, actor: database.actor).run(file: file, options: options) {
            progress in line.update("\(progress.rows) rows, \(progress.percent) %")
        }
        line.finish()
        try show(outcome)
        if !outcome.refused.isEmpty, !skipInvalid {
            throw ImportError.invalidRows(
                file: URL(filePath: file).lastPathComponent, count: outcome.refusedRows)
        }
    }

    private func mapping() throws -> [String: String] {
        var result: [String: String] = [:]
        for text in map {
            guard let sign = text.lastIndex(of: "="), sign > text.startIndex else {
                throw ValidationError("--map takes COLUMN=FIELD, such as --map Portable=phone")
            }
            result[String(text[..<sign])] = String(text[text.index(after: sign)...])
        }
        return result
    }

    private func show(_ outcome: RecipientImportReport) throws {
        let columns = outcome.columns.map { "\($0.name)=\($0.field.rawValue)" }.joined(separator: ", ")
        Terminal.say("columns: \(columns)")
        if !outcome.unrecognisedColumns.isEmpty {
            Terminal.warn("columns left aside: \(outcome.unrecognisedColumns.joined(separator: ", "))")
        }
        show(outcome.refused, as: "refused", atMost: Self.shownRefusals)
        show(outcome.warnings, as: "warning", atMost: Self.shownWarnings)
        if let report { try write(outcome, to: report) }
        let precisions = Precision.allCases.compactMap { precision in
            outcome.precisions[precision].map { "\($0) \(precision.rawValue)" }
        }.joined(separator: ", ")
        let taken = outcome.counts.added + outcome.counts.updated + outcome.counts.unchanged
        Terminal.say(
            "\(file): \(outcome.rows) rows: \(outcome.counts.added) added, \(outcome.counts.updated) updated, "
                + "\(outcome.counts.unchanged) unchanged, \(outcome.refusedRows) refused"
                + (taken > 0 ? "; located: \(precisions)" : "") + (dryRun ? " (dry run: nothing was written)" : ""))
    }

    private func show(_ problems: [RowProblem], as kind: String, atMost limit: Int) {
        for problem in problems.prefix(limit) { Terminal.say("\(kind): \(problem)") }
        if problems.count > limit {
            Terminal.say("\(kind): … and \(problems.count - limit) more; --report FILE writes them all")
        }
    }

    private func write(_ outcome: RecipientImportReport, to path: String) throws {
        var writer = CSVWriter()
        writer.row(["kind", "line", "column", "reason"])
        for (kind, problems) in [("refused", outcome.refused), ("warning", outcome.warnings)] {
            for problem in problems { writer.row([kind, String(problem.line), problem.column, problem.reason]) }
        }
        do {
            try writer.text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw ValidationError("--report: \(path) can't be written")
        }
    }
}

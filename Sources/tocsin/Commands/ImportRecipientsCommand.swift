import AlertModel
import ArgumentParser
import Foundation
import Import
import Reports
import Store

extension DuplicateChoice: ExpressibleByArgument {}

struct ImportRecipientsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "recipients",
        abstract: "Import recipients from CSV, TSV, XLSX, XLS or ODS.",
        discussion: """
            Separator, encoding (UTF-8, UTF-16, Windows-1252), a title above the header and French or English column \
            names are recognised; --map corrects the guess, and is remembered for files with the same header. Fields: \
            \(RecipientField.allCases.map(\.rawValue).joined(separator: ", ")).

            Every refused row is named on standard error with its line, column and reason; nothing is imported then, \
            unless --skip-invalid keeps the other rows. A bad number or mailbox is left out of its row and listed. What \
            a column does not say stays as it is.

            A file belongs to a source, and is compared with what the source gave before: --dry-run shows what is new, \
            changed and gone. `tocsin import undo` takes an import back.
            """)

    @OptionGroup var database: DatabaseOption

    @Argument(help: "The file, gzipped or not.")
    var file: String

    @Option(help: "The organisation whose register it is; created when new.")
    var organisation: String?

    @Option(
        name: .long, parsing: .singleValue,
        help: ArgumentHelp("Say what a column holds (repeatable).", valueName: "column=field"))
    var map: [String] = []

    @Flag(help: "Forget what --map said another time.")
    var forgetMapping = false

    @Option(help: "The sheet of a workbook.")
    var sheet: String?

    @Option(help: "The source the file belongs to (default: its name without dates and numbers).")
    var source: String?

    @Flag(help: "Remove recipients of the source that the file no longer names.")
    var removeGone = false

    @Flag(help: "Remove them even when they are more than a fifth of the source.")
    var yes = false

    @Option(help: "What to do with rows that are the same person as another: report, merge, refuse or keep.")
    var duplicates = DuplicateChoice.report

    @Option(help: "Most emergency numbers of an office (3 until this says otherwise); kept for the organisation.")
    var emergencyLimit: Int?

    @Flag(help: "Check everything and write nothing.")
    var dryRun = false

    @Option(help: ArgumentHelp("Print the first rows, personal data included, on standard output.", valueName: "rows"))
    var preview = 0

    @Flag(help: "Import the valid rows and leave the others out.")
    var skipInvalid = false

    @Option(help: ArgumentHelp("Write all that is reported to a CSV file.", valueName: "file"))
    var report: String?

    /// Shown on the terminal; --report has them all.
    private static let shownRefusals = 1000
    private static let shownWarnings = 20
    /// Problems of a sort up to which each is shown by itself.
    private static let shownEach = 5
    private static let greatestPreview = 100
    private static let greatestEmergencyLimit = 100

    func validate() throws {
        guard (0...Self.greatestPreview).contains(preview) else {
            throw ValidationError("--preview takes 0 to \(Self.greatestPreview) rows")
        }
        if let emergencyLimit, !(0...Self.greatestEmergencyLimit).contains(emergencyLimit) {
            throw ValidationError("--emergency-limit is 0 to \(Self.greatestEmergencyLimit)")
        }
    }

    func run() throws {
        let store = try database.open(for: .editRegister)
        var options = RecipientImport.Options(
            organisation: try Tenancy(store).ownerName(named: organisation),
            dryRun: dryRun, skipInvalid: skipInvalid)
        options.map = try ColumnMapping.read(map, option: "--map")
        options.forgetsMapping = forgetMapping
        options.sheet = sheet
        options.source = source
        options.duplicates = duplicates
        options.removesGone = removeGone
        options.isSure = yes
        options.previewRows = preview
        options.emergencyLimit = emergencyLimit
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

    // MARK: What is said

    private func show(_ outcome: RecipientImportReport) throws {
        showColumns(outcome)
        if preview > 0 { showPreview(outcome) }
        show(outcome.refused, as: "refused", atMost: Self.shownRefusals)
        let sorts = [
            ("contact left out", outcome.leftOut, outcome.leftOutGroups), ("warning", outcome.warnings, outcome.warningGroups),
            ("duplicate", outcome.duplicates, outcome.duplicateGroups),
        ]
        let isGrouped = sorts.map { kind, problems, groups in show(problems, groups, as: kind) }.contains(true)
        if isGrouped, report == nil { Terminal.say("--report FILE writes every row of these") }
        if outcome.furtherProblems > 0 {
            Terminal.warn("\(outcome.furtherProblems) further problems are not listed: correct these first")
        }
        if let report { try write(outcome, to: report) }
        showDifferences(outcome)
        showTotals(outcome)
    }

    private func showColumns(_ outcome: RecipientImportReport) {
        if outcome.skippedRows > 0 {
            Terminal.say("header on line \(outcome.headerLine): \(outcome.skippedRows) rows above it are passed over")
        }
        if outcome.isMappingRemembered, map.isEmpty {
            Terminal.say("columns as --map said another time for this header; --forget-mapping forgets it")
        }
        if dryRun {
            let rows = outcome.columns.map { ($0.name, $0.field.rawValue) }
                + outcome.unrecognisedColumns.map { ($0, "(left aside)") }
            let width = rows.map(\.0.count).max() ?? 0
            let lines = rows.map { name, field in
                "  " + name + String(repeating: " ", count: width - name.count) + "  " + field
            }
            Terminal.say("columns:\n" + lines.joined(separator: "\n"))
        } else {
            let columns = outcome.columns.map { "\($0.name)=\($0.field.rawValue)" }.joined(separator: ", ")
            Terminal.say("columns: \(columns)")
        }
        if !outcome.unrecognisedColumns.isEmpty {
            Terminal.warn("columns left aside: \(outcome.unrecognisedColumns.joined(separator: ", "))")
        }
    }

    private func showPreview(_ outcome: RecipientImportReport) {
        var writer = CSVWriter()
        writer.row(outcome.columns.map { "\($0.name) (\($0.field.rawValue))" })
        for fields in outcome.preview {
            writer.row(outcome.columns.map { $0.index < fields.count ? fields[$0.index] : "" })
        }
        Terminal.out(writer.text)
    }

    private func showDifferences(_ outcome: RecipientImportReport) {
        for (system, rows) in outcome.converted.sorted(by: { $0.key < $1.key }) {
            Terminal.say("coordinates: \(rows) rows are metres in \(system), converted to degrees")
        }
        if !outcome.changedFields.isEmpty {
            let fields = outcome.changedFields.sorted { $0.key < $1.key }.map { "\($0.key) \($0.value)" }
            Terminal.say("changed: \(fields.joined(separator: ", "))")
        }
        if outcome.losingLastContactCount > 0 {
            Terminal.warn(
                "\(outcome.losingLastContactCount) recipients lose their last contact point: lines "
                    + list(outcome.losingLastContact.map(String.init), of: outcome.losingLastContactCount))
        }
        if outcome.unreachable > 0 { Terminal.warn("\(outcome.unreachable) new recipients have no contact point") }
        if outcome.duplicatePersons + outcome.sharedContacts > 0 {
            Terminal.say(
                "duplicates: \(outcome.duplicatePersons) rows are the same person as another, "
                    + "\(outcome.sharedContacts) share a number or mailbox under another name")
        }
        if outcome.fromAnotherSource > 0, outcome.counts.updated + outcome.counts.unchanged > 0 {
            Terminal.say("\(outcome.fromAnotherSource) recipients were of another source, and are of “\(outcome.source)” now")
        }
        if outcome.goneCount > 0 {
            let fate = removeGone ? dryRun ? "would be removed" : "removed" : "kept; --remove-gone removes them"
            Terminal.say(
                "gone: \(outcome.goneCount) recipients of “\(outcome.source)” are not in the file (\(fate)): "
                    + list(outcome.gone, of: outcome.goneCount))
        }
        if outcome.sparedCount > 0 {
            Terminal.say(
                "spared: \(outcome.sparedCount) recipients of “\(outcome.source)” are not in the file either, and stay: "
                    + "they were merged with cards of another source or made by hand: "
                    + list(outcome.spared, of: outcome.sparedCount))
        }
    }

    private func list(_ names: [String], of count: Int) -> String {
        names.prefix(Self.shownWarnings).joined(separator: ", ") + (count > Self.shownWarnings ? "…" : "")
    }

    private func showTotals(_ outcome: RecipientImportReport) {
        let counts = outcome.counts
        let precisions = Precision.allCases.compactMap { precision in
            outcome.precisions[precision].map { "\($0) \(precision.rawValue)" }
        }.joined(separator: ", ")
        Terminal.say(
            "\(file): \(outcome.rows) rows: \(counts.added) added, \(counts.updated) updated, "
                + "\(counts.unchanged) unchanged, \(outcome.refusedRows) refused"
                + (counts.merged > 0 ? ", \(counts.merged) merged" : "")
                + (counts.removed > 0 ? ", \(counts.removed) removed" : "")
                + (counts.total > 0 ? "; located: \(precisions)" : "")
                + (dryRun ? " (dry run: nothing was written)" : ""))
        if let id = outcome.importID { Terminal.say("import \(id) of “\(outcome.source)”: `tocsin import undo \(id)` takes it back") }
    }

    /// A few are shown one by one; more, by kind, with their number and first lines.
    ///
    /// - Returns: whether some are not shown.
    private func show(_ problems: [RowProblem], _ all: ProblemGroups, as kind: String) -> Bool {
        guard problems.count > Self.shownEach else {
            for problem in problems { Terminal.say("\(kind): \(problem)") }
            return false
        }
        for group in all.groups.prefix(Self.shownWarnings) {
            guard group.rows > 1 else {
                Terminal.say("\(kind): \(group.first)")
                continue
            }
            let lines = group.lines.map(String.init).joined(separator: ", ") + (group.rows > group.lines.count ? "…" : "")
            Terminal.say(
                "\(kind): \(group.rows) rows, column \(group.first.column ?? "-"): \(group.first.kind) (lines \(lines))")
        }
        let rest = all.groups.dropFirst(Self.shownWarnings).reduce(all.others) { $0 + $1.rows }
        if rest > 0 { Terminal.say("\(kind): … and \(rest) more, of other kinds") }
        return true
    }

    private func show(_ problems: [RowProblem], as kind: String, atMost limit: Int) {
        for problem in problems.prefix(limit) { Terminal.say("\(kind): \(problem)") }
        if problems.count > limit {
            Terminal.say("\(kind): … and \(problems.count - limit) more; --report FILE writes them all")
        }
    }

    private func write(_ outcome: RecipientImportReport, to path: String) throws {
        var writer = CSVWriter()
        writer.row(RecipientImportReport.tableHead)
        outcome.forEachRow { writer.row($0) }
        do {
            try writer.text.write(toFile: path, atomically: true, encoding: .utf8)
        } catch {
            throw ValidationError("--report: \(path) can't be written")
        }
    }
}

import AlertModel
import Store

/// What is wrong with one row, without repeating its content.
package struct RowProblem: Sendable, Equatable, CustomStringConvertible {
    package let line: Int
    /// Nil when it is wrong with the whole row.
    package let column: String?
    package let reason: String

    package var description: String { "line \(line), column \(column ?? "-"): \(reason)" }
}

/// What an import of recipients did, or would do.
package struct RecipientImportReport: Sendable {
    package var rows = 0
    package var counts = RecipientImportCounts()
    /// Rows that were not taken.
    package var refused: [RowProblem] = []
    /// Contact points that were left out of rows that were taken.
    package var leftOut: [RowProblem] = []
    /// Rows that were taken, with something to check.
    package var warnings: [RowProblem] = []
    /// Problems beyond `problemLimit`, which are only counted.
    package var furtherProblems = 0
    package var precisions: [Precision: Int] = [:]
    package var columns: [RecipientColumns.Column] = []
    package var unrecognisedColumns: [String] = []
    /// The line of the header, and the rows above it that were passed over.
    package var headerLine = 1
    package var skippedRows = 0
    /// Whether columns were understood by what was said another time.
    package var isMappingRemembered = false
    package var source = ""
    /// How many changed recipients differ in each fact.
    package var changedFields: [String: Int] = [:]
    /// Recipients of the source that the file no longer names.
    package var gone: [String] = []
    package var goneCount = 0
    /// Recipients that another source named last.
    package var fromAnotherSource = 0
    /// Lines whose recipient can be reached now, and not once the file is written.
    package var losingLastContact: [Int] = []
    package var losingLastContactCount = 0
    /// Rows that give no way to reach anybody.
    package var unreachable = 0
    /// Rows whose position was converted from metres, by system.
    package var converted: [String: Int] = [:]
    package var duplicates: [RowProblem] = []
    package var duplicatePersons = 0
    package var sharedContacts = 0
    /// Cells of the first rows, when a preview was asked for. Personal data.
    package var preview: [[String]] = []
    /// By which the import can be undone.
    package var importID: Int64?

    /// Problems kept of each sort: a file of a million faults must not fill the memory.
    static let problemLimit = 200_000

    /// Lines that were refused; a line may have several problems.
    package var refusedRows: Int { Set(refused.map(\.line)).count }

    mutating func add(refused problems: [RowProblem]) { append(problems, to: \.refused) }
    mutating func add(leftOut problems: [RowProblem]) { append(problems, to: \.leftOut) }
    mutating func add(warnings problems: [RowProblem]) { append(problems, to: \.warnings) }
    mutating func add(duplicate problem: RowProblem) { append([problem], to: \.duplicates) }

    private mutating func append(_ problems: [RowProblem], to list: WritableKeyPath<Self, [RowProblem]>) {
        guard !problems.isEmpty else { return }
        let room = max(0, Self.problemLimit - self[keyPath: list].count)
        self[keyPath: list] += problems.prefix(room)
        furtherProblems += max(0, problems.count - room)
    }
}

/// How far an import is.
package struct ImportProgress: Sendable {
    package let rows: Int
    package let bytesRead: Int
    package let totalBytes: Int
}

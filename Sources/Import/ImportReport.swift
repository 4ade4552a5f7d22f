import AlertModel
import Store

/// What is wrong with one row, without repeating its content.
package struct RowProblem: Sendable, Equatable, CustomStringConvertible {
    package let line: Int
    /// Nil when it is wrong with the whole row.
    package let column: String?
    package let reason: String
    /// What all problems of a sort have in common, where the reason speaks of this row alone.
    private let commonReason: String?

    package init(line: Int, column: String?, reason: String, kind: String? = nil) {
        self.line = line
        self.column = column
        self.reason = reason
        commonReason = kind
    }

    /// The reason without what it says of this row alone.
    package var kind: String { commonReason ?? reason }

    package var description: String { "line \(line), column \(column ?? "-"): \(reason)" }
}

/// Problems of one kind in one column.
package struct ProblemGroup: Sendable, Equatable {
    /// The first of them.
    package let first: RowProblem
    package fileprivate(set) var rows = 1
    /// The first few lines, in the order of the file.
    package fileprivate(set) var lines: [Int]

    fileprivate static let lineLimit = 5
}

/// The groups of one sort of problems, by column and kind.
package struct ProblemGroups: Sendable {
    private struct Key: Hashable {
        let column: String?
        let kind: String
    }

    /// Kinds are few; a fault that made one of each row must not fill the memory.
    private static let limit = 1000

    private var places: [Key: Int] = [:]
    /// In the order of their first lines.
    package private(set) var groups: [ProblemGroup] = []
    /// Problems of kinds beyond the limit.
    package private(set) var others = 0

    fileprivate mutating func add(_ problem: RowProblem) {
        let key = Key(column: problem.column, kind: problem.kind)
        if let place = places[key] {
            groups[place].rows += 1
            if groups[place].lines.count < ProblemGroup.lineLimit { groups[place].lines.append(problem.line) }
        } else if groups.count < Self.limit {
            places[key] = groups.count
            groups.append(ProblemGroup(first: problem, lines: [problem.line]))
        } else {
            others += 1
        }
    }
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
    /// The warnings, those of contact points left out and the duplicates again, by kind; all of them, however many.
    package private(set) var warningGroups = ProblemGroups()
    package private(set) var leftOutGroups = ProblemGroups()
    package private(set) var duplicateGroups = ProblemGroups()
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
    /// Recipients that the file no longer names either, and that another source, or somebody by hand, has a part in: they stay.
    package var spared: [String] = []
    package var sparedCount = 0
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

    mutating func add(leftOut problems: [RowProblem]) {
        append(problems, to: \.leftOut)
        for problem in problems { leftOutGroups.add(problem) }
    }

    mutating func add(warnings problems: [RowProblem]) {
        append(problems, to: \.warnings)
        for problem in problems { warningGroups.add(problem) }
    }

    mutating func add(duplicate problem: RowProblem) {
        append([problem], to: \.duplicates)
        duplicateGroups.add(problem)
    }

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

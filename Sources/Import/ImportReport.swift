import AlertModel
import Store

/// What is wrong with one row, without repeating its content.
package struct RowProblem: Sendable, Equatable, CustomStringConvertible {
    package let line: Int
    package let column: String
    package let reason: String

    package var description: String { "line \(line), column \(column): \(reason)" }
}

/// What an import of recipients did, or would do.
package struct RecipientImportReport: Sendable {
    package var rows = 0
    package var counts = RecipientImportCounts()
    /// Rows that were not taken.
    package var refused: [RowProblem] = []
    /// Rows that were taken, with something to check.
    package var warnings: [RowProblem] = []
    package var precisions: [Precision: Int] = [:]
    package var columns: [RecipientColumns.Column] = []
    package var unrecognisedColumns: [String] = []

    /// Lines that were refused; a line may have several problems.
    package var refusedRows: Int { Set(refused.map(\.line)).count }
}

/// How far an import is.
package struct ImportProgress: Sendable {
    package let rows: Int
    package let bytesRead: Int
    package let totalBytes: Int
}

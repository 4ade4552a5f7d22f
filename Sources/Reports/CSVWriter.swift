import AlertModel

/// Writes CSV as RFC 4180 but for the line ends, which are a line feed alone: comma, quotes where needed.
package struct CSVWriter {
    package private(set) var text = ""
    private let isForSpreadsheets: Bool

    /// - Parameter isForSpreadsheets: cells that a spreadsheet would run are made text, see `FormulaGuard`.
    package init(isForSpreadsheets: Bool = true) {
        self.isForSpreadsheets = isForSpreadsheets
    }

    package mutating func row(_ fields: [String]) {
        for (index, field) in fields.enumerated() {
            if index > 0 { text += "," }
            text += Self.quoted(isForSpreadsheets ? FormulaGuard.guarded(field) : field)
        }
        text += "\n"
    }

    /// Gives what was written and forgets it: for files longer than memory.
    package mutating func drain() -> String {
        defer { text.removeAll(keepingCapacity: true) }
        return text
    }

    private static func quoted(_ field: String) -> String {
        guard field.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return field }
        return "\"" + field.split(separator: "\"", omittingEmptySubsequences: false).joined(separator: "\"\"") + "\""
    }
}

import Foundation
import GeoModel

/// Writes a table as an XLSX workbook of one sheet: whole, or not at all.
package struct SheetWriter {
    package struct Column: Sendable {
        package let name: String
        /// Whether its cells are numbers, which a spreadsheet adds up; codes and telephone numbers are not.
        package let isNumber: Bool

        package init(_ name: String, isNumber: Bool = false) {
            self.name = name
            self.isNumber = isNumber
        }
    }

    package enum Cell: Sendable {
        /// Never a formula, whatever it starts with. At most 32,767 characters.
        case text(String)
        /// Finite; in a column of texts it is written out.
        case number(Double)
        case empty
    }

    private let columns: [Column]
    private var input: ExchangeInput
    private var count = 0

    /// Writes one row: at most as many cells as there are columns.
    package mutating func row(_ cells: [Cell]) throws {
        count += 1
        try input.line { writer in
            writer.separated(zip(cells, columns), open: "[", close: "]") { writer, cell in
                switch cell {
                case (.text(let text), let column) where !column.isNumber: writer.string(text)
                case (.number(let number), let column) where column.isNumber: writer.number(number)
                case (.number(let number), _): writer.string(JSONValue.number(number).text ?? "")
                case (.text, _), (.empty, _): writer.raw("null")
                }
            }
        }
    }

    /// Writes a workbook to `path`, in place of what is there, once it is whole.
    ///
    /// - Parameters:
    ///   - sheet: the sheet's name; what Excel does not take in it is replaced.
    ///   - rows: calls `row` for each row. 1,048,575 at most.
    /// - Throws: `ImportError` with the file's name and a reason, and what `rows` throws; `path` is as it was then.
    package static func write(
        to path: String, sheet: String, columns: [Column], rows: (inout SheetWriter) throws -> Void
    ) throws {
        try prepare(for: path, sheet: sheet, columns: columns, rows: rows).commit()
    }

    /// As `write`, for a file that must not appear yet: it does when it is committed.
    package static func prepare(
        for path: String, sheet: String, columns: [Column], rows: (inout SheetWriter) throws -> Void
    ) throws -> ExchangeOutput {
        try ExchangeOutput(to: path, verb: "write-table", format: "xlsx") { input in
            try input.line { Self.header(sheet: sheet, columns: columns, to: &$0) }
            var writer = SheetWriter(columns: columns, input: input)
            try rows(&writer)
            input = writer.input
            return writer.count
        }
    }

    private static func header(sheet: String, columns: [Column], to writer: inout JSONWriter) {
        writer.raw(#"{"sheet":"#)
        writer.string(sheetName(sheet))
        writer.raw(#","columns":"#)
        writer.separated(columns, open: "[", close: "]") { writer, column in
            writer.raw(#"{"name":"#)
            writer.string(column.name)
            writer.raw(#","number":"#)
            writer.value(.bool(column.isNumber))
            writer.raw("}")
        }
        writer.raw("}")
    }

    /// Excel's rules: 31 characters, none of these, and no quote at either end.
    private static func sheetName(_ name: String) -> String {
        let replaced = String(name.map { #"[]:*?/\'"#.contains($0) || $0.isNewline ? "-" : $0 })
        let trimmed = String(replaced.prefix(31)).trimmingCharacters(in: .whitespacesAndNewlines)
        return trimmed.isEmpty ? "Tocsin" : trimmed
    }
}

import AlertModel
import Foundation
import Store

/// The beginning of a recipients' file as it is, before anything is judged: what somebody looks at to say what columns hold.
package struct RecipientPreview: Sendable {
    package struct Column: Sendable, Equatable {
        package let name: String
        /// What was said of it another time, or what its name tells; nil for a name that tells nothing.
        package let field: RecipientField?
    }

    package let columns: [Column]
    /// Cells of the first rows below the header. Personal data.
    package let rows: [[String]]
    package let skippedRows: Int
    /// Whether some column is understood by what was said another time.
    package let isRemembered: Bool

    private struct Enough: Error {}

    /// - Parameter rowCount: rows shown at most.
    /// - Throws: `ImportError` when the file can't be read at all.
    package static func read(
        file path: String, rowCount: Int, organisation: String, database: AlertDatabase
    ) throws -> RecipientPreview {
        let source = try FileSource(path: path)
        let most = RecipientHeader.searchedRows + rowCount
        var records: [CSVRecord] = []
        do {
            try TableReader.read(source) { record, _ in
                records.append(record)
                if records.count >= most { throw Enough() }
            }
        } catch is Enough {}
        let index = records.prefix(RecipientHeader.searchedRows).firstIndex { RecipientHeader.isHeader($0.fields, map: [:]) } ?? 0
        guard index < records.count else { throw ImportError.noHeader(file: source.name) }
        let header = records[index].fields
        let stored = try database.setting(.importColumns, ofOrganisationNamed: organisation)
        let known = stored.flatMap { RememberedColumns(json: $0) }?.mapping(ofHeader: header) ?? [:]
        // As an import understands them, where it can: some columns tell what others are.
        let whole = try? RecipientColumns(header: header, map: known, file: source.name)
        return RecipientPreview(
            columns: header.enumerated().map { index, text in
                let name = text.trimmingCharacters(in: .whitespacesAndNewlines)
                let field = whole?.columns.first { $0.index == index }?.field
                    ?? known[name].flatMap { RecipientField(rawValue: $0) } ?? (whole == nil ? RecipientColumns.guess(name) : nil)
                return Column(name: name, field: field)
            },
            rows: records.dropFirst(index + 1).prefix(rowCount).map(\.fields), skippedRows: index, isRemembered: !known.isEmpty)
    }
}

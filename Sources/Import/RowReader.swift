import AlertModel
import Foundation
import Store

/// The fields of one record by what they hold, and the faults found so far.
struct RowReader {
    private let record: CSVRecord
    private let byField: [RecipientField: [RecipientColumns.Column]]
    /// What refuses the whole row.
    private(set) var problems: [RowProblem] = []
    /// What refuses one contact point of it.
    private(set) var contactProblems: [RowProblem] = []
    private(set) var warnings: [RowProblem] = []

    /// What people type in a telephone or e-mail cell to say that there is none, folded.
    private static let wordsForNothing: Set<String> = [
        "0", "neant", "aucun", "aucune", "nc", "non", "sans", "none", "na", "n a", "inconnu",
    ]

    /// How many texts a cell of several may hold, as many as its bound is longer.
    private static let mostItems = 100

    init(record: CSVRecord, byField: [RecipientField: [RecipientColumns.Column]]) {
        self.record = record
        self.byField = byField
    }

    /// The trimmed text of the field's column; nil when there is none or it is blank.
    func value(_ field: RecipientField) -> String? {
        byField[field]?.first.flatMap { value(in: $0) }
    }

    /// The texts of all columns of the field that hold one.
    func values(_ field: RecipientField) -> [String] { byField[field]?.compactMap { value(in: $0) } ?? [] }

    func value(in column: RecipientColumns.Column) -> String? {
        guard column.index < record.fields.count else { return nil }
        // An export's cells that a spreadsheet would run start with an apostrophe.
        let text = FormulaGuard.unguarded(record.fields[column.index].trimmed)
        guard !text.isEmpty else { return nil }
        return column.field.isContact && Self.saysNothing(text) ? nil : text
    }

    private static func saysNothing(_ text: String) -> Bool {
        // A number or a mailbox is longer than any of these words.
        guard text.utf8.count < 9 else { return text.utf8.first.map { "-–—/.?".utf8.contains($0) } == true
            && text.allSatisfy { "-–—/.?".contains($0) } }
        return text.allSatisfy { "-–—/.?".contains($0) } || wordsForNothing.contains(FoldedName(text).text)
    }

    mutating func required(_ field: RecipientField) -> String? {
        if let text = value(field) { return text }
        refuse(field, "empty, but required")
        return nil
    }

    mutating func checkText(of columns: [RecipientColumns.Column], maximumCharacters: Int) {
        for column in columns where column.field != .ignore && column.index < record.fields.count {
            let raw = record.fields[column.index]
            let limit = column.field.holdsMany ? maximumCharacters * Self.mostItems : maximumCharacters
            if raw.utf8.count > limit, raw.trimmed.count > limit {
                refuse(column, "longer than \(limit) characters: is a quote missing?")
            } else if raw.utf8.contains(where: { $0 < 32 && $0 != 0x0A && $0 != 0x0D && $0 != 0x09 }) {
                refuse(column, "contains a control character")
            }
        }
    }

    mutating func refuse(_ field: RecipientField, _ reason: String) {
        problems.append(RowProblem(line: record.line, column: name(of: field), reason: reason))
    }

    mutating func refuse(_ column: RecipientColumns.Column, _ reason: String) {
        problems.append(RowProblem(line: record.line, column: column.name, reason: reason))
    }

    mutating func leaveOut(_ column: RecipientColumns.Column, _ reason: String) {
        contactProblems.append(RowProblem(line: record.line, column: column.name, reason: reason))
    }

    mutating func warn(_ field: RecipientField, _ reason: String) {
        warnings.append(RowProblem(line: record.line, column: name(of: field), reason: reason))
    }

    mutating func warn(_ column: RecipientColumns.Column, _ reason: String) {
        warnings.append(RowProblem(line: record.line, column: column.name, reason: reason))
    }

    private func name(of field: RecipientField) -> String { byField[field]?.first?.name ?? field.rawValue }
}

extension String {
    /// Without white space at either end; the text itself where there is none, which is nearly always.
    var trimmed: String {
        guard let first = utf8.first, let last = utf8.last else { return self }
        // All white space is below 0x21, or begins with 0xC2, 0xE1, 0xE2 or 0xE3, or ends with a continuation byte.
        if first > 0x20, first < 0x7F, last > 0x20, last < 0x7F { return self }
        return trimmingCharacters(in: .whitespacesAndNewlines)
    }
}

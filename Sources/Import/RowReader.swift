import AlertModel
import Foundation
import Store

/// The fields of one record by what they hold, and the faults found so far.
struct RowReader {
    private let record: CSVRecord
    private let columns: [RecipientColumns.Column]
    /// The field and the place of each column, apart: a row asks for them some fifty times.
    private let fields: [RecipientField]
    private let places: [Int]
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

    init(record: CSVRecord, columns: RecipientColumns) {
        self.record = record
        self.columns = columns.columns
        fields = columns.fields
        places = columns.places
    }

    /// The trimmed text of the field's first column; nil when there is none or it is blank.
    func value(_ field: RecipientField) -> String? {
        for index in fields.indices where fields[index] == field { return value(at: index) }
        return nil
    }

    /// The texts of all columns of the field that hold one.
    func values(_ field: RecipientField) -> [String] {
        var texts: [String] = []
        for index in fields.indices where fields[index] == field {
            if let text = value(at: index) { texts.append(text) }
        }
        return texts
    }

    /// - Parameter index: of the column among those that hold a field.
    func value(at index: Int) -> String? {
        guard places[index] < record.fields.count else { return nil }
        // An export's cells that a spreadsheet would run start with an apostrophe.
        let text = FormulaGuard.unguarded(record.fields[places[index]].trimmed)
        guard !text.isEmpty else { return nil }
        return fields[index].isContact && Self.saysNothing(text) ? nil : text
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

    mutating func checkText(maximumCharacters: Int) {
        for index in fields.indices where fields[index] != .ignore && places[index] < record.fields.count {
            let raw = record.fields[places[index]]
            let limit = fields[index].holdsMany ? maximumCharacters * Self.mostItems : maximumCharacters
            if raw.utf8.count > limit, raw.trimmed.count > limit {
                refuse(columns[index], "longer than \(limit) characters: is a quote missing?")
            } else if Self.holdsControlCharacter(raw) {
                refuse(columns[index], "contains a control character")
            }
        }
    }

    private static func holdsControlCharacter(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            for byte in bytes where byte < 32 && byte != 0x0A && byte != 0x0D && byte != 0x09 { return true }
            return false
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

    private func name(of field: RecipientField) -> String {
        columns.first { $0.field == field }?.name ?? field.rawValue
    }
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

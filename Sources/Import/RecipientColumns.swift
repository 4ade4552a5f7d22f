import AlertModel
import Foundation
import Store

/// Which column of a recipients file holds what: guessed from the header, corrected by `--map`.
package struct RecipientColumns: Sendable {
    package struct Column: Sendable {
        package let index: Int
        package let name: String
        package let field: RecipientField
    }

    package let columns: [Column]
    /// Of `columns`, one by one.
    let fields: [RecipientField]
    let places: [Int]
    /// Columns that were not recognised: they are left aside, and reported.
    package let unrecognised: [String]
    let unrecognisedIndexes: [Int]
    let width: Int

    /// Whether a column identifies rows; without one they go by their lines.
    let hasIdentifiers: Bool
    /// Whether rows are told that have no place; people of a file without identifiers are written to, not looked for on a map.
    let asksForPlaces: Bool
    /// The channels the file speaks of: contact points of the others stay as they are.
    let channels: Set<Channel>
    /// The facts the file speaks of: the others stay as they are.
    let facts: Set<RecipientFact>

    /// - Parameters:
    ///   - map: column name → field, from `--map` or remembered; wins over the guess.
    ///   - numbersRows: whether rows go by their lines where no column identifies them, and need no place.
    package init(header: [String], map: [String: String], file: String, numbersRows: Bool = false) throws {
        let names = header.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard names.contains(where: { !$0.isEmpty }) else { throw ImportError.noHeader(file: file) }
        let explicit = try Self.explicit(map, names: names, file: file)
        var fields: [RecipientField?] = []
        var taken = Set(explicit.values.filter { !$0.isRepeatable })
        for name in names {
            if let field = explicit[name] {
                fields.append(field)
            } else if let field = Self.guess(name), field.isRepeatable || taken.insert(field).inserted {
                fields.append(field)
            } else {
                fields.append(nil)
            }
        }
        Self.settle(&fields, names: names, explicit: explicit)
        columns = names.indices.compactMap { index in
            fields[index].map { Column(index: index, name: names[index], field: $0) }
        }
        self.fields = columns.map(\.field)
        places = columns.map(\.index)
        unrecognised = names.indices.filter { fields[$0] == nil && !names[$0].isEmpty }.map { names[$0] }
        unrecognisedIndexes = names.indices.filter { fields[$0] == nil && !names[$0].isEmpty }
        width = names.count
        channels = columns.reduce(into: []) { $0.formUnion($1.field.channels) }
        facts = Set(columns.compactMap(\.field.fact))
        asksForPlaces = !numbersRows
        hasIdentifiers = columns.contains { $0.field == .id }
        guard hasIdentifiers || numbersRows else {
            throw ImportError.missingColumns(file: file, fields: [RecipientField.id.rawValue], found: names)
        }
        let hasLongitude = columns.contains { $0.field == .longitude }
        let hasLatitude = columns.contains { $0.field == .latitude }
        if hasLongitude != hasLatitude {
            let missing: RecipientField = hasLongitude ? .latitude : .longitude
            throw ImportError.missingColumns(file: file, fields: [missing.rawValue], found: names)
        }
    }

    /// What only the other columns tell: “N°” beside a street is a house number; the household's own number is the
    /// identifier of a file that has no other; X or Y without the other is no coordinate.
    private static func settle(_ fields: inout [RecipientField?], names: [String], explicit: [String: RecipientField]) {
        if fields.contains(.address), !fields.contains(.houseNumber),
           let index = names.indices.first(where: { fields[$0] == nil && FoldedName(names[$0]).text == "n" })
        {
            fields[index] = .houseNumber
        }
        if !fields.contains(.id), let index = fields.firstIndex(of: .household), explicit[names[index]] == nil,
           ["nfoyer", "numerofoyer", "idfoyer"].contains(FoldedName(names[index]).text.filter { $0 != " " })
        {
            fields[index] = .id
        }
        let pair: [RecipientField] = [.longitude, .latitude]
        for (field, other) in [(pair[0], pair[1]), (pair[1], pair[0])] where !fields.contains(other) {
            if let index = fields.firstIndex(of: field), explicit[names[index]] == nil, names[index].count == 1 {
                fields[index] = nil
            }
        }
    }

    private static func explicit(
        _ map: [String: String], names: [String], file: String
    ) throws -> [String: RecipientField] {
        var explicit: [String: RecipientField] = [:]
        for (column, fieldName) in map.sorted(by: { $0.key < $1.key }) {
            guard names.contains(column) else { throw ImportError.unknownColumn(name: column, found: names) }
            guard let field = RecipientField(rawValue: fieldName.lowercased()) else {
                throw ImportError.unknownField(name: fieldName, known: RecipientField.allCases.map(\.rawValue))
            }
            guard names.count(where: { $0 == column }) == 1 else {
                throw ImportError.duplicateColumn(file: file, name: column)
            }
            if !field.isRepeatable, let other = explicit.first(where: { $0.value == field })?.key {
                throw ImportError.fieldMappedTwice(field: field.rawValue, columns: [other, column].sorted())
            }
            explicit[column] = field
        }
        return explicit
    }

    /// The name of the column of identifiers.
    var idColumn: String { columns.first { $0.field == .id }?.name ?? RecipientField.id.rawValue }

    static func guess(_ name: String) -> RecipientField? {
        var folded = FoldedName(name).text.filter { $0 != " " }
        while let last = folded.last, last.isNumber { folded.removeLast() }
        if let field = RecipientField.allCases.first(where: { $0.recognisedNames.contains(folded) }) { return field }
        // “N° de téléphone”, “Tél. domicile”, “Portable du père”: a telephone by one of its words.
        let words = FoldedName(name).text.split(separator: " ")
        let isTelephone = words.contains { word in
            word == "tel" || word == "gsm" || word == "mobile" || word == "portable" || word.hasPrefix("telephone")
        }
        guard isTelephone else { return nil }
        return words.contains { ["urgence", "astreinte", "emergency"].contains($0) } ? .emergency : .phone
    }
}

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
    /// Columns that were not recognised: they are left aside, and reported.
    package let unrecognised: [String]
    let width: Int

    /// The channels the file speaks of: contact points of the others stay as they are.
    var channels: Set<Channel> { columns.reduce(into: []) { $0.formUnion($1.field.channels) } }

    /// Whether the file gives coordinates: without such columns, those given before stay.
    var hasCoordinates: Bool { columns.contains { $0.field == .longitude } }

    /// - Parameter map: column name → field, from `--map`; wins over the guess.
    package init(header: [String], map: [String: String], file: String) throws {
        let names = header.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        guard names.contains(where: { !$0.isEmpty }) else { throw ImportError.noHeader(file: file) }
        let explicit = try Self.explicit(map, names: names, file: file)
        var columns: [Column] = []
        var unrecognised: [String] = []
        var taken = Set(explicit.values.filter { !$0.isRepeatable })
        for (index, name) in names.enumerated() {
            if let field = explicit[name] {
                columns.append(Column(index: index, name: name, field: field))
            } else if let field = Self.guess(name), field.isRepeatable || taken.insert(field).inserted {
                columns.append(Column(index: index, name: name, field: field))
            } else if !name.isEmpty {
                unrecognised.append(name)
            }
        }
        self.columns = columns
        self.unrecognised = unrecognised
        width = names.count
        guard columns.contains(where: { $0.field == .id }) else {
            throw ImportError.missingColumns(file: file, fields: [RecipientField.id.rawValue], found: names)
        }
        let hasLongitude = columns.contains { $0.field == .longitude }
        let hasLatitude = columns.contains { $0.field == .latitude }
        if hasLongitude != hasLatitude {
            let missing: RecipientField = hasLongitude ? .latitude : .longitude
            throw ImportError.missingColumns(file: file, fields: [missing.rawValue], found: names)
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

    static func guess(_ name: String) -> RecipientField? {
        var folded = FoldedName(name).text.filter { $0 != " " }
        while let last = folded.last, last.isNumber { folded.removeLast() }
        if let field = RecipientField.allCases.first(where: { $0.recognisedNames.contains(folded) }) { return field }
        // “N° de téléphone”, “Tél. domicile”, “Portable du père”: a telephone by one of its words.
        let words = FoldedName(name).text.split(separator: " ")
        let isTelephone = words.contains { word in
            word == "tel" || word == "gsm" || word == "mobile" || word == "portable" || word.hasPrefix("telephone")
        }
        return isTelephone ? .phone : nil
    }
}

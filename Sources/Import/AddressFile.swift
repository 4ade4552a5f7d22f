import Geocoding
import GeoModel
import Store

/// A CSV file or a workbook of addresses to be geocoded: any columns, those of an address recognised as for recipients.
package struct AddressFile {
    /// A row as it was, and the address read from it.
    package struct Row: Sendable {
        package let fields: [String]
        package let query: AddressQuery
    }

    private let source: FileSource
    private let sheet: String?

    /// - Parameter sheet: the sheet of a workbook; needed when several hold something.
    package init(path: String, sheet: String? = nil) throws {
        source = try FileSource(path: path)
        self.sheet = sheet
    }

    /// - Throws: `ImportError` when the file cannot be read or has no column of an address.
    package func read(header: ([String]) throws -> Void, row: (Row) throws -> Void) throws {
        var indexes: [RecipientField: Int]?
        try TableReader.read(source, sheet: sheet) { record, _ in
            guard let known = indexes else {
                indexes = try Self.indexes(of: record.fields, file: source.name)
                try header(record.fields)
                return
            }
            func text(_ field: RecipientField) -> String? {
                known[field].flatMap { $0 < record.fields.count ? record.fields[$0] : nil }.flatMap {
                    $0.isEmpty ? nil : $0
                }
            }
            let address = [text(.houseNumber), text(.address)].compactMap(\.self).joined(separator: " ")
            try row(Row(
                fields: record.fields,
                query: AddressQuery(
                    text: address, postcode: text(.postcode), communeName: text(.commune),
                    communeCode: text(.communeCode).flatMap { CommuneCode($0) })))
        }
        if indexes == nil { throw ImportError.noHeader(file: source.name) }
    }

    private static func indexes(of header: [String], file: String) throws -> [RecipientField: Int] {
        let useful: [RecipientField] = [.houseNumber, .address, .postcode, .commune, .communeCode]
        var indexes: [RecipientField: Int] = [:]
        for (index, name) in header.enumerated() {
            if let field = RecipientColumns.guess(name), useful.contains(field), indexes[field] == nil {
                indexes[field] = index
            }
        }
        // A file with one column, or with a column called "query", holds whole addresses.
        if indexes[.address] == nil {
            indexes[.address] = header.firstIndex { ["query", "q", "label"].contains($0.lowercased()) }
                ?? (header.count == 1 ? 0 : nil)
        }
        guard indexes[.address] != nil || indexes[.commune] != nil else {
            throw ImportError.missingColumns(file: file, fields: [RecipientField.address.rawValue], found: header)
        }
        return indexes
    }
}

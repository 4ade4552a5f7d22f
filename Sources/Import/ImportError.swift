/// Why a whole file is refused. Nothing of it has been written.
package enum ImportError: Error, Equatable, CustomStringConvertible {
    case unreadable(file: String, reason: String)
    case empty(file: String)
    case corruptGzip(file: String, reason: String)
    case tooLarge(file: String, limitBytes: Int)
    case unterminatedQuote(file: String, line: Int)
    case fieldTooLong(file: String, line: Int)
    case noHeader(file: String)
    case duplicateColumn(file: String, name: String)
    case missingColumns(file: String, fields: [String], found: [String])
    case unknownColumn(name: String, found: [String])
    case unknownField(name: String, known: [String])
    case fieldMappedTwice(field: String, columns: [String])
    /// Rows were refused and the rest is not kept without `--skip-invalid`.
    case invalidRows(file: String, count: Int)
    case notCommunes(file: String, feature: Int, reason: String)
    /// A file of a foreign format, which the exchange process refused or failed at.
    case foreign(file: String, reason: String)
    case unwritable(file: String, reason: String)
    case notAddresses(file: String, missing: [String])
    case badAddress(file: String, line: Int, column: String, reason: String)
    case notCodeTable(file: String, found: [String])
    case badCode(file: String, line: Int, column: String, reason: String)
    case noVintage(file: String)
    case notPopulation(file: String, reason: String)

    package var description: String {
        switch self {
        case .unreadable(let file, let reason): "\(file) can't be read: \(reason)"
        case .empty(let file): "\(file) is empty: nothing was imported"
        case .corruptGzip(let file, let reason): "\(file) is not a whole gzip file (\(reason)): get it again"
        case .tooLarge(let file, let limit):
            "\(file) holds more than \(limit / 1_048_576) MiB once decompressed: split it"
        case .unterminatedQuote(let file, let line):
            "\(file), line \(line): a quoted field opens here and is never closed"
        case .fieldTooLong(let file, let line):
            "\(file), line \(line): a record is longer than 1 MiB; is a quote missing?"
        case .noHeader(let file):
            "\(file) has no header line: its first line must name the columns"
        case .duplicateColumn(let file, let name):
            "\(file): two columns are named “\(name)”: rename one"
        case .missingColumns(let file, let fields, let found):
            "\(file): no column for \(fields.joined(separator: ", ")): "
                + "columns are \(found.map { "“\($0)”" }.joined(separator: ", ")); "
                + "say which with --map COLUMN=\(fields.first ?? "FIELD")"
        case .unknownColumn(let name, let found):
            "--map: no column is named “\(name)”: columns are \(found.map { "“\($0)”" }.joined(separator: ", "))"
        case .unknownField(let name, let known):
            "--map: “\(name)” is not a field: fields are \(known.joined(separator: ", "))"
        case .fieldMappedTwice(let field, let columns):
            "--map: \(columns.map { "“\($0)”" }.joined(separator: " and ")) are both mapped to \(field), "
                + "which one column holds: map one of them to ignore"
        case .invalidRows(let file, let count):
            "\(file): \(count) \(count == 1 ? "row is" : "rows are") refused, so nothing was imported: "
                + "correct the file, or keep the other rows with --skip-invalid"
        case .notCommunes(let file, let feature, let reason):
            "\(file), feature \(feature): \(reason)"
        case .notAddresses(let file, let missing):
            "\(file) is not a file of addresses: it has no column \(missing.joined(separator: ", ")); the Base Adresse "
                + "Nationale, a Base Adresse Locale and La Poste's table of postcodes can be read"
        case .notCodeTable(let file, let found):
            "\(file) is none of the code tables (communes, movements, departments, regions, populations, intercommunalités): "
                + "columns are \(found.map { "“\($0)”" }.joined(separator: ", "))"
        case .noVintage(let file):
            "\(file) does not say of which year it is: say so with --vintage YEAR"
        case .badAddress(let file, let line, let column, let reason), .badCode(let file, let line, let column, let reason):
            "\(file), line \(line), column \(column): \(reason)"
        case .notPopulation(let file, let reason): "\(file) is not a population grid that can be read: \(reason)"
        case .foreign(let file, let reason): "\(file): \(reason)"
        case .unwritable(let file, let reason): "\(file) was not written: \(reason)"
        }
    }
}

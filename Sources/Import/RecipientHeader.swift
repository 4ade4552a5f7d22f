import Foundation

/// Finds a file's header below the title a town hall puts above its table, and what its columns hold.
struct RecipientHeader {
    /// Rows looked at. Titles are short; a header further down is named with `--map`, or the rows above are deleted.
    static let searchedRows = 20

    let columns: RecipientColumns
    /// The line the header stands on.
    let line: Int
    /// How many rows stand above it.
    let skippedRows: Int
    /// Rows below it that were read while looking.
    let rows: [CSVRecord]
    let isRemembered: Bool
    let names: [String]
    /// What was said of its columns, now or another time.
    let mapping: [String: String]

    /// - Parameters:
    ///   - records: the first rows of the file.
    ///   - map: column → field, given now.
    ///   - remembered: what was used last, by the header's columns.
    init(
        _ records: [CSVRecord], map: [String: String], remembered: RememberedColumns?, file: String, numbersRows: Bool = false
    ) throws {
        guard let first = records.first else { throw ImportError.noHeader(file: file) }
        let index = records.prefix(Self.searchedRows).firstIndex { Self.isHeader($0.fields, map: map) } ?? 0
        let record = index == 0 ? first : records[index]
        let kept = remembered?.mapping(ofHeader: record.fields) ?? [:]
        // What is said now wins over what was said then.
        let mine = map.reduce(into: kept) { $0[$1.key] = $1.value }
        columns = try RecipientColumns(header: record.fields, map: mine, file: file, numbersRows: numbersRows)
        isRemembered = !kept.isEmpty
        names = record.fields
        mapping = mine
        line = record.line
        skippedRows = index
        rows = Array(records.dropFirst(index + 1))
    }

    /// Whether a row names two known fields, or all that are mapped.
    static func isHeader(_ fields: [String], map: [String: String]) -> Bool {
        let names = fields.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }
        if !map.isEmpty { return map.keys.allSatisfy(names.contains) }
        return Set(names.compactMap { RecipientColumns.guess($0) }).count >= 2
    }
}

/// The mapping of columns an organisation used last for each header.
struct RememberedColumns: Codable, Equatable {
    /// Headers, columns joined by a unit separator, and what their columns were said to hold.
    private var mappings: [String: [String: String]] = [:]
    private var order: [String] = []
    /// Files a town hall keeps are few; the oldest mapping goes.
    private static let limit = 50

    init() {}

    init?(json: String) {
        guard let value = try? JSONDecoder().decode(Self.self, from: Data(json.utf8)) else { return nil }
        self = value
    }

    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
            return String(decoding: try encoder.encode(self), as: UTF8.self)
        }
    }

    func mapping(ofHeader header: [String]) -> [String: String]? { mappings[Self.key(header)] }

    mutating func remember(_ mapping: [String: String], forHeader header: [String]) {
        let key = Self.key(header)
        mappings[key] = mapping
        order.removeAll { $0 == key }
        order.append(key)
        while order.count > Self.limit { mappings[order.removeFirst()] = nil }
    }

    private static func key(_ header: [String]) -> String {
        header.map { $0.trimmingCharacters(in: .whitespacesAndNewlines) }.joined(separator: "\u{1F}")
    }
}

import Console
import Foundation
import GeoModel
import Import
import Synchronization

/// An uploaded table being answered, some rows at a time.
final class TableAnswering: Sendable {
    /// Rows answered in one turn of the address lanes: some ten milliseconds.
    private static let rowsAtOnce = 50
    private static let longestQuery = 200

    private static let searchColumns = [
        "latitude", "longitude", "result_label", "result_score", "result_score_next", "result_type", "result_id",
        "result_housenumber",
    ]
    private static let reverseColumns = [
        "result_latitude", "result_longitude", "result_label", "result_distance", "result_type", "result_id",
        "result_housenumber",
    ]
    private static let commonColumns = [
        "result_name", "result_street", "result_postcode", "result_city", "result_context", "result_citycode",
        "result_oldcitycode", "result_oldcity", "result_status",
    ]

    private struct State {
        var table: UploadedTable
        var isBegun = false
    }

    let charset: String
    private let state: Mutex<State>
    private let request: AddressTableRequest
    private let counter: AddressCounter
    /// Where the query's parts, the filters and the coordinates are in a row.
    private let queryIndexes: [Int]
    private let filterIndexes: [(name: String, index: Int)]
    private let latitudeIndex: Int?
    private let longitudeIndex: Int?
    /// The results that are written, and where: over a column of that name, or behind the last one.
    private let results: [String]
    private let overwritten: [String: Int]

    /// - Throws: `AddressProblem` for anything that is wrong with the table or names a column it has not.
    init(_ request: AddressTableRequest, counter: AddressCounter) throws {
        if let quote = request.quote, quote != "\"" { throw AddressProblem.invalid("quote", "Only \" is understood.") }
        let table: UploadedTable
        do {
            table = try UploadedTable(
                bytes: request.bytes, encoding: request.encoding, delimiter: request.delimiter,
                writesMark: request.writesMark, mostRows: request.mostRows)
        } catch {
            throw AddressProblem(error)
        }
        let header = table.header
        func index(_ column: String) throws -> Int {
            guard let index = header.firstIndex(of: column) else {
                throw AddressProblem.refused("Cannot found column '\(column.prefix(100))' in columns \(header.prefix(100))")
            }
            return index
        }
        queryIndexes = try request.columns.isEmpty ? Array(header.indices) : request.columns.map(index)
        filterIndexes = try request.filterColumns.sorted { $0.key < $1.key }.map { ($0.key, try index($0.value)) }
        func coordinate(_ named: String?, _ usual: [String]) throws -> Int? {
            if let named { return try index(named) }
            guard request.direction == .reverse else { return nil }
            return usual.lazy.compactMap { header.firstIndex(of: $0) }.first
        }
        latitudeIndex = try coordinate(request.latitudeColumn, ["latitude", "lat"])
        longitudeIndex = try coordinate(request.longitudeColumn, ["longitude", "lon", "lng", "long"])
        if request.direction == .reverse, latitudeIndex == nil || longitudeIndex == nil {
            throw AddressProblem.refused("Missing columns", "The table has no columns latitude (lat) and longitude (lon, lng, long).")
        }
        let all = (request.direction == .search ? Self.searchColumns : Self.reverseColumns) + Self.commonColumns
        if let unknown = request.resultColumns.first(where: { !all.contains($0) }) {
            throw AddressProblem.invalid("result_columns", "There is no result '\(unknown.prefix(100))'.")
        }
        let wanted = request.resultColumns.isEmpty ? all : all.filter(request.resultColumns.contains)
        overwritten = Dictionary(
            wanted.compactMap { name in header.firstIndex(of: name).map { (name, $0) } }) { first, _ in first }
        results = wanted
        charset = table.charset
        self.request = request
        self.counter = counter
        state = Mutex(State(table: table))
    }

    /// The next lines of the answer, or nil at the end.
    func next() throws -> [UInt8]? {
        try state.withLock { state in
            var lines: [UInt8] = []
            if !state.isBegun {
                state.isBegun = true
                lines += state.table.beginning
                lines += state.table.line(state.table.header, results.filter { overwritten[$0] == nil })
            }
            guard let rows = try state.table.next(upTo: Self.rowsAtOnce) else { return lines.isEmpty ? nil : lines }
            let answers = request.direction == .search ? try searched(rows) : try reversed(rows)
            for (row, answer) in zip(rows, answers) {
                var row = row
                for (name, index) in overwritten {
                    if let value = answer[name], !value.isEmpty { row[index] = value }
                }
                let added = results.filter { overwritten[$0] == nil }.map { answer[$0] ?? "" }
                lines += state.table.line(row, added)
            }
            return lines
        }
    }

    // MARK: Rows

    /// A row that asks nothing, or too much, is answered by its status alone.
    private func searched(_ rows: [[String]]) throws -> [[String: String]] {
        var answers = [[String: String]](repeating: ["result_status": "skipped"], count: rows.count)
        var asked: [(row: Int, question: AddressQuestion)] = []
        for (number, row) in rows.enumerated() {
            let text = queryIndexes.map { row[$0] }.filter { !$0.isEmpty }.joined(separator: " ")
            guard text.contains(where: { !$0.isWhitespace }) else { continue }
            guard text.unicodeScalars.count <= Self.longestQuery else {
                answers[number] = ["result_status": "error"]
                continue
            }
            asked.append(
                (
                    number,
                    AddressQuestion(
                        text: text, limit: 2, completes: false, centre: position(in: row), filters: filters(of: row))
                ))
        }
        for (asked, found) in zip(asked, try counter.search(asked.map(\.question))) {
            guard let best = found.first, best.score > request.leastScore else {
                answers[asked.row] = ["result_status": "not-found"]
                continue
            }
            var answer = common(best)
            answer["latitude"] = "\(best.position.latitude)"
            answer["longitude"] = "\(best.position.longitude)"
            answer["result_score"] = Self.twoDecimals(best.score)
            answer["result_score_next"] = found.count > 1 ? Self.twoDecimals(found[1].score) : ""
            answers[asked.row] = answer
        }
        return answers
    }

    private func reversed(_ rows: [[String]]) throws -> [[String: String]] {
        var answers = [[String: String]](repeating: ["result_status": "skipped"], count: rows.count)
        var asked: [(row: Int, question: PlaceQuestion)] = []
        for (number, row) in rows.enumerated() {
            guard let latitudeIndex, let longitudeIndex, !(row[latitudeIndex] + row[longitudeIndex]).isEmpty else {
                continue
            }
            guard let position = position(in: row) else {
                answers[number] = ["result_status": "error"]
                continue
            }
            asked.append((number, PlaceQuestion(position: position, limit: 1, filters: filters(of: row))))
        }
        for (asked, found) in zip(asked, try counter.reverse(asked.map(\.question))) {
            guard let best = found.first else {
                answers[asked.row] = ["result_status": "not-found"]
                continue
            }
            var answer = common(best)
            answer["result_latitude"] = "\(best.position.latitude)"
            answer["result_longitude"] = "\(best.position.longitude)"
            answer["result_distance"] = best.distanceMetres.map { String(Int($0)) }
            answers[asked.row] = answer
        }
        return answers
    }

    private func common(_ best: FoundAddress) -> [String: String] {
        var answer = [
            "result_label": best.label, "result_type": best.kind.rawValue, "result_id": best.identifier,
            "result_name": best.name, "result_city": best.city, "result_citycode": best.cityCode,
            "result_status": "ok",
        ]
        answer["result_housenumber"] = best.houseNumber
        answer["result_street"] = best.kind == .housenumber || best.kind == .street ? best.name : nil
        answer["result_postcode"] = best.postcode
        answer["result_context"] = best.context
        answer["result_oldcitycode"] = best.oldCityCode
        answer["result_oldcity"] = best.oldCity
        return answer
    }

    private func filters(of row: [String]) -> AddressFilters {
        AddressFilters(filterIndexes.compactMap { filter in
            let value = row[filter.index].trimmingCharacters(in: .whitespaces)
            return value.isEmpty ? nil : (filter.name, [value])
        })
    }

    /// The row's coordinates, with a decimal point or comma; nil when they are not degrees.
    private func position(in row: [String]) -> Position<WGS84>? {
        func number(_ index: Int?) -> Double? {
            index.flatMap { Double(row[$0].trimmingCharacters(in: .whitespaces).replacing(",", with: ".")) }
        }
        guard let latitude = number(latitudeIndex), let longitude = number(longitudeIndex) else { return nil }
        let position = Position<WGS84>(longitude: longitude, latitude: latitude)
        return position.isInRange ? position : nil
    }

    private static func twoDecimals(_ number: Double) -> String {
        "\((number * 100).rounded() / 100)"
    }
}

extension AddressProblem {
    init(_ fault: UploadedTable.Fault) {
        switch fault {
        case .unknownEncoding:
            self = .invalid("encoding", "Only utf-8, iso-8859-1 (latin-1) and windows-1252 are understood.")
        case .undecodable:
            self = .refused("Unable to decode the file", "It is not in the encoding that was named.")
        case .badDelimiter:
            self = .refused("Unable to detect delimiter",
                "Unable to detect delimiter, please add one with \"delimiter\" parameter.")
        case .noHeader: self = .refused("Empty file")
        case .tooManyRows(let limit):
            self = .tooLarge("Too many rows", "At most \(limit) rows are answered at once.")
        case .tooManyFields(let line):
            self = .refused("Malformed file", "Line \(line) has more fields than the header.")
        case .unterminatedQuote(let line):
            self = .refused("Malformed file", "The quote opened on line \(line) is never closed.")
        case .recordTooLong(let line):
            self = .refused("Malformed file", "The record on line \(line) is too long.")
        }
    }
}

import Foundation
import GeoModel

/// Reads tables: XLSX, XLS and ODS, told from CSV and TSV by their first bytes, whatever the name.
package enum TableReader {
    private enum Kind: String {
        case xlsx, xls, ods
    }

    /// Whether the file is a workbook, which has sheets.
    package static func isWorkbook(_ source: FileSource) throws -> Bool { try kind(of: source) != nil }

    /// Reads a table's records, blank ones left out; the first is the header. A workbook's records have the number of
    /// their row for a line, and all as many fields as the widest; blank columns left of everything are left out.
    ///
    /// - Parameter sheet: the sheet of a workbook; needed when several hold something.
    /// - Throws: `ImportError`, also after records have been passed on: nothing of the file is to be kept then.
    static func read(
        _ source: FileSource, sheet: String? = nil, _ body: (CSVRecord, _ bytesRead: Int) throws -> Void
    ) throws {
        guard let kind = try kind(of: source) else {
            if sheet != nil {
                throw ImportError.foreign(file: source.name, reason: "it is no workbook, and has no sheets: leave out --sheet")
            }
            return try CSVReader.read(source, body)
        }
        do {
            do {
                try read(source, kind, sheet, body)
            } catch ExchangeProcess.Failure.refused(let fault) where fault.word == "other_kind" && kind == .xlsx {
                // An ODS file that was unpacked and packed again starts with any of its parts.
                try read(source, .ods, sheet, body)
            }
        } catch let failure as ExchangeProcess.Failure {
            throw ImportError.foreign(file: source.name, reason: failure.reason)
        }
    }

    private static func read(
        _ source: FileSource, _ kind: Kind, _ sheet: String?, _ body: (CSVRecord, Int) throws -> Void
    ) throws {
        let links = try PrivateLinks()
        let path = try links.add(source.path, as: "table.\(kind.rawValue)")
        var header: (width: Int, rows: Int)?
        var done = 0
        try ExchangeProcess(limits: .table).run("read-table", [kind.rawValue, path] + [sheet].compactMap(\.self)) { line in
            let value = try ExchangeJSON.value(line)
            guard let header else {
                guard let width = value["width"]?.number, let rows = value["rows"]?.number, width >= 1, width <= 20_000,
                    rows >= 1, rows < 1e9
                else { throw ExchangeProcess.Failure.crashed }
                header = (Int(width), Int(rows))
                return
            }
            done += 1
            guard case .array(let cells) = value, case .number(let number)? = cells.first, number < 1e9, number >= 0,
                cells.count <= header.width + 1
            else { throw ExchangeProcess.Failure.crashed }
            var fields = value.texts
            guard fields.count == cells.count - 1 else { throw ExchangeProcess.Failure.crashed }
            fields += Array(repeating: "", count: header.width - fields.count)
            let share = Double(min(done, header.rows)) / Double(header.rows)
            try body(CSVRecord(line: Int(number), fields: fields), Int(Double(source.byteCount) * share))
        }
    }

    private static func kind(of source: FileSource) throws -> Kind? {
        let start = try source.start(bytes: 38)
        // [MS-CFB], 2.2: the signature of an OLE2 file.
        if start.starts(with: [0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1]) { return .xls }
        guard start.starts(with: [0x50, 0x4B, 0x03, 0x04]) else { return nil }
        // OpenDocument 1.3, part 2, 3.3: the first part is called mimetype.
        return start.dropFirst(30).starts(with: "mimetype".utf8) ? .ods : .xlsx
    }
}

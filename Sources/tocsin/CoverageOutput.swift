import AlertModel
import Foundation
import Import
import Reports

/// A coverage report in every form it is wanted in.
struct CoverageOutput: Sendable {
    /// The plain form: text, JSON, CSV, GeoJSON.
    let plain: @Sendable (ReportFormat) -> String
    let page: ReportPage
    let columns: [(name: String, isNumber: Bool)]
    let rows: [[SheetCell]]

    init(_ report: CoverageReport, page: CoveragePage) {
        plain = { report.render($0) }
        self.page = page.page
        columns = CoverageReport.sheetColumns
        rows = report.sheetRows
    }

    init(_ report: StandingReport, page: StandingPage) {
        plain = { format in
            switch format {
            case .text: report.text
            case .json: report.json
            case .csv: report.csv
            case .geojson: report.geoJSON
            }
        }
        self.page = page.page
        columns = StandingReport.sheetColumns
        rows = report.sheetRows
    }

    /// Writes a file, whole or not at all; what is there is replaced.
    ///
    /// - Throws: `ImportError` or `AtomicFile.WriteError` when it cannot be written.
    func write(_ format: CoverageFormat, to path: String) throws {
        switch format {
        case .pdf:
            try PDFWriter.write(to: path) { write in try page.lines(write) }
        case .xlsx:
            try SheetWriter.write(
                to: path, sheet: "Couverture", columns: columns.map { SheetWriter.Column($0.name, isNumber: $0.isNumber) }
            ) { writer in
                for row in rows { try writer.row(row.map(\.written)) }
            }
        case .html, .text, .json, .csv, .geojson:
            let file = try AtomicFile(path: path)
            try file.write(text(format))
            try file.commit()
        }
    }

    /// The report in a form that is text.
    func text(_ format: CoverageFormat) -> String {
        format.plain.map(plain) ?? page.html()
    }

    /// The report as bytes, through a file of its own where the form needs one.
    func bytes(_ format: CoverageFormat) throws -> [UInt8] {
        guard format == .pdf || format == .xlsx else { return Array(text(format).utf8) }
        return try OwnFolder.holding("couverture.\(format.rawValue)") { path in try write(format, to: path) }
    }
}

/// A folder that nobody else reads, for what can only be written to a file.
enum OwnFolder {
    /// - Returns: what `write` wrote to the file of that name; nothing is left of it.
    static func holding(_ name: String, _ write: (_ path: String) throws -> Void) throws -> [UInt8] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: false, attributes: [.posixPermissions: 0o700])
        defer { try? FileManager.default.removeItem(at: folder) }
        let file = folder.appending(path: name)
        try write(file.path)
        return Array(try Data(contentsOf: file))
    }
}

extension SheetCell {
    fileprivate var written: SheetWriter.Cell {
        switch self {
        case .text(let text): text.isEmpty ? .empty : .text(FormulaGuard.escaped(text))
        case .number(let number): number.map { .number($0) } ?? .empty
        }
    }
}

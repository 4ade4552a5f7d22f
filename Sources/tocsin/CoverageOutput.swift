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
        guard format == .xlsx else { return try rendition(format).write(to: path) }
        try SheetWriter.write(
            to: path, sheet: "Couverture", columns: columns.map { SheetWriter.Column($0.name, isNumber: $0.isNumber) }
        ) { writer in
            for row in rows { try writer.row(row.map(\.written)) }
        }
    }

    /// The report in a form that is text.
    func text(_ format: CoverageFormat) -> String {
        format.plain.map(plain) ?? page.html()
    }

    /// The report as bytes, through a file of its own where the form needs one.
    func bytes(_ format: CoverageFormat) throws -> [UInt8] {
        guard format == .xlsx else { return try rendition(format).bytes() }
        return try OwnFolder.holding("couverture.xlsx") { path in try write(.xlsx, to: path) }
    }

    private func rendition(_ format: CoverageFormat) -> Rendition {
        format == .pdf ? .pdf(page) : .text(text(format))
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

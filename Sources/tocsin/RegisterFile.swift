import AlertModel
import Foundation
import Import
import Reports
import Store

/// Writes an organisation's register, or whom a zone selects of it, to a file: page by page, whole or not at all.
struct RegisterFile {
    enum Format: String, CaseIterable {
        case csv, xlsx, geojson

        /// By the ending of a file's name.
        init?(path: String) {
            switch URL(filePath: path).pathExtension.lowercased() {
            case "csv": self = .csv
            case "xlsx": self = .xlsx
            case "geojson", "json": self = .geojson
            default: return nil
            }
        }
    }

    let store: AlertDatabase
    let actor: String

    /// - Returns: how many recipients were written.
    func write(_ selection: RegisterSelection, to path: String, format: Format) throws -> Int {
        var commit: () throws -> Void = {}
        var count = 0
        var fields: [String] = []
        try store.readOut(selection) { readout in
            switch format {
            case .csv:
                let table = try self.table(readout, selection)
                let file = try AtomicFile(path: path)
                fields = table.columns
                count = try writeCSV(readout, table, to: file)
                commit = file.commit
            case .xlsx:
                let table = try self.table(readout, selection)
                fields = table.columns
                let (file, rows) = try sheet(readout, table, for: path)
                count = rows
                commit = file.commit
            case .geojson:
                let file = try AtomicFile(path: path)
                fields = RegisterGeoJSON.properties(withProtected: selection.withProtected)
                count = try writeGeoJSON(readout, withProtected: selection.withProtected, to: file)
                commit = file.commit
            }
        }
        // The trace first: a file that nobody knows of is worse than a trace without a file.
        try store.recordExport(
            of: selection, format: format.rawValue, recipients: count, fields: fields, actor: actor)
        try commit()
        return count
    }

    private func table(_ readout: RegisterReadout, _ selection: RegisterSelection) throws -> RegisterTable {
        RegisterTable(
            contactCounts: try readout.greatestContactCounts(), emergencyCount: try readout.greatestEmergencyCount(),
            withProtected: selection.withProtected)
    }

    private func writeCSV(_ readout: RegisterReadout, _ table: RegisterTable, to file: AtomicFile) throws -> Int {
        var writer = CSVWriter()
        var count = 0
        writer.row(table.columns)
        try readout.forEach { entry in
            writer.row(table.cells(of: entry))
            try file.write(writer.drain())
            count += 1
        }
        try file.write(writer.drain())
        return count
    }

    /// Cells are texts, and so never formulas: codes and numbers stay as they are written.
    private func sheet(
        _ readout: RegisterReadout, _ table: RegisterTable, for path: String
    ) throws -> (file: ExchangeOutput, rows: Int) {
        var count = 0
        let file = try SheetWriter.prepare(
            for: path, sheet: "Registre", columns: table.columns.map { SheetWriter.Column($0) }
        ) { writer in
            try readout.forEach { entry in
                try writer.row(table.cells(of: entry).map { $0.isEmpty ? .empty : .text(FormulaGuard.escaped($0)) })
                count += 1
            }
        }
        return (file, count)
    }

    private func writeGeoJSON(_ readout: RegisterReadout, withProtected: Bool, to file: AtomicFile) throws -> Int {
        var count = 0
        try file.write(RegisterGeoJSON.head)
        try readout.forEach { entry in
            try file.write(count == 0 ? "\n" : RegisterGeoJSON.separator)
            try file.write(RegisterGeoJSON.feature(entry, withProtected: withProtected))
            count += 1
        }
        try file.write(RegisterGeoJSON.tail)
        return count
    }
}

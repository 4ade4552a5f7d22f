import AlertModel
import Foundation
import Reports
import Store

/// Writes an organisation's register, or whom a zone selects of it, to a file: page by page, whole or not at all.
struct RegisterFile {
    enum Format: String, CaseIterable {
        case csv, geojson

        /// By the ending of a file's name.
        init?(path: String) {
            switch URL(filePath: path).pathExtension.lowercased() {
            case "csv": self = .csv
            case "geojson", "json": self = .geojson
            default: return nil
            }
        }
    }

    let store: AlertDatabase
    let actor: String

    /// - Returns: how many recipients were written.
    func write(_ selection: RegisterSelection, to path: String, format: Format) throws -> Int {
        let file = try AtomicFile(path: path)
        var count = 0
        var fields: [String] = []
        try store.readOut(selection) { readout in
            switch format {
            case .csv:
                let table = RegisterTable(
                    contactCounts: try readout.greatestContactCounts(),
                    emergencyCount: try readout.greatestEmergencyCount(), withProtected: selection.withProtected)
                fields = table.columns
                var writer = CSVWriter()
                writer.row(fields)
                try readout.forEach { entry in
                    writer.row(table.cells(of: entry))
                    try file.write(writer.drain())
                    count += 1
                }
                try file.write(writer.drain())
            case .geojson:
                fields = RegisterGeoJSON.properties(withProtected: selection.withProtected)
                try file.write(RegisterGeoJSON.head)
                try readout.forEach { entry in
                    try file.write(count == 0 ? "\n" : RegisterGeoJSON.separator)
                    try file.write(RegisterGeoJSON.feature(entry, withProtected: selection.withProtected))
                    count += 1
                }
                try file.write(RegisterGeoJSON.tail)
            }
        }
        // The trace first: a file that nobody knows of is worse than a trace without a file.
        try store.recordExport(
            of: selection, format: format.rawValue, recipients: count, fields: fields, actor: actor)
        try file.commit()
        return count
    }
}

import Foundation
import GeoModel
import Geocoding
import Import
import Reports
import Store

/// Geocodes a CSV file or a workbook: each row as it was, with the place found.
struct AddressBook {
    /// Rows placed in one read transaction, so that a long file does not hold back the write-ahead log; enough for
    /// several readers to share.
    private static let batchRows = 4_096

    let store: AlertDatabase

    func geocode(file: String, sheet: String?, write: (String) -> Void) throws {
        var batch: [AddressFile.Row] = []
        try AddressFile(path: file, sheet: sheet).read { header in
            write(Self.line(header + ["geocoded_label", "lon", "lat", "score", "precision", "commune_code"]))
        } row: { row in
            batch.append(row)
            if batch.count == Self.batchRows {
                try place(batch, write)
                batch.removeAll(keepingCapacity: true)
            }
        }
        try place(batch, write)
    }

    private func place(_ rows: [AddressFile.Row], _ write: (String) -> Void) throws {
        var lines = CSVWriter()
        for (row, place) in zip(rows, try store.geocode(rows.map(\.query))) {
            guard let place else {
                lines.row(row.fields + ["", "", "", "", "not_located", ""])
                continue
            }
            lines.row(
                row.fields + [
                    place.label, "\(place.position.longitude)", "\(place.position.latitude)",
                    "\((place.score * 1000).rounded() / 1000)", place.precision.rawValue, place.communeCode.rawValue,
                ])
        }
        if !rows.isEmpty { write(lines.text) }
    }

    private static func line(_ fields: [String]) -> String {
        var writer = CSVWriter()
        writer.row(fields)
        return writer.text
    }
}

import AlertModel
import Foundation
import Geocoding
import GeoModel
import Store

/// What an import of addresses did.
package struct AddressImportReport: Sendable {
    package var rows = 0
    package var counts = AddressImportCounts()
    /// Recipients without given coordinates whose place changed now that more addresses are known.
    package var relocated = 0
}

/// Imports Base Adresse Nationale files (CSV, gzipped or not): streaming, all or nothing, idempotent by the
/// base's own identifiers. Afterwards recipients who were located by geocoding are located again.
package struct AddressImport: Sendable {
    private static let batchRows = 2000

    private let database: AlertDatabase
    private let actor: String

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// - Throws: `ImportError`; then nothing of the file has been written.
    package func run(file path: String, progress: (ImportProgress) -> Void = { _ in }) throws -> AddressImportReport {
        let source = try FileSource(path: path)
        var report = AddressImportReport()
        let outcome = try database.importAddresses(from: try source.imported(), actor: actor) { writer in
            var columns: BANColumns?
            var batch: [BANAddress] = []
            try CSVReader.read(source) { record, bytesRead in
                guard let columns else {
                    columns = try BANColumns(header: record.fields, file: source.name)
                    return
                }
                batch.append(try columns.address(record, file: source.name))
                report.rows += 1
                if batch.count == Self.batchRows {
                    try writer.write(batch)
                    batch.removeAll(keepingCapacity: true)
                    progress(ImportProgress(rows: report.rows, bytesRead: bytesRead, totalBytes: source.byteCount))
                }
            }
            guard columns != nil else { throw ImportError.noHeader(file: source.name) }
            try writer.write(batch)
        }
        report.counts = outcome.counts
        report.relocated = outcome.relocated
        return report
    }
}

/// The columns of a Base Adresse Nationale CSV (adresse.data.gouv.fr, “format CSV”).
struct BANColumns {
    private let index: [String: Int]

    init(header: [String], file: String) throws {
        var index: [String: Int] = [:]
        for (position, name) in header.enumerated() where index[name] == nil { index[name] = position }
        let required = ["id", "numero", "nom_voie", "code_postal", "code_insee", "nom_commune", "lon", "lat"]
        let missing = required.filter { index[$0] == nil }
        guard missing.isEmpty else {
            throw ImportError.notAddresses(file: file, missing: missing)
        }
        self.index = index
    }

    func address(_ record: CSVRecord, file: String) throws -> BANAddress {
        func fault(_ column: String, _ reason: String) -> ImportError {
            .badAddress(file: file, line: record.line, column: column, reason: reason)
        }
        func text(_ column: String) -> String? {
            guard let position = index[column], position < record.fields.count else { return nil }
            let text = record.fields[position].trimmingCharacters(in: .whitespaces)
            return text.isEmpty ? nil : text
        }
        guard let id = text("id") else { throw fault("id", "empty") }
        guard let code = text("code_insee").flatMap({ CommuneCode($0) }) else {
            throw fault("code_insee", "not a commune code")
        }
        guard let longitude = text("lon").flatMap(Double.init), let latitude = text("lat").flatMap(Double.init) else {
            throw fault("lon", "not degrees")
        }
        guard case .plausible(let position) = PlausiblePosition(longitude: longitude, latitude: latitude) else {
            throw fault("lon", "not a place of a French territory in longitude and latitude")
        }
        guard let street = text("nom_voie") ?? text("nom_ld") else { throw fault("nom_voie", "empty") }
        return BANAddress(
            id: id, number: text("numero").flatMap { Int($0) }, suffix: text("rep") ?? "", street: street,
            postcode: text("code_postal") ?? "", communeCode: code, communeName: text("nom_commune") ?? "",
            formerCommuneCode: text("code_insee_ancienne_commune").flatMap { CommuneCode($0) },
            formerCommuneName: text("nom_ancienne_commune"), locality: text("nom_ld"), position: position)
    }
}

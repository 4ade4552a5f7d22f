import AlertModel
import Foundation
import Geocoding
import GeoModel
import Store

/// What an import of addresses did.
package struct AddressImportReport: Sendable {
    package var kind = AddressSourceKind.national
    package var rows = 0
    /// In addresses; for a table of postcodes, `added` is postcodes and names that were new.
    package var counts = AddressImportCounts()
    /// Recipients without given coordinates whose place changed now that more addresses are known.
    package var relocated = 0
}

/// Imports addresses from CSV files, gzipped or not: streaming, all or nothing, idempotent by the sources' own
/// identifiers. Afterwards recipients who were located by geocoding are located again.
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
        let header = try CSVReader.header(of: source)
        let kind = try AddressSourceKind(header: header, file: source.name)
        var report = AddressImportReport()
        report.kind = kind
        switch kind {
        case .national:
            let columns = BANColumns(header)
            try importAddresses(source, &report, progress) { record, _ in try columns.address(record, file: source.name) }
        case .local:
            let columns = BALColumns(header)
            try importAddresses(source, &report, progress) { record, writer in
                let address = try columns.address(record, file: source.name)
                for name in columns.communeNames(record) { writer.addName(name, of: address.communeCode, kind: .language) }
                return address
            }
        case .postal: try importPostcodes(source, PostalColumns(header), &report, progress)
        }
        return report
    }

    private func importAddresses(
        _ source: FileSource, _ report: inout AddressImportReport, _ progress: (ImportProgress) -> Void,
        address: (CSVRecord, inout AddressWriter) throws -> BANAddress
    ) throws {
        let outcome = try database.importAddresses(from: try source.imported(), actor: actor) { writer in
            var batch: [BANAddress] = []
            try CSVReader.rows(source) { record, bytesRead in
                batch.append(try address(record, &writer))
                report.rows += 1
                if batch.count == Self.batchRows {
                    try writer.write(batch)
                    batch.removeAll(keepingCapacity: true)
                    progress(ImportProgress(rows: report.rows, bytesRead: bytesRead, totalBytes: source.byteCount))
                }
            }
            try writer.write(batch)
        }
        report.counts = outcome.counts
        report.relocated = outcome.relocated
    }

    private func importPostcodes(
        _ source: FileSource, _ columns: PostalColumns, _ report: inout AddressImportReport,
        _ progress: (ImportProgress) -> Void
    ) throws {
        var communes: [CommuneCode: PostalCommune] = [:]
        try CSVReader.rows(source) { record, bytesRead in
            try columns.add(record, to: &communes, file: source.name)
            report.rows += 1
            if report.rows.isMultiple(of: Self.batchRows) {
                progress(ImportProgress(rows: report.rows, bytesRead: bytesRead, totalBytes: source.byteCount))
            }
        }
        let outcome = try database.importPostcodes(
            communes.values.sorted { $0.code < $1.code }, rows: report.rows, from: try source.imported(), actor: actor)
        report.counts.added = outcome.added
        report.relocated = outcome.relocated
    }
}

extension CSVReader {
    /// The names in a file's header line.
    static func header(of source: FileSource) throws -> [String] {
        struct Found: Error { let header: [String] }
        do {
            try read(source) { record, _ in throw Found(header: record.fields) }
        } catch let found as Found {
            return found.header
        }
        throw ImportError.noHeader(file: source.name)
    }

    /// Reads the records after the header line.
    static func rows(_ source: FileSource, _ body: (CSVRecord, _ bytesRead: Int) throws -> Void) throws {
        var isHeader = true
        try read(source) { record, bytesRead in
            if isHeader {
                isHeader = false
            } else {
                try body(record, bytesRead)
            }
        }
    }
}

import Foundation
import GeoModel
import Store

/// What an import of a code table did.
package struct CodeTableImportReport: Sendable {
    /// communes, movements, departments, regions, populations or epci.
    package let table: String
    package let rows: Int
    package let vintage: Int
    /// Where the vintage was read: the caller, the rows, the columns, the file's name or its folder's.
    package let vintageSource: VintageSource
    package let counts: CodeTableCounts

    package enum VintageSource: String, Sendable {
        case stated = "as stated"
        case rows = "as its rows say"
        case columns = "as its columns say"
        case fileName = "as its name says"
        case folderName = "as its folder's name says"
    }
}

/// Imports INSEE's tables of the Code officiel géographique, legal populations and the DGCL's composition of
/// intercommunalités: all or nothing per file, idempotent. Files are read and checked before the database is locked.
package struct CodeTableImport: Sendable {
    private let database: AlertDatabase
    private let actor: String

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// - Parameter vintage: year of the Code officiel géographique; wins over what the file and its name say.
    /// - Throws: `ImportError`; then nothing of the file has been written.
    package func run(file path: String, vintage stated: Int?) throws -> CodeTableImportReport {
        let source = try FileSource(path: path)
        var reader: CodeTableReader?
        try TableReader.read(source) { record, _ in
            if reader == nil {
                reader = try CodeTableReader(header: record.fields, file: source.name)
            } else {
                try reader?.add(record)
            }
        }
        guard let reading = reader?.reading else { throw ImportError.noHeader(file: source.name) }
        guard reading.rows > 0 else { throw ImportError.empty(file: source.name) }
        let vintage = try stated.map { ($0, .stated) } ?? Self.vintage(of: reading, path: path, name: source.name)
        let table = Self.table(of: reading, vintage: vintage.0, name: source.name)
        let counts = try database.importCodeTable(
            table, vintage: vintage.0, from: try source.imported(), actor: actor)
        return CodeTableImportReport(
            table: table.name, rows: reading.rows, vintage: vintage.0, vintageSource: vintage.1, counts: counts)
    }

    private static func vintage(
        of reading: CodeTableReader.Reading, path: String, name: String
    ) throws -> (Int, CodeTableImportReport.VintageSource) {
        if reading.kind == .movements, let last = reading.movements.map(\.day).max() { return (last.vintage, .rows) }
        if reading.kind == .epci, let year = reading.columns.year { return (year, .columns) }
        // “population2016-geographie2018”: the geography is the vintage.
        let lower = name.lowercased()
        for word in ["geographie", "géographie", "geo", "cog"] {
            if let range = lower.range(of: word), let year = YearInText.years(in: lower[range.upperBound...]).first {
                return (year, .fileName)
            }
        }
        if reading.kind != .populations || !lower.contains("population") {
            if let year = YearInText.years(in: lower).first { return (year, .fileName) }
        }
        let folder = URL(filePath: path).deletingLastPathComponent().standardizedFileURL.lastPathComponent
        if folder.count == 4, let year = YearInText.years(in: folder).first { return (year, .folderName) }
        throw ImportError.noVintage(file: name)
    }

    private static func table(of reading: CodeTableReader.Reading, vintage: Int, name: String) -> CodeTable {
        switch reading.kind {
        case .communes: .communes(reading.communes)
        case .movements: .movements(reading.movements)
        case .departments: .departments(reading.areas)
        case .regions: .regions(reading.areas)
        case .epci: .epci(reading.epci)
        case .populations: .populations(reading.populations, year: populationYear(name: name, vintage: vintage))
        }
    }

    /// The census a file is of: as its name says beside the geography (“population2016-geographie2018”), or three years
    /// before the vintage it comes into force with, as INSEE's decrees have it.
    private static func populationYear(name: String, vintage: Int) -> Int {
        YearInText.years(in: name).first { $0 < vintage && $0 > vintage - 5 } ?? vintage - 3
    }
}

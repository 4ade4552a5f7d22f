import Foundation
import GeoEngine
import GeoModel
import Store

/// What an import of communes did.
package struct CommuneImportReport: Sendable {
    package var features = 0
    package var counts = CommuneImportCounts()
    package var vintage = 0
    /// Neither the caller nor the file stated the vintage: it was assumed.
    package var isVintageAssumed = false
    /// Departments of which a commune was added or updated.
    package var changedDepartments: Set<String> = []
    /// What is to be known of single communes, in the order of the file.
    package var findings: [CommuneFinding] = []

    /// Communes whose boundary was not valid and was repaired.
    package var repaired: [CommuneCode] { codes(.repaired) }
    /// Communes that came without a boundary.
    package var withoutBoundary: [CommuneCode] { codes(.withoutBoundary) }

    private func codes(_ kind: CommuneFinding.Kind) -> [CommuneCode] {
        var seen: Set<CommuneCode> = []
        return findings.filter { $0.kind == kind }.flatMap(\.communes).filter { seen.insert($0).inserted }
    }
}

/// Imports commune boundaries: streaming, all or nothing per file, idempotent by vintage, kind and code.
///
/// The file is read, repaired and compared while others may write; the write lock is held for the writing alone.
package struct CommuneImport: Sendable {
    private let database: AlertDatabase
    private let actor: String

    package struct Options: Sendable {
        /// Year of the Code officiel géographique; wins over what the features state. When neither does, the
        /// database's newest vintage is assumed, or else this year.
        package var vintage: Int?
        /// Property name → field name: see `CommuneField`.
        package var map: [String: String]

        package init(vintage: Int? = nil, map: [String: String] = [:]) {
            self.vintage = vintage
            self.map = map
        }
    }

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// As `run(file:options:progress:)`, with the publishers' property names.
    package func run(
        file path: String, vintage: Int?, progress: (ImportProgress) -> Void = { _ in }
    ) throws -> CommuneImportReport {
        try run(file: path, options: Options(vintage: vintage), progress: progress)
    }

    /// - Throws: `ImportError` or `GeoJSONError`; then nothing of the file has been written.
    package func run(
        file path: String, options: Options, progress: (ImportProgress) -> Void = { _ in }
    ) throws -> CommuneImportReport {
        let columns = try CommuneColumns(map: options.map)
        let source = try CommuneSource(path: path)
        var report = CommuneImportReport()
        let known = try options.vintage ?? firstVintage(of: source, columns)
        report.isVintageAssumed = known == nil
        report.vintage = try known ?? database.newestVintage() ?? Calendar(identifier: .gregorian).component(
            .year, from: .now)
        report.counts = try database.importCommunes(
            vintage: report.vintage, from: try source.imported(), actor: actor
        ) { writer in
            var reading = CommuneReading(file: source.name, columns: columns)
            try source.forEach { record, bytesRead in
                let commune = try reading.commune(of: record, &report.findings)
                report.features += 1
                try writer.write(commune)
                if report.features.isMultiple(of: 100) {
                    progress(ImportProgress(
                        rows: report.features, bytesRead: bytesRead, totalBytes: source.byteCount))
                }
            }
            guard report.features > 0 else { throw ImportError.empty(file: source.name) }
            try reading.requireMappedColumns()
            report.changedDepartments = writer.changedDepartments
        }
        return report
    }

    private func firstVintage(of source: CommuneSource, _ columns: CommuneColumns) throws -> Int? {
        struct Found: Error { let vintage: Int? }
        do {
            try source.forEach { record, _ in
                let commune = try? CommuneFeature(properties: record.properties, columns: columns, boundary: nil)
                throw Found(vintage: commune?.vintage)
            }
        } catch let found as Found {
            return found.vintage
        }
        return nil
    }
}

/// A feature of a file of communes, in whatever format.
struct CommuneRecord {
    /// From 1.
    let number: Int
    let properties: JSONObject
    /// Not yet validated. Nil when there is no geometry, or one that is no surface.
    let area: Area<WGS84>?
    /// Nil when there is no geometry.
    let geometryType: String?
}

/// A file of communes, opened by what it is.
struct CommuneSource {
    private let source: FileSource

    var name: String { source.name }
    var byteCount: Int { source.byteCount }

    init(path: String) throws {
        source = try FileSource(path: path)
    }

    func imported() throws -> ImportedFile { try source.imported() }

    /// Calls `body` with each feature and the number of bytes read so far.
    func forEach(_ body: (CommuneRecord, _ bytesRead: Int) throws -> Void) throws {
        var reader = GeoJSONFeatureReader()
        try source.read { chunk, bytesRead in
            for feature in try reader.feed(chunk) {
                try body(
                    CommuneRecord(
                        number: feature.number, properties: feature.properties, area: feature.area,
                        geometryType: feature.geometryType), bytesRead)
            }
        }
        try reader.finish()
    }
}

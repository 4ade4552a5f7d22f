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
    /// Communes whose boundary was not valid and was repaired.
    package var repaired: [CommuneCode] = []
    /// Communes that came without a boundary.
    package var withoutBoundary: [CommuneCode] = []
}

/// Imports commune boundaries from GeoJSON or newline-delimited GeoJSON, gzipped or not: streaming, all or
/// nothing per file, idempotent by vintage, kind and code.
package struct CommuneImport: Sendable {
    private let database: AlertDatabase
    private let actor: String

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// - Parameter vintage: year of the Code officiel géographique; wins over what the features state. When
    ///   neither does, the database's newest vintage is assumed, or else this year.
    /// - Throws: `ImportError` or `GeoJSONError`; then nothing of the file has been written.
    package func run(
        file path: String, vintage stated: Int?, progress: (ImportProgress) -> Void = { _ in }
    ) throws -> CommuneImportReport {
        let source = try FileSource(path: path)
        var report = CommuneImportReport()
        let known = try stated ?? firstVintage(of: source)
        report.isVintageAssumed = known == nil
        report.vintage = try known ?? database.newestVintage() ?? Calendar(identifier: .gregorian).component(
            .year, from: .now)
        report.counts = try database.importCommunes(
            vintage: report.vintage, from: try source.imported(), actor: actor
        ) { writer in
            var seen: [String: Int] = [:]
            try Self.features(of: source) { feature, bytesRead in
                try write(feature, source.name, &seen, &writer, &report)
                if report.features.isMultiple(of: 100) {
                    progress(ImportProgress(
                        rows: report.features, bytesRead: bytesRead, totalBytes: source.byteCount))
                }
            }
            guard report.features > 0 else { throw ImportError.empty(file: source.name) }
        }
        return report
    }

    private func write(
        _ feature: GeoJSONFeature, _ file: String, _ seen: inout [String: Int], _ writer: inout CommuneWriter,
        _ report: inout CommuneImportReport
    ) throws {
        report.features += 1
        if feature.area == nil, let type = feature.geometryType {
            throw ImportError.notCommunes(
                file: file, feature: feature.number, reason: "its geometry is a \(type), a commune's is a polygon")
        }
        let repair: (area: Area<WGS84>, wasRepaired: Bool)?
        do {
            repair = try feature.area.map { try Repair.repaired($0) }
        } catch {
            throw ImportError.notCommunes(file: file, feature: feature.number, reason: "\(error)")
        }
        let commune: Commune
        do throws(CommuneFeature.Fault) {
            commune = try CommuneFeature(properties: feature.properties, boundary: repair?.area).commune
        } catch {
            throw ImportError.notCommunes(file: file, feature: feature.number, reason: error.reason)
        }
        // One feature per part (an exploded multipolygon) would keep only the last part's ground.
        if let first = seen.updateValue(feature.number, forKey: "\(commune.kind) \(commune.code)") {
            throw ImportError.notCommunes(
                file: file, feature: feature.number,
                reason: "commune \(commune.code) came before, in feature \(first): dissolve the parts of a commune "
                    + "into one MultiPolygon")
        }
        if repair?.wasRepaired == true { report.repaired.append(commune.code) }
        if repair == nil { report.withoutBoundary.append(commune.code) }
        try writer.write(commune)
    }

    private func firstVintage(of source: FileSource) throws -> Int? {
        struct Found: Error { let vintage: Int? }
        do {
            try Self.features(of: source) { feature, _ in
                let commune = try? CommuneFeature(properties: feature.properties, boundary: nil)
                throw Found(vintage: commune?.vintage)
            }
        } catch let found as Found {
            return found.vintage
        }
        return nil
    }

    private static func features(
        of source: FileSource, _ body: (GeoJSONFeature, _ bytesRead: Int) throws -> Void
    ) throws {
        var reader = GeoJSONFeatureReader()
        try source.read { chunk, bytesRead in
            for feature in try reader.feed(chunk) { try body(feature, bytesRead) }
        }
        try reader.finish()
    }
}

import GeoEngine
import GeoModel
import Store

/// Turns the features of one file into communes: repaired, each once, with what there is to know of them.
struct CommuneReading {
    private let file: String
    private let columns: CommuneColumns
    /// The feature each commune came in, by kind and code.
    private var features: [String: Int] = [:]
    /// Properties named by `--map` that no feature had so far, and those there were instead.
    private var missingColumns: Set<String>
    private var foundColumns: [String] = []
    /// Property names kept for the message about an unknown one.
    private static let shownColumns = 60

    init(file: String, columns: CommuneColumns) {
        self.file = file
        self.columns = columns
        missingColumns = columns.mapped
    }

    /// - Parameter findings: gets what was wrong with the boundary.
    /// - Throws: `ImportError.notCommunes`, naming the feature, and the ring of a boundary that cannot be repaired.
    mutating func commune(of record: CommuneRecord, _ findings: inout [CommuneFinding]) throws -> Commune {
        note(record)
        if record.area == nil, let type = record.geometryType {
            throw refusal(record, "its geometry is a \(type), a commune's is a polygon")
        }
        let mended: Repair.Mended?
        do {
            mended = try record.area.map { try Repair.mended($0) }
        } catch {
            throw refusal(record, "\(error)")
        }
        let commune: Commune
        do throws(CommuneFeature.Fault) {
            commune = try CommuneFeature(
                properties: record.properties, columns: columns, boundary: mended?.area
            ).commune
        } catch {
            throw refusal(record, error.reason)
        }
        // One feature per part (an exploded multipolygon) would keep only the last part's ground.
        if let first = features.updateValue(record.number, forKey: "\(commune.kind) \(commune.code)") {
            throw refusal(
                record,
                "commune \(commune.code) came before, in feature \(first): dissolve the parts of a commune into one "
                    + "MultiPolygon")
        }
        findings += Self.findings(commune, record, mended)
        return commune
    }

    /// - Throws: `ImportError.unknownColumn` when `--map` names a property that no feature has.
    func requireMappedColumns() throws {
        if let missing = missingColumns.min() { throw ImportError.unknownColumn(name: missing, found: foundColumns) }
    }

    private mutating func note(_ record: CommuneRecord) {
        guard !missingColumns.isEmpty else { return }
        for key in record.properties.members.lazy.map(\.key) {
            missingColumns.remove(key)
            if foundColumns.count < Self.shownColumns, !foundColumns.contains(key) { foundColumns.append(key) }
        }
    }

    private func refusal(_ record: CommuneRecord, _ reason: String) -> ImportError {
        .notCommunes(file: file, feature: record.number, reason: reason)
    }

    private static func findings(
        _ commune: Commune, _ record: CommuneRecord, _ mended: Repair.Mended?
    ) -> [CommuneFinding] {
        guard let mended, let before = record.area else {
            return [
                CommuneFinding(
                    kind: .withoutBoundary, communes: [commune.code], feature: record.number,
                    detail: "the feature has no geometry: the commune's people are known by code only")
            ]
        }
        guard !mended.faults.isEmpty else { return [] }
        let growth = SurfaceArea.squareMetres(of: mended.area) - SurfaceArea.squareMetres(of: before)
        return mended.faults.map { fault in
            CommuneFinding(
                kind: .repaired, communes: [commune.code], feature: record.number, polygon: fault.polygon,
                ring: fault.ring, vertex: fault.vertex, position: fault.position, squareMetres: growth,
                detail: fault.code.rawValue)
        }
    }
}

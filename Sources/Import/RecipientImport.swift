import AlertModel
import Foundation
import GeoEngine
import GeoModel
import Store

/// Imports recipients from CSV: streaming, idempotent by external identifier, all or nothing.
package struct RecipientImport: Sendable {
    private let database: AlertDatabase
    private let actor: String

    package struct Options: Sendable {
        package var organisation: String
        /// Column name → field name.
        package var map: [String: String]
        package var dryRun: Bool
        package var skipInvalid: Bool

        package init(organisation: String, map: [String: String] = [:], dryRun: Bool = false, skipInvalid: Bool = false)
        {
            self.organisation = organisation
            self.map = map
            self.dryRun = dryRun
            self.skipInvalid = skipInvalid
        }
    }

    package init(database: AlertDatabase, actor: String) {
        self.database = database
        self.actor = actor
    }

    /// - Returns: the report; when it lists refused rows and `skipInvalid` is off, nothing was written.
    /// - Throws: `ImportError` when the file as a whole cannot be taken.
    package func run(
        file path: String, options: Options, progress: (ImportProgress) -> Void = { _ in }
    ) throws -> RecipientImportReport {
        let source = try FileSource(path: path)
        let reading = try database.readRegister(ofOrganisationNamed: options.organisation) { register in
            try read(source, options, register, progress)
        }
        var report = reading.report
        guard report.refused.isEmpty || options.skipInvalid || options.dryRun else {
            report.counts = RecipientImportCounts()
            return report
        }
        if !options.dryRun {
            report.counts = try database.writeRecipients(
                reading.changed, unchanged: report.counts.unchanged, organisationNamed: options.organisation,
                from: try source.imported(), actor: actor)
        }
        return report
    }

    /// What a file says, compared with the register: nothing is written yet.
    private struct Reading {
        var report = RecipientImportReport()
        /// Recipients to add or update.
        var changed: [Recipient] = []
    }

    private func read(
        _ source: FileSource, _ options: Options, _ register: RegisterSnapshot, _ progress: (ImportProgress) -> Void
    ) throws -> Reading {
        var reading = Reading()
        var parser: RecipientRowParser?
        var linesByID: [String: Int] = [:]
        var towns = CommuneBoundaries()
        try CSVReader.read(source) { record, bytesRead in
            guard let current = parser else {
                let columns = try RecipientColumns(header: record.fields, map: options.map, file: source.name)
                reading.report.columns = columns.columns
                reading.report.unrecognisedColumns = columns.unrecognised
                parser = RecipientRowParser(columns: columns)
                return
            }
            reading.report.rows += 1
            if reading.report.rows.isMultiple(of: 1000) {
                progress(ImportProgress(
                    rows: reading.report.rows, bytesRead: bytesRead, totalBytes: source.byteCount))
            }
            guard var row = current.parse(
                record, refused: &reading.report.refused, warnings: &reading.report.warnings)
            else { return }
            if let first = linesByID.updateValue(record.line, forKey: row.recipient.externalID) {
                reading.report.refused.append(RowProblem(
                    line: record.line, column: name(of: .id, in: reading.report.columns),
                    reason: "the same identifier as line \(first)"))
                return
            }
            let change = try register.compare(&row.recipient, source: nil) { recipient in
                try locate(&recipient, line: row.line, register: register, towns: &towns, report: &reading.report)
            }.change
            reading.report.counts.count(change)
            if change != .unchanged { reading.changed.append(row.recipient) }
        }
        guard parser != nil else { throw ImportError.noHeader(file: source.name) }
        return reading
    }

    private func name(of field: RecipientField, in columns: [RecipientColumns.Column]) -> String {
        columns.first { $0.field == field }?.name ?? field.rawValue
    }

    /// Gives the row its point: the file's own wins; otherwise the geocoder's; otherwise the commune stands.
    private func locate(
        _ recipient: inout Recipient, line: Int, register: RegisterSnapshot, towns: inout CommuneBoundaries,
        report: inout RecipientImportReport
    ) throws {
        func warn(_ field: RecipientField, _ reason: String) {
            report.warnings.append(RowProblem(
                line: line, column: name(of: field, in: report.columns), reason: reason))
        }
        if let location = recipient.location {
            report.precisions[.given, default: 0] += 1
            if let code = recipient.communeCode,
               let metres = try towns.metresOutside(code, location.position, boundary: register.boundary(of:))
            {
                warn(.longitude, "the point lies \(Int(metres.rounded(.up))) m outside commune \(code): kept as given")
            }
            return
        }
        let place = try register.place(of: recipient)
        recipient.isCommuneFound = recipient.communeCode == nil && place.communeCode != nil
        recipient.communeCode = place.communeCode
        recipient.location = place.location
        report.precisions[place.precision, default: 0] += 1
        switch place.precision {
        case .notLocated:
            warn(.address, "not located: no usable address, coordinates or commune")
        case .commune where recipient.addressText != nil:
            warn(.address, "address not found: only the commune is known")
        default:
            break
        }
        if let code = recipient.communeCode, try !register.isKnown(code) {
            warn(.communeCode, "commune \(code) is not among the imported communes")
        }
    }
}

/// The boundaries an import has met, prepared once each.
private struct CommuneBoundaries {
    private var prepared: [CommuneCode: PreparedArea?] = [:]

    /// How far outside its commune a point lies, in metres; nil when it is inside or the boundary is not known.
    mutating func metresOutside(
        _ code: CommuneCode, _ position: Position<WGS84>, boundary: (CommuneCode) throws -> Area<WGS84>?
    ) throws -> Double? {
        let area: PreparedArea?
        if let known = prepared[code] {
            area = known
        } else {
            // A whole country of prepared boundaries would fill the memory; a file is usually sorted by town.
            if prepared.count > 2000 { prepared.removeAll() }
            area = try boundary(code).map { try PreparedArea($0) }
            prepared[code] = area
        }
        guard let area, try !area.contains(position) else { return nil }
        return try area.distance(from: position).metres
    }
}

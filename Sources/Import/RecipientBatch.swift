import AlertModel
import Foundation
import GeoEngine
import GeoModel
import Store

/// Records on their way to a worker.
struct RecordBatch: Sendable {
    let parser: RecipientRowParser
    let records: [CSVRecord]
    let bytesRead: Int
}

/// What a worker made of them.
struct ReadBatch: Sendable {
    struct Row: Sendable {
        let line: Int
        let identifier: IdentifierKey
        let comparison: RegisterComparison
        /// Where it stands among the operations; nil for a row that changes nothing.
        let operation: Range<Int>?
        let precision: Precision
        let isReachable: Bool
        let system: String?
        let keys: IdentityKeys?
    }

    var rows: [Row] = []
    /// What the rows do to the register, one after the other.
    var operations: [UInt8] = []
    var refused: [RowProblem] = []
    var leftOut: [RowProblem] = []
    var warnings: [RowProblem] = []
    /// Recipients of the register that refused rows are.
    var refusedRecipients: [RecipientID] = []
    var refusedWithoutIdentifier = 0
    let recordCount: Int
    let bytesRead: Int
    let idColumn: String
}

/// Parses, places and compares batches: all that an import does with a row but keep count. One for each thread.
final class BatchReader {
    private let projections = Projections()
    /// Of the batch at hand.
    private var operations = ByteWriter()
    private var towns = CommuneBoundaries()
    private var knownCodes: [CommuneCode: Bool] = [:]

    func read(
        _ batch: RecordBatch, register: RegisterSnapshot, source: String, findsDuplicates: Bool
    ) throws -> ReadBatch {
        var result = ReadBatch(recordCount: batch.records.count, bytesRead: batch.bytesRead, idColumn: batch.parser.columns.idColumn)
        result.rows.reserveCapacity(batch.records.count)
        operations.clear()
        for record in batch.records {
            var reading = batch.parser.parse(record, projections: projections)
            if !reading.warnings.isEmpty { result.warnings += reading.warnings }
            if !reading.contactProblems.isEmpty { result.leftOut += reading.contactProblems }
            guard var row = reading.row.take() else {
                result.refused += reading.problems
                if let known = try reading.externalID.flatMap({ try register.recipient($0) }) {
                    result.refusedRecipients.append(known)
                } else if reading.externalID == nil {
                    result.refusedWithoutIdentifier += 1
                }
                continue
            }
            var precision = Precision.notLocated
            let comparison = try register.compare(&row.recipient, source: source) { recipient in
                precision = try locate(
                    &recipient, line: row.line, columns: batch.parser.columns, register: register,
                    warnings: &result.warnings)
            }
            if row.recipient.contactPoints.isEmpty, !batch.parser.columns.channels.isEmpty, comparison.known == nil {
                result.warnings.append(RowProblem(
                    line: row.line, column: batch.parser.columns.columns.first { $0.field.isContact }?.name,
                    reason: "cannot be reached: no usable number or mailbox"))
            }
            let start = operations.count
            RegisterOperation.put(comparison, line: row.line, recipient: row.recipient, into: &operations)
            result.rows.append(ReadBatch.Row(
                line: row.line, identifier: IdentifierKey(row.recipient.externalID), comparison: comparison,
                operation: start < operations.count ? start..<operations.count : nil,
                precision: precision, isReachable: !row.recipient.contactPoints.isEmpty, system: reading.system,
                keys: findsDuplicates ? IdentityKeys(row.recipient) : nil))
        }
        result.operations = operations.bytes
        return result
    }

    /// Gives the recipient its point: the file's own wins; otherwise the geocoder's; otherwise the commune stands.
    private func locate(
        _ recipient: inout Recipient, line: Int, columns: RecipientColumns, register: RegisterSnapshot,
        warnings: inout [RowProblem]
    ) throws -> Precision {
        func warn(_ field: RecipientField, _ reason: String, kind: String? = nil) {
            guard columns.asksForPlaces else { return }
            let column = columns.columns.first { $0.field == field }?.name ?? field.rawValue
            warnings.append(RowProblem(line: line, column: column, reason: reason, kind: kind))
        }
        if let location = recipient.location {
            if let code = recipient.communeCode,
               let metres = try towns.metresOutside(code, location.position, boundary: register.boundary(of:))
            {
                warn(
                    .longitude, "the point lies \(Int(metres.rounded(.up))) m outside commune \(code): kept as given",
                    kind: "the point lies outside the row's commune: kept as given")
            }
            return .given
        }
        let given = recipient.communeCode
        let place = try register.place(of: recipient)
        recipient.isCommuneFound = given == nil && place.communeCode != nil
        recipient.communeCode = place.communeCode
        recipient.location = place.location
        switch place.precision {
        case .notLocated:
            warn(.address, "not located: no usable address, coordinates or commune")
        case .commune where recipient.addressText != nil:
            warn(.address, "address not found: only the commune is known")
        default:
            break
        }
        if let code = given, try !isKnown(code, register) {
            warn(
                .communeCode, "commune \(code) is not among the imported communes",
                kind: "the commune is not among the imported communes")
        }
        return place.precision
    }

    private func isKnown(_ code: CommuneCode, _ register: RegisterSnapshot) throws -> Bool {
        if let known = knownCodes[code] { return known }
        let known = try register.isKnown(code)
        knownCodes[code] = known
        return known
    }
}

/// The boundaries an import has met, prepared once each.
private struct CommuneBoundaries {
    private struct Boundary {
        let area: Area<WGS84>
        /// Answers at once for the rows that are right, nearly all; nil for an area it does not take.
        let index: ZoneIndex?
        /// Made for the first row that lies outside, to say how far.
        var prepared: PreparedArea?
    }

    private var boundaries: [CommuneCode: Boundary?] = [:]

    /// A whole country of prepared boundaries would fill the memory; a file is usually sorted by town.
    private static let limit = 2000

    /// How far outside its commune a point lies, in metres; nil when it is inside or the boundary is not known.
    mutating func metresOutside(
        _ code: CommuneCode, _ position: Position<WGS84>, boundary: (CommuneCode) throws -> Area<WGS84>?
    ) throws -> Double? {
        if let known = boundaries[code] {
            guard let known else { return nil }
            if known.index?.contains(position) == true { return nil }
            return try metresOutside(known, code, position)
        }
        if boundaries.count >= Self.limit { boundaries.removeAll() }
        let found = try boundary(code).map { Boundary(area: $0, index: ZoneIndex(plainlyValidArea: $0)) }
        boundaries[code] = .some(found)
        return try found.flatMap { try metresOutside($0, code, position) }
    }

    private mutating func metresOutside(
        _ boundary: Boundary, _ code: CommuneCode, _ position: Position<WGS84>
    ) throws -> Double? {
        if let index = boundary.index, index.contains(position) { return nil }
        let area = try boundary.prepared ?? PreparedArea(boundary.area)
        if boundary.prepared == nil {
            boundaries[code] = .some(Boundary(area: boundary.area, index: boundary.index, prepared: area))
        }
        return try area.contains(position) ? nil : area.distance(from: position).metres
    }
}

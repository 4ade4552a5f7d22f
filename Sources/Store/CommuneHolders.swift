import Foundation
import GRDB
import GeoEngine
import GeoModel

/// Finds the communes of today, and their parts, whose boundary holds a place.
///
/// Valid inside one read transaction; boundaries that were asked about stay prepared.
final class CommuneHolders {
    /// A row of `communes` whose boundary holds a place.
    struct Holder {
        let id: Int64
        let code: CommuneCode
        /// COM, or a part's kind.
        let kind: String
    }

    /// Prepared boundaries kept: those around one town. A boundary of 60 vertices takes some 20 kB prepared.
    private static let capacity = 1000

    private let database: Database
    private var prepared: [Int64: PreparedArea] = [:]

    init(database: Database) {
        self.database = database
    }

    /// The rows, by code and kind, boundary included.
    func holders(of position: Position<WGS84>) throws -> [Holder] {
        let rows = try Row.fetchAll(
            database.cachedStatement(sql: Self.candidates),
            arguments: [position.longitude, position.longitude, position.latitude, position.latitude])
        return try rows.compactMap { row in
            guard let code = CommuneCode(row["code"] as String), try boundary(row["id"]).contains(position) else {
                return nil
            }
            return Holder(id: row["id"], code: code, kind: row["kind"])
        }
    }

    /// Whether the position lies on the boundary of a row, to a thousandth of a millimetre.
    func isOnBoundary(_ holder: Holder, _ position: Position<WGS84>) throws -> Bool {
        try boundary(holder.id).distance(from: position).metres < 1e-6
    }

    /// As `RegisterReader.otherCommunes`.
    func others(than codes: [CommuneCode]) throws -> (Position<WGS84>) throws -> Bool {
        let parent = try database.cachedStatement(sql: """
            SELECT parent_code FROM communes WHERE code = ? AND kind <> 'COM' AND parent_code IS NOT NULL
            ORDER BY vintage DESC LIMIT 1
            """)
        let wholes = try codes.compactMap { try String.fetchOne(parent, arguments: [$0.rawValue]) }
        let known = Set(codes.map(\.rawValue)).union(wholes)
        return { position in try self.holders(of: position).contains { !known.contains($0.code.rawValue) } }
    }

    /// Parts of another year than their department's communes are left out: one of them must not hide a gap of today.
    private static let candidates = """
        SELECT id, code, kind FROM communes
        WHERE id IN (SELECT pkid FROM idx_communes_boundary WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?)
            AND boundary IS NOT NULL AND vintage = (
                SELECT MAX(others.vintage) FROM communes AS others
                WHERE others.department = communes.department AND others.kind = 'COM')
        ORDER BY code, kind
        """

    private func boundary(_ id: Int64) throws -> PreparedArea {
        if let known = prepared[id] { return known }
        if prepared.count >= Self.capacity { prepared.removeAll() }
        let bytes = try Data.fetchOne(
            database.cachedStatement(sql: "SELECT AsBinary(boundary) FROM communes WHERE id = ?"), arguments: [id])
        let area = try PreparedArea(WKB.decode(Array(bytes ?? Data())))
        prepared[id] = area
        return area
    }
}

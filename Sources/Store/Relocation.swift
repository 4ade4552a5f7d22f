import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding

/// Locating recipients again after addresses or communes have changed.
extension AlertDatabase {
    /// Recipients placed between two looks at the write lock: a campaign's launch waits some milliseconds at most.
    private static let relocationBatch = 2_000

    /// Places again the recipients of these communes, and those of none, who have no coordinates of their own: placed by
    /// several readers, moved in short transactions. Whoever changed meanwhile is left as he is.
    ///
    /// - Returns: how many moved.
    package func relocateRecipients(of communes: Set<CommuneCode>) throws -> Int {
        try prepareCommuneDirectory()
        let ids = try pool.read { try $0.relocatableRecipients(of: communes) }
        var moved = 0
        for start in stride(from: 0, to: ids.count, by: Self.relocationBatch) {
            let batch = Array(ids[start..<min(ids.count, start + Self.relocationBatch)])
            let moves = try concurrently(batch) { placer, id in try placer.relocation(of: id) }.compactMap(\.self)
            guard !moves.isEmpty else { continue }
            try pool.write { database in
                for move in moves where try database.apply(move) { moved += 1 }
            }
        }
        if moved > 0 { try pool.write { try $0.storeStalePages() } }
        return moved
    }
}

/// A recipient whose place is another one now.
struct Relocation: Sendable {
    let id: Int64
    /// What the recipient was when it was placed.
    let contentHash: Data
    let updatedAt: Int64
    let isCommuneGiven: Bool
    let placement: Placement
}

extension Placer {
    /// Nil when the recipient stays where it is.
    func relocation(of id: Int64) throws -> Relocation? {
        let row = try Row.fetchOne(
            database.cachedStatement(sql: """
                SELECT id, address, postcode, commune_name, commune_code, is_commune_found, precision, score,
                    uncertainty_metres, X(location) AS x, Y(location) AS y, content_hash, updated_at
                FROM recipients WHERE id = ? AND (precision IS NULL OR precision <> 'given')
                """), arguments: [id])
        guard let row else { return nil }
        let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
        let given: CommuneCode? = row["is_commune_found"] ? nil : code
        let placement = try place(
            address: row["address"], postcode: row["postcode"], communeName: row["commune_name"], communeCode: given)
        guard placement.location != Location(row: row) || placement.communeCode != code else { return nil }
        return Relocation(
            id: id, contentHash: row["content_hash"], updatedAt: row["updated_at"], isCommuneGiven: given != nil,
            placement: placement)
    }
}

extension Database {
    /// The recipients of these communes, and those of none, who have no coordinates of their own.
    fileprivate func relocatableRecipients(of communes: Set<CommuneCode>) throws -> [Int64] {
        let select = "SELECT id FROM recipients WHERE (precision IS NULL OR precision <> 'given') AND"
        let ofCommune = try makeStatement(sql: "\(select) commune_code = ? AND is_commune_found = 0 ORDER BY id")
        // Codes of other years whose addresses are filed under these communes, too.
        let bearers = Set(try codes(of: communes.sorted()).keys).union(communes)
        return try bearers.sorted().flatMap { try Int64.fetchAll(ofCommune, arguments: [$0.rawValue]) }
            + Int64.fetchAll(self, sql: "\(select) (commune_code IS NULL OR is_commune_found = 1) ORDER BY id")
    }

    /// Places a recipient again, unless coordinates were given, with what this transaction sees.
    func relocate(_ id: Int64) throws {
        if let move = try Placer(database: self, cache: nil).relocation(of: id) { _ = try apply(move) }
    }

    /// - Returns: false when the recipient has changed since it was placed.
    func apply(_ move: Relocation) throws -> Bool {
        let placement = move.placement
        try cachedStatement(sql: """
            UPDATE recipients SET commune_code = :code, is_commune_found = :isFound, precision = :precision,
                score = :score, uncertainty_metres = :uncertainty, updated_at = :now,
                location = MakePoint(:longitude, :latitude, 4326)
            WHERE id = :id AND content_hash = :hash AND updated_at = :updatedAt
            """).execute(arguments: [
                "code": placement.communeCode?.rawValue,
                "isFound": !move.isCommuneGiven && placement.communeCode != nil,
                "precision": placement.location?.precision.rawValue, "score": placement.location?.score,
                "uncertainty": placement.location?.uncertaintyMetres, "now": Date.now.milliseconds,
                "longitude": placement.location?.position.longitude,
                "latitude": placement.location?.position.latitude, "id": move.id, "hash": move.contentHash,
                "updatedAt": move.updatedAt,
            ])
        return changesCount == 1
    }
}

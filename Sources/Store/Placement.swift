import AlertModel
import Foundation
import GRDB
import GeoModel
import Geocoding

/// Where the geocoder puts a recipient who came without coordinates.
package struct Placement: Sendable {
    /// The register's own code, or the one found.
    package let communeCode: CommuneCode?
    /// Nil when only the commune, or nothing, is known.
    package let location: Location?
    package let precision: Precision
}

extension Database {
    func place(
        address: String?, postcode: String?, communeName: String?, communeCode: CommuneCode?
    ) throws -> Placement {
        // Addresses are filed under the communes of today.
        let today = try communeCode.flatMap { try self.communeToday(of: $0) } ?? communeCode
        let query = AddressQuery(
            text: address ?? "", postcode: postcode, communeName: communeName, communeCode: today)
        let found = try Geocoder(index: AddressIndex(self).port).locate(structured: query)
        let code = communeCode ?? found?.communeCode
        if let found, let uncertainty = found.uncertaintyMetres, let precision = Precision(found.precision) {
            let location = Location(
                position: found.position, uncertaintyMetres: uncertainty, precision: precision, score: found.score)
            return Placement(communeCode: code, location: location, precision: precision)
        }
        let isCommuneKnown = try code.map { try hasBoundary($0) } ?? false
        return Placement(communeCode: code, location: nil, precision: isCommuneKnown ? .commune : .notLocated)
    }

    func hasBoundary(_ code: CommuneCode) throws -> Bool {
        try Int.fetchOne(
            cachedStatement(sql: "SELECT 1 FROM commune_grounds WHERE code = ? LIMIT 1"),
            arguments: [code.rawValue]) != nil
    }

    /// Places again the recipients of these communes, and those of none, who have no coordinates of their own.
    ///
    /// - Returns: how many moved.
    func relocateRecipients(of communes: Set<CommuneCode>) throws -> Int {
        let bearers = Set(try codes(of: communes.sorted()).keys).union(communes)
        let byCommune = try bearers.sorted().flatMap {
            try relocatable("commune_code = ? AND is_commune_found = 0", [$0.rawValue])
        }
        var moved = 0
        for row in try byCommune + relocatable("(commune_code IS NULL OR is_commune_found = 1)", []) where try relocate(row) { moved += 1 }
        return moved
    }

    private func relocatable(_ condition: String, _ arguments: StatementArguments) throws -> [Row] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT id, address, postcode, commune_name, commune_code, is_commune_found, precision, score, uncertainty_metres,
                       X(location) AS x, Y(location) AS y
                FROM recipients WHERE (precision IS NULL OR precision <> 'given') AND \(condition)
                """, arguments: arguments)
    }

    private func relocate(_ row: Row) throws -> Bool {
        let code = (row["commune_code"] as String?).flatMap { CommuneCode($0) }
        let given: CommuneCode? = row["is_commune_found"] ? nil : code
        let placement = try place(
            address: row["address"], postcode: row["postcode"], communeName: row["commune_name"], communeCode: given)
        guard placement.location != Location(row: row) || placement.communeCode != code else { return false }
        try cachedStatement(sql: """
            UPDATE recipients SET commune_code = :code, is_commune_found = :isFound, precision = :precision, score = :score,
                uncertainty_metres = :uncertainty, updated_at = :now, location = MakePoint(:longitude, :latitude, 4326)
            WHERE id = :id
            """).execute(arguments: [
                "code": placement.communeCode?.rawValue, "isFound": given == nil && placement.communeCode != nil,
                "precision": placement.location?.precision.rawValue,
                "score": placement.location?.score, "uncertainty": placement.location?.uncertaintyMetres,
                "now": Date.now.milliseconds, "longitude": placement.location?.position.longitude,
                "latitude": placement.location?.position.latitude, "id": row["id"] as Int64,
            ])
        return true
    }
}

extension Precision {
    /// Nil at commune precision: the recipient then has no point, and the commune's boundary stands for it.
    fileprivate init?(_ precision: PlacePrecision) {
        switch precision {
        case .houseNumber: self = .houseNumber
        case .street: self = .street
        case .locality: self = .locality
        case .commune: return nil
        }
    }
}

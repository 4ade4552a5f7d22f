import GRDB
import GeoModel
import Geocoding

/// What a batch of address rows changed.
package struct AddressUpsertCount: Hashable, Sendable {
    package var streetsAdded = 0
    package var streetsChanged = 0
    package var numbersAdded = 0
    package var numbersMoved = 0
    package var unchanged = 0

    package init() {}

    package static func += (left: inout Self, right: Self) {
        left.streetsAdded += right.streetsAdded
        left.streetsChanged += right.streetsChanged
        left.numbersAdded += right.numbersAdded
        left.numbersMoved += right.numbersMoved
        left.unchanged += right.unchanged
    }
}

/// Writes: `upsert(communes:)` first where boundaries or the official list are at hand, then `upsert(rows:)` per batch,
/// then `finish()` once, all in the transaction of one file. Each is idempotent.
extension AddressIndex {
    // MARK: Addresses

    /// Adds or updates address rows. Nothing is removed: a row that a newer file lacks stays.
    ///
    /// Rows whose position is not on Earth are the caller's to refuse.
    package func upsert(rows: some Sequence<BANAddress>) throws -> AddressUpsertCount {
        var count = AddressUpsertCount()
        // Rows of a street follow each other in the base's files: the last few streets answer most look-ups.
        var known: [String: Int64] = [:]
        for row in rows {
            let street = try streetID(row, count: &count, known: &known)
            try put(row, into: street, count: &count)
            if let locality = row.locality, !locality.isEmpty {
                try putIntoLocality(locality, row, count: &count, known: &known)
            }
        }
        return count
    }

    /// Computes again the middle and extent of what changed. Call it at the end of a file's transaction.
    package func finish() throws {
        try db.execute(sql: Self.middles)
        try db.execute(
            sql: Self.spreads, arguments: [GroundDistanceScale.metresPerDegree, GroundDistanceScale.metresPerDegree])
        try db.execute(sql: "UPDATE streets SET is_stale = 0 WHERE is_stale")
        try db.execute(sql: Self.provisionalCommunes)
    }

    private static let middles = """
        UPDATE streets SET lon = e.lon, lat = e.lat FROM (
          SELECT h.street_id, (min(h.lon) + max(h.lon)) / 2 AS lon, (min(h.lat) + max(h.lat)) / 2 AS lat
          FROM streets s JOIN house_numbers h ON h.street_id = s.id WHERE s.is_stale GROUP BY h.street_id) e
        WHERE streets.id = e.street_id
        """

    /// Never under the true distance: one degree is taken at its longest, at the latitude nearer the equator.
    private static let spreads = """
        UPDATE streets SET spread_metres = e.spread FROM (
          SELECT h.street_id, max(sqrt(
            pow((h.lon - s.lon) * cos(radians(min(abs(h.lat), abs(s.lat)))) * ?, 2)
            + pow((h.lat - s.lat) * ?, 2))) AS spread
          FROM streets s JOIN house_numbers h ON h.street_id = s.id WHERE s.is_stale GROUP BY h.street_id) e
        WHERE streets.id = e.street_id
        """

    /// A commune known by its addresses only gets their middle as its label's point.
    private static let provisionalCommunes = """
        UPDATE place_communes SET lon = e.lon, lat = e.lat FROM (
          SELECT commune_code, (min(lon) + max(lon)) / 2 AS lon, (min(lat) + max(lat)) / 2 AS lat
          FROM streets WHERE commune_code IN (SELECT code FROM place_communes WHERE is_provisional)
          GROUP BY commune_code) e
        WHERE place_communes.code = e.commune_code AND is_provisional
        """

    private func streetID(
        _ row: BANAddress, count: inout AddressUpsertCount, known: inout [String: Int64]
    ) throws -> Int64 {
        let key = row.streetKey
        if let id = known[key] { return id }
        let id = try putStreet(sourceKey: key, name: row.street, row: row, count: &count)
        try registerCommune(row)
        if known.count > 4_096 { known.removeAll(keepingCapacity: true) }
        known[key] = id
        return id
    }

    private func putStreet(
        sourceKey: String, name: String, row: BANAddress, count: inout AddressUpsertCount, kind: String? = nil
    ) throws -> Int64 {
        let key = PlaceNormalizer.streetTokens(name).joined(separator: " ")
        let kind = kind ?? IndexTerms.kind(ofKey: key).rawValue
        let find = try db.cachedStatement(sql: """
            SELECT id, name, postcode, kind, commune_code, former_commune_code, name_key, commune_name,
              former_commune_name FROM streets WHERE source_key = ?
            """)
        if let old = try Row.fetchOne(find, arguments: [sourceKey]) {
            let id: Int64 = old[0]
            // A street across two postcodes keeps the one it was first seen with, whatever the order of its rows.
            let isSame = old[1] == name && old[3] == kind && old[4] == row.communeCode.rawValue
                && old[5] == row.formerCommuneCode?.rawValue && old[6] == key
                && old[7] == row.communeName && old[8] == row.formerCommuneName
            if isSame { return id }
            try removeTerms(ofStreet: id)
            try db.cachedStatement(sql: """
                UPDATE streets SET name = ?, name_key = ?, postcode = ?, kind = ?, commune_code = ?, commune_name = ?,
                  former_commune_code = ?, former_commune_name = ? WHERE id = ?
                """).execute(arguments: [
                    name, key, row.postcode, kind, row.communeCode.rawValue, row.communeName,
                    row.formerCommuneCode?.rawValue, row.formerCommuneName, id,
                ])
            try addTerms(ofStreet: id)
            count.streetsChanged += 1
            return id
        }
        try db.cachedStatement(sql: """
            INSERT INTO streets (source_key, name, name_key, postcode, kind, commune_code, commune_name,
              former_commune_code, former_commune_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
            """).execute(arguments: [
                sourceKey, name, key, row.postcode, kind, row.communeCode.rawValue, row.communeName,
                row.formerCommuneCode?.rawValue, row.formerCommuneName,
            ])
        let id = db.lastInsertedRowID
        try addTerms(ofStreet: id)
        count.streetsAdded += 1
        return id
    }

    /// A hamlet named by address rows is a place of its own, made of their points.
    private func putIntoLocality(
        _ locality: String, _ row: BANAddress, count: inout AddressUpsertCount, known: inout [String: Int64]
    ) throws {
        let key = PlaceNormalizer.streetTokens(locality).joined(separator: " ")
        guard !key.isEmpty, key != PlaceNormalizer.streetTokens(row.street).joined(separator: " ") else { return }
        let sourceKey = "ld:\(row.communeCode):\(row.formerCommuneCode?.rawValue ?? ""):\(key)"
        let id: Int64
        if let found = known[sourceKey] {
            id = found
        } else {
            id = try putStreet(sourceKey: sourceKey, name: locality, row: row, count: &count, kind: "locality")
            known[sourceKey] = id
        }
        try put(number: -1, suffix: row.id, at: row.position, into: id, count: &count)
    }

    private func put(_ row: BANAddress, into street: Int64, count: inout AddressUpsertCount) throws {
        try put(number: row.number ?? -1, suffix: row.suffix, at: row.position, into: street, count: &count)
    }

    private func put(
        number: Int, suffix: String, at position: Position<WGS84>, into street: Int64, count: inout AddressUpsertCount
    ) throws {
        let find = try db.cachedStatement(
            sql: "SELECT lon, lat FROM house_numbers WHERE street_id = ? AND number = ? AND suffix = ?")
        let old = try Row.fetchOne(find, arguments: [street, number, suffix])
        if let old, old[0] == position.longitude, old[1] == position.latitude {
            count.unchanged += 1
            return
        }
        try db.cachedStatement(
            sql: "INSERT OR REPLACE INTO house_numbers (street_id, number, suffix, lon, lat) VALUES (?, ?, ?, ?, ?)"
        ).execute(arguments: [street, number, suffix, position.longitude, position.latitude])
        try db.cachedStatement(sql: "UPDATE streets SET is_stale = 1 WHERE id = ? AND NOT is_stale")
            .execute(arguments: [street])
        if old == nil { count.numbersAdded += 1 } else { count.numbersMoved += 1 }
    }

    // MARK: Full text

    private func streetTerms(_ id: Int64) throws -> String? {
        let find = try db.cachedStatement(
            sql: "SELECT name_key, commune_code, former_commune_code FROM streets WHERE id = ?")
        guard let row = try Row.fetchOne(find, arguments: [id]), let code = CommuneCode(row[1] as String) else {
            return nil
        }
        return IndexTerms.street(
            key: row[0], communeCode: code, formerCommuneCode: (row[2] as String?).flatMap { CommuneCode($0) }
        ).joined(separator: " ")
    }

    private func removeTerms(ofStreet id: Int64) throws {
        guard let terms = try streetTerms(id) else { return }
        try db.cachedStatement(sql: "INSERT INTO street_terms (street_terms, rowid, terms) VALUES ('delete', ?, ?)")
            .execute(arguments: [id, terms])
    }

    private func addTerms(ofStreet id: Int64) throws {
        guard let terms = try streetTerms(id) else { return }
        try db.cachedStatement(sql: "INSERT INTO street_terms (rowid, terms) VALUES (?, ?)")
            .execute(arguments: [id, terms])
    }
}

/// The scale the spreads are computed with.
enum GroundDistanceScale {
    /// Longest degree on WGS 84, in metres, so that an extent is never understated.
    static let metresPerDegree = 111_700.0
}

import GRDB
import GeoModel
import Geocoding

/// What address rows changed.
package struct AddressUpsertCount: Hashable, Sendable {
    package var streetsAdded = 0
    package var streetsChanged = 0
    package var numbersAdded = 0
    package var numbersMoved = 0

    package init() {}

    var isEmpty: Bool { self == Self() }
}

/// Writes: `upsert(communes:)` first where boundaries or the official list are at hand, then the addresses of a file,
/// all in one transaction. Each is idempotent.
extension AddressIndex {
    /// Adds or updates address rows, and computes again the middle and extent of the streets that changed. Nothing is
    /// removed: a row that a newer file lacks stays.
    ///
    /// Rows whose position is not on Earth are the caller's to refuse.
    package func upsert(rows: some Sequence<BANAddress>) throws -> AddressUpsertCount {
        let staging = try AddressStaging()
        try staging.add(rows)
        try staging.compare(with: self)
        return try write(staging)
    }

    /// Writes what a file changes. It must have been compared with this state of the index.
    func write(_ staging: AddressStaging) throws -> AddressUpsertCount {
        var count = AddressUpsertCount()
        for (code, facts) in staging.communes.sorted(by: { $0.key < $1.key }) {
            try registerCommune(
                code, name: facts.name, formerNames: facts.formerNames.sorted(), postcodes: facts.postcodes.sorted())
        }
        for (code, names) in staging.otherNames.sorted(by: { $0.key < $1.key }) {
            for (kind, names) in names.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
                try addOtherNames(names.sorted(), of: code, kind: kind)
            }
        }
        let put = try db.cachedStatement(sql: """
            INSERT OR REPLACE INTO house_numbers (street_id, number, suffix, lon, lat, radius_metres)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        let markStale = try db.cachedStatement(sql: "UPDATE streets SET is_stale = 1 WHERE id = ? AND NOT is_stale")
        try staging.changes { change in
            let id: Int64
            switch change.street {
            case .added:
                id = try insert(change.record)
                count.streetsAdded += 1
            case .changed(let known):
                id = known
                try update(known, to: change.record)
                count.streetsChanged += 1
            case .same(let known): id = known
            }
            for point in change.points {
                try put.execute(arguments: [
                    id, point.number, point.suffix, point.position.longitude, point.position.latitude,
                    point.radiusMetres,
                ])
            }
            if !change.points.isEmpty { try markStale.execute(arguments: [id]) }
            guard !change.record.isHamlet else { return }
            count.numbersAdded += change.addedCount
            count.numbersMoved += change.points.count - change.addedCount
        }
        try finish()
        return count
    }

    /// Computes again the middle and extent of what changed.
    private func finish() throws {
        try db.execute(sql: Self.middles)
        try db.execute(
            sql: Self.spreads, arguments: [GroundDistance.metresPerDegree, GroundDistance.metresPerDegree])
        try db.execute(sql: "UPDATE streets SET is_stale = 0 WHERE is_stale")
        try db.execute(sql: Self.provisionalCommunes)
        try advanceRevision()
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

    private func insert(_ street: StreetRecord) throws -> Int64 {
        try db.cachedStatement(sql: """
            INSERT INTO streets (source_key, name, name_key, other_keys, postcode, kind, commune_code, commune_name,
              former_commune_code, former_commune_name) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """).execute(arguments: [
                street.sourceKey, street.name, street.key, street.otherKeys, street.postcode, street.kind,
                street.communeCode, street.communeName, street.formerCode, street.formerName,
            ])
        let id = db.lastInsertedRowID
        try addTerms(ofStreet: id)
        return id
    }

    private func update(_ id: Int64, to street: StreetRecord) throws {
        try removeTerms(ofStreet: id)
        // A street across two postcodes keeps the one it was first seen with, whatever the order of its rows.
        try db.cachedStatement(sql: """
            UPDATE streets SET source_key = ?, name = ?, name_key = ?, other_keys = ?,
              postcode = CASE postcode WHEN '' THEN ? ELSE postcode END, kind = ?, commune_code = ?,
              commune_name = ?, former_commune_code = ?, former_commune_name = ? WHERE id = ?
            """).execute(arguments: [
                street.sourceKey, street.name, street.key, street.otherKeys, street.postcode, street.kind, street.communeCode,
                street.communeName, street.formerCode, street.formerName, id,
            ])
        try addTerms(ofStreet: id)
    }

    // MARK: Full text

    private func streetTerms(_ id: Int64) throws -> String? {
        let find = try db.cachedStatement(
            sql: "SELECT name_key, commune_code, former_commune_code, other_keys FROM streets WHERE id = ?")
        guard let row = try Row.fetchOne(find, arguments: [id]), let code = CommuneCode(row[1] as String) else {
            return nil
        }
        return IndexTerms.street(
            key: row[0], otherKeys: (row[3] as String).split(separator: "\n").map(String.init), communeCode: code,
            formerCommuneCode: (row[2] as String?).flatMap { CommuneCode($0) }
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

    /// Computes all keys again: what an older version normalised otherwise would not meet what is asked.
    func renewKeys() throws {
        for row in try Row.fetchAll(db, sql: "SELECT id, name, name_key FROM streets ORDER BY id") {
            let key = PlaceNormalizer.streetTokens(row[1] as String).joined(separator: " ")
            guard key != row[2] else { continue }
            try removeTerms(ofStreet: row[0])
            try db.execute(
                sql: "UPDATE streets SET name_key = ?, kind = ? WHERE id = ?",
                arguments: [key, IndexTerms.kind(ofKey: key).rawValue, row[0] as Int64])
            try addTerms(ofStreet: row[0])
        }
        try renewCommuneKeys()
    }
}

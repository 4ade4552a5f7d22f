import GRDB
import GeoModel
import Geocoding

extension AddressStaging {
    /// One street of a file that has something to write.
    struct Change {
        enum Street {
            case added
            case changed(Int64)
            case same(Int64)
        }

        struct Point {
            let number: Int
            let suffix: String
            let position: Position<WGS84>
            let radiusMetres: Double
        }

        let record: StreetRecord
        let street: Street
        /// New or moved ones only.
        let points: [Point]
        let addedCount: Int
    }

    private static let columns = """
        source_key, name, name_key, other_keys, postcode, kind, commune_code, commune_name, former_commune_code,
        former_commune_name
        """

    /// Leaves what the index does not have yet, or has otherwise.
    func compare(with index: AddressIndex) throws {
        var namesakes = Namesakes(index: index)
        try queue.inDatabase { staged in
            let ids = try Int64.fetchAll(staged, sql: "SELECT id FROM streets ORDER BY id")
            for id in ids {
                guard let record = try Self.record(id, in: staged) else { continue }
                let find = try index.db.cachedStatement(sql: "SELECT id FROM streets WHERE source_key = ?")
                let known = try Int64.fetchOne(find, arguments: [record.sourceKey])
                    ?? namesakes.street(like: record)
                // A Base Adresse Locale has no postcodes.
                guard let known, var old = try Self.record(known, in: index.db) else {
                    try staged.execute(
                        sql: "UPDATE streets SET known_id = NULL, is_changed = 1 WHERE id = ?", arguments: [id])
                    continue
                }
                var new = record
                // See `update`; and a Base Adresse Locale never renames a national base's street.
                if !old.postcode.isEmpty { old.postcode = new.postcode }
                if new.sourceKey.hasPrefix(Namesakes.localPrefix), !old.sourceKey.hasPrefix(Namesakes.localPrefix) {
                    new.sourceKey = old.sourceKey
                    new.name = old.name
                    new.otherKeys = Set(
                        (old.otherKeys + "\n" + new.otherKeys).split(separator: "\n").map(String.init)
                    ).sorted().joined(separator: "\n")
                } else if new.otherKeys.isEmpty {
                    new.otherKeys = old.otherKeys
                }
                try staged.cachedStatement(sql: """
                    UPDATE streets SET known_id = ?, is_changed = ?, source_key = ?, name = ?, other_keys = ?
                    WHERE id = ?
                    """).execute(arguments: [known, new != old, new.sourceKey, new.name, new.otherKeys, id])
                try dropKnownPoints(of: id, known: known, staged, index.db)
            }
        }
    }

    private func dropKnownPoints(of id: Int64, known: Int64, _ staged: Database, _ database: Database) throws {
        let sql = "SELECT number, suffix, lon, lat, radius_metres FROM"
        var old: [String: Row] = [:]
        for row in try Row.fetchAll(
            database.cachedStatement(sql: "\(sql) house_numbers WHERE street_id = ?"), arguments: [known]) {
            old["\(row[0] as Int) \(row[1] as String)"] = row
        }
        let points = try Row.fetchAll(
            staged.cachedStatement(sql: "\(sql) points WHERE street_id = ? ORDER BY number, suffix"), arguments: [id])
        let drop = try staged.cachedStatement(
            sql: "DELETE FROM points WHERE street_id = ? AND number = ? AND suffix = ?")
        let mark = try staged.cachedStatement(
            sql: "UPDATE points SET is_known = 1 WHERE street_id = ? AND number = ? AND suffix = ?")
        for point in points {
            let number: Int = point[0], suffix: String = point[1]
            guard let before = old["\(number) \(suffix)"] else { continue }
            let isSame = before[2] as Double == point[2] && before[3] as Double == point[3]
                && before[4] as Double == point[4]
            try (isSame ? drop : mark).execute(arguments: [id, number, suffix])
        }
    }

    private static func record(_ id: Int64, in database: Database) throws -> StreetRecord? {
        let find = try database.cachedStatement(sql: "SELECT \(columns) FROM streets WHERE id = ?")
        guard let row = try Row.fetchOne(find, arguments: [id]) else { return nil }
        return StreetRecord(
            sourceKey: row[0], name: row[1], key: row[2], otherKeys: row[3], postcode: row[4], kind: row[5],
            communeCode: row[6], communeName: row[7], formerCode: row[8], formerName: row[9])
    }

    /// Whether anything is left to write.
    func hasChanges(for index: AddressIndex) throws -> Bool {
        let isStreetChanged = try queue.inDatabase { staged in
            try Bool.fetchOne(staged, sql: """
                SELECT EXISTS (SELECT 1 FROM streets WHERE is_changed) OR EXISTS (SELECT 1 FROM points)
                """) ?? false
        }
        if isStreetChanged { return true }
        for (code, facts) in communes {
            guard let known = try index.communes(.code(code)).first,
                  facts.postcodes.allSatisfy({ $0.isEmpty || known.postcodes.contains($0) }),
                  facts.formerNames.allSatisfy({ known.isNamed(PlaceNormalizer.communeKey($0)) })
            else { return true }
        }
        return try otherNames.contains { code, names in
            let known = try index.communes(.code(code)).first
            return names.values.joined().contains { known?.isKnown(as: PlaceNormalizer.communeKey($0)) != true }
        }
    }

    /// What is to be written, street by street, in the file's order.
    func changes(_ body: (Change) throws -> Void) throws {
        try queue.inDatabase { staged in
            let points = try staged.makeStatement(sql: """
                SELECT number, suffix, lon, lat, radius_metres, is_known FROM points WHERE street_id = ?
                ORDER BY number, suffix
                """)
            let streets = try Row.fetchAll(staged, sql: "SELECT id, known_id, is_changed FROM streets ORDER BY id")
            for street in streets {
                let rows = try Row.fetchAll(points, arguments: [street[0] as Int64])
                let known: Int64? = street[1]
                let isChanged: Bool = street[2]
                guard isChanged || !rows.isEmpty, let record = try Self.record(street[0], in: staged) else { continue }
                try body(Change(
                    record: record, street: known.map { isChanged ? .changed($0) : .same($0) } ?? .added,
                    points: rows.map { row in
                        Change.Point(
                            number: row[0], suffix: row[1], position: Position(longitude: row[2], latitude: row[3]),
                            radiusMetres: row[4])
                    },
                    addedCount: rows.lazy.filter { !($0[5] as Bool) }.count))
            }
        }
    }
}

/// Finds the street of another source that a file's street is: a Base Adresse Locale knows no key of the national base,
/// so that there the commune and the name decide.
struct Namesakes {
    /// Begins the keys of streets that only a Base Adresse Locale has named.
    static let localPrefix = "bal:"
    private static let communeLimit = 256

    let index: AddressIndex
    private var byCommune: [String: [String: [(id: Int64, isLocal: Bool)]]] = [:]

    init(index: AddressIndex) {
        self.index = index
    }

    /// The only street of the commune with this name of which the other source is the right one.
    mutating func street(like record: StreetRecord) throws -> Int64? {
        guard !record.isHamlet else { return nil }
        let isLocal = record.sourceKey.hasPrefix(Self.localPrefix)
        if byCommune[record.communeCode] == nil {
            if byCommune.count >= Self.communeLimit { byCommune.removeAll() }
            byCommune[record.communeCode] = try streets(of: record.communeCode)
        }
        let found = byCommune[record.communeCode]?[Self.name(record.key, record.formerCode)] ?? []
        // A local key is the name itself: such a street is found by its key. What is left is the other base's.
        let others = found.filter { $0.isLocal != isLocal }
        return others.count == 1 ? others[0].id : nil
    }

    private func streets(of commune: String) throws -> [String: [(id: Int64, isLocal: Bool)]] {
        guard let code = CommuneCode(commune) else { return [:] }
        let statement = try index.db.cachedStatement(sql: """
            SELECT s.id, s.name_key, s.former_commune_code, s.source_key FROM street_terms t
            JOIN streets s ON s.id = t.rowid
            WHERE street_terms MATCH ? AND s.commune_code = ? ORDER BY s.id
            """)
        var streets: [String: [(id: Int64, isLocal: Bool)]] = [:]
        let rows = try Row.fetchCursor(
            statement, arguments: [index.quoted(IndexTerms.commune(code)), commune])
        while let row = try rows.next() {
            let key: String = row[3]
            if key.hasPrefix("ld:") { continue }
            streets[Self.name(row[1], row[2]), default: []].append((row[0], key.hasPrefix(Self.localPrefix)))
        }
        return streets
    }

    private static func name(_ key: String, _ former: String?) -> String { "\(former ?? "") \(key)" }
}

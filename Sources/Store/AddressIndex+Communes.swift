import GRDB
import GeoModel
import Geocoding

/// Where a commune's further name comes from.
package enum CommuneNameKind: String, CaseIterable, Sendable {
    /// Of a commune that was merged into it.
    case former
    /// Of a delegated or associated commune that stands within it.
    case delegated
    /// In a regional language.
    case language
    /// Of a place the post delivers under its name; see `CommuneEntry.postalNames`.
    case postal
}

/// The communes of the address index: their codes, names, postcodes and a point for a label.
extension AddressIndex {
    // MARK: Reads

    private static let communeColumns = """
        SELECT c.code, c.name, c.lon, c.lat,
          (SELECT group_concat(n.name, char(10)) FROM commune_names n WHERE n.commune_id = c.id AND n.kind = 'other'),
          (SELECT group_concat(n.name, char(10)) FROM commune_other_names n
             WHERE n.commune_code = c.code AND n.kind <> 'postal'),
          (SELECT group_concat(n.name, char(10)) FROM commune_other_names n
             WHERE n.commune_code = c.code AND n.kind = 'postal'),
          (SELECT group_concat(p.postcode, char(10)) FROM (
             SELECT postcode FROM commune_postcodes WHERE commune_id = c.id
             UNION SELECT postcode FROM commune_other_postcodes WHERE commune_code = c.code) p),
          c.townhall_lon, c.townhall_lat
        FROM place_communes c
        """

    func communes(_ search: CommuneSearch) throws -> [CommuneEntry] {
        switch search {
        case .code(let code):
            return try fetchCommunes("WHERE c.code = ?", [code.rawValue])
        case .postcode(let postcode):
            return try fetchCommunes(
                """
                WHERE c.id IN (SELECT commune_id FROM commune_postcodes WHERE postcode = ?)
                  OR c.code IN (SELECT commune_code FROM commune_other_postcodes WHERE postcode = ?)
                ORDER BY c.code
                """, [postcode, postcode])
        case .keys(let keys):
            guard !keys.isEmpty else { return [] }
            let marks = Array(repeating: "?", count: keys.count).joined(separator: ",")
            return try fetchCommunes(
                """
                WHERE c.id IN (SELECT commune_id FROM commune_names WHERE name_key IN (\(marks)))
                  OR c.code IN (SELECT commune_code FROM commune_other_names WHERE name_key IN (\(marks)))
                ORDER BY c.code
                """, StatementArguments(keys + keys))
        case .beginning(let key, let limit):
            // Keys hold letters, figures and spaces only: "!" follows the space.
            return try fetchCommunes(
                """
                WHERE c.id IN (SELECT commune_id FROM commune_names WHERE name_key > ?1 AND name_key < ?2)
                  OR c.code IN (SELECT commune_code FROM commune_other_names
                    WHERE name_key > ?1 AND name_key < ?2 AND kind <> 'postal')
                ORDER BY c.code LIMIT ?3
                """, ["\(key) ", "\(key)!", limit])
        case .similar(let key, let limit):
            let trigrams = IndexTerms.commune(key: key)
            guard !trigrams.isEmpty else { return [] }
            let walk = "SELECT rowid FROM commune_terms WHERE commune_terms MATCH ?"
            let walks = Array(repeating: walk, count: trigrams.count)
            return try fetchCommunes(
                """
                JOIN (SELECT rowid AS id, count(*) AS shared FROM (\(walks.joined(separator: " UNION ALL ")))
                      GROUP BY rowid ORDER BY shared DESC, rowid LIMIT ?) f ON f.id = c.id
                ORDER BY f.shared DESC, c.code
                """, StatementArguments(trigrams.map(quoted)) + [limit])
        }
    }

    func allCommunes() throws -> [CommuneEntry] { try fetchCommunes("ORDER BY c.code", []) }

    private func fetchCommunes(_ clause: String, _ arguments: StatementArguments) throws -> [CommuneEntry] {
        let statement = try db.cachedStatement(sql: "\(Self.communeColumns) \(clause)")
        var communes: [CommuneEntry] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            guard let code = CommuneCode(row[0] as String), let longitude = row[2] as Double?,
                  let latitude = row[3] as Double?
            else { continue }
            func lines(_ column: Int) -> [String] {
                (row[column] as String?)?.split(separator: "\n").map(String.init) ?? []
            }
            let townHall = (row[8] as Double?).flatMap { longitude in
                (row[9] as Double?).map { Position<WGS84>(longitude: longitude, latitude: $0) }
            }
            communes.append(CommuneEntry(
                code: code, name: row[1], otherNames: lines(4) + lines(5), postalNames: lines(6),
                postcodes: lines(7).sorted(), position: Position(longitude: longitude, latitude: latitude),
                townHall: townHall))
        }
        return communes
    }

    // MARK: Writes

    /// Adds or replaces communes with their names and postcodes.
    ///
    /// Load the whole country's, or at least whole departments, before geocoding: a name borne by one loaded commune is
    /// taken for unambiguous.
    package func upsert(communes: some Sequence<CommuneEntry>) throws {
        for commune in communes { try upsert(FiledCommune(commune)) }
        try advanceRevision()
    }

    /// The same of one commune whose names are normalised already; the caller advances the revision.
    ///
    /// What stays as it is is not written: a new vintage changes few names, and the full-text index is slow to change.
    func upsert(_ filed: FiledCommune) throws {
        let commune = filed.commune
        let place: StatementArguments = [
            commune.name, commune.position.longitude, commune.position.latitude, commune.townHall?.longitude,
            commune.townHall?.latitude, commune.code.rawValue,
        ]
        guard let id = try knownCommuneID(commune.code) else {
            try db.cachedStatement(sql: """
                INSERT INTO place_communes (name, lon, lat, townhall_lon, townhall_lat, code, is_provisional)
                VALUES (?, ?, ?, ?, ?, ?, 0)
                """).execute(arguments: place)
            let id = db.lastInsertedRowID
            try addNames(filed.names, communeID: id)
            for postcode in commune.postcodes { try addPostcode(postcode, communeID: id) }
            // Other names may have come before the commune; its terms are always those of all its names.
            try hasOtherNames(commune.code) ? addTerms(ofCommune: id) : addTerms(filed.terms, ofCommune: id)
            return
        }
        try db.cachedStatement(sql: """
            UPDATE place_communes SET name = ?, lon = ?, lat = ?, townhall_lon = ?, townhall_lat = ?, is_provisional = 0
            WHERE code = ?
            """).execute(arguments: place)
        let names = try Row.fetchAll(
            db.cachedStatement(sql: "SELECT name_key, name, kind FROM commune_names WHERE commune_id = ? ORDER BY 1"),
            arguments: [id]
        ).map { FiledCommune.Name(key: $0[0], name: $0[1], kind: $0[2]) }
        if names != filed.names.sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
            try removeTerms(ofCommune: id)
            try db.cachedStatement(sql: "DELETE FROM commune_names WHERE commune_id = ?").execute(arguments: [id])
            try addNames(filed.names, communeID: id)
            try addTerms(ofCommune: id)
        }
        let postcodes = try String.fetchSet(
            db.cachedStatement(sql: "SELECT postcode FROM commune_postcodes WHERE commune_id = ?"), arguments: [id])
        if postcodes != Set(commune.postcodes.filter { !$0.isEmpty }) {
            try db.cachedStatement(sql: "DELETE FROM commune_postcodes WHERE commune_id = ?").execute(arguments: [id])
            for postcode in commune.postcodes { try addPostcode(postcode, communeID: id) }
        }
    }

    private func addNames(_ names: [FiledCommune.Name], communeID: Int64) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT INTO commune_names (name_key, commune_id, name, kind) VALUES (?, ?, ?, ?)")
        for name in names { try insert.execute(arguments: [name.key, communeID, name.name, name.kind]) }
    }

    private func hasOtherNames(_ code: CommuneCode) throws -> Bool {
        try Bool.fetchOne(
            db.cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM commune_other_names WHERE commune_code = ?)"),
            arguments: [code.rawValue]) ?? false
    }

    /// Adds names by which a commune is known besides those of the list of communes: they stay when a new list comes.
    ///
    /// The commune need not be known yet. Names of another source or kind stay as they are.
    package func addOtherNames(_ names: some Sequence<String>, of code: CommuneCode, kind: CommuneNameKind) throws {
        let known = try Set(String.fetchAll(
            db.cachedStatement(sql: "SELECT name_key FROM commune_other_names WHERE commune_code = ? AND kind = ?"),
            arguments: [code.rawValue, kind.rawValue]))
        let added = names.map { (key: PlaceNormalizer.communeKey($0), name: $0) }
            .filter { !$0.key.isEmpty && !known.contains($0.key) }
        guard !added.isEmpty else { return }
        let id = try knownCommuneID(code)
        if let id { try removeTerms(ofCommune: id) }
        let insert = try db.cachedStatement(sql: """
            INSERT OR IGNORE INTO commune_other_names (commune_code, name_key, name, kind) VALUES (?, ?, ?, ?)
            """)
        for (key, name) in added { try insert.execute(arguments: [code.rawValue, key, name, kind.rawValue]) }
        if let id { try addTerms(ofCommune: id) }
        try advanceRevision()
    }

    /// Adds postcodes of a commune besides those of the list of communes: they stay when a new list comes.
    package func addOtherPostcodes(_ postcodes: some Sequence<String>, of code: CommuneCode) throws {
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO commune_other_postcodes (postcode, commune_code) VALUES (?, ?)")
        for postcode in postcodes { try insert.execute(arguments: [postcode, code.rawValue]) }
        try advanceRevision()
    }

    /// Makes a commune findable by its code and name until a list of communes tells more.
    func registerCommune(_ code: CommuneCode, name: String, position: Position<WGS84>?) throws {
        guard try knownCommuneID(code) == nil else { return }
        let id = try communeID(code, name: name, isProvisional: true)
        if let position {
            try db.execute(
                sql: "UPDATE place_communes SET lon = ?, lat = ? WHERE id = ?",
                arguments: [position.longitude, position.latitude, id])
        }
        try removeTerms(ofCommune: id)
        try addName(name, kind: "own", communeID: id)
        try addTerms(ofCommune: id)
        try advanceRevision()
    }

    private func knownCommuneID(_ code: CommuneCode) throws -> Int64? {
        try Int64.fetchOne(
            db.cachedStatement(sql: "SELECT id FROM place_communes WHERE code = ?"), arguments: [code.rawValue])
    }

    private func communeID(_ code: CommuneCode, name: String, isProvisional: Bool) throws -> Int64 {
        if let id = try knownCommuneID(code) { return id }
        let insert = try db.cachedStatement(
            sql: "INSERT INTO place_communes (code, name, is_provisional) VALUES (?, ?, ?)")
        try insert.execute(arguments: [code.rawValue, name, isProvisional])
        let id = db.lastInsertedRowID
        // Other names may have come before the commune; its terms are always those of all its names.
        try addTerms(ofCommune: id)
        return id
    }

    private func addName(_ name: String, kind: String, communeID: Int64) throws {
        let key = PlaceNormalizer.communeKey(name)
        guard !key.isEmpty else { return }
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO commune_names (name_key, commune_id, name, kind) VALUES (?, ?, ?, ?)")
        try insert.execute(arguments: [key, communeID, name, kind])
    }

    private func addPostcode(_ postcode: String, communeID: Int64) throws {
        guard !postcode.isEmpty else { return }
        let insert = try db.cachedStatement(
            sql: "INSERT OR IGNORE INTO commune_postcodes (postcode, commune_id) VALUES (?, ?)")
        try insert.execute(arguments: [postcode, communeID])
    }

    private func communeTerms(_ id: Int64) throws -> String {
        let keys = try String.fetchAll(
            db.cachedStatement(sql: """
                SELECT name_key FROM commune_names WHERE commune_id = ?
                UNION SELECT o.name_key FROM commune_other_names o JOIN place_communes c ON c.code = o.commune_code
                WHERE c.id = ? ORDER BY 1
                """),
            arguments: [id, id])
        return keys.flatMap { IndexTerms.commune(key: $0) }.joined(separator: " ")
    }

    private func removeTerms(ofCommune id: Int64) throws {
        let terms = try communeTerms(id)
        guard !terms.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO commune_terms (commune_terms, rowid, terms) VALUES ('delete', ?, ?)")
            .execute(arguments: [id, terms])
    }

    private func addTerms(ofCommune id: Int64) throws { try addTerms(communeTerms(id), ofCommune: id) }

    private func addTerms(_ terms: String, ofCommune id: Int64) throws {
        guard !terms.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO commune_terms (rowid, terms) VALUES (?, ?)")
            .execute(arguments: [id, terms])
    }

    /// Makes the commune of addresses findable when no list of communes was loaded.
    func registerCommune(
        _ code: CommuneCode, name: String, formerNames: some Sequence<String>, postcodes: some Sequence<String>
    ) throws {
        let id = try communeID(code, name: name, isProvisional: true)
        let before = try communeTerms(id)
        try addName(name, kind: "own", communeID: id)
        for former in formerNames { try addName(former, kind: "other", communeID: id) }
        for postcode in postcodes { try addPostcode(postcode, communeID: id) }
        guard try communeTerms(id) != before else { return }
        if !before.isEmpty {
            try db.execute(
                sql: "INSERT INTO commune_terms (commune_terms, rowid, terms) VALUES ('delete', ?, ?)",
                arguments: [id, before])
        }
        try addTerms(ofCommune: id)
    }

    /// Computes the keys of all names again; see `renewKeys`.
    func renewCommuneKeys() throws {
        var isChanged = false
        for row in try Row.fetchAll(db, sql: "SELECT commune_id, name_key, name, kind FROM commune_names ORDER BY 1, 2") {
            let id: Int64 = row[0], name: String = row[2]
            guard PlaceNormalizer.communeKey(name) != row[1] else { continue }
            try db.execute(
                sql: "DELETE FROM commune_names WHERE commune_id = ? AND name_key = ?", arguments: [id, row[1] as String])
            try addName(name, kind: row[3], communeID: id)
            isChanged = true
        }
        guard isChanged else { return }
        try db.execute(sql: "INSERT INTO commune_terms (commune_terms) VALUES ('delete-all')")
        for id in try Int64.fetchAll(db, sql: "SELECT id FROM place_communes ORDER BY id") { try addTerms(ofCommune: id) }
    }
}

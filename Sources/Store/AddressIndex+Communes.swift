import GRDB
import GeoModel
import Geocoding

/// The communes of the address index: their codes, names, postcodes and a point for a label.
extension AddressIndex {
    // MARK: Reads

    private static let communeColumns = """
        SELECT c.code, c.name, c.lon, c.lat,
          (SELECT group_concat(n.name, char(10)) FROM commune_names n WHERE n.commune_id = c.id AND n.kind = 'other'),
          (SELECT group_concat(p.postcode, ' ') FROM commune_postcodes p WHERE p.commune_id = c.id)
        FROM place_communes c
        """

    func communes(_ search: CommuneSearch) throws -> [CommuneEntry] {
        switch search {
        case .code(let code):
            return try fetchCommunes("WHERE c.code = ?", [code.rawValue])
        case .postcode(let postcode):
            return try fetchCommunes(
                "WHERE c.id IN (SELECT commune_id FROM commune_postcodes WHERE postcode = ?) ORDER BY c.code",
                [postcode])
        case .keys(let keys):
            guard !keys.isEmpty else { return [] }
            let marks = Array(repeating: "?", count: keys.count).joined(separator: ",")
            return try fetchCommunes(
                "WHERE c.id IN (SELECT commune_id FROM commune_names WHERE name_key IN (\(marks))) ORDER BY c.code",
                StatementArguments(keys))
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

    private func fetchCommunes(_ clause: String, _ arguments: StatementArguments) throws -> [CommuneEntry] {
        let statement = try db.cachedStatement(sql: "\(Self.communeColumns) \(clause)")
        var communes: [CommuneEntry] = []
        let rows = try Row.fetchCursor(statement, arguments: arguments)
        while let row = try rows.next() {
            guard let code = CommuneCode(row[0] as String), let longitude = row[2] as Double?,
                  let latitude = row[3] as Double?
            else { continue }
            communes.append(CommuneEntry(
                code: code, name: row[1],
                otherNames: (row[4] as String?)?.split(separator: "\n").map(String.init) ?? [],
                postcodes: (row[5] as String?)?.split(separator: " ").map(String.init) ?? [],
                position: Position(longitude: longitude, latitude: latitude)))
        }
        return communes
    }

    // MARK: Writes

    /// Adds or replaces communes with their names and postcodes.
    ///
    /// Load the whole country's, or at least whole departments, before geocoding: a name borne by one loaded commune is
    /// taken for unambiguous.
    package func upsert(communes: some Sequence<CommuneEntry>) throws {
        for commune in communes {
            let id = try communeID(commune.code, name: commune.name, isProvisional: false)
            try removeTerms(ofCommune: id)
            try db.execute(
                sql: "UPDATE place_communes SET name = ?, lon = ?, lat = ?, is_provisional = 0 WHERE id = ?",
                arguments: [commune.name, commune.position.longitude, commune.position.latitude, id])
            try db.execute(sql: "DELETE FROM commune_names WHERE commune_id = ?", arguments: [id])
            try db.execute(sql: "DELETE FROM commune_postcodes WHERE commune_id = ?", arguments: [id])
            try addName(commune.name, kind: "own", communeID: id)
            for name in commune.otherNames { try addName(name, kind: "other", communeID: id) }
            for postcode in commune.postcodes { try addPostcode(postcode, communeID: id) }
            try addTerms(ofCommune: id)
        }
    }

    private func communeID(_ code: CommuneCode, name: String, isProvisional: Bool) throws -> Int64 {
        let find = try db.cachedStatement(sql: "SELECT id FROM place_communes WHERE code = ?")
        if let id = try Int64.fetchOne(find, arguments: [code.rawValue]) { return id }
        let insert = try db.cachedStatement(
            sql: "INSERT INTO place_communes (code, name, is_provisional) VALUES (?, ?, ?)")
        try insert.execute(arguments: [code.rawValue, name, isProvisional])
        return db.lastInsertedRowID
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
            db.cachedStatement(sql: "SELECT name_key FROM commune_names WHERE commune_id = ? ORDER BY name_key"),
            arguments: [id])
        return keys.flatMap { IndexTerms.commune(key: $0) }.joined(separator: " ")
    }

    private func removeTerms(ofCommune id: Int64) throws {
        let terms = try communeTerms(id)
        guard !terms.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO commune_terms (commune_terms, rowid, terms) VALUES ('delete', ?, ?)")
            .execute(arguments: [id, terms])
    }

    private func addTerms(ofCommune id: Int64) throws {
        let terms = try communeTerms(id)
        guard !terms.isEmpty else { return }
        try db.cachedStatement(sql: "INSERT INTO commune_terms (rowid, terms) VALUES (?, ?)")
            .execute(arguments: [id, terms])
    }

    /// Makes the commune of an address findable when no list of communes was loaded.
    func registerCommune(_ row: BANAddress) throws {
        let id = try communeID(row.communeCode, name: row.communeName, isProvisional: true)
        let before = try communeTerms(id)
        try addName(row.communeName, kind: "own", communeID: id)
        if let former = row.formerCommuneName { try addName(former, kind: "other", communeID: id) }
        try addPostcode(row.postcode, communeID: id)
        guard try communeTerms(id) != before else { return }
        if !before.isEmpty {
            try db.execute(
                sql: "INSERT INTO commune_terms (commune_terms, rowid, terms) VALUES ('delete', ?, ?)",
                arguments: [id, before])
        }
        try addTerms(ofCommune: id)
    }
}

import AlertModel
import GRDB
import GeoModel
import Targeting

extension AlertDatabase {
    /// What the codes that a zone names became, where they are no communes of today or were less in the year they are of; in
    /// the zone's order.
    ///
    /// - Throws: `StoreError.codesOfYear`.
    package func mappings(of zone: Zone) throws -> [CommuneMapping] {
        try pool.read { database in
            var seen: Set<Zone> = []
            return try zone.terms.flatMap { term -> [CommuneMapping] in
                let place = if case .widened(let place, _) = term { place } else { term }
                guard case .communes(let codes, let vintage) = place else { return [] }
                let fresh = codes.filter { seen.insert(.communes([$0], vintage: vintage)).inserted }
                let ofYear = try vintage.map { try VintageCodes(database, codes: codes, of: $0) }
                return try fresh.compactMap { code in
                    try ofYear.map { try $0.mapping(of: code) } ?? database.mapping(of: code)
                }
            }
        }
    }

    /// Communes of today of a department that is no more, such as Corsica's 20: the departments they are of. Nil for one
    /// that stands.
    package func successors(ofDepartment code: String, scope: RegisterScope) throws -> [String]? {
        try pool.read { database in
            let departments = Set(try database.departmentCodes(code.uppercased(), scope: scope).map(\.department))
            return departments.isEmpty || departments.contains(code.uppercased()) ? nil : departments.sorted()
        }
    }

    /// What codes mean today, or what those of 1 January of a year do, each with its mapping where it is no commune's of
    /// today; nil for a code that is known nowhere, or was none in that year.
    package func resolve(_ codes: [CommuneCode], at vintage: Int?) throws -> [(
        meaning: CommuneMeaning, mapping: CommuneMapping?
    )?] {
        try pool.read { database in
            let history = try vintage.map { _ in try HistoryCache.history(database) }
            return try codes.map { code in
                if let history {
                    guard let meaning = history.resolve(code, at: vintage) else { return nil }
                    return (meaning, try database.mapping(of: code, meaning: meaning))
                }
                let places = try database.places(of: code)
                return places.isEmpty ? nil : (CommuneMeaning(places: places), try database.mapping(of: code))
            }
        }
    }
}

extension Database {
    /// Nil for a commune of today, and for a code that the territory does not know.
    func mapping(of code: CommuneCode) throws -> CommuneMapping? {
        let places = try places(of: code)
        guard !places.isEmpty, places != [CommunePlace(commune: code)] else { return nil }
        let row = try Row.fetchOne(
            cachedStatement(sql: "SELECT since, name FROM commune_places WHERE code = ? LIMIT 1"),
            arguments: [code.rawValue])
        let since = (row?[0] as String?).flatMap { CalendarDay($0) }
        return try mapping(of: code, meaning: CommuneMeaning(places: places, since: since, name: row?[1]))
    }

    func mapping(of code: CommuneCode, meaning: CommuneMeaning) throws -> CommuneMapping? {
        guard meaning.places != [CommunePlace(commune: code)] else { return nil }
        return CommuneMapping(
            code: code, name: try meaning.name ?? communeName(code),
            targets: try Dictionary(grouping: meaning.places, by: \.commune).sorted { $0.key < $1.key }.map {
                CommuneMapping.Target(
                    code: $0.key, name: try communeName($0.key), isPart: !$0.value.contains(where: \.isWhole))
            }, since: meaning.since)
    }

    func communeName(_ code: CommuneCode) throws -> String? {
        try String.fetchOne(
            cachedStatement(sql: """
                SELECT name FROM communes WHERE code = ? ORDER BY kind = 'COM' DESC, vintage DESC LIMIT 1
                """), arguments: [code.rawValue])
            ?? String.fetchOne(
                cachedStatement(sql: """
                    SELECT name_after FROM code_movements WHERE code_before = ? AND code_after = ? AND kind_after = 'COM'
                    ORDER BY day DESC LIMIT 1
                    """), arguments: [code.rawValue, code.rawValue])
    }

    /// Counts by code as counts by commune of today; codes that mean none, or several, stay as they are.
    func byCommuneToday(_ counts: [String: Int]) throws -> [String: Int] {
        var result: [String: Int] = [:]
        for (text, count) in counts {
            let today = try CommuneCode(text).flatMap { try communeToday(of: $0) }
            result[today?.rawValue ?? text, default: 0] += count
        }
        return result
    }
}

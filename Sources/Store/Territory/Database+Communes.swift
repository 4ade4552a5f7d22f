import Foundation
import GRDB
import GeoModel
import Targeting

/// What the territory says of codes, through the tables that every import works out anew.
extension Database {
    /// Where the people of a code live today; empty for a code that means nothing today.
    func places(of code: CommuneCode) throws -> [CommunePlace] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT commune_code, parts FROM commune_places WHERE code = ? ORDER BY commune_code, parts
                """), arguments: [code.rawValue]
        ).compactMap { row in
            CommuneCode(row[0] as String).map { commune in
                CommunePlace(
                    commune: commune, parts: (row[1] as String).split(separator: " ").compactMap { CommuneCode($0) })
            }
        }
    }

    /// The one commune of today that a code's people live in; nil when there are several, or none is known.
    func communeToday(of code: CommuneCode) throws -> CommuneCode? {
        let communes = Set(try places(of: code).map(\.commune))
        return communes.count == 1 ? communes.first : nil
    }

    /// Every code of which people live in these communes of today, with all its places. A commune that the territory
    /// does not know has its own code alone.
    func codes(of communes: [CommuneCode]) throws -> [CommuneCode: [CommunePlace]] {
        var codes: [CommuneCode: [CommunePlace]] = [:]
        for commune in communes {
            let bearers = try String.fetchAll(
                cachedStatement(sql: """
                    SELECT DISTINCT code FROM commune_places WHERE commune_code = ? ORDER BY code
                    """), arguments: [commune.rawValue]
            ).compactMap { CommuneCode($0) }
            for code in bearers where codes[code] == nil { codes[code] = try places(of: code) }
            if bearers.isEmpty { codes[commune] = [CommunePlace(commune: commune)] }
        }
        return codes
    }

    /// These codes, and every other of which all people live in what these name: parts, and codes of other years.
    func bearers(of codes: [CommuneCode]) throws -> [CommuneCode] {
        let named = try codes.flatMap { try places(of: $0) }
        let borne = try self.codes(of: Set(named.map(\.commune)).sorted()).filter { _, places in
            places.allSatisfy { place in named.contains { $0.encloses(place) } }
        }
        return Set(codes).union(borne.keys).sorted()
    }

    /// The ground of a code: surfaces that together hold it.
    func grounds(of code: CommuneCode) throws -> [NamedCommune.Ground] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT AsBinary(boundary), is_exact FROM commune_grounds JOIN communes ON id = commune_id
                WHERE commune_grounds.code = ? AND boundary IS NOT NULL ORDER BY commune_id
                """), arguments: [code.rawValue]
        ).map { NamedCommune.Ground(area: try WKB.decode(Array($0[0] as Data)), isExact: $0[1]) }
    }

    /// The commune's ground as one area, for maps and figures; a part whose own boundary is not loaded has the whole's.
    func boundary(ofCommune code: CommuneCode) throws -> Area<WGS84>? {
        let grounds = try grounds(of: code)
        return grounds.isEmpty ? nil : Area(grounds.flatMap(\.area.polygons))
    }

    /// - Parameter scope: the registers that may know a code which the territory does not.
    /// - Throws: `StoreError.unknownCommunes` when a code is known neither to the territory nor to the register.
    func namedCommunes(_ codes: [CommuneCode], scope: RegisterScope) throws -> [NamedCommune] {
        var named: [NamedCommune] = []
        var unknown: [String] = []
        for code in codes {
            let places = try places(of: code)
            if try places.isEmpty && !isKnown(code, scope) {
                unknown.append(code.rawValue)
            } else {
                named.append(NamedCommune(
                    code: code, places: places.isEmpty ? [CommunePlace(commune: code)] : places,
                    grounds: try grounds(of: code)))
            }
        }
        guard unknown.isEmpty else { throw StoreError.unknownCommunes(codes: unknown, vintage: try newestVintage()) }
        return named
    }

    /// Whether the territory or the register has the code.
    private func isKnown(_ code: CommuneCode, _ scope: RegisterScope) throws -> Bool {
        let owner = scope.condition(on: "+recipients.organisation_id")
        return try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM communes WHERE code = ?)
                    OR EXISTS (SELECT 1 FROM recipients WHERE commune_code = ? AND \(owner.sql))
                """, arguments: [code.rawValue, code.rawValue] + owner.arguments) ?? false
    }

    /// - Throws: `StoreError.unknownDepartment`.
    func communes(ofDepartment text: String, scope: RegisterScope) throws -> [NamedCommune] {
        let department = text.uppercased()
        let codes = try departmentCodes(department, scope: scope)
        guard !codes.isEmpty else { throw StoreError.unknownDepartment(code: text) }
        return try namedCommunes(codes, scope: scope)
    }

    /// The communes of an intercommunalité: by their own file, else by INSEE's table of the newest vintage. Members that no
    /// territory holds are named too where the register knows their code.
    ///
    /// - Throws: `StoreError.unknownEPCI`.
    func communes(ofEPCI siren: String, scope: RegisterScope) throws -> [NamedCommune] {
        let known = try String.fetchAll(
            self,
            sql: """
                SELECT current_communes.code FROM current_communes LEFT JOIN commune_figures USING (code)
                WHERE ifnull(current_communes.epci, commune_figures.epci) = :siren
                UNION SELECT code FROM code_epci
                WHERE siren = :siren AND vintage = (SELECT MAX(vintage) FROM code_epci)
                    AND code NOT IN (SELECT code FROM current_communes)
                ORDER BY 1
                """, arguments: ["siren": siren]
        ).compactMap { CommuneCode($0) }
        guard !known.isEmpty else { throw StoreError.unknownEPCI(siren: siren) }
        return try namedCommunes(known.filter { try !places(of: $0).isEmpty || isKnown($0, scope) }, scope: scope)
    }

    func departmentCodes(_ department: String, scope: RegisterScope) throws -> [CommuneCode] {
        let (from, to) = (department, department + "\u{10FFFF}")
        let owner = scope.condition(on: "+recipients.organisation_id")
        // Codes that mean nothing today still say the department: mistyped ones, and those of the years to come.
        let codes = try String.fetchAll(
            self,
            sql: """
                SELECT code FROM current_communes WHERE department = ?
                UNION SELECT code FROM commune_places
                    WHERE code >= ? AND code < ? AND code = commune_code AND parts = ''
                UNION SELECT commune_code FROM recipients WHERE commune_code >= ? AND commune_code < ? AND \(owner.sql)
                    AND NOT EXISTS (SELECT 1 FROM commune_places WHERE code = recipients.commune_code)
                UNION SELECT code FROM communes WHERE code >= ? AND code < ? AND kind = 'COM'
                    AND NOT EXISTS (SELECT 1 FROM commune_places WHERE commune_places.code = communes.code)
                ORDER BY 1
                """, arguments: [department, from, to, from, to] + owner.arguments + [from, to]
        ).compactMap { CommuneCode($0) }.filter { $0.department == department }
        guard codes.isEmpty else { return codes }
        // A department that is no more, such as Corsica's 20: the communes that its codes became.
        return try Row.fetchAll(
            self,
            sql: """
                SELECT DISTINCT code, commune_code FROM commune_places WHERE code >= ? AND code < ?
                ORDER BY commune_code, code
                """, arguments: [department, department + "\u{10FFFF}"]
        ).filter { CommuneCode($0[0] as String)?.department == department }
            .compactMap { CommuneCode($0[1] as String) }
            .reduce(into: []) { codes, code in if codes.last != code { codes.append(code) } }
    }
}

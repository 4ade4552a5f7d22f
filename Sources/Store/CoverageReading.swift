import AlertModel
import GRDB
import GeoModel
import Targeting

/// Everything a console shows of a zone, from one selection in one read transaction.
package struct ZoneSurvey: Sendable {
    package let counts: ZoneCounts
    /// Legal population of the ground the zone covers; nil when it is not known for all of it.
    package let population: Double?
    /// The zone's surface, for figures only; nil when the zone is not only a place.
    package let surface: Area<WGS84>?
}

extension AlertDatabase {
    /// How well the register covers a zone.
    ///
    /// - Throws: as `Selector.select`.
    package func coverage(of zone: Zone, scope: RegisterScope) throws -> Coverage {
        try pool.read { try $0.select(zone, scope: scope).coverage }
    }

    /// - Throws: as `Selector.select`.
    package func survey(of zone: Zone, scope: RegisterScope) throws -> ZoneSurvey {
        try pool.read { database in
            let counts = try database.counts(of: zone, scope: scope)
            let survey = database.coverageSurvey(RegisterReader(database: database, scope: scope))
            // The population is the ground's: nobody's row is read for it.
            let ground = try survey.coverage(of: zone, selected: EmptyCollection(), notLocated: counts.notLocated)
            return ZoneSurvey(
                counts: counts, population: ground.figures.population, surface: try survey.surface(of: zone))
        }
    }

    /// The zone's ground with its margins, to be drawn and measured; who is inside is never decided on it. Nil when the zone
    /// is not only a place.
    ///
    /// - Throws: as `Selector.select`.
    package func surface(of zone: Zone, scope: RegisterScope) throws -> Area<WGS84>? {
        try zone.requireJudgeable()
        return try pool.read { try $0.coverageSurvey(RegisterReader(database: $0, scope: scope)).surface(of: zone) }
    }

    /// Registered recipients and legal population of every commune that has recipients.
    package func registeredByCommune(scope: RegisterScope) throws -> [(code: String, registered: Int, population: Int?)] {
        let owner = scope.condition(on: "organisation_id")
        return try pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT commune_code, COUNT(*) AS registered FROM recipients
                    WHERE commune_code IS NOT NULL AND \(owner.sql) GROUP BY commune_code ORDER BY commune_code
                    """, arguments: owner.arguments)
            let byCode = Dictionary(uniqueKeysWithValues: rows.map { ($0[0] as String, $0[1] as Int) })
            let population = try database.makeStatement(sql: """
                SELECT ifnull(population, (
                    SELECT population FROM commune_figures WHERE commune_figures.code = communes.code)) FROM communes
                WHERE code = ? ORDER BY vintage DESC, kind = 'COM' DESC LIMIT 1
                """)
            return try database.byCommuneToday(byCode).sorted { $0.key < $1.key }.map { code, registered in
                (code, registered, try Int.fetchOne(population, arguments: [code]))
            }
        }
    }

    /// Number of recipients, and of those with neither a point nor a known commune.
    package func registerSummary(scope: RegisterScope) throws -> (recipients: Int, notLocated: Int) {
        let owner = scope.condition(on: "organisation_id")
        return try pool.read { database in
            let count = try Int.fetchOne(
                database, sql: "SELECT COUNT(*) FROM recipients WHERE \(owner.sql)", arguments: owner.arguments) ?? 0
            let register = RegisterReader(database: database, scope: scope)
            return (count, try register.unlocated(false).count)
        }
    }
}

extension Database {
    fileprivate func select(_ zone: Zone, scope: RegisterScope) throws -> (counts: ZoneCounts, coverage: Coverage) {
        let register = RegisterReader(database: self, scope: scope)
        var selected: [SurveyedRecipient] = []
        let counts = try forEachSelected(in: zone, scope: scope) { member in
            selected.append(SurveyedRecipient(
                communeCode: member.row.communeCode, communeName: member.row.communeName,
                precision: member.row.precision, channels: member.row.channels.members))
        }
        let coverage = try coverageSurvey(register).coverage(
            of: zone, selected: selected, notLocated: counts.notLocated)
        return (counts, coverage)
    }

    func coverageSurvey(_ register: RegisterReader) -> CoverageSurvey {
        CoverageSurvey(
            register: register,
            communesNear: { box in try self.communes(touching: box).map { SurveyedCommune($0) } },
            commune: { try self.commune(code: $0).map { SurveyedCommune($0) } })
    }
}

extension SurveyedCommune {
    fileprivate init(_ commune: Commune) {
        self.init(
            code: commune.code, name: commune.name, population: commune.population,
            populationYear: commune.populationYear, boundary: commune.boundary)
    }
}

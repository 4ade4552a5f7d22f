import AlertModel
import Foundation
import GRDB
import GeoEngine
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

/// What a survey of coverage is asked for beyond the zone.
package struct CoverageOptions: Sendable {
    /// Whoever was last confirmed before this day is stale.
    package let staleBefore: CalendarDate
    /// The grid whose cells are wanted: system and side in metres.
    package var cells: (epsgCode: Int, sideMetres: Int)?

    /// Confirmed within a year, as an annual letter to the register's people does.
    package static let usualMonths = 12

    /// - Parameter staleMonths: confirmed longer ago than this many months is stale.
    package init(
        staleMonths: Int = usualMonths, now: Date = .now, cells: (epsgCode: Int, sideMetres: Int)? = nil
    ) {
        let calendar = Calendar(identifier: .gregorian)
        let day = calendar.date(byAdding: .month, value: -staleMonths, to: now) ?? .distantPast
        let parts = calendar.dateComponents([.year, .month, .day], from: day)
        // Before 1900 nobody was confirmed.
        staleBefore = CalendarDate(year: parts.year ?? 0, month: parts.month ?? 0, day: parts.day ?? 0)
            ?? CalendarDate(year: 1900, month: 1, day: 1)!
        self.cells = cells
    }
}

extension AlertDatabase {
    /// How well the register covers a zone.
    ///
    /// - Throws: as `Selector.select`.
    package func coverage(
        of zone: Zone, scope: RegisterScope, options: CoverageOptions = CoverageOptions()
    ) throws -> Coverage {
        try pool.read { try $0.coverage(of: zone, scope: scope, options: options) }
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
    func coverage(of zone: Zone, scope: RegisterScope, options: CoverageOptions) throws -> Coverage {
        var coverage = try select(zone, scope: scope, options: options).coverage
        // One outline for a map, rather than each commune's.
        coverage.surface = coverage.surface.map { $0.polygons.count > 1 ? (try? Overlay.union($0)) ?? $0 : $0 }
        return coverage
    }

    fileprivate func select(
        _ zone: Zone, scope: RegisterScope, options: CoverageOptions = CoverageOptions()
    ) throws -> (counts: ZoneCounts, coverage: Coverage) {
        // Before its ground is drawn: what is wrong with the zone is the first thing to say.
        try zone.requireJudgeable()
        let register = RegisterReader(database: self, scope: scope)
        let grid = try options.cells.map { try SquareGrid(epsgCode: $0.epsgCode, sideMetres: $0.sideMetres) }
        var gathering = try coverageSurvey(register).gathering(of: zone, cells: grid)
        let stale = options.staleBefore
        let counts =
            grid == nil
            ? try forEachSelected(in: zone, scope: scope, as: SurveyedRow.self) {
                try gathering.add($0.row.recipient(staleBefore: stale))
            }
            : try forEachSelected(in: zone, scope: scope, as: SurveyedPlace.self) {
                try gathering.add($0.row.recipient(staleBefore: stale))
            }
        return (counts, try gathering.coverage(notLocated: counts.notLocated))
    }

    func coverageSurvey(_ register: RegisterReader) -> CoverageSurvey {
        CoverageSurvey(
            register: register,
            communesNear: { box in try self.communes(touching: box).map { try self.surveyed($0) } },
            commune: { try self.commune(code: $0).map { try self.surveyed($0) } }, sources: populationSources)
    }

    private func surveyed(_ commune: Commune) throws -> SurveyedCommune {
        var surveyed = SurveyedCommune(
            code: commune.code, name: commune.name, population: try population(of: commune),
            populationYear: commune.populationYear, boundary: commune.boundary)
        (surveyed.epci, surveyed.epciName) = (commune.epci, commune.epciName)
        surveyed.arrondissements = try String.fetchAll(
            cachedStatement(sql: """
                SELECT DISTINCT code FROM communes WHERE parent_code = ? AND kind = 'ARM' ORDER BY code
                """), arguments: [commune.code.rawValue]
        ).compactMap { code in
            try CommuneCode(code).flatMap { try self.commune(code: $0) }.map { part in
                SurveyedCommune(
                    code: part.code, name: part.name, population: try population(of: part),
                    populationYear: part.populationYear, boundary: part.boundary)
            }
        }
        return surveyed
    }

    /// An arrondissement whose own file does not count its people has INSEE's newest figure.
    private func population(of commune: Commune) throws -> Int? {
        guard commune.population == nil, commune.kind == "ARM" else { return commune.population }
        return try Int.fetchOne(
            cachedStatement(sql: "SELECT population FROM code_populations WHERE code = ? ORDER BY vintage DESC LIMIT 1"),
            arguments: [commune.code.rawValue])
    }
}

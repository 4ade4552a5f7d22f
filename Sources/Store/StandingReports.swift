import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

extension AlertDatabase {
    /// More communes than this are no background for a map of one page.
    private static let greatestMapCommunes = 400

    /// Judges every saved perimeter, in one read transaction, and compares with the last report kept of the same scope.
    ///
    /// - Throws: when the database fails; a perimeter that cannot be judged is among the faults.
    package func standingCoverage(
        scope: RegisterScope, options: CoverageOptions = CoverageOptions(), now: UTCTime
    ) throws -> StandingCoverage {
        let saved = try perimeters(scope: scope)
        return try pool.read { database in
            let previous = try database.lastCoverageReport(scope: scope)
            var lines: [PerimeterCoverage] = []
            var faults: [StandingCoverage.Fault] = []
            for perimeter in saved {
                do {
                    let zone = Zone.perimeter(name: perimeter.name, area: perimeter.area)
                    let figures = try database.coverage(of: zone, scope: scope, options: options).figures
                    // One drawn again has another number and, often, the same name.
                    let last = previous?.lines.first { $0.perimeter == perimeter.id }
                        ?? previous?.lines.first { line in
                            line.name == perimeter.name && !saved.contains { $0.id == line.perimeter }
                        }
                    lines.append(PerimeterCoverage(
                        id: perimeter.id, name: perimeter.name, area: perimeter.area, figures: figures, previous: last))
                } catch let error as DatabaseError {
                    throw error
                } catch {
                    faults.append(StandingCoverage.Fault(name: perimeter.name, reason: "\(error)"))
                }
            }
            return StandingCoverage(
                at: now, staleBefore: options.staleBefore, perimeters: lines, faults: faults, previousAt: previous?.at,
                communes: try database.communesAround(saved.map(\.area), limit: Self.greatestMapCommunes))
        }
    }

    /// Keeps a report, for later ones to be compared with.
    ///
    /// - Returns: its number.
    @discardableResult
    package func keep(_ report: StandingCoverage, scope: RegisterScope, actor: String) throws -> Int64 {
        try pool.write { database in
            try database.execute(
                sql: "INSERT INTO coverage_reports (at, actor, organisation_id, stale_before) VALUES (?, ?, ?, ?)",
                arguments: [
                    report.at.millisecondsSince1970, actor, try database.soleOrganisation(scope), report.staleBefore.text,
                ])
            let id = database.lastInsertedRowID
            for line in report.perimeters.map(\.snapshot) {
                try database.execute(
                    sql: """
                        INSERT INTO coverage_report_lines
                            (report_id, perimeter_id, name, population, registered, reachable, stale)
                        VALUES (?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        id, line.perimeter, line.name, line.population, line.registered, line.reachable, line.stale,
                    ])
            }
            try database.audit(
                actor: actor, action: "coverage.report", subject: String(id),
                detail: ["perimeters": String(report.perimeters.count)])
            return id
        }
    }
}

extension Database {
    /// Whose report it is: in a database of one organisation, that one's, whoever asks.
    fileprivate func soleOrganisation(_ scope: RegisterScope) throws -> Int64? {
        if let own = scope.own { return own.rawValue }
        let all = try Int64.fetchAll(self, sql: "SELECT id FROM organisations WHERE id > 0 ORDER BY id LIMIT 2")
        return all.count == 1 ? all[0] : nil
    }

    fileprivate func lastCoverageReport(
        scope: RegisterScope
    ) throws -> (at: UTCTime, lines: [CoverageSnapshot])? {
        guard let report = try Row.fetchOne(
            self,
            // Those of before accounts had organisations were of the whole register, which was the one organisation's.
            sql: """
                SELECT id, at FROM coverage_reports
                WHERE organisation_id IS ?1 OR organisation_id IS NULL AND (SELECT count(*) FROM organisations WHERE id > 0) = 1
                ORDER BY id DESC LIMIT 1
                """, arguments: [try soleOrganisation(scope)])
        else { return nil }
        let lines = try Row.fetchAll(
            self,
            sql: """
                SELECT perimeter_id, name, population, registered, reachable, stale FROM coverage_report_lines
                WHERE report_id = ? ORDER BY perimeter_id
                """, arguments: [report["id"] as Int64]
        ).map { row in
            CoverageSnapshot(
                perimeter: row[0], name: row[1], population: row[2], registered: row[3], reachable: row[4], stale: row[5])
        }
        return (UTCTime(millisecondsSince1970: report["at"]), lines)
    }

    /// Communes whose box touches one of the areas'; none when there are more than the limit.
    fileprivate func communesAround(
        _ areas: [Area<WGS84>], limit: Int
    ) throws -> [(name: String, boundary: Area<WGS84>)] {
        var found: [CommuneCode: (name: String, boundary: Area<WGS84>)] = [:]
        for box in areas.compactMap(\.boundingBox) {
            for commune in try communes(touching: box) {
                if let boundary = commune.boundary { found[commune.code] = (commune.name, boundary) }
            }
            if found.count > limit { return [] }
        }
        return found.sorted { $0.key < $1.key }.map(\.value)
    }
}

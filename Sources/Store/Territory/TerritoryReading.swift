import AlertModel
import GRDB
import GeoModel

extension AlertDatabase {
    /// What the territory holds, and of which years.
    package func territorySummary() throws -> TerritorySummary {
        try pool.read { database in
            TerritorySummary(
                kinds: try database.territoryKinds(), departments: try database.territoryDepartments(),
                tables: try database.territoryTables(),
                unexplainedCodes: try Int.fetchOne(
                    database,
                    sql: """
                        SELECT COUNT(DISTINCT code) FROM communes
                        WHERE code NOT IN (SELECT code FROM commune_places)
                        """) ?? 0,
                recipientsWithoutMeaning: try Int.fetchOne(
                    database,
                    sql: """
                        SELECT COUNT(*) FROM recipients WHERE commune_code IS NOT NULL AND organisation_id > 0
                        AND NOT EXISTS (SELECT 1 FROM commune_places WHERE code = recipients.commune_code)
                        """) ?? 0)
        }
    }
}

extension Database {
    fileprivate func territoryKinds() throws -> [TerritorySummary.Kind] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT vintage, kind, COUNT(*), COUNT(boundary) FROM communes GROUP BY vintage, kind
                ORDER BY vintage DESC, kind
                """
        ).map { TerritorySummary.Kind(vintage: $0[0], kind: $0[1], count: $0[2], withBoundary: $0[3]) }
    }

    fileprivate func territoryDepartments() throws -> [TerritorySummary.Department] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT department, (
                        SELECT name FROM code_areas WHERE code_areas.kind = 'department' AND code_areas.code = department
                        ORDER BY code_areas.vintage DESC LIMIT 1),
                    MAX(vintage), COUNT(*), SUM(code NOT IN (SELECT code FROM commune_grounds))
                FROM current_communes GROUP BY department ORDER BY department
                """
        ).map {
            TerritorySummary.Department(
                code: $0[0], name: $0[1], vintage: $0[2], communes: $0[3], withoutGround: $0[4])
        }
    }

    fileprivate func territoryTables() throws -> [TerritorySummary.Table] {
        var tables = try Row.fetchAll(
            self,
            sql: """
                SELECT 'communes' AS name, vintage, COUNT(*) FROM code_communes GROUP BY vintage
                UNION ALL SELECT kind || 's', vintage, COUNT(*) FROM code_areas GROUP BY kind, vintage
                UNION ALL SELECT 'populations', vintage, COUNT(*) FROM code_populations GROUP BY vintage
                UNION ALL SELECT 'epci', vintage, COUNT(*) FROM code_epci GROUP BY vintage
                ORDER BY name, vintage
                """
        ).map { TerritorySummary.Table(name: $0[0], vintage: $0[1], rows: $0[2]) }
        if let row = try Row.fetchOne(self, sql: "SELECT MAX(day), COUNT(*) FROM code_movements"),
           let last = (row[0] as String?).flatMap({ CalendarDay($0) })
        {
            tables.append(TerritorySummary.Table(name: "movements", vintage: last.vintage, rows: row[1]))
        }
        return tables
    }
}

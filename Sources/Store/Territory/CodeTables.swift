import Foundation
import GRDB
import GeoModel

/// A commune or a part of one as INSEE's table names it.
package struct OfficialCommune: Hashable, Sendable {
    package let node: CommuneNode
    package let name: String
    package let department: String
    package let region: String?
    package let parentCode: CommuneCode?

    package init(node: CommuneNode, name: String, department: String, region: String?, parentCode: CommuneCode?) {
        self.node = node
        self.name = name
        self.department = department
        self.region = region
        self.parentCode = parentCode
    }
}

/// A department or a region.
package struct OfficialArea: Hashable, Sendable {
    package let code: String
    package let name: String
    package let region: String?

    package init(code: String, name: String, region: String?) {
        self.code = code
        self.name = name
        self.region = region
    }
}

/// The content of one file of INSEE's or the DGCL's, of one vintage of the Code officiel géographique.
package enum CodeTable: Sendable {
    case communes([OfficialCommune])
    case movements([CommuneMovement])
    case departments([OfficialArea])
    case regions([OfficialArea])
    /// Population municipale by code; `year` is the census's.
    case populations([CommuneCode: Int], year: Int)
    /// By commune: the SIREN number and the name of its intercommunalité.
    case epci([CommuneCode: (siren: String, name: String)])

    /// In words, for reports.
    package var name: String {
        switch self {
        case .communes: "communes"
        case .movements: "movements"
        case .departments: "departments"
        case .regions: "regions"
        case .populations: "populations"
        case .epci: "epci"
        }
    }
}

/// What an import of a code table changed, in rows.
package struct CodeTableCounts: Sendable, Equatable {
    package var added = 0
    package var removed = 0
    package var unchanged = 0
    /// Movements only: nothing was taken, since those of a newer file are there.
    package var isSuperseded = false
}

extension AlertDatabase {
    /// Replaces a table of a vintage by a file's, in one transaction, and works out anew what every code means. Whom the
    /// territory could not place before is placed afterwards, in batches.
    package func importCodeTable(_ table: CodeTable, vintage: Int, from file: ImportedFile, actor: String) throws
        -> CodeTableCounts
    {
        let counts = try pool.write { database in
            let counts = try database.replace(table, vintage: vintage)
            if counts.added + counts.removed > 0 {
                switch table {
                case .communes, .movements: try database.refreshTerritory()
                case .populations, .epci: try database.refreshFigures()
                case .departments, .regions: break
                }
            }
            try database.record(
                file, kind: "codes", rows: counts.added + counts.unchanged, actor: actor,
                detail: [
                    "table": table.name, "vintage": String(vintage), "added": String(counts.added),
                    "removed": String(counts.removed), "superseded": String(counts.isSuperseded),
                ])
            return counts
        }
        _ = try relocateRecipients(of: [])
        return counts
    }
}

extension Database {
    fileprivate func replace(_ table: CodeTable, vintage: Int) throws -> CodeTableCounts {
        switch table {
        case .communes(let communes):
            return try replace(
                "code_communes", ["vintage", "kind", "code", "name", "department", "region", "parent_code"],
                where: "vintage = ?", [vintage],
                by: communes.map {
                    [
                        vintage, $0.node.kind.rawValue, $0.node.code.rawValue, $0.name, $0.department, $0.region,
                        $0.parentCode?.rawValue,
                    ]
                })
        case .movements(let movements):
            let newest = try String.fetchOne(self, sql: "SELECT MAX(day) FROM code_movements")
            if let newest, let last = movements.map(\.day).max(), last.text < newest {
                return CodeTableCounts(unchanged: movements.count, isSuperseded: true)
            }
            return try replace(
                "code_movements",
                [
                    "event", "day", "kind_before", "code_before", "name_before", "kind_after", "code_after", "name_after",
                ], where: "event > ?", [0],
                by: movements.map {
                    [
                        $0.event.rawValue, $0.day.text, $0.before.kind.rawValue, $0.before.code.rawValue,
                        $0.nameBefore, $0.after.kind.rawValue, $0.after.code.rawValue, $0.nameAfter,
                    ]
                })
        case .departments(let areas): return try replace(areas, "department", vintage: vintage)
        case .regions(let areas): return try replace(areas, "region", vintage: vintage)
        case .populations(let populations, let year):
            return try replace(
                "code_populations", ["vintage", "code", "year", "population"], where: "vintage = ?", [vintage],
                by: populations.map { [vintage, $0.key.rawValue, year, $0.value] })
        case .epci(let communes):
            return try replace(
                "code_epci", ["vintage", "code", "siren", "name"], where: "vintage = ?", [vintage],
                by: communes.map { [vintage, $0.key.rawValue, $0.value.siren, $0.value.name] })
        }
    }

    private func replace(_ areas: [OfficialArea], _ kind: String, vintage: Int) throws -> CodeTableCounts {
        try replace(
            "code_areas", ["kind", "vintage", "code", "name", "region"], where: "kind = ? AND vintage = ?",
            [kind, vintage], by: areas.map { [kind, vintage, $0.code, $0.name, $0.region] })
    }

    /// Deletes the rows that the new ones lack, and inserts those that are not there.
    private func replace(
        _ table: String, _ columns: [String], where condition: String, _ arguments: StatementArguments,
        by rows: [[(any DatabaseValueConvertible)?]]
    ) throws -> CodeTableCounts {
        let list = columns.joined(separator: ", ")
        var old: Set<[DatabaseValue]> = []
        let known = try Row.fetchCursor(
            self, sql: "SELECT \(list) FROM \(table) WHERE \(condition) ORDER BY \(list)", arguments: arguments)
        while let row = try known.next() { old.insert(Array(row.databaseValues)) }
        let new = Set(rows.map { $0.map { $0?.databaseValue ?? .null } })
        let gone = old.subtracting(new)
        let fresh = new.subtracting(old)
        let delete = try makeStatement(
            sql: "DELETE FROM \(table) WHERE " + columns.map { "\($0) IS ?" }.joined(separator: " AND "))
        for row in gone { try delete.execute(arguments: StatementArguments(row)) }
        let insert = try makeStatement(
            sql: "INSERT INTO \(table) (\(list)) VALUES (\(columns.map { _ in "?" }.joined(separator: ", ")))")
        for row in fresh { try insert.execute(arguments: StatementArguments(row)) }
        return CodeTableCounts(added: fresh.count, removed: gone.count, unchanged: new.count - fresh.count)
    }
}

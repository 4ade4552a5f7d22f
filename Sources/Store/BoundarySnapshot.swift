import Foundation
import GRDB
import GeoEngine
import GeoModel

/// The boundaries of today's whole communes as one read transaction sees them, for who has to go through all of them.
package struct BoundarySnapshot {
    /// The boxes around the departments asked about, one each; around every department when none was named.
    package let boxes: [BoundingBox<WGS84>]
    private let database: Database
    private let holders: CommuneHolders
    /// From west to east.
    private let ids: [Int64]

    fileprivate init(database: Database, departments: Set<String>?) throws {
        self.database = database
        holders = CommuneHolders(database: database)
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT department, MIN(MbrMinX(boundary)), MIN(MbrMinY(boundary)), MAX(MbrMaxX(boundary)),
                       MAX(MbrMaxY(boundary))
                FROM current_communes WHERE boundary IS NOT NULL GROUP BY department ORDER BY department
                """)
        boxes = rows.filter { departments?.contains($0[0]) ?? true }
            .map { BoundingBox(west: $0[1], south: $0[2], east: $0[3], north: $0[4]) }
        let near = try database.makeStatement(sql: """
            SELECT pkid FROM idx_communes_boundary WHERE xmin <= ? AND xmax >= ? AND ymin <= ? AND ymax >= ?
            """)
        var candidates: Set<Int64> = []
        for box in boxes {
            candidates.formUnion(
                try Int64.fetchAll(near, arguments: [box.east, box.west, box.north, box.south]))
        }
        ids = try Int64.fetchAll(
            database,
            sql: """
                SELECT id FROM current_communes WHERE boundary IS NOT NULL ORDER BY MbrMinX(boundary), code
                """
        ).filter(candidates.contains)
    }

    package var count: Int { ids.count }

    /// The communes whose box touches one of `boxes`, from west to east: one is held at a time.
    package func forEach(_ body: (Commune) throws -> Void) throws {
        let fetch = try database.makeStatement(sql: AlertDatabase.communeColumns + " FROM communes WHERE id = ?")
        for id in ids {
            if let row = try Row.fetchOne(fetch, arguments: [id]) { try body(Commune(row: row)) }
        }
    }

    /// The whole communes that hold the position, by code: inside, and on their very boundary.
    package func communes(
        holding position: Position<WGS84>
    ) throws -> (inside: [CommuneCode], onBoundary: [CommuneCode]) {
        let all = try holders.holders(of: position).filter { $0.kind == "COM" }
        // One alone needs no closer look.
        guard all.count > 1 else { return (all.map(\.code), []) }
        let edge = try all.filter { try holders.isOnBoundary($0, position) }.map(\.code)
        return (all.map(\.code).filter { !edge.contains($0) }, edge)
    }

    /// The whole communes that share as much as a point with an area, by code.
    package func communes(meeting area: Area<WGS84>) throws -> [CommuneCode] {
        guard let box = area.boundingBox else { return [] }
        let prepared = try PreparedArea(area)
        return try database.communes(touching: box).filter { commune in
            try commune.boundary.map { try prepared.relation(to: $0) != .outside } ?? false
        }.map(\.code)
    }
}

extension AlertDatabase {
    /// Reads the boundaries near some departments, or near all.
    package func readBoundaries<Value>(
        nearDepartments departments: Set<String>? = nil, _ body: (BoundarySnapshot) throws -> Value
    ) throws -> Value {
        try pool.read { try body(BoundarySnapshot(database: $0, departments: departments)) }
    }
}

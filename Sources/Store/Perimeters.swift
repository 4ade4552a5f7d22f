import AlertModel
import Foundation
import GRDB
import GeoModel

/// A saved, named geometry.
package struct SavedPerimeter: Sendable {
    package let id: Int64
    package let name: String
    package let area: Area<WGS84>
}

extension AlertDatabase {
    package func perimeters(scope: RegisterScope) throws -> [SavedPerimeter] {
        let owner = scope.condition(on: "organisation_id")
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT id, name, AsBinary(area) AS area FROM perimeters WHERE \(owner.sql) ORDER BY name",
                arguments: owner.arguments
            ).map { row in
                SavedPerimeter(
                    id: row["id"], name: row["name"], area: try WKB.decode(Array(row["area"] as Data)))
            }
        }
    }

    /// The one saved perimeter of a name.
    ///
    /// - Throws: `StoreError.unknownPerimeter`, `.ambiguousPerimeter`.
    package func perimeter(named name: String, scope: RegisterScope) throws -> SavedPerimeter {
        let owner = scope.condition(on: "organisation_id")
        return try pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT id, name, AsBinary(area) AS area FROM perimeters WHERE name = ? AND \(owner.sql)
                    ORDER BY organisation_id
                    """, arguments: [name] + owner.arguments)
            guard let row = rows.first else {
                let known = try String.fetchAll(
                    database, sql: "SELECT DISTINCT name FROM perimeters WHERE \(owner.sql) ORDER BY name",
                    arguments: owner.arguments)
                throw StoreError.unknownPerimeter(name: name, known: known)
            }
            guard rows.count == 1 else { throw StoreError.ambiguousPerimeter(name: name) }
            return SavedPerimeter(id: row["id"], name: row["name"], area: try WKB.decode(Array(row["area"] as Data)))
        }
    }

    /// Saves a perimeter. The caller has checked the area's validity.
    ///
    /// - Throws: `StoreError.perimeterExists` when the organisation has one of that name.
    package func savePerimeter(
        named name: String, area: Area<WGS84>, organisation: OrganisationID, actor: String
    ) throws -> Int64 {
        try pool.write { database in
            let isTaken = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM perimeters WHERE organisation_id = ? AND name = ?)",
                arguments: [organisation.rawValue, name])
            if isTaken == true { throw StoreError.perimeterExists(name: name) }
            try database.execute(
                sql: """
                    INSERT INTO perimeters (organisation_id, name, created_at, created_by, area)
                    VALUES (?, ?, ?, ?, CastToMulti(GeomFromWKB(?, 4326)))
                    """,
                arguments: [
                    organisation.rawValue, name, Date.now.milliseconds, actor, Data(WKB.encode(area)),
                ])
            let id = database.lastInsertedRowID
            try database.audit(actor: actor, action: "perimeter.save", subject: name)
            return id
        }
    }

    /// - Returns: whether there was such a perimeter.
    package func deletePerimeter(id: Int64, scope: RegisterScope, actor: String) throws -> Bool {
        let owner = scope.condition(on: "organisation_id")
        return try pool.write { database in
            try database.execute(
                sql: "DELETE FROM perimeters WHERE id = ? AND \(owner.sql)", arguments: [id] + owner.arguments)
            let deleted = database.changesCount > 0
            if deleted { try database.audit(actor: actor, action: "perimeter.delete", subject: String(id)) }
            return deleted
        }
    }
}

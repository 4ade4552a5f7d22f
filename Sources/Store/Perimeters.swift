import AlertModel
import Crypto
import Foundation
import GRDB
import GeoModel

/// A saved, named geometry.
package struct SavedPerimeter: Sendable {
    package let id: Int64
    package let name: String
    package let area: Area<WGS84>
    package let organisation: OrganisationID
    package let organisationName: String
    package let createdAt: UTCTime
    /// Who saved it.
    package let createdBy: String
}

/// Which perimeters an organisation has, its own and inherited, by name.
package struct PerimeterIndex: Hashable, Sendable {
    package struct Entry: Hashable, Sendable {
        package let id: Int64
        package let name: String
        /// Milliseconds since 1970. A number may be given again once its perimeter is deleted; not at the same time.
        package let createdAt: Int64
    }

    package let entries: [Entry]

    /// Another one whenever a perimeter was saved, renamed or deleted: hexadecimal digits.
    package var version: String {
        var hasher = SHA256()
        for entry in entries { hasher.update(data: Data("\(entry.id) \(entry.createdAt) \(entry.name)\u{0}".utf8)) }
        return hasher.finalize().prefix(8).map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension AlertDatabase {
    /// By name: the organisation's own, and those it inherits from above it.
    package func perimeters(scope: RegisterScope) throws -> [SavedPerimeter] {
        try pool.read { try $0.perimeters(scope: scope) }
    }

    /// The same without their geometry.
    package func perimeterIndex(scope: RegisterScope) throws -> PerimeterIndex {
        try pool.read { try $0.perimeterIndex(scope: scope) }
    }

    /// The same with their geometry, and what identifies this state of them, in one look.
    package func indexedPerimeters(scope: RegisterScope) throws -> (index: PerimeterIndex, perimeters: [SavedPerimeter]) {
        try pool.read { (try $0.perimeterIndex(scope: scope), try $0.perimeters(scope: scope)) }
    }

    /// The saved perimeter of a number; nil when the scope has none of it.
    package func perimeter(id: Int64, scope: RegisterScope) throws -> SavedPerimeter? {
        try pool.read { database in
            // What a nearer one of the same name hides is hidden here too.
            guard try database.perimeterIndex(scope: scope).entries.contains(where: { $0.id == id }) else { return nil }
            return try database.perimeters(scope: scope, where: "perimeters.id = ?", [id]).first
        }
    }

    /// The one saved perimeter of a name.
    ///
    /// - Throws: `StoreError.unknownPerimeter`, `.ambiguousPerimeter`.
    package func perimeter(named name: String, scope: RegisterScope) throws -> SavedPerimeter {
        try pool.read { try $0.perimeter(named: name, scope: scope) }
    }

    /// Saves a perimeter. The caller has checked the area's validity.
    ///
    /// - Throws: `StoreError.perimeterExists` when the organisation has one of that name, `.invalidPerimeterName`.
    package func savePerimeter(
        named name: String, area: Area<WGS84>, organisation: OrganisationID, actor: String
    ) throws -> Int64 {
        try pool.write { database in
            try database.requireFreePerimeter(name, in: organisation.rawValue)
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

    /// Gives a perimeter another name. Standing reports go on: they know it by its number.
    ///
    /// - Throws: `StoreError.unknownPerimeter`, `.ambiguousPerimeter`, `.perimeterExists`, `.invalidPerimeterName`.
    package func renamePerimeter(named name: String, to new: String, scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            let perimeter = try database.ownPerimeter(named: name, scope: scope)
            guard name != new else { return }
            try database.requireFreePerimeter(new, in: perimeter.organisation.rawValue)
            try database.execute(
                sql: "UPDATE perimeters SET name = ? WHERE id = ?", arguments: [new, perimeter.id])
            try database.audit(actor: actor, action: "perimeter.rename", subject: name, detail: ["to": new])
        }
    }

    /// - Throws: `StoreError.unknownPerimeter`, `.ambiguousPerimeter`.
    package func deletePerimeter(named name: String, scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            try database.deletePerimeter(try database.ownPerimeter(named: name, scope: scope), actor: actor)
        }
    }

    /// - Returns: whether there was such a perimeter.
    package func deletePerimeter(id: Int64, scope: RegisterScope, actor: String) throws -> Bool {
        try pool.write { database in
            guard let perimeter = try database.perimeters(scope: scope).first(where: { $0.id == id }),
                scope.own == nil || perimeter.organisation == scope.own
            else { return false }
            try database.deletePerimeter(perimeter, actor: actor)
            return true
        }
    }
}

extension Database {
    /// Characters of a perimeter's name, as zone documents limit it.
    private static let longestPerimeterName = 200

    fileprivate func perimeters(
        scope: RegisterScope, where condition: String = "1", _ arguments: StatementArguments = []
    ) throws -> [SavedPerimeter] {
        let lineage = try lineageTable(scope)
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT perimeters.id, perimeters.name, AsBinary(area) AS area, perimeters.organisation_id,
                    organisations.name AS organisation, perimeters.created_at, created_by
                FROM perimeters JOIN organisations ON organisations.id = perimeters.organisation_id
                    JOIN \(lineage.sql) AS lineage ON lineage.id = perimeters.organisation_id
                WHERE \(condition) ORDER BY perimeters.name, lineage.distance, perimeters.organisation_id
                """, arguments: lineage.arguments + arguments)
        // Of one name the nearest is meant.
        var names: Set<String> = []
        return try rows.filter { scope.own == nil || names.insert($0["name"]).inserted }.map { row in
            SavedPerimeter(
                id: row["id"], name: row["name"], area: try WKB.decode(Array(row["area"] as Data)),
                organisation: OrganisationID(rawValue: row["organisation_id"]), organisationName: row["organisation"], createdAt: UTCTime(millisecondsSince1970: row["created_at"]),
                createdBy: row["created_by"])
        }
    }

    fileprivate func perimeterIndex(scope: RegisterScope) throws -> PerimeterIndex {
        let lineage = try lineageTable(scope)
        let rows = try Row.fetchAll(
            self,
            sql: """
                SELECT perimeters.id, perimeters.name, perimeters.created_at
                FROM perimeters JOIN \(lineage.sql) AS lineage ON lineage.id = perimeters.organisation_id
                ORDER BY perimeters.name, lineage.distance, perimeters.organisation_id
                """, arguments: lineage.arguments)
        var names: Set<String> = []
        return PerimeterIndex(
            entries: rows.filter { scope.own == nil || names.insert($0["name"]).inserted }.map {
                PerimeterIndex.Entry(id: $0["id"], name: $0["name"], createdAt: $0["created_at"])
            })
    }

    fileprivate func perimeter(named name: String, scope: RegisterScope) throws -> SavedPerimeter {
        let found = try perimeters(scope: scope, where: "perimeters.name = ?", [name])
        guard let perimeter = found.first else {
            let lineage = try lineageTable(scope)
            throw StoreError.unknownPerimeter(
                name: name,
                known: try String.fetchAll(
                    self,
                    sql: """
                        SELECT DISTINCT name FROM perimeters JOIN \(lineage.sql) AS lineage
                            ON lineage.id = organisation_id ORDER BY name
                        """, arguments: lineage.arguments))
        }
        guard found.count == 1 else { throw StoreError.ambiguousPerimeter(name: name) }
        return perimeter
    }

    /// One that may be changed: what is inherited is its owner's.
    fileprivate func ownPerimeter(named name: String, scope: RegisterScope) throws -> SavedPerimeter {
        let perimeter = try perimeter(named: name, scope: scope)
        guard scope.own == nil || perimeter.organisation == scope.own else {
            throw StoreError.inherited(what: "perimeter", name: name)
        }
        return perimeter
    }

    fileprivate func requireFreePerimeter(_ name: String, in organisation: Int64) throws {
        let isClean = name == name.trimmingCharacters(in: .whitespacesAndNewlines)
            && (1...Self.longestPerimeterName).contains(name.unicodeScalars.count)
            && !name.unicodeScalars.contains { CharacterSet.controlCharacters.contains($0) }
        guard isClean else { throw StoreError.invalidPerimeterName }
        let isTaken = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM perimeters WHERE organisation_id = ? AND name = ?)",
            arguments: [organisation, name])
        if isTaken == true { throw StoreError.perimeterExists(name: name) }
    }

    fileprivate func deletePerimeter(_ perimeter: SavedPerimeter, actor: String) throws {
        try execute(sql: "DELETE FROM perimeters WHERE id = ?", arguments: [perimeter.id])
        try audit(actor: actor, action: "perimeter.delete", subject: perimeter.name)
    }
}

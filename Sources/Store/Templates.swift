import AlertModel
import Campaigns
import Foundation
import GRDB

/// A saved template, at its newest version.
package struct SavedTemplate: Sendable {
    /// Whose it is: the organisation that asked, or one above it.
    package let organisation: OrganisationID
    package let name: String
    package let version: Int
    package let template: MessageTemplate
    package let savedAt: UTCTime
    package let savedBy: String
}

extension AlertDatabase {
    /// The organisation's templates, and those it inherits from above it, by name; of one name the nearest.
    package func templates(of organisation: OrganisationID) throws -> [SavedTemplate] {
        try pool.read { database in
            let lineage = try database.lineageTable(.organisation(organisation))
            var names: Set<String> = []
            return try Row.fetchAll(
                database,
                sql: """
                    SELECT organisation_id, name, max(version) AS version, document, at, actor
                    FROM templates JOIN \(lineage.sql) AS lineage ON lineage.id = organisation_id
                    GROUP BY name, organisation_id HAVING document IS NOT NULL ORDER BY name, distance
                    """, arguments: lineage.arguments
            ).filter { names.insert($0["name"]).inserted }.map(SavedTemplate.init)
        }
    }

    /// - Throws: `StoreError.unknownTemplate`.
    package func template(named name: String, of organisation: OrganisationID) throws -> SavedTemplate {
        let all = try templates(of: organisation)
        guard let template = all.first(where: { $0.name == name }) else {
            throw StoreError.unknownTemplate(name: name, known: all.map(\.name))
        }
        return template
    }

    /// Saves a template as the next version of its name. One that is the newest already is left as it is.
    /// - Returns: the version.
    package func save(
        _ template: MessageTemplate, named name: String, of organisation: OrganisationID, actor: String
    ) throws -> Int {
        try pool.write { database in
            let document = template.document
            let newest = try database.newestTemplate(name, organisation)
            if let newest, newest.document == document { return newest.version }
            return try database.writeTemplate(name, organisation, document, after: newest?.version, actor: actor)
        }
    }

    /// Removes a template from the library; its versions stay on record.
    /// - Throws: `StoreError.unknownTemplate`.
    package func removeTemplate(named name: String, of organisation: OrganisationID, actor: String) throws {
        let known = try templates(of: organisation).map(\.name)
        try pool.write { database in
            guard let newest = try database.newestTemplate(name, organisation), newest.document != nil else {
                if known.contains(name) { throw StoreError.inherited(what: "template", name: name) }
                throw StoreError.unknownTemplate(name: name, known: known)
            }
            _ = try database.writeTemplate(name, organisation, nil, after: newest.version, actor: actor)
        }
    }
}

extension Database {
    fileprivate func newestTemplate(
        _ name: String, _ organisation: OrganisationID
    ) throws -> (version: Int, document: String?)? {
        try Row.fetchOne(
            self,
            sql: """
                SELECT version, document FROM templates WHERE organisation_id = ? AND name = ?
                ORDER BY version DESC LIMIT 1
                """, arguments: [organisation.rawValue, name]
        ).map { ($0[0], $0[1]) }
    }

    /// - Parameter document: nil removes.
    fileprivate func writeTemplate(
        _ name: String, _ organisation: OrganisationID, _ document: String?, after newest: Int?, actor: String
    ) throws -> Int {
        let version = (newest ?? 0) + 1
        try execute(
            sql: """
                INSERT INTO templates (organisation_id, name, version, document, at, actor) VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [organisation.rawValue, name, version, document, Date.now.milliseconds, actor])
        try audit(
            actor: actor, action: document == nil ? "template.remove" : "template.save", subject: name,
            detail: ["version": String(version)], organisation: organisation)
        return version
    }
}

extension SavedTemplate {
    fileprivate init(_ row: Row) throws {
        let document: String = row["document"]
        do {
            template = try MessageTemplate(Array(document.utf8))
        } catch {
            throw StoreError.damagedTemplate(name: row["name"])
        }
        organisation = OrganisationID(rawValue: row["organisation_id"])
        name = row["name"]
        version = row["version"]
        savedAt = UTCTime(millisecondsSince1970: row["at"])
        savedBy = row["actor"]
    }
}

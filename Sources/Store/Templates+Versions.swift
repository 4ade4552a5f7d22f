import AlertModel
import Campaigns
import GRDB

/// A template as it was once.
package struct TemplateVersion: Sendable {
    package let version: Int
    /// Nil where it was taken out of the library.
    package let template: MessageTemplate?
    package let savedAt: UTCTime
    package let savedBy: String
}

extension AlertDatabase {
    /// What an organisation's own template of a name said, newest first; none of a name that it never had.
    package func templateVersions(
        named name: String, of organisation: OrganisationID, limit: Int
    ) throws -> [TemplateVersion] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT version, document, at, actor FROM templates WHERE organisation_id = ? AND name = ?
                    ORDER BY version DESC LIMIT ?
                    """, arguments: [organisation.rawValue, name, limit]
            ).map { row in
                let document: String? = row["document"]
                do {
                    return TemplateVersion(
                        version: row["version"], template: try document.map { try MessageTemplate(Array($0.utf8)) },
                        savedAt: UTCTime(millisecondsSince1970: row["at"]), savedBy: row["actor"])
                } catch {
                    throw StoreError.damagedTemplate(name: name)
                }
            }
        }
    }
}

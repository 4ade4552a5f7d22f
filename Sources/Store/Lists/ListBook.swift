import AlertModel
import GRDB

/// A list with all that somebody who looks after it wants to know.
package struct ListBookEntry: Sendable, Hashable {
    package let list: RecipientList
    /// What it is for, in its organisation's words.
    package let description: String
    package let members: Int
    /// Other lists that are made of it.
    package let lists: [String]
    /// Scenarios whose zone names it.
    package let scenarios: [String]
    /// Schedules, not removed or over, whose zone names it.
    package let schedules: [String]
    /// Organisations that see the register and of which a scenario or a schedule may mean it.
    package let organisations: [String]
}

extension AlertDatabase {
    /// Longest description of a list, in characters.
    package static let longestListDescription = 500

    /// An organisation's own lists, by name.
    package func listBook(of organisation: OrganisationID, now: UTCTime) throws -> [ListBookEntry] {
        try pool.read { database in
            let scope = RegisterScope.organisation(organisation)
            let lists = try database.lists(scope: scope)
            let descriptions = try Dictionary(
                uniqueKeysWithValues: Row.fetchAll(
                    database, sql: "SELECT id, description FROM lists WHERE organisation_id = ?", arguments: [organisation.rawValue]
                ).map { ($0[0] as Int64, $0[1] as String) })
            let usage = try database.listUsage(of: organisation, now: now)
            return try lists.map { list in
                ListBookEntry(
                    list: list, description: descriptions[list.id.rawValue] ?? "", members: try database.memberCount(of: list),
                    lists: lists.filter { $0.definition.listNames.contains(list.name) }.map(\.name),
                    scenarios: usage.scenarios[list.name] ?? [], schedules: usage.schedules[list.name] ?? [],
                    organisations: usage.organisations[list.name] ?? [])
            }
        }
    }

    /// Says what a list is for.
    ///
    /// - Throws: `StoreError.unknownListNumber`, `.invalidField`.
    package func describeList(_ id: ListID, as text: String, of organisation: OrganisationID, actor: String) throws {
        try Self.checkListDescription(text)
        try pool.write { database in
            let list = try database.list(.numbered(id, of: organisation))
            try database.execute(sql: "UPDATE lists SET description = ? WHERE id = ?", arguments: [text, id.rawValue])
            try database.auditList("describe", list.name, organisation, actor: actor)
        }
    }

    /// - Throws: `StoreError.invalidField`.
    static func checkListDescription(_ text: String) throws {
        guard text.count <= longestListDescription, !text.unicodeScalars.contains(where: { $0.value < 32 && $0 != "\n" }) else {
            throw StoreError.invalidField(
                name: "description", reason: "a text of at most \(longestListDescription) characters is due")
        }
    }
}

import AlertModel
import Foundation
import GRDB

/// People who are given rights together.
package struct PeopleGroup: Sendable, Hashable {
    /// Longest name, in characters.
    package static let longestName = 60
    package static let mostPerOrganisation = 200

    package let id: GroupID
    package let name: String
    /// What each member has by it now.
    package let capabilities: Set<Capability>
    /// Who is in it now, by account.
    package let members: [UserID]
}

extension AlertDatabase {
    /// An organisation's groups, by name.
    package func groups(of organisation: OrganisationID, at moment: Date = .now) throws -> [PeopleGroup] {
        try pool.read { database in
            let book = try database.rightsBook(of: organisation, at: moment)
            let people = try Int64.fetchAll(
                database, sql: "SELECT id FROM users WHERE organisation_id = ? AND closed_at IS NULL ORDER BY id",
                arguments: [organisation.rawValue]
            ).map(UserID.init(rawValue:))
            return try Row.fetchAll(
                database, sql: "SELECT id, name FROM user_groups WHERE organisation_id = ? ORDER BY name",
                arguments: [organisation.rawValue]
            ).map { row in
                let id = GroupID(rawValue: row["id"])
                return PeopleGroup(
                    id: id, name: row["name"], capabilities: book.capabilities(of: id),
                    members: people.filter { book.groups(of: $0).contains(id) })
            }
        }
    }

    package func createGroup(named name: String, in organisation: OrganisationID, by actor: Operator) throws -> GroupID {
        try actor.require(.administer)
        try Self.checkName(name, longest: PeopleGroup.longestName)
        return try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            let known = try String.fetchAll(
                database, sql: "SELECT name FROM user_groups WHERE organisation_id = ? ORDER BY name",
                arguments: [organisation.rawValue])
            if known.contains(name) { throw RightsError.groupExists(name: name) }
            guard known.count < PeopleGroup.mostPerOrganisation else {
                throw RightsError.tooMany(what: "groups", limit: PeopleGroup.mostPerOrganisation)
            }
            try database.execute(
                sql: "INSERT INTO user_groups (organisation_id, name) VALUES (?, ?)", arguments: [organisation.rawValue, name])
            let id = GroupID(rawValue: database.lastInsertedRowID)
            try database.audit(actor: actor.name, action: "group.create", subject: name)
            return id
        }
    }

    /// Removes a group: what it gave ends at once.
    package func removeGroup(_ group: GroupID, in organisation: OrganisationID, by actor: Operator, now: Date = .now)
        throws
    {
        try actor.require(.administer)
        try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            try database.requireGroup(group, in: organisation)
            let name = try database.groupName(group)
            try database.keepingAnAdministrator(of: organisation, now: now) {
                // The rows of what was given stay readable in the journal only: a group that is gone names nothing.
                try database.execute(
                    sql: "DELETE FROM grants WHERE group_id = :id OR in_group_id = :id", arguments: ["id": group.rawValue])
                try database.execute(sql: "DELETE FROM user_groups WHERE id = ?", arguments: [group.rawValue])
            }
            try database.audit(actor: actor.name, action: "group.remove", subject: name)
        }
    }
}

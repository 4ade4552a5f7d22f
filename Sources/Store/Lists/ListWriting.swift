import AlertModel
import Foundation
import GRDB
import Targeting

extension AlertDatabase {
    /// Creates a list. - Throws: `StoreError.listExists`, `.invalidListName`, and as `redefineList`.
    package func createList(
        named name: String, definition: ListDefinition, organisation: OrganisationID, actor: String
    ) throws {
        try pool.write { database in
            try database.requireFree(name, in: organisation)
            try database.execute(
                sql: "INSERT INTO lists (organisation_id, name, kind, definition) VALUES (?, ?, ?, ?)",
                arguments: [organisation.rawValue, name, definition.kind, definition.document])
            try database.checkLists(of: organisation)
            try database.auditList(
                "create", name, organisation, actor: actor, detail: ["kind": definition.kind])
        }
    }

    /// Gives a saved filter or a combination another definition.
    ///
    /// - Throws: `StoreError.listHasMembers` for a static list: its members are added and removed; `.unknownList` when
    ///   the definition names one that is not there, `.listCycle`, `.listTooComplex`. Nothing is changed then.
    package func redefineList(
        named name: String, as definition: ListDefinition, scope: RegisterScope, actor: String
    ) throws {
        try pool.write { database in
            let list = try database.list(named: name, scope: scope.writable)
            guard list.definition != .members, definition != .members else {
                throw StoreError.listHasMembers(name: name)
            }
            try database.execute(
                sql: "UPDATE lists SET kind = ?, definition = ? WHERE id = ?",
                arguments: [definition.kind, definition.document, list.id.rawValue])
            try database.checkLists(of: list.organisation)
            try database.auditList(
                "define", name, list.organisation, actor: actor, detail: ["kind": definition.kind])
        }
    }

    /// Gives a list another name, in the definitions of other lists too.
    package func renameList(named name: String, to new: String, scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            let list = try database.list(named: name, scope: scope.writable)
            guard name != new else { return }
            try database.requireFree(new, in: list.organisation)
            try database.execute(sql: "UPDATE lists SET name = ? WHERE id = ?", arguments: [new, list.id.rawValue])
            let others = try database.lists(scope: .organisation(list.organisation), where: "lists.kind <> 'static'")
            for other in others where other.definition.listNames.contains(name) {
                try database.execute(
                    sql: "UPDATE lists SET definition = ? WHERE id = ?",
                    arguments: [other.definition.renamingList(name, to: new).document, other.id.rawValue])
            }
            try database.checkLists(of: list.organisation)
            try database.auditList("rename", name, list.organisation, actor: actor, detail: ["to": new])
        }
    }

    /// Removes a list; its members stay in the register.
    ///
    /// - Throws: `StoreError.listInUse` when other lists are made of it.
    package func deleteList(named name: String, scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            let list = try database.list(named: name, scope: scope.writable)
            let users = try database.lists(using: list)
            guard users.isEmpty else { throw StoreError.listInUse(name: name, by: users) }
            let members = try database.memberCount(of: list)
            try database.execute(sql: "DELETE FROM lists WHERE id = ?", arguments: [list.id.rawValue])
            try database.auditList(
                "delete", name, list.organisation, actor: actor,
                detail: ["kind": list.definition.kind, "members": String(members)])
        }
    }

    /// Makes a list its organisation's default: shown at a launch that names no list, and never used unasked.
    package func setDefaultList(named name: String, scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            let list = try database.list(named: name, scope: scope.writable)
            try database.clearDefaultList(of: list.organisation)
            try database.execute(sql: "UPDATE lists SET is_default = 1 WHERE id = ?", arguments: [list.id.rawValue])
            try database.auditList("default", name, list.organisation, actor: actor)
        }
    }

    /// Leaves an organisation without a default list.
    package func clearDefaultList(of organisation: OrganisationID, actor: String) throws {
        try pool.write { database in
            try database.clearDefaultList(of: organisation)
            try database.auditList("default", "none", organisation, actor: actor)
        }
    }
}

extension Database {
    /// Longest name of a list, in characters: what a zone document may name.
    private static let maximumNameLength = 200

    fileprivate func requireFree(_ name: String, in organisation: OrganisationID) throws {
        let scalars = name.unicodeScalars
        guard !name.isEmpty, scalars.count <= Self.maximumNameLength, name == name.trimmingCharacters(in: .whitespaces),
              // `|` separates the names of lists in a register's file.
              !scalars.contains(where: { $0.value < 32 || $0.value == 127 || $0 == "|" })
        else { throw StoreError.invalidListName }
        let isTaken = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM lists WHERE organisation_id = ? AND name = ?)",
            arguments: [organisation.rawValue, name])
        if isTaken == true { throw StoreError.listExists(name: name) }
    }

    /// Compiles every filter and combination of an organisation: whatever can no longer be judged stops the change.
    fileprivate func checkLists(of organisation: OrganisationID) throws {
        for list in try lists(scope: .organisation(organisation), where: "lists.kind <> 'static'") {
            _ = try query(of: list, selecting: "recipients.id")
        }
    }

    fileprivate func clearDefaultList(of organisation: OrganisationID) throws {
        try execute(
            sql: "UPDATE lists SET is_default = 0 WHERE organisation_id = ? AND is_default = 1",
            arguments: [organisation.rawValue])
    }

    /// The journal never holds a definition: a filter may name a person.
    func auditList(
        _ verb: String, _ name: String, _ organisation: OrganisationID, actor: String, detail: [String: String] = [:]
    ) throws {
        try audit(
            actor: actor, action: "list.\(verb)", subject: name,
            detail: detail.merging(["organisation": try organisationName(organisation)]) { mine, _ in mine },
            organisation: organisation)
    }
}

extension ListDefinition {
    fileprivate var document: String? { ListDocument.encode(self).map { String(decoding: $0, as: UTF8.self) } }
}

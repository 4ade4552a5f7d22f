import AlertModel
import Foundation
import GRDB
import Targeting

extension Database {
    /// In a statement: a number for a new list that none had before, since images of recipients name lists by theirs.
    static let nextListNumber = "(SELECT max(greatest, (SELECT ifnull(MAX(id), 0) FROM lists)) + 1 FROM list_numbers)"
}

/// The list that is to change: as the command line says it, or as the console does.
package enum ListReference: Sendable {
    /// The one of that name among those that the scope may write to.
    case named(String, scope: RegisterScope)
    /// An organisation's own list of this number; another's is none.
    case numbered(ListID, of: OrganisationID)
}

extension AlertDatabase {
    /// Creates a list, in one transaction with what it is for.
    ///
    /// - Throws: `StoreError.listExists`, `.invalidListName`, `.invalidField` for the description, and as `redefineList`.
    package func createList(
        named name: String, definition: ListDefinition, description: String = "", organisation: OrganisationID, actor: String
    ) throws {
        try Self.checkListDescription(description)
        try pool.write { database in
            try database.requireFree(name, in: organisation)
            try database.execute(
                sql: """
                    INSERT INTO lists (id, organisation_id, name, kind, definition, description)
                    VALUES (\(Database.nextListNumber), ?, ?, ?, ?, ?)
                    """,
                arguments: [organisation.rawValue, name, definition.kind, definition.document, description])
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
    ///
    /// - Parameter evenSo: although scenarios or schedules, of whoever sees the register, name it: they stop until they are changed.
    /// - Returns: what named it, and does no longer.
    /// - Throws: `StoreError.listInUse` where something does, and it is not `evenSo`.
    @discardableResult
    package func renameList(_ reference: ListReference, to new: String, evenSo: Bool, actor: String, now: UTCTime) throws -> [String] {
        try pool.write { database in
            let list = try database.list(reference)
            let name = list.name
            guard name != new else { return [] }
            let users = try database.users(of: list, evenSo: evenSo, now: now)
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
            return users
        }
    }

    /// Removes a list; its members stay in the register.
    ///
    /// - Parameter evenSo: as for `renameList`.
    /// - Returns: what named it, and finds it no longer.
    /// - Throws: `StoreError.listInUse` when other lists are made of it, and as `renameList`.
    @discardableResult
    package func deleteList(_ reference: ListReference, evenSo: Bool, actor: String, now: UTCTime) throws -> [String] {
        try pool.write { database in
            let list = try database.list(reference)
            let lists = try database.lists(using: list)
            guard lists.isEmpty else { throw StoreError.listInUse(name: list.name, by: lists) }
            let users = try database.users(of: list, evenSo: evenSo, now: now)
            let members = try database.memberCount(of: list)
            try database.execute(sql: "DELETE FROM lists WHERE id = ?", arguments: [list.id.rawValue])
            try database.auditList(
                "delete", list.name, list.organisation, actor: actor,
                detail: ["kind": list.definition.kind, "members": String(members)])
            return users
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

    /// - Throws: `StoreError.unknownList`, `.ambiguousList`, `.unknownListNumber`.
    func list(_ reference: ListReference) throws -> RecipientList {
        switch reference {
        case .named(let name, let scope): return try list(named: name, scope: scope.writable)
        case .numbered(let id, let organisation):
            let found = try lists(scope: .organisation(organisation), where: "lists.id = ?", [id.rawValue])
            guard let list = found.first else { throw StoreError.unknownListNumber }
            return list
        }
    }

    /// A scenario that names a list which is no longer there stops instead of leaving anybody out; whoever takes the list away
    /// is told before.
    fileprivate func users(of list: RecipientList, evenSo: Bool, now: UTCTime) throws -> [String] {
        let users = try listUsage(of: list.organisation, now: now).users(of: list.name)
        guard evenSo || users.isEmpty else { throw StoreError.listInUse(name: list.name, by: users) }
        return users
    }

    fileprivate func requireFree(_ name: String, in organisation: OrganisationID) throws {
        let scalars = name.unicodeScalars
        guard !name.isEmpty, scalars.count <= Self.maximumNameLength, name == name.trimmingCharacters(in: .whitespaces),
              // `|` separates the names of lists in a register's file.
              !scalars.contains(where: { $0.value < 32 || $0.value == 127 || $0 == "|" })
        else { throw StoreError.invalidListName }
        if try isListNameTaken(name, in: organisation) { throw StoreError.listExists(name: name) }
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

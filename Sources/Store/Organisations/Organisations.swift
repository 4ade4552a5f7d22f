import AlertModel
import Dispatching
import Foundation
import GRDB

/// An organisation, in its place of the tree.
package struct Organisation: Sendable, Hashable {
    package let id: OrganisationID
    /// Unique in the database.
    package let name: String
    package let kind: OrganisationKind
    /// INSEE code, SIREN number or department code, by its kind; nil where it has none, or none is known.
    package let code: String?
    /// Nil at the top.
    package let parent: OrganisationID?
}

extension AlertDatabase {
    /// Creates the organisation when it is new. - Returns: its identifier.
    package func organisation(named name: String) throws -> OrganisationID {
        try pool.write { try $0.organisation(named: name) }
    }

    package func organisations() throws -> [(id: OrganisationID, name: String)] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT id, name FROM organisations WHERE id > 0 ORDER BY id").map {
                (OrganisationID(rawValue: $0["id"]), $0["name"])
            }
        }
    }

    /// The name of one; empty when it is gone.
    package func name(of organisation: OrganisationID) throws -> String {
        try pool.read { try $0.organisationIfAny(organisation)?.name ?? "" }
    }

    /// The scope a command's `--organisation` names; all of them when it names none.
    package func scope(organisationNamed name: String?) throws -> RegisterScope {
        guard let name else { return .all }
        let known = try organisations()
        guard let match = known.first(where: { $0.name == name }) else {
            throw StoreError.unknownOrganisation(name: name, known: known.map(\.name))
        }
        return .organisation(match.id)
    }

    /// The one organisation that a command writes to: the one it names, or the only one there is.
    ///
    /// - Throws: `StoreError.unknownOrganisation`, and `.organisationNeeded` when there are several and none is named.
    package func owner(organisationNamed name: String?) throws -> OrganisationID {
        let known = try organisations()
        if let name {
            guard let match = known.first(where: { $0.name == name }) else {
                throw StoreError.unknownOrganisation(name: name, known: known.map(\.name))
            }
            return match.id
        }
        guard known.count == 1 else { throw StoreError.organisationNeeded(known: known.map(\.name)) }
        return known[0].id
    }

    /// The organisation a user belongs to.
    ///
    /// - Throws: `StoreError.unknownUser`.
    package func organisation(ofUser name: String) throws -> OrganisationID {
        try pool.read { database in
            guard let id = try Int64.fetchOne(
                database, sql: "SELECT organisation_id FROM users WHERE name = ?", arguments: [name])
            else { throw StoreError.unknownUser }
            return OrganisationID(rawValue: id)
        }
    }

    /// The names of those who sign in for an organisation.
    package func userNames(of organisation: OrganisationID) throws -> Set<String> {
        try pool.read { database in
            try String.fetchSet(
                database, sql: "SELECT name FROM users WHERE organisation_id = ?", arguments: [organisation.rawValue])
        }
    }

    /// Whose recipients an organisation sees now: its own, and those whose registers are delegated to it.
    package func scope(of organisation: OrganisationID, now: UTCTime = .now) throws -> RegisterScope {
        try pool.read { try $0.scope(of: organisation, now: now) }
    }

    /// Narrows what somebody sees to one organisation of it.
    ///
    /// - Throws: `StoreError.unknownOrganisation`, the same for one that does not exist and one that is not seen.
    package func scope(_ scope: RegisterScope, narrowedTo name: String) throws -> RegisterScope {
        let seen = try organisations().filter { scope.admits($0.id) }
        guard let match = seen.first(where: { $0.name == name }) else {
            throw StoreError.unknownOrganisation(name: name, known: seen.map(\.name))
        }
        return .organisation(match.id)
    }
}

extension Database {
    func organisation(named name: String) throws -> OrganisationID {
        if let id = try Int64.fetchOne(self, sql: "SELECT id FROM organisations WHERE name = ?", arguments: [name]) {
            return OrganisationID(rawValue: id)
        }
        try execute(
            sql: "INSERT INTO organisations (name, created_at) VALUES (?, ?)",
            arguments: [name, Date.now.milliseconds])
        return OrganisationID(rawValue: lastInsertedRowID)
    }

    func organisationIfAny(_ id: OrganisationID) throws -> Organisation? {
        try Row.fetchOne(
            cachedStatement(sql: "SELECT id, name, nature, territory_code, parent_id FROM organisations WHERE id = ?"),
            arguments: [id.rawValue]
        ).map { try Organisation($0) }
    }

    /// For the journal, which people read.
    func organisationName(_ id: OrganisationID) throws -> String {
        try organisationIfAny(id)?.name ?? "?"
    }

    func scope(of organisation: OrganisationID, now: UTCTime) throws -> RegisterScope {
        .registers(of: organisation, delegated: try delegations(to: organisation, now: now))
    }
}

extension Organisation {
    /// - Throws: when the row has a kind that this version does not know: it is then nobody's to guess.
    init(_ row: Row) throws {
        let word: String = row["nature"]
        guard let kind = OrganisationKind(rawValue: word) else { throw StoreError.damagedOrganisation(name: row["name"]) }
        self.init(
            id: OrganisationID(rawValue: row["id"]), name: row["name"], kind: kind, code: row["territory_code"],
            parent: (row["parent_id"] as Int64?).map { OrganisationID(rawValue: $0) })
    }
}

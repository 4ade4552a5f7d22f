import AlertModel
import Foundation
import GRDB

/// Whose recipients a command or a session may see.
package enum RegisterScope: Sendable, Hashable {
    /// Every organisation of the database: its administrator's view.
    case all
    case organisation(OrganisationID)
}

extension AlertDatabase {
    /// Creates the organisation when it is new. - Returns: its identifier.
    package func organisation(named name: String) throws -> OrganisationID {
        try pool.write { try $0.organisation(named: name) }
    }

    package func organisations() throws -> [(id: OrganisationID, name: String)] {
        try pool.read { database in
            try Row.fetchAll(database, sql: "SELECT id, name FROM organisations ORDER BY id").map {
                (OrganisationID(rawValue: $0["id"]), $0["name"])
            }
        }
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

    /// For the journal, which people read.
    func organisationName(_ id: OrganisationID) throws -> String {
        try String.fetchOne(self, sql: "SELECT name FROM organisations WHERE id = ?", arguments: [id.rawValue]) ?? "?"
    }
}

extension RegisterScope {
    /// A SQL condition on recipients' (or lists') organisation, and its arguments.
    func condition(on column: String) -> (sql: String, arguments: StatementArguments) {
        switch self {
        case .all: ("1", [])
        case .organisation(let id): ("\(column) = ?", [id.rawValue])
        }
    }
}

extension AlertDatabase {
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
}

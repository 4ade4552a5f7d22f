import AlertModel
import Foundation
import GRDB

/// A list of an organisation, and what it is.
package struct RecipientList: Sendable, Hashable {
    package let id: ListID
    package let organisation: OrganisationID
    package let organisationName: String
    /// Unique in the organisation.
    package let name: String
    package let definition: ListDefinition
    /// Whether it is what the organisation suggests when a launch names no list.
    package let isDefault: Bool
}

extension AlertDatabase {
    /// The lists of a scope by name, then organisation, each with the number of its members now.
    package func lists(scope: RegisterScope) throws -> [(list: RecipientList, members: Int)] {
        try pool.read { database in
            try database.lists(scope: scope).map { ($0, try database.memberCount(of: $0)) }
        }
    }

    /// - Throws: `StoreError.unknownList`, `.ambiguousList`.
    package func list(named name: String, scope: RegisterScope) throws -> RecipientList {
        try pool.read { try $0.list(named: name, scope: scope) }
    }

    /// The names of an organisation's lists that are filters or combinations; none of an organisation yet to come.
    package func computedLists(ofOrganisationNamed name: String) throws -> Set<String> {
        try pool.read { database in
            try String.fetchSet(
                database,
                sql: """
                    SELECT lists.name FROM lists JOIN organisations ON organisations.id = organisation_id
                    WHERE organisations.name = ? AND kind <> 'static'
                    """, arguments: [name])
        }
    }

    /// The members' identifiers, in byte order.
    ///
    /// - Throws: as `list(named:scope:)`.
    package func members(ofListNamed name: String, scope: RegisterScope) throws -> [String] {
        try pool.read { database in
            let list = try database.list(named: name, scope: scope)
            let query = try database.query(of: list, selecting: "external_id")
            return try String.fetchAll(database, sql: query.sql, arguments: query.arguments).sorted(by: Database.byteOrder)
        }
    }

    /// How many members a list has now.
    package func memberCount(of list: RecipientList) throws -> Int {
        try pool.read { try $0.memberCount(of: list) }
    }

    /// The names of the lists that are made of this one, in order.
    package func lists(using list: RecipientList) throws -> [String] {
        try pool.read { try $0.lists(using: list) }
    }

    /// The list each organisation of the scope has as its default, with the number of its members now.
    package func defaultLists(scope: RegisterScope) throws -> [(list: RecipientList, members: Int)] {
        try pool.read { database in
            try database.lists(scope: scope, where: "lists.is_default = 1").map {
                ($0, try database.memberCount(of: $0))
            }
        }
    }
}

extension Database {
    /// The one list of that name; the organisation's own before one of a register that is delegated to it.
    ///
    /// - Throws: `StoreError.unknownList`, `.ambiguousList`: two towns' lists of one name are two lists, and an alert to
    ///   both would reach another town's people.
    func list(named name: String, scope: RegisterScope) throws -> RecipientList {
        let found = try lists(scope: scope, where: "lists.name = ?", [name])
        guard let list = found.first else {
            throw StoreError.unknownList(name: name, known: try lists(scope: scope).map(\.name))
        }
        if let own = found.first(where: { $0.organisation == scope.own }) { return own }
        guard found.count == 1 else { throw StoreError.ambiguousList(name: name) }
        return list
    }

    /// The lists of a scope, by name, then organisation.
    func lists(
        scope: RegisterScope, where condition: String = "1", _ arguments: StatementArguments = []
    ) throws -> [RecipientList] {
        let owner = scope.condition(on: "lists.organisation_id")
        return try Row.fetchAll(
            self,
            sql: """
                SELECT lists.id, organisation_id, organisations.name AS organisation, lists.name, kind, definition, is_default
                FROM lists JOIN organisations ON organisations.id = organisation_id
                WHERE \(owner.sql) AND \(condition) ORDER BY lists.name, organisation_id
                """, arguments: owner.arguments + arguments
        ).map { try RecipientList(row: $0) }
    }

    /// The statement that gives a list's members now, in the order of rows.
    ///
    /// - Parameter columns: of `recipients`.
    /// - Throws: as `ListCompiler.condition(of:)`.
    func query(of list: RecipientList, selecting columns: String) throws -> (sql: String, arguments: StatementArguments) {
        var compiler = ListCompiler(database: self, organisation: list.organisation)
        return try compiler.condition(of: list).query(selecting: columns, organisation: list.organisation)
    }

    func memberCount(of list: RecipientList) throws -> Int {
        if list.definition == .members {
            return try Int.fetchOne(
                self, sql: "SELECT COUNT(*) FROM list_members WHERE list_id = ?", arguments: [list.id.rawValue]) ?? 0
        }
        let query = try query(of: list, selecting: "COUNT(*)")
        return try Int.fetchOne(self, sql: query.sql, arguments: query.arguments) ?? 0
    }

    func lists(using list: RecipientList) throws -> [String] {
        try lists(scope: .organisation(list.organisation), where: "lists.kind <> 'static'")
            .filter { $0.definition.listNames.contains(list.name) }.map(\.name)
    }
}

extension RecipientList {
    fileprivate init(row: Row) throws {
        let definition: String? = row["definition"]
        self.init(
            id: ListID(rawValue: row["id"]), organisation: OrganisationID(rawValue: row["organisation_id"]),
            organisationName: row["organisation"], name: row["name"],
            definition: try definition.map { try ListDocument.decode(Array($0.utf8)) } ?? .members,
            isDefault: row["is_default"])
    }
}

import AlertModel

/// A list as whoever looks after it sees it: `GET /api/lists/book`.
package struct ListBookLine: Codable, Hashable, Sendable {
    package let id: Int64
    package let name: String
    /// `static`, `filter` or `combined`.
    package let kind: String
    package let description: String
    package let members: Int
    package let isDefault: Bool
    /// What names it: other lists, scenarios, schedules.
    package let lists: [String]
    package let scenarios: [String]
    package let schedules: [String]
    /// Organisations that see the register and of which a scenario or a schedule may mean it.
    package let organisations: [String]

    package init(
        id: Int64, name: String, kind: String, description: String, members: Int, isDefault: Bool, lists: [String],
        scenarios: [String], schedules: [String], organisations: [String]
    ) {
        self.id = id
        self.name = name
        self.kind = kind
        self.description = description
        self.members = members
        self.isDefault = isDefault
        self.lists = lists
        self.scenarios = scenarios
        self.schedules = schedules
        self.organisations = organisations
    }
}

/// Lists of the account's own organisation. Every function may throw `ConsoleProblem`; `not_found` for another's.
package struct ListRoom: Sendable {
    package var book: @Sendable (Account) async throws -> [ListBookLine]
    /// A static list; its description may be empty.
    package var create: @Sendable (Account, _ name: String, _ description: String) async throws -> Void
    /// - Parameter evenSo: although scenarios or schedules name it; `list_in_use` otherwise.
    package var rename: @Sendable (Account, ListID, _ name: String, _ evenSo: Bool) async throws -> Void
    package var describe: @Sendable (Account, ListID, _ text: String) async throws -> Void
    /// As `rename`; never while other lists are made of it. Its people stay in the register.
    package var delete: @Sendable (Account, ListID, _ evenSo: Bool) async throws -> Void

    package init(
        book: @escaping @Sendable (Account) async throws -> [ListBookLine],
        create: @escaping @Sendable (Account, String, String) async throws -> Void,
        rename: @escaping @Sendable (Account, ListID, String, Bool) async throws -> Void,
        describe: @escaping @Sendable (Account, ListID, String) async throws -> Void,
        delete: @escaping @Sendable (Account, ListID, Bool) async throws -> Void
    ) {
        self.book = book
        self.create = create
        self.rename = rename
        self.describe = describe
        self.delete = delete
    }
}

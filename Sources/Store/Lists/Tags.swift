import GRDB

/// A label that recipients of the register bear.
package struct Tag: Sendable, Hashable {
    package let name: String
    /// Recipients of the scope who bear it.
    package let members: Int
}

extension AlertDatabase {
    /// The labels in use, by name.
    package func tags(scope: RegisterScope) throws -> [Tag] {
        let owner = scope.condition(on: "recipients.organisation_id")
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT tag, COUNT(*) FROM recipient_tags JOIN recipients ON recipients.id = recipient_id
                    WHERE \(owner.sql) GROUP BY tag ORDER BY tag
                    """, arguments: owner.arguments
            ).map { Tag(name: $0[0], members: $0[1]) }
        }
    }
}

import AlertModel
import GRDB

extension AlertDatabase {
    /// The account of a name; nil when there is none.
    package func userAccount(named name: String) throws -> UserAccount? {
        try pool.read { database in
            try Row.fetchOne(
                database, sql: """
                    SELECT users.id, users.name, users.role, users.organisation_id, users.must_change_password,
                        organisations.name AS organisation_name
                    FROM users JOIN organisations ON organisations.id = users.organisation_id WHERE users.name = ?
                    """, arguments: [name]
            ).map { UserAccount(row: $0) }
        }
    }
}

import AlertModel
import Crypto
import Foundation
import GRDB

/// A person who may sign in.
package struct UserAccount: Sendable, Equatable {
    package let id: Int64
    package let name: String
    package let role: String
    package let organisation: OrganisationID
    package let organisationName: String
    package let mustChangePassword: Bool
}

/// An open session, as the console sees it.
package struct UserSession: Sendable {
    package let user: UserAccount
    package let openedAt: Date
    package let expiresAt: Date
}

extension AlertDatabase {
    /// Creates the account, or gives an existing one a new one-time password; its sessions are closed.
    ///
    /// - Returns: the one-time password, to be shown once and stored nowhere.
    package func resetPassword(user name: String, organisationNamed organisation: String, actor: String) throws
        -> String
    {
        let password = PasswordHash.random()
        let hash = try PasswordHash.make(password)
        try pool.write { database in
            let owner = try database.organisation(named: organisation)
            try database.execute(
                sql: """
                    INSERT INTO users (organisation_id, name, role, password_hash, must_change_password, created_at)
                    VALUES (?, ?, 'administrator', ?, 1, ?)
                    ON CONFLICT (name) DO UPDATE SET password_hash = excluded.password_hash, must_change_password = 1
                    """,
                arguments: [owner.rawValue, name, hash, Date.now.milliseconds])
            try database.execute(
                sql: "DELETE FROM sessions WHERE user_id = (SELECT id FROM users WHERE name = ?)", arguments: [name])
            try database.audit(actor: actor, action: "user.password.reset", subject: name)
        }
        return password
    }

    package func hasUser(named name: String) throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE name = ?)", arguments: [name]) ?? false
        }
    }

    /// The account, when the password is right. Takes as long for an unknown name as for a wrong password.
    /// Slow: call off the cooperative threads.
    package func authenticate(user name: String, password: String) throws -> UserAccount? {
        let row = try pool.read { database in
            try Row.fetchOne(database, sql: Self.userColumns + " WHERE users.name = ?", arguments: [name])
        }
        let right = PasswordHash.verify(password, against: row?["password_hash"] ?? Self.decoyHash)
        guard right, let row else {
            try audit(actor: "console", action: "session.refused", subject: "sign-in")
            return nil
        }
        return UserAccount(row: row)
    }

    /// Replaces the password of a user who knows the present one, and closes the user's other sessions.
    /// Slow: call off the cooperative threads.
    ///
    /// - Returns: whether the present password was right.
    package func changePassword(user name: String, current: String, new: String, keepingSession token: [UInt8]) throws
        -> Bool
    {
        guard try authenticate(user: name, password: current) != nil else { return false }
        let hash = try PasswordHash.make(new)
        try pool.write { database in
            try database.execute(
                sql: "UPDATE users SET password_hash = ?, must_change_password = 0 WHERE name = ?",
                arguments: [hash, name])
            try database.execute(
                sql: """
                    DELETE FROM sessions
                    WHERE user_id = (SELECT id FROM users WHERE name = ?) AND token_hash <> ?
                    """, arguments: [name, Data(token)])
            try database.audit(actor: name, action: "user.password.change", subject: name)
        }
        return true
    }

    /// Opens a session and stores only the digest of its token.
    package func openSession(tokenHash: [UInt8], userID: Int64, openedAt: Date, expiresAt: Date) throws {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM sessions WHERE expires_at < ?", arguments: [Date.now.milliseconds])
            try database.execute(
                sql: """
                    INSERT INTO sessions (token_hash, user_id, created_at, expires_at) VALUES (?, ?, ?, ?)
                    """,
                arguments: [
                    Data(tokenHash), userID, openedAt.milliseconds, expiresAt.milliseconds,
                ])
            let name = try String.fetchOne(database, sql: "SELECT name FROM users WHERE id = ?", arguments: [userID])
            try database.audit(actor: name ?? "?", action: "session.open", subject: "console")
        }
    }

    /// The session of a token's digest, when it has not expired.
    package func session(tokenHash: [UInt8]) throws -> UserSession? {
        try pool.read { database in
            try Row.fetchOne(
                database,
                sql: """
                    SELECT users.id, users.name, users.role, users.organisation_id, users.must_change_password,
                           organisations.name AS organisation_name, sessions.created_at, sessions.expires_at
                    FROM sessions JOIN users ON users.id = sessions.user_id
                    JOIN organisations ON organisations.id = users.organisation_id
                    WHERE token_hash = ? AND expires_at > ?
                    """,
                arguments: [Data(tokenHash), Date.now.milliseconds]
            ).map { row in
                UserSession(
                    user: UserAccount(row: row), openedAt: Date(milliseconds: row["created_at"]),
                    expiresAt: Date(milliseconds: row["expires_at"]))
            }
        }
    }

    package func closeSession(tokenHash: [UInt8]) throws {
        try pool.write { database in
            try database.execute(sql: "DELETE FROM sessions WHERE token_hash = ?", arguments: [Data(tokenHash)])
        }
    }

    private static let userColumns = """
        SELECT users.id, users.name, users.role, users.organisation_id, users.must_change_password,
               users.password_hash, organisations.name AS organisation_name
        FROM users JOIN organisations ON organisations.id = users.organisation_id
        """

    /// A hash of no password, so that an unknown name costs the same time as a wrong password.
    private static let decoyHash = (try? PasswordHash.make(PasswordHash.random())) ?? ""
}

extension UserAccount {
    init(row: Row) {
        self.init(
            id: row["id"], name: row["name"], role: row["role"],
            organisation: OrganisationID(rawValue: row["organisation_id"]),
            organisationName: row["organisation_name"], mustChangePassword: row["must_change_password"])
    }
}

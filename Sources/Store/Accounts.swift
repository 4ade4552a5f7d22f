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
    /// What the account may do at the moment of reading.
    package let capabilities: Set<Capability>
    /// Whether a code or a security key is asked for at sign-in.
    package let hasSecondFactor: Bool
    /// Whether one of its second factors is a security key.
    package let hasKeys: Bool
    /// Whether the organisation asks for one, given what the account may do.
    package let needsSecondFactor: Bool

    /// Whether nothing but enrolling is allowed: one is asked for, and there is none.
    package var mustEnrol: Bool { needsSecondFactor && !hasSecondFactor }
}

/// An open session, as the console sees it.
package struct UserSession: Sendable {
    package let user: UserAccount
    package let kind: SessionKind
    /// When PIN, password or code were last shown.
    package let provedAt: Date?
    package let openedAt: Date
    package let expiresAt: Date
}

extension AlertDatabase {
    /// Creates the account, or gives an existing one a new one-time password; its sessions are closed.
    ///
    /// - Returns: the one-time password, to be shown once and stored nowhere.
    /// For whoever holds the machine: the new account is an administrator's at once.
    package func resetPassword(user name: String, organisationNamed organisation: String, actor: String) throws
        -> String
    {
        let password = PasswordHash.random()
        let hash = try PasswordHash.make(password)
        try pool.write { database in
            let owner = try database.organisation(named: organisation)
            let user: UserID
            if let id = try Int64.fetchOne(database, sql: "SELECT id FROM users WHERE name = ?", arguments: [name]) {
                user = UserID(rawValue: id)
            } else {
                user = try database.insertUser(
                    named: name, role: Role.administrator.name, hash: hash, in: owner, by: actor, now: .now)
                try database.giveFirst(Role.administrator.name, to: user, in: owner, actor: actor, now: .now)
            }
            try database.replacePassword(of: user, with: hash, by: actor, now: .now)
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
    ///
    /// - Parameter mode: which of its two passwords; for exercises the account is that of somebody who trains.
    package func authenticate(user name: String, password: String, mode: CampaignMode = .real) throws -> UserAccount? {
        let row = try pool.read { database in
            try Row.fetchOne(
                database, sql: """
                    SELECT id, CASE ? WHEN 'real' THEN password_hash ELSE exercise_password_hash END AS hash
                    FROM users WHERE name = ? AND closed_at IS NULL
                    """, arguments: [mode.rawValue, name])
        }
        let hash: String? = row?["hash"]
        let right = PasswordHash.verify(password, against: hash ?? Self.decoyHash)
        guard right, hash != nil, let row else {
            try audit(
                actor: "console", action: "session.refused", subject: "sign-in",
                detail: mode == .real ? [:] : ["mode": mode.rawValue])
            return nil
        }
        return try pool.read { try $0.account(UserID(rawValue: row["id"]), now: .now)?.acting(in: mode) }
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
        // What was typed where people train must not open the real address from now on.
        let isForExercises = try isExercisePassword(new, ofUserNamed: name)
        try pool.write { database in
            try database.execute(
                sql: "UPDATE users SET password_hash = ?, must_change_password = 0 WHERE name = ?",
                arguments: [hash, name])
            if isForExercises { try database.setExercisePassword(nil, ofUserNamed: name, by: name) }
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
    package func openSession(
        tokenHash: [UInt8], userID: Int64, openedAt: Date, expiresAt: Date, kind: SessionKind = .desk,
        station: StationID? = nil, mode: CampaignMode = .real
    ) throws {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM sessions WHERE expires_at < ?", arguments: [Date.now.milliseconds])
            try database.execute(
                sql: """
                    INSERT INTO sessions (token_hash, user_id, created_at, expires_at, kind, station_id, proved_at, mode)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    Data(tokenHash), userID, openedAt.milliseconds, expiresAt.milliseconds, kind.rawValue,
                    station?.rawValue, openedAt.milliseconds, mode.rawValue,
                ])
            let name = try String.fetchOne(database, sql: "SELECT name FROM users WHERE id = ?", arguments: [userID])
            var detail = kind == .desk ? [:] : ["kind": kind.rawValue]
            if mode == .exercise { detail["mode"] = mode.rawValue }
            try database.audit(actor: name ?? "?", action: "session.open", subject: "console", detail: detail)
        }
    }

    /// The session of a token's digest, when it has not expired and is of that mode: a token of the other one is no token.
    package func session(tokenHash: [UInt8], mode: CampaignMode = .real) throws -> UserSession? {
        try pool.read { database in
            // With every request: compiling these statements costs more than running them.
            guard let row = try Row.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT user_id, created_at, expires_at, kind, proved_at FROM sessions
                        WHERE token_hash = ? AND mode = ? AND expires_at > ?
                        """),
                arguments: [Data(tokenHash), mode.rawValue, Date.now.milliseconds]),
                let user = try database.account(UserID(rawValue: row["user_id"]), now: .now)?.acting(in: mode)
            else { return nil }
            return UserSession(
                // A kind this version does not know is the one that asks for more.
                user: user, kind: SessionKind(rawValue: row["kind"]) ?? .duty,
                provedAt: (row["proved_at"] as Int64?).map { Date(milliseconds: $0) },
                openedAt: Date(milliseconds: row["created_at"]), expiresAt: Date(milliseconds: row["expires_at"]))
        }
    }

    package func closeSession(tokenHash: [UInt8], mode: CampaignMode = .real) throws {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM sessions WHERE token_hash = ? AND mode = ?", arguments: [Data(tokenHash), mode.rawValue])
        }
    }

    /// A hash of no password, so that an unknown name costs the same time as a wrong password.
    static let decoyHash = (try? PasswordHash.make(PasswordHash.random())) ?? ""
}

extension Database {
    /// An open account as it is at a moment; nil when it is closed or unknown.
    func account(_ user: UserID, now: Date) throws -> UserAccount? {
        guard let row = try Row.fetchOne(
            cachedStatement(sql: """
                SELECT users.id, users.name, users.role, users.organisation_id, users.must_change_password,
                       organisations.name AS organisation_name, totp_confirmed_at IS NOT NULL AS has_code,
                       EXISTS (SELECT 1 FROM security_keys WHERE security_keys.user_id = users.id) AS has_keys,
                       (SELECT value FROM organisation_settings WHERE organisation_settings.name = ?
                        AND organisation_settings.organisation_id = users.organisation_id) AS second_factor
                FROM users JOIN organisations ON organisations.id = users.organisation_id
                LEFT JOIN user_factors ON user_factors.user_id = users.id
                WHERE users.id = ? AND closed_at IS NULL
                """), arguments: [OrganisationSetting.secondFactor.rawValue, user.rawValue])
        else { return nil }
        let capabilities = try capabilities(of: user, at: now)
        let policy: String? = row["second_factor"]
        let hasCode: Bool = row["has_code"], hasKeys: Bool = row["has_keys"]
        return UserAccount(
            id: row["id"], name: row["name"], role: row["role"],
            organisation: OrganisationID(rawValue: row["organisation_id"]), organisationName: row["organisation_name"],
            mustChangePassword: row["must_change_password"], capabilities: capabilities, hasSecondFactor: hasCode || hasKeys,
            hasKeys: hasKeys,
            needsSecondFactor: policy == OrganisationSetting.required && !capabilities.isDisjoint(with: Capability.grave))
    }
}

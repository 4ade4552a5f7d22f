import AlertModel
import Crypto
import Foundation
import GRDB

/// A program's way in, as its owner sees it: not the token itself.
package struct TokenCard: Sendable, Hashable {
    package let id: TokenID
    package let user: String
    package let name: String
    package let capabilities: Set<Capability>
    /// At which address it opens anything.
    package let mode: CampaignMode
    package let createdAt: Date
    package let expiresAt: Date
    package let lastUsedAt: Date?
}

extension AlertDatabase {
    /// What every token begins with, so that a scanner of leaked secrets recognises it.
    package static let tokenPrefix = "tocsin_"
    package static let longestTokenDays = 366
    package static let longestTokenName = 60
    /// Tokens of one account.
    package static let mostTokens = 20
    /// A token's last use is written once in so long: not with every request.
    private static let useSeconds = 60.0

    /// Makes a token for an account: at most what it may do itself, now and at every use.
    ///
    /// - Returns: the token, to be shown once; only its digest is kept.
    /// - Parameter mode: at which address it opens anything.
    /// - Throws: `RightsError.beyondExercises`; `.graveToken` when an administrator would have it launch, approve or administer in another's name.
    package func createToken(
        named name: String, for user: UserID, capabilities: Set<Capability>, days: Int, mode: CampaignMode = .real,
        by actor: Operator, now: Date = .now
    ) throws -> (id: TokenID, token: String) {
        if actor.user != user { try actor.require(.administer) }
        try Self.checkName(name, longest: Self.longestTokenName)
        guard (1...Self.longestTokenDays).contains(days) else { throw RightsError.needsAnEnd(longestDays: Self.longestTokenDays) }
        let beyond = mode == .exercise ? capabilities.subtracting(Capability.exercise) : []
        guard beyond.isEmpty else { throw RightsError.beyondExercises(beyond.sorted()) }
        var generator = SystemRandomNumberGenerator()
        let secret = (0..<32).map { _ in UInt8.random(in: .min ... .max, using: &generator) }
        let token = Self.tokenPrefix
            + Data(secret).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        return try pool.write { database in
            let organisation = try database.organisation(of: user, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.requireOpen(user, in: organisation)
            let missing = capabilities.subtracting(try database.capabilities(of: user, at: now).intersection(actor.capabilities))
            guard missing.isEmpty, !capabilities.isEmpty else { throw RightsError.beyondOwnRights(missing.sorted()) }
            let isOthers = actor.user != nil && actor.user != user
            if isOthers, mode == .real, !capabilities.isDisjoint(with: Capability.grave) { throw RightsError.graveToken }
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM api_tokens WHERE user_id = ? AND revoked_at IS NULL AND expires_at > ?",
                arguments: [user.rawValue, now.milliseconds]) ?? 0
            guard count < Self.mostTokens else { throw RightsError.tooMany(what: "tokens", limit: Self.mostTokens) }
            try database.execute(
                sql: """
                    INSERT INTO api_tokens (user_id, name, token_hash, capabilities, created_at, expires_at, mode)
                    VALUES (?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user.rawValue, name, Self.tokenHash(token), try Capability.write(capabilities), now.milliseconds,
                    now.addingTimeInterval(Double(days) * 86_400).milliseconds, mode.rawValue,
                ])
            let id = TokenID(rawValue: database.lastInsertedRowID)
            try database.audit(
                actor: actor.name, action: "token.create", subject: try database.userName(user),
                detail: [
                    "token": id.description, "capabilities": capabilities.names.joined(separator: " "), "mode": mode.rawValue,
                ])
            return (id, token)
        }
    }

    /// The account that a token stands for, with the rights both have now; nil when it is unknown, over, revoked or of the
    /// other mode.
    package func account(ofToken token: String, mode: CampaignMode = .real, now: Date = .now) throws -> UserAccount? {
        guard token.hasPrefix(Self.tokenPrefix), token.utf8.count <= 100 else { return nil }
        let hash = Self.tokenHash(token)
        let found = try pool.read { database -> (account: UserAccount, id: Int64, lastUsedAt: Int64?)? in
            guard let row = try Row.fetchOne(
                database,
                sql: """
                    SELECT api_tokens.id AS token_id, api_tokens.user_id, api_tokens.capabilities, last_used_at
                    FROM api_tokens WHERE token_hash = ? AND mode = ? AND revoked_at IS NULL AND expires_at > ?
                    """, arguments: [hash, mode.rawValue, now.milliseconds]),
                let account = try database.account(UserID(rawValue: row["user_id"]), now: now)?.acting(in: mode)
            else { return nil }
            let scope = try Capability.read(row["capabilities"])
            return (account.limited(to: scope), row["token_id"], row["last_used_at"])
        }
        guard let found else { return nil }
        if found.lastUsedAt.map({ now.timeIntervalSince(Date(milliseconds: $0)) > Self.useSeconds }) ?? true {
            try pool.write { database in
                try database.execute(
                    sql: "UPDATE api_tokens SET last_used_at = ? WHERE id = ?", arguments: [now.milliseconds, found.id])
            }
        }
        return found.account
    }

    /// The tokens of an account, or of an organisation's people, that are not over or revoked.
    package func tokens(of organisation: OrganisationID, user: UserID? = nil, now: Date = .now) throws -> [TokenCard] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT api_tokens.*, users.name AS user FROM api_tokens JOIN users ON users.id = api_tokens.user_id
                    WHERE users.organisation_id = :organisation AND (:user IS NULL OR users.id = :user)
                    AND revoked_at IS NULL AND expires_at > :now AND users.closed_at IS NULL ORDER BY api_tokens.id LIMIT 1000
                    """, arguments: ["organisation": organisation.rawValue, "user": user?.rawValue, "now": now.milliseconds]
            ).map { row in
                TokenCard(
                    id: TokenID(rawValue: row["id"]), user: row["user"], name: row["name"],
                    capabilities: try Capability.read(row["capabilities"]),
                    // A mode this version does not know opens nothing real.
                    mode: CampaignMode(rawValue: row["mode"]) ?? .exercise, createdAt: Date(milliseconds: row["created_at"]),
                    expiresAt: Date(milliseconds: row["expires_at"]),
                    lastUsedAt: (row["last_used_at"] as Int64?).map { Date(milliseconds: $0) })
            }
        }
    }

    /// Revokes a token at once: one's own, or as an administrator.
    package func revokeToken(_ token: TokenID, by actor: Operator, now: Date = .now) throws {
        try pool.write { database in
            guard let row = try Row.fetchOne(
                database, sql: "SELECT user_id FROM api_tokens WHERE id = ? AND revoked_at IS NULL", arguments: [token.rawValue])
            else { throw RightsError.unknownToken }
            let owner = UserID(rawValue: row["user_id"])
            if actor.user != owner {
                let owners = try Int64.fetchOne(
                    database, sql: "SELECT organisation_id FROM users WHERE id = ?", arguments: [owner.rawValue])
                guard actor.capabilities.contains(.administer), let owners,
                    try database.reaches(actor, OrganisationID(rawValue: owners))
                else { throw RightsError.unknownToken }
            }
            try database.execute(
                sql: "UPDATE api_tokens SET revoked_at = ? WHERE id = ?", arguments: [now.milliseconds, token.rawValue])
            try database.audit(
                actor: actor.name, action: "token.revoke", subject: try database.userName(owner),
                detail: ["token": token.description])
        }
    }

    private static func tokenHash(_ token: String) -> Data { Data(SHA256.hash(data: Data(token.utf8))) }
}

extension Database {
    /// Ends an account's tokens at once: whoever knew its password may have made them.
    ///
    /// - Returns: how many.
    func revokeTokens(of user: UserID, now: Date) throws -> Int {
        try execute(
            sql: "UPDATE api_tokens SET revoked_at = ?1 WHERE user_id = ?2 AND revoked_at IS NULL AND expires_at > ?1",
            arguments: [now.milliseconds, user.rawValue])
        return changesCount
    }
}

extension UserAccount {
    /// The account with no more than these rights.
    func limited(to scope: Set<Capability>) -> UserAccount {
        UserAccount(
            id: id, name: name, role: role, organisation: organisation, organisationName: organisationName,
            mustChangePassword: mustChangePassword, capabilities: capabilities.intersection(scope),
            hasSecondFactor: hasSecondFactor, hasKeys: hasKeys, needsSecondFactor: needsSecondFactor)
    }
}

import AlertModel
import Foundation
import GRDB

/// A security key that an account signs in with.
package struct SecurityKey: Sendable, Hashable {
    package let id: SecurityKeyID
    package let user: UserID
    /// The owner's word for it.
    package let name: String
    /// The domain it was made for.
    package let domain: String
    package let identifier: [UInt8]
    /// COSE's number.
    package let algorithm: Int
    /// In libfido2's form.
    package let publicKey: [UInt8]
    package let counter: UInt32
    package let addedAt: Date
    package let lastUsedAt: Date?
}

/// What became of a key's signature once it was right.
package enum SecurityKeyUse: Sendable, Hashable {
    case taken
    /// Its count did not go on from the last one: there are two of it, or somebody sends an old answer.
    case counterWentBack
}

extension AlertDatabase {
    /// Keys of one account: one at the ring, one at home, one at work.
    package static let mostSecurityKeys = 10
    package static let longestSecurityKeyName = 60

    /// An account's keys, in the order they were added.
    package func securityKeys(of user: UserID) throws -> [SecurityKey] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM security_keys WHERE user_id = ? ORDER BY id", arguments: [user.rawValue]
            ).map { SecurityKey(row: $0) }
        }
    }

    /// The keys of an organisation's open accounts.
    package func securityKeys(of organisation: OrganisationID) throws -> [SecurityKey] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT security_keys.* FROM security_keys JOIN users ON users.id = security_keys.user_id
                    WHERE users.organisation_id = ? AND closed_at IS NULL ORDER BY security_keys.id
                    """, arguments: [organisation.rawValue]
            ).map { SecurityKey(row: $0) }
        }
    }

    /// The open accounts that have keys, by the domain the keys were made for.
    package func securityKeyHolders() throws -> [String: Set<UserID>] {
        try pool.read { database in
            let rows = try Row.fetchAll(
                database, sql: """
                    SELECT DISTINCT rp_id, security_keys.user_id FROM security_keys JOIN users ON users.id = security_keys.user_id
                    WHERE closed_at IS NULL
                    """)
            var holders: [String: Set<UserID>] = [:]
            for row in rows {
                let domain: String = row[0]
                holders[domain, default: []].insert(UserID(rawValue: row[1]))
            }
            return holders
        }
    }

    /// Adds a key whose registration was checked.
    ///
    /// - Returns: its number; and recovery codes, to be shown once, when the account had none: a lost key must not shut it out.
    /// - Throws: `RightsError.keyExists` also when it is another account's; `.tooMany`, `.invalidName`.
    package func addSecurityKey(
        named name: String, to user: UserID, domain: String, identifier: [UInt8], algorithm: Int, publicKey: [UInt8],
        counter: UInt32, now: Date = .now
    ) throws -> (id: SecurityKeyID, recovery: [String]?) {
        try Self.checkName(name, longest: Self.longestSecurityKeyName)
        return try pool.write { database in
            let isKnown = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM security_keys WHERE credential_id = ?)",
                arguments: [Data(identifier)])
            if isKnown == true { throw RightsError.keyExists }
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM security_keys WHERE user_id = ?", arguments: [user.rawValue]) ?? 0
            guard count < Self.mostSecurityKeys else {
                throw RightsError.tooMany(what: "security keys", limit: Self.mostSecurityKeys)
            }
            try database.execute(
                sql: """
                    INSERT INTO security_keys
                        (user_id, name, rp_id, credential_id, algorithm, public_key, sign_count, added_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    user.rawValue, name, domain, Data(identifier), algorithm, Data(publicKey), Int64(counter), now.milliseconds,
                ])
            let id = SecurityKeyID(rawValue: database.lastInsertedRowID)
            let owner = try database.userName(user)
            try database.audit(actor: owner, action: "factor.key.add", subject: owner, detail: ["key": id.description])
            let left = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL",
                arguments: [user.rawValue]) ?? 0
            return (id, left == 0 ? try database.renewRecoveryCodes(of: user) : nil)
        }
    }

    /// Takes a key away: by its owner, or by an administrator of the owner's organisation.
    ///
    /// - Throws: `RightsError.unknownKey`, also for one out of reach.
    package func removeSecurityKey(_ key: SecurityKeyID, by actor: Operator) throws {
        try pool.write { database in
            guard let owner = try Int64.fetchOne(
                database, sql: "SELECT user_id FROM security_keys WHERE id = ?", arguments: [key.rawValue])
            else { throw RightsError.unknownKey }
            let user = UserID(rawValue: owner)
            if actor.user != user {
                guard actor.capabilities.contains(.administer),
                    let organisation = try? database.organisation(of: user, within: actor)
                else { throw RightsError.unknownKey }
                try database.requireOwnPeople(of: actor, in: organisation)
            }
            try database.execute(sql: "DELETE FROM security_keys WHERE id = ?", arguments: [key.rawValue])
            try database.forgetIdleRecoveryCodes(of: user)
            try database.audit(
                actor: actor.name, action: "factor.key.remove", subject: try database.userName(user),
                detail: ["key": key.description])
        }
    }

    /// Notes that a key signed, if its count went on; else writes down that it did not. A key that does not count says 0
    /// for ever. Wrong PINs are forgiven, as by any full proof.
    package func noteUse(of key: SecurityKey, counter: UInt32, now: Date = .now) throws -> SecurityKeyUse {
        try pool.write { database in
            try database.execute(
                sql: """
                    UPDATE security_keys SET sign_count = :count, last_used_at = :now
                    WHERE id = :id AND user_id = :user AND (sign_count < :count OR (sign_count = 0 AND :count = 0))
                    """,
                arguments: ["count": Int64(counter), "now": now.milliseconds, "id": key.id.rawValue, "user": key.user.rawValue])
            if database.changesCount == 1 {
                try database.execute(
                    sql: "UPDATE user_factors SET pin_failures = 0 WHERE user_id = ?", arguments: [key.user.rawValue])
                return .taken
            }
            let owner = try database.userName(key.user)
            try database.audit(
                actor: owner, action: "factor.key.regress", subject: owner,
                detail: ["key": key.id.description, "counter": String(counter), "severity": "critical"])
            return .counterWentBack
        }
    }
}

extension SecurityKey {
    init(row: Row) {
        self.init(
            id: SecurityKeyID(rawValue: row["id"]), user: UserID(rawValue: row["user_id"]), name: row["name"],
            domain: row["rp_id"], identifier: Array(row["credential_id"] as Data), algorithm: row["algorithm"],
            publicKey: Array(row["public_key"] as Data), counter: UInt32(clamping: row["sign_count"] as Int64),
            addedAt: Date(milliseconds: row["added_at"]),
            lastUsedAt: (row["last_used_at"] as Int64?).map { Date(milliseconds: $0) })
    }
}

extension Database {
    /// Recovery codes of an account that asks for no second factor any more open nothing: they go.
    func forgetIdleRecoveryCodes(of user: UserID) throws {
        try execute(
            sql: """
                DELETE FROM recovery_codes WHERE user_id = :user
                AND NOT EXISTS (SELECT 1 FROM security_keys WHERE user_id = :user)
                AND NOT EXISTS (SELECT 1 FROM user_factors WHERE user_id = :user AND totp_confirmed_at IS NOT NULL)
                """, arguments: ["user": user.rawValue])
    }
}

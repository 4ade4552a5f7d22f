import AlertModel
import Crypto
import Foundation
import GRDB

/// What proofs an account has besides its password.
package struct FactorState: Sendable, Hashable {
    package let hasCode: Bool
    package let hasPIN: Bool
    /// False once too many wrong PINs were given: the password is asked for until it was right.
    package let isPINUsable: Bool
    package let recoveryCodesLeft: Int
    package let keyCount: Int
}

extension AlertDatabase {
    /// Wrong PINs before the full password is needed. The account itself is never locked.
    package static let pinTries = 5
    package static let recoveryCodeCount = 10
    /// Fewest and most figures of a PIN.
    package static let pinLengths = 6...12

    package func factors(of user: UserID) throws -> FactorState {
        try pool.read { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT totp_confirmed_at, pin_hash, pin_failures FROM user_factors WHERE user_id = ?",
                arguments: [user.rawValue])
            let left = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM recovery_codes WHERE user_id = ? AND used_at IS NULL",
                arguments: [user.rawValue]) ?? 0
            let keys = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM security_keys WHERE user_id = ?", arguments: [user.rawValue]) ?? 0
            let confirmedAt: Int64? = row?["totp_confirmed_at"], pin: String? = row?["pin_hash"]
            let failures: Int = row?["pin_failures"] ?? 0
            return FactorState(
                hasCode: confirmedAt != nil, hasPIN: pin != nil, isPINUsable: pin != nil && failures < Self.pinTries,
                recoveryCodesLeft: left, keyCount: keys)
        }
    }

    /// Makes a secret that counts once a first code has confirmed it; the one in use stays until then.
    ///
    /// - Returns: the secret, to be shown once. Nil when a confirmed one is there: it must be removed first.
    package func beginCodes(of user: UserID, box: SecretBox) throws -> [UInt8]? {
        let secret = OneTimeCode.newSecret()
        let sealed = try box.seal(secret, for: Self.context(user))
        return try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO user_factors (user_id, totp_secret) VALUES (?, ?)
                    ON CONFLICT (user_id) DO UPDATE SET totp_secret = excluded.totp_secret WHERE totp_confirmed_at IS NULL
                    """, arguments: [user.rawValue, sealed])
            return database.changesCount == 1 ? secret : nil
        }
    }

    /// - Returns: the recovery codes, to be shown once; nil when the code is wrong or nothing was begun.
    package func confirmCodes(of user: UserID, code: String, box: SecretBox, now: Date = .now) throws -> [String]? {
        try pool.write { database in
            guard let sealed = try Data.fetchOne(
                database, sql: "SELECT totp_secret FROM user_factors WHERE user_id = ? AND totp_confirmed_at IS NULL",
                arguments: [user.rawValue]),
                let step = OneTimeCode.step(of: code, secret: try box.unseal(sealed, for: Self.context(user)), at: now, after: nil)
            else { return nil }
            try database.execute(
                sql: "UPDATE user_factors SET totp_confirmed_at = ?, totp_last_step = ? WHERE user_id = ?",
                arguments: [now.milliseconds, step, user.rawValue])
            let name = try database.userName(user)
            try database.audit(actor: name, action: "factor.enrol", subject: name)
            return try database.renewRecoveryCodes(of: user)
        }
    }

    /// New recovery codes; the former ones are worth nothing.
    package func renewRecoveryCodes(of user: UserID) throws -> [String] {
        try pool.write { database in
            let name = try database.userName(user)
            try database.audit(actor: name, action: "factor.recovery", subject: name)
            return try database.renewRecoveryCodes(of: user)
        }
    }

    /// Takes somebody's second factor and PIN away, for a lost telephone.
    ///
    /// - Throws: `RightsError.ofOneself`: one's own are taken away by who knows the password; `.ofAnotherOrganisation`.
    package func resetFactors(of user: UserID, by actor: Operator) throws {
        guard actor.user != user else { throw RightsError.ofOneself }
        try removeFactors(of: user, by: actor)
    }

    /// Takes the second factor and the PIN away: by their owner, whose security keys stay, or by an administrator for a lost
    /// telephone, and every key with it.
    package func removeFactors(of user: UserID, by actor: Operator) throws {
        if actor.user != user { try actor.require(.administer) }
        try pool.write { database in
            let organisation = try database.organisation(of: user, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.execute(sql: "DELETE FROM user_factors WHERE user_id = ?", arguments: [user.rawValue])
            if actor.user != user {
                try database.execute(sql: "DELETE FROM security_keys WHERE user_id = ?", arguments: [user.rawValue])
            }
            try database.forgetIdleRecoveryCodes(of: user)
            try database.audit(actor: actor.name, action: "factor.remove", subject: try database.userName(user))
        }
    }

    /// Whether a code is the account's: of its authenticator, never twice, or one of its recovery codes, once.
    package func checkCode(_ given: String, of user: UserID, box: () throws -> SecretBox, now: Date = .now) throws -> Bool {
        let code = OneTimeCode.plain(given)
        guard code.utf8.count <= 32 else { return false }
        return try pool.write { database in
            if code.utf8.count == OneTimeCode.digits {
                guard let row = try Row.fetchOne(
                    database, sql: """
                        SELECT totp_secret, totp_last_step FROM user_factors
                        WHERE user_id = ? AND totp_confirmed_at IS NOT NULL
                        """, arguments: [user.rawValue])
                else { return false }
                let secret = try box().unseal(row["totp_secret"], for: Self.context(user))
                guard let step = OneTimeCode.step(of: code, secret: secret, at: now, after: row["totp_last_step"]) else {
                    return false
                }
                try database.execute(
                    sql: "UPDATE user_factors SET totp_last_step = ?, pin_failures = 0 WHERE user_id = ?",
                    arguments: [step, user.rawValue])
                return true
            }
            try database.execute(
                sql: "UPDATE recovery_codes SET used_at = ? WHERE user_id = ? AND code_hash = ? AND used_at IS NULL",
                arguments: [now.milliseconds, user.rawValue, Self.recoveryHash(code)])
            guard database.changesCount == 1 else { return false }
            let name = try database.userName(user)
            try database.audit(actor: name, action: "factor.recovery.used", subject: name)
            return true
        }
    }

    /// Sets the PIN, or takes it away. Slow: call off the cooperative threads.
    package func setPIN(_ pin: String?, of user: UserID) throws {
        let hash = try pin.map { try PasswordHash.make($0) }
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO user_factors (user_id, pin_hash) VALUES (?, ?)
                    ON CONFLICT (user_id) DO UPDATE SET pin_hash = excluded.pin_hash, pin_failures = 0
                    """, arguments: [user.rawValue, hash])
            let name = try database.userName(user)
            try database.audit(actor: name, action: pin == nil ? "factor.pin.remove" : "factor.pin.set", subject: name)
        }
    }

    /// Whether a PIN is right; never once too many were wrong. Slow: call off the cooperative threads.
    package func checkPIN(_ pin: String, of user: UserID) throws -> Bool {
        // A try is counted before it is judged, so that tries made at once all count.
        let hash = try pool.write { database -> String? in
            try database.execute(
                sql: """
                    UPDATE user_factors SET pin_failures = pin_failures + 1
                    WHERE user_id = ? AND pin_hash IS NOT NULL AND pin_failures < ?
                    """, arguments: [user.rawValue, Self.pinTries])
            guard database.changesCount == 1 else { return nil }
            return try String.fetchOne(
                database, sql: "SELECT pin_hash FROM user_factors WHERE user_id = ?", arguments: [user.rawValue])
        }
        guard let hash, PasswordHash.verify(pin, against: hash) else { return false }
        try forgivePIN(of: user)
        return true
    }

    /// The password, or a code, was right: PINs may be tried again.
    package func forgivePIN(of user: UserID) throws {
        try pool.write { database in
            try database.execute(sql: "UPDATE user_factors SET pin_failures = 0 WHERE user_id = ?", arguments: [user.rawValue])
        }
    }

    private static func context(_ user: UserID) -> String { "totp \(user)" }

    fileprivate static func recoveryHash(_ code: String) -> Data {
        Data(SHA256.hash(data: Data("recovery \(code.uppercased())".utf8)))
    }
}

extension Database {
    /// Four groups of four letters and figures each: 80 bits.
    func renewRecoveryCodes(of user: UserID) throws -> [String] {
        try execute(sql: "DELETE FROM recovery_codes WHERE user_id = ?", arguments: [user.rawValue])
        var generator = SystemRandomNumberGenerator()
        return try (0..<AlertDatabase.recoveryCodeCount).map { _ in
            // As many letters as `OneTimeCode.recoveryLetters`, which nobody can guess.
            let code = Base32.encode((0..<10).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
            try execute(
                sql: "INSERT INTO recovery_codes (user_id, code_hash) VALUES (?, ?)",
                arguments: [user.rawValue, AlertDatabase.recoveryHash(code)])
            let letters = Array(code)
            return stride(from: 0, to: 16, by: 4).map { String(letters[$0..<$0 + 4]) }.joined(separator: "-")
        }
    }
}

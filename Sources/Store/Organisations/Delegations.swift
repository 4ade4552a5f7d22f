import AlertModel
import Foundation
import GRDB

/// A register that its organisation lets another see and alert.
package struct Delegation: Sendable, Hashable {
    package let id: Int64
    package let owner: OrganisationID
    package let ownerName: String
    package let to: OrganisationID
    package let toName: String
    package let from: UTCTime
    /// Nil until it is withdrawn.
    package let until: UTCTime?
    package let grantedBy: String
    package let withdrawnAt: UTCTime?

    /// Whether it holds at a moment.
    package func holds(at now: UTCTime) -> Bool {
        withdrawnAt == nil && from <= now && until.map { now < $0 } ?? true
    }
}

extension AlertDatabase {
    /// Lets an organisation see and alert another's register, in one transaction with its entry in the journal.
    ///
    /// - Parameters:
    ///   - owner: whose register it is.
    ///   - until: nil until it is withdrawn.
    /// - Throws: `StoreError.invalidDelegation`.
    @discardableResult
    package func delegate(
        registerOf owner: OrganisationID, to other: OrganisationID, from: UTCTime, until: UTCTime?, actor: String,
        now: UTCTime
    ) throws -> Delegation {
        try pool.write { database in
            guard owner != other else { throw StoreError.invalidDelegation(reason: "an organisation sees its own register") }
            if let until, until <= max(from, now) {
                throw StoreError.invalidDelegation(reason: "it would end before it begins: give a later end")
            }
            let open = try database.allDelegations(of: owner).contains {
                $0.to == other && $0.withdrawnAt == nil && $0.until.map { $0 > now } ?? true
            }
            guard !open else {
                throw StoreError.invalidDelegation(reason: "it is delegated to them already: withdraw that first")
            }
            try database.execute(
                sql: """
                    INSERT INTO register_delegations (owner_id, to_id, from_at, until_at, granted_at, granted_by)
                    VALUES (?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    owner.rawValue, other.rawValue, from.millisecondsSince1970, until?.millisecondsSince1970,
                    now.millisecondsSince1970, actor,
                ])
            let id = database.lastInsertedRowID
            var detail = ["to": try database.organisationName(other), "from": ISO8601Text.of(from)]
            if let until { detail["until"] = ISO8601Text.of(until) }
            try database.audit(
                actor: actor, action: "register.delegate", subject: try database.organisationName(owner), detail: detail)
            guard let made = try database.allDelegations(of: owner).first(where: { $0.id == id }) else {
                throw StoreError.invalidDelegation(reason: "it was not stored")
            }
            return made
        }
    }

    /// Ends a delegation at once: the next question no longer sees the register.
    ///
    /// - Throws: `StoreError.invalidDelegation` when there is none.
    package func withdraw(
        registerOf owner: OrganisationID, from other: OrganisationID, actor: String, now: UTCTime
    ) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    UPDATE register_delegations SET withdrawn_at = ?, withdrawn_by = ?
                    WHERE owner_id = ? AND to_id = ? AND withdrawn_at IS NULL
                    """, arguments: [now.millisecondsSince1970, actor, owner.rawValue, other.rawValue])
            guard database.changesCount > 0 else {
                throw StoreError.invalidDelegation(reason: "the register is not delegated to them")
            }
            try database.audit(
                actor: actor, action: "register.withdraw", subject: try database.organisationName(owner),
                detail: ["to": try database.organisationName(other)])
        }
    }

    /// Given and had, ended ones too, the newest first.
    package func delegations(with organisation: OrganisationID) throws -> [Delegation] {
        try pool.read { database in
            try database.allDelegations(of: organisation).sorted { $0.id > $1.id }
        }
    }
}

extension Database {
    /// Whose registers an organisation may see at a moment, in order.
    func delegations(to organisation: OrganisationID, now: UTCTime) throws -> [OrganisationID] {
        try Int64.fetchAll(
            cachedStatement(sql: """
                SELECT DISTINCT owner_id FROM register_delegations
                WHERE to_id = ?1 AND withdrawn_at IS NULL AND from_at <= ?2 AND (until_at IS NULL OR until_at > ?2)
                ORDER BY owner_id
                """), arguments: [organisation.rawValue, now.millisecondsSince1970]
        ).map { OrganisationID(rawValue: $0) }
    }

    fileprivate func allDelegations(of organisation: OrganisationID) throws -> [Delegation] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT register_delegations.*, owners.name AS owner_name, others.name AS to_name
                FROM register_delegations JOIN organisations AS owners ON owners.id = owner_id
                    JOIN organisations AS others ON others.id = to_id
                WHERE owner_id = ?1 OR to_id = ?1 ORDER BY register_delegations.id
                """, arguments: [organisation.rawValue]
        ).map { row in
            Delegation(
                id: row["id"], owner: OrganisationID(rawValue: row["owner_id"]), ownerName: row["owner_name"],
                to: OrganisationID(rawValue: row["to_id"]), toName: row["to_name"],
                from: UTCTime(millisecondsSince1970: row["from_at"]),
                until: (row["until_at"] as Int64?).map { UTCTime(millisecondsSince1970: $0) },
                grantedBy: row["granted_by"],
                withdrawnAt: (row["withdrawn_at"] as Int64?).map { UTCTime(millisecondsSince1970: $0) })
        }
    }
}

/// Times in the journal.
enum ISO8601Text {
    static func of(_ time: UTCTime) -> String {
        Date(milliseconds: time.millisecondsSince1970).formatted(.iso8601)
    }
}

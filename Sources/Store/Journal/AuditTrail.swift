import AlertModel
import Crypto
import Foundation
import GRDB

/// One operation of a named actor. Details hold counts, codes and hashes, never personal data.
package struct AuditEntry: Sendable, Equatable {
    /// Its place in the journal, from 1.
    package let id: Int64
    package let at: Date
    package let actor: String
    package let action: String
    package let subject: String
    package let detail: [String: String]
    /// Whose it is; nil for what concerns the machine, and for entries of before organisations were told apart.
    package let organisation: OrganisationID?
    /// The rule its hash follows, see `AuditHash`.
    package let version: Int
    /// Hexadecimal.
    package let previousHash: String
    package let hash: String
}

extension AlertDatabase {
    /// Appends an entry in a transaction of its own.
    ///
    /// - Parameter organisation: nil for the actor's own.
    package func audit(
        actor: String, action: String, subject: String, detail: [String: String] = [:],
        organisation: OrganisationID? = nil
    ) throws {
        try pool.write {
            try $0.audit(actor: actor, action: action, subject: subject, detail: detail, organisation: organisation)
        }
    }

    /// How many entries there are, and the last one's hash in hexadecimal.
    package func auditHead() throws -> (count: Int, hash: String) {
        try pool.read { database in
            guard let last = try database.journalTip().end else { return (0, "none") }
            return (Int(last.id), last.hash.hexadecimal)
        }
    }
}

extension Database {
    /// Appends an entry inside the caller's transaction, so that the operation and its trace stand or fall together.
    ///
    /// - Parameter organisation: whose entry it is; nil for the campaign's that it is about, or the actor's own, or none when
    ///   the actor is no account.
    func audit(
        actor: String, action: String, subject: String, detail: [String: String] = [:],
        organisation: OrganisationID? = nil
    ) throws {
        var tip = try journalTip()
        // An alert goes even where somebody spoilt the journal: what they did is written down, and a new chain begins.
        if let damage = tip.damage { tip = JournalTip(end: try tell(damage, at: tip)) }
        let owner = try organisation?.rawValue ?? owner(ofAction: action, on: subject, by: actor)
        try append(at: tip, owner: owner, actor: actor, action: action, subject: subject, detail: detail)
    }

    /// Appends an entry where the chain goes on.
    @discardableResult
    func append(
        at tip: JournalTip, owner: Int64?, actor: String, action: String, subject: String, detail: [String: String]
    ) throws -> JournalEnd {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let detail = String(decoding: try encoder.encode(detail), as: UTF8.self)
        let entry = AuditHash.Fields(
            id: tip.next, at: Date.now.milliseconds, organisation: owner, actor: actor, action: action,
            subject: subject, detail: detail)
        let previous = tip.previous
        let hash = AuditHash.of(entry, after: previous, version: AuditHash.newest)
        try execute(
            sql: """
                INSERT INTO audit_entries
                    (id, at, actor, action, subject, detail, previous_hash, hash, organisation_id, version)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [entry.id, entry.at, actor, action, subject, detail, previous, hash, owner, AuditHash.newest])
        try execute(
            sql: """
                INSERT INTO audit_head (id, entries, hash) VALUES (1, 1, ?)
                ON CONFLICT (id) DO UPDATE SET hash = excluded.hash,
                    entries = CASE WHEN entries < \(JournalEnd.greatest) THEN entries + 1 ELSE entries END
                """, arguments: [hash])
        return JournalEnd(id: entry.id, hash: hash)
    }

    private func owner(ofAction action: String, on subject: String, by actor: String) throws -> Int64? {
        if action.hasPrefix("campaign.") || action == "dispatch.withheld", let campaign = Int64(subject) {
            return try Int64.fetchOne(
                self, sql: "SELECT organisation_id FROM campaigns WHERE id = ?", arguments: [campaign])
        }
        return try Int64.fetchOne(self, sql: "SELECT organisation_id FROM users WHERE name = ?", arguments: [actor])
    }
}

extension Date {
    /// Milliseconds since 1970 UTC, the store's form of a time.
    package var milliseconds: Int64 { Int64((timeIntervalSince1970 * 1000).rounded()) }

    package init(milliseconds: Int64) {
        self.init(timeIntervalSince1970: Double(milliseconds) / 1000)
    }
}

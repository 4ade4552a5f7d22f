import Crypto
import Foundation
import GRDB

/// The last entry of the journal as the next one follows it.
struct JournalEnd {
    /// No journal has so many entries: a number beyond it was put there, so that none could follow.
    static let greatest: Int64 = 1 << 53

    let id: Int64
    /// 32 bytes.
    let hash: Data

    init(id: Int64, hash: Data) {
        (self.id, self.hash) = (id, hash)
    }

    /// Whoever altered the table may have altered its types too.
    ///
    /// - Returns: nil for a row that no entry can follow.
    init?(_ row: Row) {
        guard let id = Int64.fromDatabaseValue(row["id"]), (1..<Self.greatest).contains(id),
            let hash = Data.fromDatabaseValue(row["hash"]), hash.count == SHA256.byteCount
        else { return nil }
        (self.id, self.hash) = (id, hash)
    }
}

/// Where the journal goes on.
struct JournalTip {
    /// A row that somebody put at the journal's end so that nothing could follow it, and that the journal does not tell of yet.
    struct Damage: Equatable {
        /// Its number as it is stored, or “?”.
        let entry: String
    }

    /// The entry that the next one follows; nil at the beginning of a journal.
    let end: JournalEnd?
    /// The next entry's number.
    let next: Int64
    /// The hash that the next one's covers.
    let previous: Data
    let damage: Damage?

    init(end: JournalEnd?) {
        self.init(end: end, next: (end?.id ?? 0) + 1, previous: end?.hash ?? AuditHash.start, damage: nil)
    }

    init(end: JournalEnd?, next: Int64, previous: Data, damage: Damage?) {
        (self.end, self.next, self.previous, self.damage) = (end, next, previous, damage)
    }
}

extension Database {
    /// What tells of damage, and begins a chain that fits from there on.
    static let damageAction = "journal.damaged"

    /// Where the next entry of the journal goes: after the last one, or, where that is spoilt, after the last number that has
    /// none after it.
    func journalTip() throws -> JournalTip {
        let newest = try Row.fetchOne(self, sql: "SELECT id, hash FROM audit_entries ORDER BY id DESC LIMIT 1")
        guard let newest else { return JournalTip(end: nil) }
        if let end = JournalEnd(newest) { return JournalTip(end: end) }
        let base = try Row.fetchOne(
            self, sql: """
                SELECT id, hash FROM audit_entries AS entry WHERE typeof(id) = 'integer' AND id BETWEEN 1 AND ?
                AND NOT EXISTS (SELECT 1 FROM audit_entries AS other WHERE other.id = entry.id + 1)
                ORDER BY id DESC LIMIT 1
                """, arguments: [JournalEnd.greatest - 1])
        let end = base.flatMap { JournalEnd($0) }
        let number = base.flatMap { Int64.fromDatabaseValue($0["id"]) } ?? 0
        let damage = JournalTip.Damage(entry: Int64.fromDatabaseValue(newest["id"]).map { String($0) } ?? "?")
        // A row of such a number stays the last one for ever: it is told of once. One without a hash has a successor then.
        let isTold = try end != nil && (Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM audit_entries WHERE action = ? AND subject = ?)",
            arguments: [Self.damageAction, Self.damageSubject(damage)]) ?? false)
        return JournalTip(
            end: end, next: number + 1, previous: end?.hash ?? AuditHash.start, damage: isTold ? nil : damage)
    }

    /// Writes down that the journal's end was spoilt.
    func tell(_ damage: JournalTip.Damage, at tip: JournalTip) throws -> JournalEnd {
        try append(
            at: tip, owner: nil, actor: "tocsin", action: Self.damageAction, subject: Self.damageSubject(damage),
            detail: ["severity": "critical", "after": tip.end == nil ? "nothing" : "the last entry that can be read"])
    }

    private static func damageSubject(_ damage: JournalTip.Damage) -> String { "entry \(damage.entry)" }
}

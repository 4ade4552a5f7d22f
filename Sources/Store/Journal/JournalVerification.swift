import AlertModel
import Foundation
import GRDB

/// What is wrong with a journal.
package enum JournalFault: Sendable, Hashable {
    /// The first entry that does not fit: changed, moved, put in, or standing where another was removed.
    case entry(Int64)
    /// The journal says itself that it had more entries, or another last one.
    case tail(entries: Int64)
    /// At an anchor it had more entries than it has now.
    case cutOff(JournalAnchor)
    /// At an anchor its last entry had another hash: it was written anew since, or before.
    case rewritten(JournalAnchor)
    /// An anchor is of another journal.
    case otherJournal(JournalAnchor)
}

/// What is known of a journal once it was computed again.
package struct JournalVerdict: Sendable {
    /// Entries that fit one after the other, from the first.
    package let entries: Int64
    /// The last of these entries' hash, hexadecimal.
    package let hash: String
    /// nil when nothing was found.
    package let fault: JournalFault?
    /// Chains that Tocsin began where it found the journal's end spoilt.
    package var segments: [JournalSegment] = []
    /// The newest anchor that fits, among those before the fault: up to there nothing can have been altered by whoever
    /// could not alter the anchors.
    package let proven: JournalAnchor?
}

/// Entries that fit one after the other, from one that tells of damage.
package struct JournalSegment: Sendable, Hashable {
    package let first: Int64
    package let last: Int64
    /// The entry that was found spoilt, as the first of these says it.
    package let damaged: String
    /// Whether nothing comes after it but what it tells of.
    package let reachesTheEnd: Bool
}

extension JournalVerdict {
    /// The number of the first entry that does not fit, or that was cut off after the last; nil when the journal is whole.
    package var firstBroken: Int64? {
        switch fault {
        case nil: nil
        case .entry(let id)?: id
        default: entries + 1
        }
    }

    /// Whether the damage is known: the last of the chains that tell of it holds up to the journal's end.
    package var isTold: Bool { fault != nil && segments.last?.reachesTheEnd == true }
}

extension AlertDatabase {
    /// Most chains that are followed: each is one damage that somebody did.
    private static let mostSegments = 100

    /// Recomputes the chain, and compares it with anchors.
    package func verifyJournal(anchors: [JournalAnchor] = []) throws -> JournalVerdict {
        let byEntry = Dictionary(grouping: anchors, by: \.entries)
        return try pool.read { database in
            var chain = JournalChain()
            var proven: JournalAnchor?
            var fault: JournalFault?
            let rows = try Row.fetchCursor(database, sql: """
                SELECT id, at, \(JournalChain.texts), previous_hash, hash, organisation_id, version
                FROM audit_entries ORDER BY id
                """)
            while fault == nil, let row = try rows.next() {
                guard chain.accept(row) else {
                    fault = .entry(Int64.fromDatabaseValue(row["id"]) ?? chain.entries + 1)
                    break
                }
                for anchor in byEntry[chain.entries] ?? [] {
                    if anchor.journal != chain.first { fault = .otherJournal(anchor); break }
                    if anchor.hash != chain.last.hexadecimal { fault = .rewritten(anchor); break }
                    proven = anchor
                }
            }
            if fault == nil {
                if let beyond = anchors.filter({ $0.entries > chain.entries }).min(by: { $0.entries < $1.entries }) {
                    fault = chain.first != "" && beyond.journal != chain.first ? .otherJournal(beyond) : .cutOff(beyond)
                } else if try !chain.isWhole(in: database) {
                    fault = .tail(entries: chain.entries)
                }
            }
            var verdict = JournalVerdict(
                entries: chain.entries, hash: chain.entries == 0 ? "none" : chain.last.hexadecimal, fault: fault, proven: proven)
            if fault != nil { verdict.segments = try Self.segments(in: database) }
            return verdict
        }
    }

    private static func segments(in database: Database) throws -> [JournalSegment] {
        let starts = try Row.fetchAll(
            database, sql: """
                SELECT id, subject, previous_hash FROM audit_entries WHERE action = ? AND typeof(id) = 'integer'
                ORDER BY id LIMIT \(mostSegments)
                """, arguments: [Database.damageAction])
        let tip = try database.journalTip().end?.id
        return try starts.compactMap { start in
            guard let id = Int64.fromDatabaseValue(start["id"]), id < JournalEnd.greatest,
                let previous = Data.fromDatabaseValue(start["previous_hash"])
            else { return nil }
            var chain = JournalChain(after: id - 1, hash: previous)
            let rows = try Row.fetchCursor(
                database, sql: """
                    SELECT id, at, \(JournalChain.texts), previous_hash, hash, organisation_id, version
                    FROM audit_entries WHERE id >= ? ORDER BY id
                    """, arguments: [id])
            while let row = try rows.next(), chain.accept(row) {}
            guard chain.entries >= id else { return nil }
            return JournalSegment(
                first: id, last: chain.entries, damaged: String.fromDatabaseValue(start["subject"]) ?? "?",
                reachesTheEnd: chain.entries == tip)
        }
    }

    /// - Returns: the number of the first entry that does not fit, or that was cut off after the last; nil when the
    ///   journal is whole.
    package func firstBrokenAuditEntry() throws -> Int64? {
        try verifyJournal().firstBroken
    }
}

/// The chain as far as it was computed again. Whoever altered the table may have altered its types too: nothing of a row is
/// taken for granted.
private struct JournalChain {
    private(set) var entries: Int64 = 0
    private(set) var last = AuditHash.start
    /// The first entry's hash, hexadecimal; empty before it.
    private(set) var first = ""
    private var version = 1

    init() {}

    /// A chain that goes on after a number and a hash.
    init(after number: Int64, hash: Data) {
        (entries, last) = (number, hash)
    }

    /// Texts as the bytes that are stored: read as text they would end at the first zero byte, and whatever is no UTF-8 would
    /// be mended.
    static let texts = ["actor", "action", "subject", "detail"]
        .map { "CASE typeof(\($0)) WHEN 'text' THEN CAST(\($0) AS BLOB) END AS \($0)" }.joined(separator: ", ")

    /// - Returns: nil when it is no text.
    private static func text(_ value: DatabaseValue) -> String? {
        Data.fromDatabaseValue(value).flatMap { String(validating: $0, as: UTF8.self) }
    }

    /// - Returns: false when the row does not fit what came before it.
    mutating func accept(_ row: Row) -> Bool {
        guard let id = Int64.fromDatabaseValue(row["id"]), let at = Int64.fromDatabaseValue(row["at"]),
            let actor = Self.text(row["actor"]), let action = Self.text(row["action"]),
            let subject = Self.text(row["subject"]), let detail = Self.text(row["detail"]),
            let previous = Data.fromDatabaseValue(row["previous_hash"]), let hash = Data.fromDatabaseValue(row["hash"]),
            let version = Int.fromDatabaseValue(row["version"])
        else { return false }
        let owner: DatabaseValue = row["organisation_id"]
        let organisation = Int64.fromDatabaseValue(owner)
        // An old rule's entry never comes after a new one's, and has no organisation: its hash does not cover it.
        guard (1...AuditHash.newest).contains(version), version >= self.version, id == entries + 1,
            owner.isNull || (version > 1 && organisation != nil)
        else { return false }
        let fields = AuditHash.Fields(
            id: id, at: at, organisation: organisation, actor: actor, action: action, subject: subject, detail: detail)
        guard previous == last, hash == AuditHash.of(fields, after: previous, version: version) else { return false }
        if entries == 0 { first = hash.hexadecimal }
        (entries, last, self.version) = (id, hash, version)
        return true
    }

    /// Whether the journal ends where it says it does.
    func isWhole(in database: Database) throws -> Bool {
        guard let head = try Row.fetchOne(database, sql: "SELECT entries, hash FROM audit_head") else { return entries == 0 }
        return Int64.fromDatabaseValue(head["entries"]) == entries && Data.fromDatabaseValue(head["hash"]) == last
    }
}

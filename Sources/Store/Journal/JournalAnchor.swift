import Foundation
import GRDB

/// What the journal was at a time, to be kept where nobody who writes the database can change it.
package struct JournalAnchor: Sendable, Hashable {
    package let at: Date
    /// How many entries there were.
    package let entries: Int64
    /// The last one's hash, hexadecimal.
    package let hash: String
    /// The first one's: which journal it is.
    package let journal: String

    package init(at: Date, entries: Int64, hash: String, journal: String) {
        self.at = at
        self.entries = entries
        self.hash = hash
        self.journal = journal
    }

    /// One line of a file of anchors: time, entries, hash, journal; tabs between them.
    package var line: String { "\(at.formatted(.iso8601))\t\(entries)\t\(hash)\t\(journal)" }

    /// - Returns: nil when the text is no anchor.
    package init?(line: Substring) {
        let fields = line.split(separator: "\t", omittingEmptySubsequences: false)
        guard fields.count == 4, let at = try? Date(String(fields[0]), strategy: .iso8601),
            let entries = Int64(fields[1]), entries > 0, Self.isHash(fields[2]), Self.isHash(fields[3])
        else { return nil }
        self.init(at: at, entries: entries, hash: String(fields[2]), journal: String(fields[3]))
    }

    private static func isHash(_ text: Substring) -> Bool {
        text.utf8.count == 64 && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

extension AlertDatabase {
    /// The journal as it stands; nil while it is empty.
    ///
    /// - Throws: `StoreError.damagedJournal` when its first entry has no hash.
    package func journalAnchor(now: Date) throws -> JournalAnchor? {
        try pool.read { database in
            let first = try Data.fetchOne(database, sql: "SELECT hash FROM audit_entries ORDER BY id LIMIT 1")
            guard let end = try database.journalTip().end else { return nil }
            guard let first else { throw StoreError.damagedJournal(entry: 1) }
            return JournalAnchor(at: now, entries: end.id, hash: end.hash.hexadecimal, journal: first.hexadecimal)
        }
    }

    /// Whether the journal holds what an anchor says, by that one entry alone.
    package func holds(_ anchor: JournalAnchor) throws -> Bool {
        try pool.read { database in
            try Data.fetchOne(
                database, sql: "SELECT hash FROM audit_entries WHERE id = ?", arguments: [anchor.entries]
            )?.hexadecimal == anchor.hash
        }
    }
}

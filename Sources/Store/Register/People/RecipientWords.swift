import Foundation
import GRDB

extension AlertDatabase {
    /// Rows whose words are written at a time: the write lock is held for some tens of milliseconds.
    private static let wordsBatch = 4_000

    /// Writes the words of some recipients that an import in bulk left for later. Until they are written a search reads those
    /// rows themselves, so that it finds everybody at any moment.
    ///
    /// - Returns: whether more are due.
    package func writeDueWords() throws -> Bool {
        guard try pool.read({ try Int.fetchOne($0, sql: "SELECT 1 FROM recipient_words_due LIMIT 1") }) != nil else {
            return false
        }
        return try pool.write { try $0.writeDueWords(rows: Self.wordsBatch) }
    }

    /// Writes all of them.
    package func writeAllDueWords() throws { while try writeDueWords() {} }
}

extension Database {
    fileprivate func writeDueWords(rows: Int) throws -> Bool {
        guard let due = try Row.fetchOne(
            self, sql: "SELECT first_id, last_id FROM recipient_words_due ORDER BY first_id LIMIT 1")
        else { return false }
        let (first, last): (Int64, Int64) = (due[0], due[1])
        let reached = try Int64.fetchOne(
            self,
            sql: """
                SELECT MAX(id) FROM (SELECT id FROM recipients WHERE id BETWEEN ? AND ? ORDER BY id LIMIT ?)
                """, arguments: [first, last, rows]) ?? last
        try execute(
            sql: """
                INSERT INTO recipient_words (rowid, words)
                SELECT \(Schema.recipientWords("recipients")) FROM recipients WHERE id BETWEEN ? AND ? ORDER BY id
                """, arguments: [first, reached])
        try execute(sql: "DELETE FROM recipient_words_due WHERE first_id = ?", arguments: [first])
        let isWhole = try Int.fetchOne(
            self, sql: "SELECT 1 FROM recipients WHERE id > ? AND id <= ? LIMIT 1", arguments: [reached, last]) == nil
        if !isWhole {
            try execute(sql: "INSERT INTO recipient_words_due VALUES (?, ?)", arguments: [reached + 1, last])
        }
        return try Int.fetchOne(self, sql: "SELECT 1 FROM recipient_words_due LIMIT 1") != nil
    }

    /// Leaves the words of every recipient for later: what a writing in bulk ends with, for it took the triggers away.
    func postponeWords() throws {
        try execute(sql: "INSERT INTO recipient_words (recipient_words) VALUES ('delete-all')")
        try execute(sql: "DELETE FROM recipient_words_due")
        try execute(sql: """
            INSERT INTO recipient_words_due SELECT MIN(id), MAX(id) FROM recipients HAVING COUNT(*) > 0
            """)
    }
}

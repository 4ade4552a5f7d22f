import GRDB

/// Erased people's words leave the index's bytes. FTS5 keeps what it was told to forget until all segments have become one; that
/// is a rewriting of the whole index, here in steps between which others write.
extension AlertDatabase {
    /// Of the index, in pages of some 4 KB, written in a step: the write lock is held for some tens of milliseconds.
    private static let forgottenPages = 500

    /// Forgets a part of what erasures left in the index of words; with the last part, in the log beside the file too.
    ///
    /// - Returns: whether more is left.
    package func forgetErasedWords() throws -> Bool {
        guard try pool.read({ try $0.hasWordsToForget }) else { return false }
        let isMore = try pool.write { try $0.forgetErasedWords(pages: Self.forgottenPages) }
        // A reader in an old snapshot keeps the log; the next checkpoint then empties it.
        if !isMore { _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) } }
        return isMore
    }

    /// Forgets all of it: what a command does that ends with its erasure.
    package func forgetAllErasedWords() throws { while try forgetErasedWords() {} }
}

extension Database {
    fileprivate var hasWordsToForget: Bool {
        get throws { try Int.fetchOne(self, sql: "SELECT 1 FROM recipient_words_erased LIMIT 1") != nil }
    }

    /// One merge takes in every segment there was when it began, so that an erasure meanwhile asks for another one after it.
    fileprivate func forgetErasedWords(pages: Int) throws -> Bool {
        let phase = try Int.fetchOne(self, sql: "SELECT MAX(phase) FROM recipient_words_erased")
        switch phase {
        case 0:
            // A negative number puts all segments together; each later step goes on with them.
            try merge(pages: -pages)
            try execute(sql: "UPDATE recipient_words_erased SET phase = 1")
        case 1:
            let before = totalChangesCount
            try merge(pages: pages)
            // The command itself counts as one change.
            if totalChangesCount - before < 2 { try execute(sql: "DELETE FROM recipient_words_erased WHERE phase = 1") }
        default: break
        }
        return try hasWordsToForget
    }

    private func merge(pages: Int) throws {
        try execute(sql: "INSERT INTO recipient_words (recipient_words, rank) VALUES ('merge', ?)", arguments: [pages])
    }

    /// At once, while nobody else writes.
    func forgetErasedWordsWhole() throws {
        try execute(sql: "INSERT INTO recipient_words (recipient_words) VALUES ('optimize')")
        try execute(sql: "DELETE FROM recipient_words_erased")
    }

    /// A number for a new recipient that none had before, not even one who was erased.
    func nextRecipientNumber() throws -> Int64 {
        try Int64.fetchOne(
            cachedStatement(sql: """
                SELECT max(greatest, (SELECT ifnull(MAX(id), 0) FROM recipients)) + 1 FROM recipient_numbers
                """)) ?? 1
    }
}

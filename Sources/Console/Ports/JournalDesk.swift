import Foundation

/// Which entries of the journal somebody asks for; what is nil narrows nothing.
package struct JournalQuestion: Hashable, Sendable {
    package var actor: String?
    /// An action, or the beginning of some: `campaign.`.
    package var action: String?
    package var since: Date?
    package var until: Date?

    package init(actor: String? = nil, action: String? = nil, since: Date? = nil, until: Date? = nil) {
        self.actor = actor
        self.action = action
        self.since = since
        self.until = until
    }
}

/// An entry as the console shows it.
package struct JournalLine: Codable, Hashable, Sendable {
    package let number: Int64
    package let at: Date
    package let actor: String
    package let action: String
    package let subject: String
    /// Counts, codes and hashes by their names.
    package let detail: [String: String]
    /// Hexadecimal.
    package let hash: String

    package init(
        number: Int64, at: Date, actor: String, action: String, subject: String, detail: [String: String], hash: String
    ) {
        self.number = number
        self.at = at
        self.actor = actor
        self.action = action
        self.subject = subject
        self.detail = detail
        self.hash = hash
    }
}

/// How often something was done: nobody is named.
package struct JournalFigure: Codable, Hashable, Sendable {
    package let action: String
    package let entries: Int
    package let lastAt: Date

    package init(action: String, entries: Int, lastAt: Date) {
        self.action = action
        self.entries = entries
        self.lastAt = lastAt
    }
}

package enum JournalFileFormat: String, CaseIterable, Hashable, Sendable {
    case csv, jsonl
}

/// The journal, as the console needs it: of the account's organisation. Every function may throw `ConsoleProblem`.
package struct JournalDesk: Sendable {
    /// Newest first, of lower numbers than `before`.
    package var lines: @Sendable (Account, JournalQuestion, _ before: Int64?, _ limit: Int) async throws -> [JournalLine]
    package var figures: @Sendable (Account, JournalQuestion) async throws -> [JournalFigure]
    /// Oldest first, in pieces read one by one as they are asked for. That it was exported is written down before.
    package var export:
        @Sendable (Account, JournalQuestion, JournalFileFormat) async throws -> AsyncThrowingStream<[UInt8], any Error>

    package init(
        lines: @escaping @Sendable (Account, JournalQuestion, Int64?, Int) async throws -> [JournalLine],
        figures: @escaping @Sendable (Account, JournalQuestion) async throws -> [JournalFigure],
        export: @escaping @Sendable (Account, JournalQuestion, JournalFileFormat) async throws -> AsyncThrowingStream<
            [UInt8], any Error
        >
    ) {
        self.lines = lines
        self.figures = figures
        self.export = export
    }
}

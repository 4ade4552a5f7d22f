import AlertModel
import Foundation

/// Which messages of the inbox somebody asks for.
package struct InboxQuestion: Hashable, Sendable {
    package enum Part: String, CaseIterable, Sendable { case unread, acknowledged, refused }

    package var part: Part?
    package var campaign: CampaignID?
    /// Only lower numbers: the next page.
    package var before: Int64?

    package init(part: Part? = nil, campaign: CampaignID? = nil, before: Int64? = nil) {
        self.part = part
        self.campaign = campaign
        self.before = before
    }
}

/// What somebody wrote back, as the console shows it: `GET /api/inbox`. Who wrote, and what, only to whoever may see personal
/// data.
package struct InboxLine: Codable, Hashable, Sendable {
    package let number: Int64
    package let at: Date
    @Nullable package var campaign: Int64?
    @Nullable package var subject: String?
    /// The register's id of whom the message was for.
    @Nullable package var recipient: String?
    @Nullable package var sender: String?
    @Nullable package var text: String?
    package let acknowledged: Bool
    package let refused: Bool
    package let unread: Bool
    /// Parts of it never came.
    package let incomplete: Bool
    /// How often the same came again.
    package let repeats: Int

    package init(
        number: Int64, at: Date, campaign: Int64?, subject: String?, recipient: String?, sender: String?, text: String?,
        acknowledged: Bool, refused: Bool, unread: Bool, incomplete: Bool, repeats: Int
    ) {
        self.number = number
        self.at = at
        self.acknowledged = acknowledged
        self.refused = refused
        self.unread = unread
        self.incomplete = incomplete
        self.repeats = repeats
        self.campaign = campaign
        self.subject = subject
        self.recipient = recipient
        self.sender = sender
        self.text = text
    }
}

/// A page of the inbox, with what waits and the words that are understood.
package struct InboxPage: Codable, Hashable, Sendable {
    package struct Waiting: Codable, Hashable, Sendable {
        package let campaign: Int64
        package let subject: String
        package let unread: Int

        package init(campaign: Int64, subject: String, unread: Int) {
            self.campaign = campaign
            self.subject = subject
            self.unread = unread
        }
    }

    package struct Words: Codable, Hashable, Sendable {
        /// `yes`, `stop`, `yes:es`.
        package let meaning: String
        package let words: [String]

        package init(meaning: String, words: [String]) {
            self.meaning = meaning
            self.words = words
        }
    }

    package let messages: [InboxLine]
    package let isMore: Bool
    package let unread: Int
    package let campaigns: [Waiting]
    package let words: [Words]

    package init(messages: [InboxLine], isMore: Bool, unread: Int, campaigns: [Waiting], words: [Words]) {
        self.messages = messages
        self.isMore = isMore
        self.unread = unread
        self.campaigns = campaigns
        self.words = words
    }
}

/// The inbox of an account's organisation. Every function may throw `ConsoleProblem`.
package struct InboxDesk: Sendable {
    /// Newest first. Showing texts is written in the journal.
    package var page: @Sendable (Account, InboxQuestion, _ limit: Int) async throws -> InboxPage
    /// Gives how many of them were unread; another's count as unknown ones.
    package var read: @Sendable (Account, _ numbers: [Int64]) async throws -> Int

    package init(
        page: @escaping @Sendable (Account, InboxQuestion, Int) async throws -> InboxPage,
        read: @escaping @Sendable (Account, [Int64]) async throws -> Int
    ) {
        self.page = page
        self.read = read
    }
}

import Foundation

/// Campaigns that people of one organisation prepare, as the console needs them. The port knows which mode's they are.
package struct DraftDesk: Sendable {
    /// Last changed first.
    package var list: @Sendable (Account) async throws -> [DraftCard]
    /// One with its document's JSON; nil when it is gone.
    package var find: @Sendable (Account, UUID) async throws -> (card: DraftCard, document: String)?
    /// Keeps the next version and returns its number.
    ///
    /// - Throws: `draft_changed`, `draft_gone`, `too_many_drafts`.
    package var save: @Sendable (Account, UUID, DraftVersion) async throws -> Int
    /// Returns whether there was one.
    package var remove: @Sendable (Account, UUID) async throws -> Bool

    package init(
        list: @escaping @Sendable (Account) async throws -> [DraftCard],
        find: @escaping @Sendable (Account, UUID) async throws -> (card: DraftCard, document: String)?,
        save: @escaping @Sendable (Account, UUID, DraftVersion) async throws -> Int,
        remove: @escaping @Sendable (Account, UUID) async throws -> Bool
    ) {
        self.list = list
        self.find = find
        self.save = save
        self.remove = remove
    }
}

/// A draft as the browser would have it kept.
package struct DraftVersion: Hashable, Sendable {
    /// The version that was read; 0 for a new one.
    package let base: Int
    package let name: String
    /// A JSON object, as the page writes it.
    package let document: String
}

/// A draft in a list.
package struct DraftCard: Codable, Hashable, Sendable {
    /// A UUID in lower case.
    package let key: String
    package let version: Int
    package let name: String
    package let createdBy: String
    package let changedBy: String
    package let changedAt: Date

    package init(key: String, version: Int, name: String, createdBy: String, changedBy: String, changedAt: Date) {
        self.key = key
        self.version = version
        self.name = name
        self.createdBy = createdBy
        self.changedBy = changedBy
        self.changedAt = changedAt
    }
}

/// One value of a draft's live stream.
package struct DraftUpdate: Codable, Hashable, Sendable {
    package enum State: String, Codable, Hashable, Sendable {
        case open, launched, removed
    }

    /// Somebody who has it before them.
    package struct Person: Codable, Hashable, Sendable {
        package let user: String
        /// Of the pages that show it.
        package let pages: Int
    }

    package var state = State.open
    /// The newest; 0 before the first.
    package var version: Int
    /// Who changed it last, launched or removed it.
    @Nullable package var by: String?
    package var people: [Person] = []
}

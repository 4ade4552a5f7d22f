import AlertModel
import Foundation
import GRDB

/// What somebody wrote back, and what became of it.
package struct InboxEntry: Sendable {
    package let id: Int64
    package let receivedAt: Date
    package let mode: CampaignMode
    package let gateway: String
    /// The campaign it answers; nil when it answers none.
    package let campaign: CampaignID?
    /// The register's id of whom the message was for; nil with `campaign`.
    package let externalID: String?
    package let sender: Redacted<String>
    package let text: Redacted<String>
    /// Parts of it never came.
    package let isIncomplete: Bool
    /// How often the same came again.
    package let repeats: Int
    /// It confirmed its message.
    package let acknowledged: Bool
    /// It ended information for its number.
    package let refused: Bool
    /// Somebody has to read it.
    package let isUnread: Bool
}

extension AlertDatabase {
    /// What people wrote back, oldest first.
    /// - Parameters:
    ///   - scope: an organisation reads what answers its own campaigns; what answers none is the machine's administrator's.
    ///   - campaign: nil for all, and for what answers none.
    ///   - unreadOnly: only what no machine could read and nobody has.
    ///   - limit: the newest so many.
    package func inbox(
        scope: RegisterScope, campaign: CampaignID? = nil, unreadOnly: Bool, limit: Int
    ) throws -> [InboxEntry] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM (
                        SELECT inbound_messages.*, deliveries.external_id AS recipient_id
                        FROM inbound_messages LEFT JOIN legs ON legs.id = inbound_messages.leg_id
                            LEFT JOIN deliveries ON deliveries.id = legs.delivery_id
                        WHERE (?1 IS NULL OR inbound_messages.campaign_id = ?1) AND (NOT ?2 OR is_unread = 1)
                            AND (?4 IS NULL OR inbound_messages.organisation_id = ?4)
                        ORDER BY inbound_messages.id DESC LIMIT ?3
                    ) ORDER BY id
                    """, arguments: [campaign?.rawValue, unreadOnly, limit, scope.own?.rawValue]
            ).map(InboxEntry.init)
        }
    }

    /// Somebody has read these. The journal says who.
    /// - Returns: how many of them were unread; those that the scope does not have count as unknown ones.
    package func markRead(_ messages: [Int64], scope: RegisterScope, actor: String, now: UTCTime) throws -> Int {
        try pool.write { database in
            let owner = scope.ownCondition(on: "organisation_id")
            var count = 0
            for message in messages {
                try database.execute(
                    sql: "UPDATE inbound_messages SET is_unread = 0, read_at = ?, read_by = ? WHERE id = ? AND is_unread = 1 AND \(owner.sql)",
                    arguments: [now.millisecondsSince1970, actor, message] + owner.arguments)
                guard database.changesCount == 1 else { continue }
                count += 1
                try database.audit(actor: actor, action: "inbox.read", subject: "inbound message \(message)")
            }
            return count
        }
    }
}

extension InboxEntry {
    /// - Parameter row: of `inbound_messages`, with the `recipient_id` of whom its message was for.
    init(_ row: Row) throws {
        self.init(
            id: row["id"], receivedAt: Date(milliseconds: row["received_at"]),
            mode: try CampaignMode(stored: row["mode"]), gateway: row["gateway"],
            campaign: (row["campaign_id"] as Int64?).map { CampaignID(rawValue: $0) }, externalID: row["recipient_id"],
            sender: Redacted(row["sender"]), text: Redacted(row["text"]), isIncomplete: row["is_incomplete"],
            repeats: row["repeats"], acknowledged: row["acknowledged"], refused: row["refused"],
            isUnread: row["is_unread"])
    }
}

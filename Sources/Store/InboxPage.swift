import AlertModel
import Foundation
import GRDB

/// Which of what people wrote back somebody looks at.
package struct InboxQuery: Hashable, Sendable {
    package enum Part: String, CaseIterable, Sendable {
        /// What no machine could read and nobody has.
        case unread
        case acknowledged
        /// What ended information for its number.
        case refused
    }

    package let scope: RegisterScope
    package let part: Part?
    package let campaign: CampaignID?
    /// Only lower numbers: the next page.
    package let before: Int64?

    package init(scope: RegisterScope, part: Part?, campaign: CampaignID?, before: Int64?) {
        self.scope = scope
        self.part = part
        self.campaign = campaign
        self.before = before
    }
}

/// What waits for a reader, of one campaign.
package struct UnreadCount: Hashable, Sendable {
    package let campaign: CampaignID
    package let subject: String
    package let unread: Int
}

extension AlertDatabase {
    /// Whose messages an organisation's people read: of one that is alone, also what answers no campaign.
    package func inboxScope(of organisation: OrganisationID) throws -> RegisterScope {
        try isOnlyOrganisation ? .all : .organisation(organisation)
    }

    /// What people wrote back to real messages, newest first, by the index of what is asked for.
    package func inbox(_ query: InboxQuery, limit: Int) throws -> [(entry: InboxEntry, subject: String?)] {
        let owner = query.scope.ownCondition(on: "inbound_messages.organisation_id")
        let part = switch query.part {
        case .unread: "inbound_messages.is_unread = 1"
        case .acknowledged: "inbound_messages.acknowledged = 1"
        case .refused: "inbound_messages.refused = 1"
        case nil: "1"
        }
        let campaign = query.campaign == nil ? "1" : "inbound_messages.campaign_id = ?"
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT inbound_messages.*, deliveries.external_id AS recipient_id, campaigns.subject AS campaign_subject
                    FROM inbound_messages LEFT JOIN legs ON legs.id = inbound_messages.leg_id
                        LEFT JOIN deliveries ON deliveries.id = legs.delivery_id
                        LEFT JOIN campaigns ON campaigns.id = inbound_messages.campaign_id
                    WHERE inbound_messages.mode = 'real' AND \(owner.sql) AND \(part) AND \(campaign)
                        AND inbound_messages.id < ?
                    ORDER BY inbound_messages.id DESC LIMIT ?
                    """,
                arguments: owner.arguments + StatementArguments(query.campaign.map { [$0.rawValue] } ?? [])
                    + [query.before ?? .max, limit]
            ).map { (try InboxEntry($0), $0["campaign_subject"]) }
        }
    }

    /// How many messages wait for a reader, and of which campaigns, the newest of them first.
    package func unread(scope: RegisterScope, campaigns limit: Int) throws -> (all: Int, campaigns: [UnreadCount]) {
        let owner = scope.ownCondition(on: "inbound_messages.organisation_id")
        return try pool.read { database in
            let all = try Int.fetchOne(
                database,
                sql: "SELECT count(*) FROM inbound_messages WHERE is_unread = 1 AND mode = 'real' AND \(owner.sql)",
                arguments: owner.arguments) ?? 0
            guard all > 0, limit > 0 else { return (all, []) }
            let campaigns = try Row.fetchAll(
                database,
                sql: """
                    SELECT campaigns.id, campaigns.subject, count(*) AS unread
                    FROM inbound_messages JOIN campaigns ON campaigns.id = inbound_messages.campaign_id
                    WHERE is_unread = 1 AND inbound_messages.mode = 'real' AND \(owner.sql)
                    GROUP BY campaigns.id ORDER BY campaigns.id DESC LIMIT ?
                    """, arguments: owner.arguments + [limit]
            ).map { UnreadCount(campaign: CampaignID(rawValue: $0[0]), subject: $0[1], unread: $0[2]) }
            return (all, campaigns)
        }
    }
}

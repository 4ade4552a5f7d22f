import AlertModel
import Crypto
import Foundation
import GRDB
import GeoModel

/// All that somebody who may see personal data sees of one recipient; protected facts are not in it.
package struct PersonCard: Sendable {
    package let id: RecipientID
    /// What a change must name: it differs as soon as anybody changed anything.
    package let version: String
    package let entry: RegisterEntry
    package let isWritable: Bool
    /// The organisation's card at the one above: its administrator writes it elsewhere.
    package let isKeptBySystem: Bool
    package let updatedAt: Date
}

/// One thing that was done to a recipient, without what was written.
package struct PersonEvent: Sendable, Hashable {
    package let at: Date
    package let actor: String
    package let action: String
    /// The names of the fields that were changed, and the like.
    package let detail: [String: String]
}

/// One campaign that a recipient was in.
package struct PersonMessage: Sendable, Hashable {
    package let campaign: Int64
    package let at: Date
    package let subject: String
    package let mode: CampaignMode
    /// The delivery's.
    package let state: String
}

/// How the last message to one of a recipient's addresses went.
package struct ContactOutcome: Sendable, Hashable {
    package let channel: Channel
    package let address: Redacted<String>
    /// Of the leg.
    package let state: String
    package let cause: String?
    package let at: Date?
}

package struct PersonHistory: Sendable {
    /// Newest first.
    package let events: [PersonEvent]
    /// Newest first.
    package let messages: [PersonMessage]
}

extension AlertDatabase {
    /// Of each kind, as a page shows them.
    private static let mostHistory = 50

    /// One recipient of the scope, whole.
    ///
    /// - Throws: `StoreError.unknownPerson`, the same for one that does not exist and one that is not seen.
    package func personCard(_ id: RecipientID, scope: RegisterScope) throws -> PersonCard {
        try pool.read { try $0.personCard(id, scope: scope) }
    }

    /// What was done to a recipient, and what was sent to it by the organisation that asks.
    ///
    /// - Throws: as `personCard`.
    package func personHistory(_ id: RecipientID, scope: RegisterScope) throws -> PersonHistory {
        try pool.read { database in
            let owner = try database.owner(of: id, scope: scope)
            let events = try Row.fetchAll(
                database,
                sql: """
                    SELECT at, actor, action, detail FROM audit_entries INDEXED BY audit_entries_of_recipients
                    WHERE subject = ? AND substr(subject, 1, 10) = 'recipient '
                        AND (organisation_id = ? OR organisation_id IS NULL)
                    ORDER BY id DESC LIMIT \(Self.mostHistory)
                    """, arguments: ["recipient \(id)", owner])
            let own = scope.ownCondition(on: "campaigns.organisation_id")
            let messages = try Row.fetchAll(
                database,
                sql: """
                    SELECT campaigns.id, campaigns.created_at, campaigns.subject, campaigns.mode, deliveries.state
                    FROM deliveries INDEXED BY deliveries_by_recipient JOIN campaigns ON campaigns.id = campaign_id
                    WHERE recipient_id = ? AND \(own.sql) ORDER BY campaigns.id DESC LIMIT \(Self.mostHistory)
                    """, arguments: [id.rawValue] + own.arguments)
            return PersonHistory(
                events: events.map { row in
                    PersonEvent(
                        at: Date(milliseconds: row["at"]), actor: row["actor"], action: row["action"],
                        detail: (try? JSONDecoder().decode([String: String].self, from: Data((row["detail"] as String).utf8)))
                            ?? [:])
                },
                messages: messages.map { row in
                    PersonMessage(
                        campaign: row["id"], at: Date(milliseconds: row["created_at"]), subject: row["subject"],
                        mode: CampaignMode(rawValue: row["mode"]) ?? .real, state: row["state"])
                })
        }
    }

    /// How the last real message of the organisation that asks went at each of a recipient's addresses.
    package func contactOutcomes(of id: RecipientID, scope: RegisterScope) throws -> [ContactOutcome] {
        let own = scope.ownCondition(on: "campaigns.organisation_id")
        return try pool.read { database in
            let rows = try Row.fetchAll(
                database,
                sql: """
                    SELECT legs.channel, legs.address, legs.state, legs.cause, legs.ended_at
                    FROM deliveries INDEXED BY deliveries_by_recipient
                    JOIN campaigns ON campaigns.id = deliveries.campaign_id JOIN legs ON legs.delivery_id = deliveries.id
                    WHERE recipient_id = ? AND campaigns.mode = 'real' AND \(own.sql) ORDER BY legs.id DESC LIMIT \(Self.mostHistory)
                    """, arguments: [id.rawValue] + own.arguments)
            var seen: Set<String> = []
            return rows.compactMap { row in
                guard let channel = Channel(rawValue: row["channel"]), seen.insert("\(channel) \(row["address"] as String)").inserted
                else { return nil }
                return ContactOutcome(
                    channel: channel, address: Redacted(row["address"]), state: row["state"], cause: row["cause"],
                    at: (row["ended_at"] as Int64?).map { Date(milliseconds: $0) })
            }
        }
    }

    /// Writes down that somebody is about to see these people, found by one question.
    package func recordSight(_ action: String, ofPeople people: [FoundPerson], actor: String) throws {
        try recordSight(action, of: people.map { ($0.organisation, $0.id) }, actor: actor)
    }

    /// Writes down that somebody is about to see these cards beside each other.
    package func recordSight(_ action: String, ofCards cards: [PersonCard], actor: String) throws {
        try recordSight(action, of: cards.map { ($0.entry.organisation, $0.id) }, actor: actor)
    }

    private func recordSight(_ action: String, of people: [(organisation: String, id: RecipientID)], actor: String) throws {
        guard !people.isEmpty else { return }
        try pool.write { database in
            for (name, seen) in Dictionary(grouping: people, by: \.organisation).sorted(by: { $0.key < $1.key }) {
                let owner = try Int64.fetchOne(database, sql: "SELECT id FROM organisations WHERE name = ?", arguments: [name])
                try database.audit(
                    actor: actor, action: action, subject: name,
                    detail: ["recipients": String(seen.count)].merging(
                        SightNumbers.recipients.detail(seen.map(\.id.rawValue).sorted())) { _, new in new },
                    organisation: owner.map { OrganisationID(rawValue: $0) })
            }
        }
    }

    /// Writes down that somebody is about to see one recipient's card.
    package func recordSight(ofPerson card: PersonCard, actor: String) throws {
        try pool.write { database in
            try database.audit(
                actor: actor, action: "register.show", subject: card.entry.organisation,
                detail: ["recipients": "1"].merging(SightNumbers.recipients.detail([card.id.rawValue])) { _, new in new },
                organisation: try database.organisation(of: card.id))
        }
    }
}

extension Database {
    /// The organisation of a recipient that is seen.
    func owner(of id: RecipientID, scope: RegisterScope) throws -> Int64 {
        let owner = scope.condition(on: "organisation_id")
        guard let found = try Int64.fetchOne(
            self, sql: "SELECT organisation_id FROM recipients WHERE id = ? AND \(owner.sql)",
            arguments: [id.rawValue] + owner.arguments)
        else { throw StoreError.unknownPerson }
        return found
    }

    func personCard(_ id: RecipientID, scope: RegisterScope) throws -> PersonCard {
        let owner = try owner(of: id, scope: scope)
        guard let entry = try registerEntries([id.rawValue], withProtected: false).first,
            let image = try recipientImage(id.rawValue)
        else { throw StoreError.unknownPerson }
        let isKept = image.source == TownHalls.source
        return PersonCard(
            id: id, version: try image.version, entry: entry, isWritable: scope.writable.admits(owner) && !isKept,
            isKeptBySystem: isKept, updatedAt: Date(milliseconds: image.updatedAt))
    }
}

extension RecipientImage {
    /// Differs with anything that a card shows or a change writes; not with what is sent to the recipient.
    var version: String {
        get throws {
            var image = self
            image.deliveries = []
            image.contributions = nil
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            return SHA256.hash(data: try encoder.encode(image)).prefix(12).map { byte in
                let text = String(byte, radix: 16)
                return byte < 16 ? "0" + text : text
            }.joined()
        }
    }
}

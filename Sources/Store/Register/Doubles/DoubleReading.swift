import AlertModel
import Foundation
import GRDB

/// A group as it is now, with all that is needed to compare its people.
package struct DoubleCards: Sendable {
    package let reason: DoubleGroup.Reason
    /// Two at least.
    package let people: [PersonCard]
    /// How many more the search found who share it, and who follow once these are one.
    package let others: Int
}

extension AlertDatabase {
    /// Groups that one page reads: after much was settled, most of them are no more, and each costs its people's cards.
    package static let mostRead = 500

    /// The next groups that still are what the search found: who is gone, is no longer alike, or was said to be somebody else is
    /// not in them.
    ///
    /// - Parameter start: how many groups were passed already.
    /// - Returns: the groups, and where to go on, be there none among those that were read; nil at the end.
    package func doubles(
        _ findings: DoubleFindings, from start: Int, most: Int, scope: RegisterScope
    ) throws -> (groups: [DoubleCards], next: Int?) {
        try pool.read { database in
            var groups: [DoubleCards] = []
            var place = start
            let end = min(findings.groups.count, start + Self.mostRead)
            while place < end, groups.count < most {
                if let cards = try database.cards(of: findings.groups[place], scope: scope) { groups.append(cards) }
                place += 1
            }
            return (groups, place < findings.groups.count ? place : nil)
        }
    }

    /// Remembers that these people are not one, each of them and each other.
    ///
    /// - Throws: `StoreError.unknownPerson`, `.keptBySystem`, `.differentRegisters`.
    package func keepApart(_ ids: [RecipientID], scope: RegisterScope, actor: String) throws {
        try pool.write { database in
            let images = try Set(ids).sorted().map { try database.writableImage($0, scope: scope) }
            guard let owner = images.first?.organisationID, images.count > 1 else { return }
            guard images.allSatisfy({ $0.organisationID == owner }) else { throw StoreError.differentRegisters }
            for (index, first) in images.enumerated() {
                for second in images[(index + 1)...] {
                    try database.execute(
                        sql: """
                            INSERT INTO recipient_distinctions (first_id, second_id, at, actor) VALUES (?, ?, ?, ?)
                            ON CONFLICT DO NOTHING
                            """, arguments: [first.id, second.id, Date.now.milliseconds, actor])
                }
            }
            try database.audit(
                actor: actor, action: "recipient.apart", subject: "recipient \(images[0].id)",
                detail: ["recipients": images.map { String($0.id) }.joined(separator: ",")],
                organisation: OrganisationID(rawValue: owner))
        }
    }
}

extension Database {
    fileprivate func cards(of group: DoubleGroup, scope: RegisterScope) throws -> DoubleCards? {
        let cards = try group.members.compactMap { id -> PersonCard? in
            do { return try personCard(id, scope: scope) } catch StoreError.unknownPerson { return nil }
        }.filter(\.isWritable)
        let keys = cards.map { card in
            let keys = IdentityKeys(card.entry.recipient)
            return Set(group.reason == .contact ? keys.contacts : keys.persons)
        }
        let apart = try Set(Row.fetchAll(
            self,
            sql: """
                SELECT first_id, second_id FROM recipient_distinctions
                WHERE first_id IN (SELECT value FROM json_each(?1)) AND second_id IN (SELECT value FROM json_each(?1))
                """, arguments: ["[\(cards.map { $0.id.description }.joined(separator: ","))]"]
        ).map { [$0[0] as Int64, $0[1] as Int64] })
        let kept = cards.indices.filter { one in
            cards.indices.contains { other in
                one != other && !keys[one].isDisjoint(with: keys[other])
                    && !apart.contains([cards[one].id.rawValue, cards[other].id.rawValue].sorted())
            }
        }
        return kept.count < 2 ? nil : DoubleCards(reason: group.reason, people: kept.map { cards[$0] }, others: group.others)
    }
}

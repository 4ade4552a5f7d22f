import AlertModel
import Foundation
import GRDB

/// One merging that can be taken back.
package struct RecipientMerge: Sendable, Hashable {
    package let id: Int64
    package let kept: RecipientID
    package let absorbed: RecipientID
    /// The register's own key of the one that went.
    package let absorbedIdentifier: String
    package let at: Date
    package let actor: String
    /// Whether the one that stayed is as the merging left it.
    package let canBeUndone: Bool
    /// The one that joined the same card last, when that has to be taken back before this.
    package let undoFirst: RecipientID?
}

/// One of the two, as it was read.
package struct MergedPerson: Sendable, Hashable {
    package let id: RecipientID
    /// Of its card.
    package let version: String

    package init(id: RecipientID, version: String) {
        self.id = id
        self.version = version
    }
}

extension AlertDatabase {
    /// How long a merging can be taken back: what was kept for it is then erased.
    package static let mergeKeptDays = 30
    private static let mergeKeptMilliseconds = Int64(mergeKeptDays) * 86_400_000

    /// Makes one of two recipients of one register, in one transaction, with its line in the journal.
    ///
    /// - Parameter taking: the values of the absorbed one that survive.
    /// - Returns: the card as it is now.
    /// - Throws: `StoreError.unknownPerson`, `.personChanged` when either is not as it was read, `.keptBySystem`,
    ///   `.differentRegisters`. Nothing is changed then.
    package func merge(
        _ absorbed: MergedPerson, into kept: MergedPerson, taking: Set<MergedValue>, scope: RegisterScope, actor: String
    ) throws -> PersonCard {
        try pool.write { database in
            let mine = try database.writableImage(kept.id, scope: scope), other = try database.writableImage(absorbed.id, scope: scope)
            guard mine.id != other.id, mine.organisationID == other.organisationID else { throw StoreError.differentRegisters }
            guard try mine.version == kept.version, try other.version == absorbed.version else { throw StoreError.personChanged }
            let now = Date.now.milliseconds
            var merged = mine.absorbing(other, taking: taking, now: now)
            merged.deliveries = try mine.deliveries + database.deliveries(of: other, notIn: mine)
            let apart = try database.carryDistinctions(of: other.id, to: mine.id)
            try database.carryTicks(of: other.id, to: mine.id)
            try database.execute(sql: "DELETE FROM recipients WHERE id = ?", arguments: [other.id])
            try database.restore(merged, isNew: false)
            try database.keepRefusals(of: merged)
            let card = try database.personCard(kept.id, scope: scope)
            let encoder = JSONEncoder()
            encoder.outputFormatting = .sortedKeys
            func text(_ image: RecipientImage) throws -> String { String(decoding: try encoder.encode(image), as: UTF8.self) }
            try database.execute(
                sql: """
                    INSERT INTO recipient_merges
                        (organisation_id, kept_id, absorbed_id, at, actor, version, kept_image, absorbed_image, apart)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    mine.organisationID, mine.id, other.id, now, actor, card.version, text(mine), text(other),
                    String(decoding: try encoder.encode(apart), as: UTF8.self),
                ])
            try database.forgetOldMerges(now: now)
            try database.audit(
                actor: actor, action: "recipient.merge", subject: "recipient \(kept.id)",
                detail: [
                    "absorbed": String(other.id), "fields": taking.map(\.rawValue).sorted().joined(separator: ","),
                    "contacts": String(merged.contacts.count),
                ], organisation: OrganisationID(rawValue: mine.organisationID))
            return card
        }
    }

    /// The newest first; those of the last weeks.
    package func merges(scope: RegisterScope, most: Int) throws -> [RecipientMerge] {
        let owner = scope.writable.condition(on: "organisation_id")
        return try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT id, kept_id, absorbed_id, at, actor, version, json_extract(absorbed_image, '$.externalID') AS identifier
                    FROM recipient_merges WHERE \(owner.sql) AND at > ? ORDER BY id DESC LIMIT ?
                    """, arguments: owner.arguments + [Date.now.milliseconds - Self.mergeKeptMilliseconds, most]
            ).map { row in
                let kept: Int64 = row["kept_id"]
                let canBeUndone = try database.recipientImage(kept)?.version == row["version"]
                return RecipientMerge(
                    id: row["id"], kept: RecipientID(rawValue: kept), absorbed: RecipientID(rawValue: row["absorbed_id"]),
                    absorbedIdentifier: row["identifier"], at: Date(milliseconds: row["at"]), actor: row["actor"],
                    canBeUndone: canBeUndone,
                    undoFirst: try canBeUndone ? nil : database.mergingToUndo(before: row["id"], into: kept))
            }
        }
    }

    /// Makes two of one again, both as they were before the merging.
    ///
    /// Who joined a card last leaves it first.
    ///
    /// - Throws: `StoreError.unknownPerson` for a merging that is not there, is too old or is another's; `.mergedSince` when
    ///   somebody else joined the same card later; `.personChanged` when the one that stayed was changed since, or the
    ///   other's identifier was taken.
    package func undoMerge(_ id: Int64, scope: RegisterScope, actor: String) throws {
        let owner = scope.writable.condition(on: "organisation_id")
        try pool.write { database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM recipient_merges WHERE id = ? AND at > ? AND \(owner.sql)",
                arguments: [id, Date.now.milliseconds - Self.mergeKeptMilliseconds] + owner.arguments)
            guard let row else { throw StoreError.unknownPerson }
            let decoder = JSONDecoder()
            var kept = try decoder.decode(RecipientImage.self, from: Data((row["kept_image"] as String).utf8))
            let absorbed = try decoder.decode(RecipientImage.self, from: Data((row["absorbed_image"] as String).utf8))
            guard let present = try database.recipientImage(kept.id), try present.version == row["version"] else {
                if let later = try database.mergingToUndo(before: id, into: kept.id) { throw StoreError.mergedSince(card: later) }
                throw StoreError.personChanged
            }
            guard try !database.isTaken(absorbed, by: kept.id) else { throw StoreError.personChanged }
            let before = try kept.version
            // Somebody who reads the card now must not write over what comes back.
            kept.updatedAt = max(Date.now.milliseconds, present.updatedAt + 1)
            try database.execute(
                sql: """
                    UPDATE deliveries SET recipient_id = NULL
                    WHERE recipient_id = ? AND id IN (SELECT value FROM json_each(?))
                    """, arguments: [kept.id, absorbed.deliveries.json])
            try database.restore(kept, isNew: false)
            try database.restore(absorbed, isNew: true)
            if let text = row["apart"] as String? {
                try database.bringBack(decoder.decode(CarriedDistinctions.self, from: Data(text.utf8)), of: absorbed.id, from: kept.id)
            }
            try database.execute(sql: "DELETE FROM recipient_merges WHERE id = ?", arguments: [id])
            // The card is again as the merging before this one left it.
            try database.execute(
                sql: "UPDATE recipient_merges SET version = ? WHERE kept_id = ? AND version = ?",
                arguments: [database.recipientImage(kept.id)?.version, kept.id, before])
            try database.audit(
                actor: actor, action: "recipient.unmerge", subject: "recipient \(kept.id)",
                detail: ["absorbed": String(absorbed.id)], organisation: OrganisationID(rawValue: kept.organisationID))
        }
    }

    /// Erases what was kept of mergings that are too old to be taken back.
    package func forgetOldMerges() throws {
        try pool.write { try $0.forgetOldMerges(now: Date.now.milliseconds) }
    }

    fileprivate static func oldest(_ now: Int64) -> Int64 { now - mergeKeptMilliseconds }
}

extension Database {
    /// A recipient is in a campaign once: where both are, the one that stays keeps its own.
    fileprivate func deliveries(of other: RecipientImage, notIn mine: RecipientImage) throws -> [Int64] {
        try Int64.fetchAll(
            self,
            sql: """
                SELECT id FROM deliveries WHERE recipient_id = ? AND campaign_id NOT IN (
                    SELECT campaign_id FROM deliveries WHERE recipient_id = ?) ORDER BY id
                """, arguments: [other.id, mine.id])
    }

    /// Whether the row or an identifier of somebody who is to come back is somebody else's by now.
    fileprivate func isTaken(_ absorbed: RecipientImage, by kept: Int64) throws -> Bool {
        let names = [absorbed.externalID] + absorbed.aliases.map(\.externalID)
        let list = String(decoding: try JSONEncoder().encode(names), as: UTF8.self)
        return try Bool.fetchOne(
            self,
            sql: """
                SELECT EXISTS (SELECT 1 FROM recipients WHERE id = ?1)
                    OR EXISTS (SELECT 1 FROM recipients WHERE organisation_id = ?2
                        AND external_id IN (SELECT value FROM json_each(?3)))
                    OR EXISTS (SELECT 1 FROM recipient_aliases WHERE organisation_id = ?2 AND recipient_id <> ?4
                        AND external_id IN (SELECT value FROM json_each(?3)))
                """, arguments: [absorbed.id, absorbed.organisationID, list, kept]) ?? false
    }

    /// Whose joining of a card is the last, if nothing but joinings has happened to the card since another one.
    fileprivate func mergingToUndo(before id: Int64, into kept: Int64) throws -> RecipientID? {
        let rows = try Row.fetchAll(
            self, sql: "SELECT absorbed_id, version, kept_image FROM recipient_merges WHERE kept_id = ? AND id >= ? ORDER BY id",
            arguments: [kept, id])
        let decoder = JSONDecoder()
        for (row, next) in zip(rows, rows.dropFirst()) {
            let image = try decoder.decode(RecipientImage.self, from: Data((next["kept_image"] as String).utf8))
            guard try image.version == row["version"] else { return nil }
        }
        guard rows.count > 1, let last = rows.last, try recipientImage(kept)?.version == last["version"] else { return nil }
        return RecipientID(rawValue: last["absorbed_id"])
    }

    fileprivate func forgetOldMerges(now: Int64) throws {
        try execute(sql: "DELETE FROM recipient_merges WHERE at <= ?", arguments: [AlertDatabase.oldest(now)])
    }
}

import AlertModel
import Foundation
import GRDB
import GeoModel

/// A change of one recipient by hand.
package enum RecipientEdit: Sendable, Hashable {
    case name(String)
    case kind(RecipientKind)
    case language(String)
    case address(String?)
    case postcode(String?)
    case communeCode(CommuneCode?)
    case communeName(String?)
    case household(String?)
    case building(String?)
    /// Of the recipient and of all its contact points.
    case confirmedOn(CalendarDate?)
    /// An operator placed the point: it is exact. WGS 84, longitude first.
    case position(Position<WGS84>)
    /// No longer where an operator placed it, but where the geocoder finds the address.
    case positionByAddress
    case tags([String])
    case addTag(String)
    case removeTag(String)
    /// The present ranks of a channel's contact points in their new order.
    case contactOrder(Channel, [Int])

    /// The word the journal and the command line use.
    package var field: String {
        switch self {
        case .name: "name"
        case .kind: "kind"
        case .language: "language"
        case .address: "address"
        case .postcode: "postcode"
        case .communeCode: "commune_code"
        case .communeName: "commune"
        case .household: "household"
        case .building: "building"
        case .confirmedOn: "confirmed_on"
        case .position, .positionByAddress: "position"
        case .tags, .addTag, .removeTag: "tags"
        case .contactOrder(let channel, _): channel.rawValue
        }
    }
}

extension AlertDatabase {
    /// Changes one recipient by hand; the journal names the fields, never what is in them.
    ///
    /// The same row of a file again leaves the correction alone; a row that has changed since, or has coordinates of its
    /// own, wins again in all that its file speaks of. The undoing of an import no longer touches the recipient.
    ///
    /// - Throws: `StoreError.unknownRecipient`, `.ambiguousRecipient`, `.invalidField`. Nothing is changed then.
    package func edit(
        recipient externalID: String, _ edits: [RecipientEdit], scope: RegisterScope, actor: String
    ) throws {
        try pool.write { database in
            let id = try database.editableRecipient(externalID, scope: scope)
            for edit in edits { try database.apply(edit, to: id) }
            if edits.contains(.positionByAddress) { try database.requireAddress(of: id) }
            if edits.contains(where: \.movesPlace) { try database.relocate(id.rawValue) }
            try database.execute(
                sql: "UPDATE recipients SET import_id = NULL, updated_at = ? WHERE id = ?",
                arguments: [Date.now.milliseconds, id.rawValue])
            try database.audit(
                actor: actor, action: "recipient.set", subject: "recipient \(id)",
                detail: ["fields": Set(edits.map(\.field)).sorted().joined(separator: ",")],
                organisation: try database.organisation(of: id))
        }
    }

    /// Removes somebody who moved or objected: row, contact points, lists, tags, protected facts, and what imports kept
    /// to be undone. The ledger keeps the copies it made when it alerted.
    ///
    /// - Throws: `StoreError.unknownRecipient`, `.ambiguousRecipient`.
    package func delete(recipient externalID: String, scope: RegisterScope, actor: String) throws {
        try delete(actor: actor) { try $0.editableRecipient(externalID, scope: scope) }
    }

    /// - Parameter find: whom, inside the transaction.
    func delete(actor: String, _ find: (Database) throws -> RecipientID) throws {
        try pool.write { database in
            let id = try find(database)
            let owner = try database.organisation(of: id)
            try database.execute(
                sql: """
                    DELETE FROM register_import_images
                    WHERE recipient_id IN (
                        SELECT ?1
                        UNION SELECT number FROM recipient_contributions WHERE recipient_id = ?1 AND number > 0
                        UNION SELECT absorbed_id FROM recipient_merges WHERE kept_id = ?1)
                        AND import_id IN (SELECT id FROM register_imports WHERE organisation_id = ?2)
                    """, arguments: [id.rawValue, owner.rawValue])
            try database.execute(sql: "DELETE FROM recipients WHERE id = ?", arguments: [id.rawValue])
            try database.audit(
                actor: actor, action: "recipient.delete", subject: "recipient \(id)",
                detail: ["organisation": try database.organisationName(owner)], organisation: owner)
        }
        // What was deleted is overwritten in the file (Debian's SQLite is built so), but not in the log beside it. Its words
        // leave the index in steps, see `forgetErasedWords`: the deletion has asked for them.
        _ = try? pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
    }
}

extension Database {
    /// - Throws: as `recipient(withExternalID:scope:)`, and `StoreError.keptBySystem` for an organisation's own card.
    fileprivate func editableRecipient(_ externalID: String, scope: RegisterScope) throws -> RecipientID {
        let id = try recipient(withExternalID: externalID, scope: scope.writable)
        let source = try String.fetchOne(self, sql: "SELECT source FROM recipients WHERE id = ?", arguments: [id.rawValue])
        guard source != TownHalls.source else { throw StoreError.keptBySystem(externalID: externalID) }
        return id
    }
}

extension RecipientEdit {
    /// Whether the geocoder has to look again.
    var movesPlace: Bool {
        switch self {
        case .address, .postcode, .communeCode, .communeName, .positionByAddress: true
        default: false
        }
    }
}

extension Database {
    /// In characters: what an import takes in a cell.
    private static let longestText = 500

    func apply(_ edit: RecipientEdit, to id: RecipientID) throws {
        switch edit {
        case .name(let text): try set("name", to: text, edit, id)
        case .kind(let kind): try set("kind", to: kind.rawValue, edit, id)
        case .language(let tag): try set("language", to: tag, edit, id)
        case .address(let text): try set("address", to: text, edit, id)
        case .postcode(let text): try set("postcode", to: text, edit, id)
        case .communeName(let text): try set("commune_name", to: text, edit, id)
        case .communeCode(let code):
            try set("commune_code", to: code?.rawValue, edit, id)
            try execute(sql: "UPDATE recipients SET is_commune_found = 0 WHERE id = ?", arguments: [id.rawValue])
        case .household(let text): try set("household", to: text, edit, id)
        case .building(let text): try set("building", to: text, edit, id)
        case .confirmedOn(let day):
            try set("confirmed_on", to: day?.text, edit, id)
            try execute(
                sql: "UPDATE contact_points SET confirmed_on = ? WHERE recipient_id = ?", arguments: [day?.text, id.rawValue])
        case .position(let position):
            try execute(
                sql: """
                    UPDATE recipients SET precision = 'given', score = 1, uncertainty_metres = 0,
                        location = MakePoint(?, ?, 4326) WHERE id = ?
                    """, arguments: [position.longitude, position.latitude, id.rawValue])
        case .positionByAddress:
            try execute(
                sql: """
                    UPDATE recipients SET precision = NULL, score = NULL, uncertainty_metres = NULL, location = NULL
                    WHERE id = ?
                    """, arguments: [id.rawValue])
        case .tags(let tags):
            try execute(sql: "DELETE FROM recipient_tags WHERE recipient_id = ?", arguments: [id.rawValue])
            for tag in tags { try addTag(tag, to: id) }
        case .addTag(let tag): try addTag(tag, to: id)
        case .removeTag(let tag):
            try execute(
                sql: "DELETE FROM recipient_tags WHERE recipient_id = ? AND tag = ?", arguments: [id.rawValue, tag])
        case .contactOrder(let channel, let order): try reorder(channel, order, of: id)
        }
    }

    /// Somebody without an address would be nowhere once their point is gone.
    ///
    /// - Throws: `StoreError.invalidField` for a recipient with neither address nor postcode nor commune.
    func requireAddress(of id: RecipientID) throws {
        let has = try Bool.fetchOne(
            self,
            sql: """
                SELECT ifnull(address, '') != '' OR ifnull(postcode, '') != '' OR ifnull(commune_name, '') != ''
                    OR (commune_code IS NOT NULL AND NOT is_commune_found)
                FROM recipients WHERE id = ?
                """, arguments: [id.rawValue])
        guard has == true else {
            throw StoreError.invalidField(
                name: "position", reason: "an address, a postcode or a commune is due to be placed by")
        }
    }

    private func set(_ column: String, to text: String?, _ edit: RecipientEdit, _ id: RecipientID) throws {
        if let text {
            guard text.count <= Self.longestText, !text.unicodeScalars.contains(where: { $0.value < 32 }) else {
                throw StoreError.invalidField(
                    name: edit.field, reason: "a text of at most \(Self.longestText) characters without control characters is due")
            }
        }
        try execute(sql: "UPDATE recipients SET \(column) = ? WHERE id = ?", arguments: [text, id.rawValue])
    }

    private func addTag(_ tag: String, to id: RecipientID) throws {
        let isTag = !tag.isEmpty && tag.count <= 200
            && !tag.unicodeScalars.contains { $0.value < 32 || "|,;".unicodeScalars.contains($0) }
        guard isTag else {
            throw StoreError.invalidField(name: "tags", reason: "a tag has 1 to 200 characters, none of them | , or ;")
        }
        try execute(
            sql: "INSERT INTO recipient_tags (recipient_id, tag) VALUES (?, ?) ON CONFLICT DO NOTHING",
            arguments: [id.rawValue, tag])
    }

    private func reorder(_ channel: Channel, _ order: [Int], of id: RecipientID) throws {
        let addresses = try String.fetchAll(
            self,
            sql: "SELECT address FROM contact_points WHERE recipient_id = ? AND channel = ? ORDER BY rank, address",
            arguments: [id.rawValue, channel.rawValue])
        guard addresses.indices.map({ $0 + 1 }) == order.sorted() else {
            throw StoreError.invalidField(
                name: channel.rawValue,
                reason: "the recipient has \(addresses.count) contact points there: give the numbers "
                    + "\(addresses.isEmpty ? "of none" : "1 to \(addresses.count)") in their new order")
        }
        for (index, old) in order.enumerated() {
            try execute(
                sql: "UPDATE contact_points SET rank = ? WHERE recipient_id = ? AND channel = ? AND address = ?",
                arguments: [index + 1, id.rawValue, channel.rawValue, addresses[old - 1]])
        }
    }
}

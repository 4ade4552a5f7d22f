import AlertModel
import Dispatching
import Foundation
import GRDB
import GeoModel

/// A card as somebody writes it; what is nil stays as it is.
package struct PersonChange: Sendable {
    package var edits: [RecipientEdit] = []
    /// All contact points that the recipient is to have, checked; provenance and confirmation of those it has stay.
    package var contacts: [ContactPoint]?
    /// All static lists of its organisation that it is to be on.
    package var lists: [String]?
    /// How somebody opted out or in again, in a word of `ConsentReason`, for the journal.
    package var reason: String?

    package init() {}
}

extension AlertDatabase {
    /// Changes one recipient in one transaction, with its line in the journal, which names fields and nothing of them.
    ///
    /// A contact point that is refused from now on is so as if its owner had said it: information to it stops, alerts go on.
    ///
    /// - Parameter version: of the card that was read. - Returns: the card as it is now.
    /// - Throws: `StoreError.unknownPerson`, `.personChanged`, `.keptBySystem`, `.invalidField`, `.unknownList`,
    ///   `.listIsComputed`. Nothing is changed then.
    package func change(
        person id: RecipientID, _ change: PersonChange, version: String, scope: RegisterScope, actor: String
    ) throws -> PersonCard {
        try pool.write { database in
            let image = try database.writableImage(id, scope: scope)
            guard try image.version == version else { throw StoreError.personChanged }
            var fields = Set(change.edits.map(\.field))
            for edit in change.edits { try database.apply(edit, to: id) }
            if let contacts = change.contacts {
                let outcome = try database.replaceContacts(of: image, with: contacts, now: .now)
                if outcome.hasChanged { fields.insert("contacts") }
                // Consent without its reason proves nothing, either way.
                guard !outcome.changesRefusal || change.reason != nil else {
                    throw StoreError.invalidField(name: "reason", reason: "say how the person opted out, or in again")
                }
            }
            if let lists = change.lists, try database.setLists(of: image, to: lists) { fields.insert("lists") }
            if change.edits.contains(.positionByAddress) { try database.requireAddress(of: id) }
            if change.edits.contains(where: \.movesPlace) { try database.relocate(id.rawValue) }
            try database.execute(
                sql: "UPDATE recipients SET import_id = NULL, updated_at = ? WHERE id = ?",
                arguments: [max(Date.now.milliseconds, image.updatedAt + 1), id.rawValue])
            var detail = ["fields": fields.sorted().joined(separator: ",")]
            detail["reason"] = change.reason
            try database.audit(
                actor: actor, action: "recipient.set", subject: "recipient \(id)", detail: detail,
                organisation: OrganisationID(rawValue: image.organisationID))
            return try database.personCard(id, scope: scope)
        }
    }

    /// Adds a recipient by hand, placed by its address unless it has a point.
    ///
    /// - Parameter recipient: with an empty identifier for one that is made here.
    /// - Throws: `StoreError.identifierTaken`, `.listIsComputed`.
    package func add(
        person recipient: Recipient, to organisation: OrganisationID, actor: String
    ) throws -> RecipientID {
        try prepareCommuneDirectory()
        return try pool.write { database in
            var identifier = recipient.externalID
            if identifier.isEmpty {
                identifier = "console-\(UUID().uuidString.lowercased())"
            }
            let taken = try Int.fetchOne(
                database,
                sql: """
                    SELECT 1 FROM recipients WHERE organisation_id = ?1 AND external_id = ?2
                    UNION ALL SELECT 1 FROM recipient_aliases WHERE organisation_id = ?1 AND external_id = ?2
                    """, arguments: [organisation.rawValue, identifier])
            guard taken == nil else { throw StoreError.identifierTaken }
            var person = Recipient(
                externalID: identifier, name: recipient.name, kind: recipient.kind, addressText: recipient.addressText,
                postcode: recipient.postcode, communeCode: recipient.communeCode, communeName: recipient.communeName,
                language: recipient.language, location: recipient.location, contactPoints: recipient.contactPoints,
                lists: recipient.lists)
            person.tags = recipient.tags
            person.household = recipient.household
            person.building = recipient.building
            person.confirmedOn = recipient.confirmedOn
            let hash = person.contentHash
            if person.location == nil {
                let placement = try Placer(database: database, cache: nil).place(person)
                person.location = placement.location
                person.isCommuneFound = person.communeCode == nil && placement.communeCode != nil
                person.communeCode = placement.communeCode
            }
            var writer = try RecipientWriter(database: database, organisation: organisation)
            let id = RecipientID(rawValue: try writer.add(person, hash: hash))
            try database.audit(
                actor: actor, action: "recipient.add", subject: "recipient \(id)",
                detail: ["organisation": try database.organisationName(organisation)], organisation: organisation)
            return id
        }
    }

    /// Removes somebody who moved or objected, as `delete(recipient:scope:actor:)` does.
    ///
    /// - Throws: `StoreError.unknownPerson`, `.keptBySystem`, `.personChanged`.
    package func erase(person id: RecipientID, version: String, scope: RegisterScope, actor: String) throws {
        try delete(actor: actor) { database in
            guard try database.writableImage(id, scope: scope).version == version else { throw StoreError.personChanged }
            return id
        }
    }
}

extension Database {
    /// - Throws: `StoreError.unknownPerson`, `.keptBySystem`.
    func writableImage(_ id: RecipientID, scope: RegisterScope) throws -> RecipientImage {
        _ = try owner(of: id, scope: scope.writable)
        guard let image = try recipientImage(id.rawValue) else { throw StoreError.unknownPerson }
        guard image.source != TownHalls.source else { throw StoreError.keptBySystem(externalID: image.externalID) }
        return image
    }

    /// - Returns: whether anything is other than before, and whether somebody opted out, or in again.
    fileprivate func replaceContacts(
        of image: RecipientImage, with points: [ContactPoint], now: UTCTime
    ) throws -> (hasChanged: Bool, changesRefusal: Bool) {
        func key(_ channel: String, _ address: String) -> String { "\(channel) \(address)" }
        var known = Dictionary(image.contacts.map { (key($0.channel, $0.address), $0) }) { first, _ in first }
        var hasChanged = false, changesRefusal = false
        for point in points {
            let before = known.removeValue(forKey: key(point.channel.rawValue, point.address.value))
            let isNewlyRefused = point.consent == .refused && before?.consent != Consent.refused.rawValue
            let isBackIn = before?.consent == Consent.refused.rawValue && point.consent == .given
            // What the question does not speak of stays: nobody is back in by an omission.
            let consent = point.consent?.rawValue ?? before?.consent
            let isOther = before.map {
                $0.rank != point.rank || $0.isEmergency != point.isEmergency || $0.consent != consent
            } ?? true
            guard isOther else { continue }
            hasChanged = true
            let today = Date(milliseconds: now.millisecondsSince1970).formatted(.iso8601.year().month().day())
            try execute(
                sql: """
                    INSERT INTO contact_points (recipient_id, channel, address, rank, is_emergency, check_flag, consent, consent_on)
                    VALUES (:id, :channel, :address, :rank, :isEmergency, :check, :consent, :day)
                    ON CONFLICT (recipient_id, channel, address) DO UPDATE SET rank = excluded.rank,
                        is_emergency = excluded.is_emergency, consent = excluded.consent,
                        consent_on = iif(contact_points.consent IS excluded.consent, contact_points.consent_on, excluded.consent_on)
                    """,
                arguments: [
                    "id": image.id, "channel": point.channel.rawValue, "address": point.address.value, "rank": point.rank,
                    "isEmergency": point.isEmergency, "check": point.check?.rawValue, "consent": consent,
                    "day": consent == nil ? nil : today,
                ])
            // A point that is new with its refusal is written down as it was given, by no change of mind.
            if isBackIn || isNewlyRefused && before != nil { changesRefusal = true }
            if isBackIn {
                try execute(
                    sql: "DELETE FROM information_refusals WHERE organisation_id = ? AND channel = ? AND address = ?",
                    arguments: [image.organisationID, point.channel.rawValue, point.address.value])
                try liftRefusal(of: image.id, channel: point.channel.rawValue, address: point.address.value, on: today)
            } else if isNewlyRefused {
                try refuseInformation(
                    of: image.organisationID, channel: point.channel, address: point.address.value, on: nil, now: now)
            }
        }
        for gone in known.values {
            hasChanged = true
            try execute(
                sql: "DELETE FROM contact_points WHERE recipient_id = ? AND channel = ? AND address = ?",
                arguments: [image.id, gone.channel, gone.address])
        }
        if hasChanged { try refreshChannels(of: image.id) }
        return (hasChanged, changesRefusal)
    }

    fileprivate func setLists(of image: RecipientImage, to names: [String]) throws -> Bool {
        let owner = OrganisationID(rawValue: image.organisationID)
        let wanted = try Set(names.map { name in
            let list = try list(named: name, scope: .organisation(owner))
            guard list.definition == .members else { throw StoreError.listIsComputed(name: name) }
            return list.id.rawValue
        })
        guard wanted != Set(image.lists) else { return false }
        try execute(sql: Self.leavingLists, arguments: [image.id])
        for list in wanted.sorted() {
            try execute(sql: "INSERT INTO list_members (list_id, recipient_id) VALUES (?, ?)", arguments: [list, image.id])
        }
        return true
    }
}

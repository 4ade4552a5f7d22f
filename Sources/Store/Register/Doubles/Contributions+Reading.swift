import AlertModel
import Dispatching
import Foundation
import GRDB

extension Database {
    /// Nil for a card that is one row's alone.
    func contributions(to id: Int64) throws -> [RecipientContribution]? {
        let decoder = JSONDecoder()
        let rows = try Row.fetchAll(
            cachedStatement(sql: "SELECT image, gives, is_guessed FROM recipient_contributions WHERE recipient_id = ? ORDER BY external_id"),
            arguments: [id])
        guard !rows.isEmpty else { return nil }
        return try rows.map { row in
            RecipientContribution(
                try decoder.decode(RecipientImage.self, from: Data((row["image"] as String).utf8)),
                gives: try decoder.decode([MergedValue].self, from: Data((row["gives"] as String).utf8)), isGuessed: row["is_guessed"])
        }
    }

    /// Writes those of an image whose recipient has none.
    func write(_ contributions: [RecipientContribution], to id: Int64) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .sortedKeys
        func text(_ value: some Encodable) throws -> String { String(decoding: try encoder.encode(value), as: UTF8.self) }
        for one in contributions {
            try cachedStatement(sql: """
                INSERT INTO recipient_contributions (recipient_id, external_id, number, image, gives, is_guessed)
                VALUES (?, ?, ?, ?, ?, ?)
                """).execute(arguments: [
                    id, one.image.externalID, one.image.id, text(one.image), text(MergedValue.allCases.filter(one.gives)), one.isGuessed,
                ])
        }
    }

    /// Somebody who refused is in again, by their own word: no row that said so before takes it back.
    func liftRefusal(of id: Int64, channel: String, address: String, on day: String) throws {
        guard var contributions = try contributions(to: id) else { return }
        for index in contributions.indices {
            for place in contributions[index].image.contacts.indices {
                let contact = contributions[index].image.contacts[place]
                guard contact.channel == channel, contact.address == address, contact.consent == Consent.refused.rawValue
                else { continue }
                contributions[index].image.contacts[place].consent = Consent.given.rawValue
                contributions[index].image.contacts[place].consentOn = day
            }
        }
        try execute(sql: "DELETE FROM recipient_contributions WHERE recipient_id = ?", arguments: [id])
        try write(contributions, to: id)
    }

    /// Writes down what a merged card refuses where it outlives the card and any file: nobody is informed at an address because
    /// one of the rows that have it says nothing of the refusal, or says otherwise.
    func keepRefusals(of card: RecipientImage) throws {
        let now = UTCTime.now
        for contact in card.contacts where contact.consent == Consent.refused.rawValue {
            guard let channel = Channel(rawValue: contact.channel),
                try noteRefusal(of: card.organisationID, channel: channel, address: contact.address, now: now)
            else { continue }
            try cancelInformation(of: card.organisationID, channel: channel, address: contact.address, now: now)
        }
    }
}

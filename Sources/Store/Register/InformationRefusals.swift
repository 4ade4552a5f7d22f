import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// The secret that links and return addresses of this database's messages are made with.
    /// - Throws: `LedgerError.unreadable` when it is damaged.
    package func linkKey() throws -> LinkKey {
        let bytes = try pool.read { database in
            try Data.fetchOne(database, sql: "SELECT value FROM secrets WHERE name = 'links'")
        }
        guard let bytes, let key = LinkKey(bytes: Array(bytes)) else { throw LedgerError.unreadable("no secret for links") }
        return key
    }

    /// What the page shows on which a leg's recipient refuses further information.
    package func refusable(_ leg: LegID) throws -> AnswerableMessage? {
        try pool.read { try $0.answerable(leg, Database.refusal) }
    }

    /// The recipient of a leg wants no more information at its address from its organisation. The register says so at
    /// each contact point with that address. Alerts are sent all the same.
    ///
    /// - Returns: nil for a leg that was never attempted.
    package func refuseInformation(_ leg: LegID, now: UTCTime) throws -> AnswerableMessage? {
        try pool.write { database in
            let known = try database.answerable(leg, Database.refusal)
            guard let known, !known.isAnswered else { return known }
            try database.refuseInformation(leg, now: now)
            return AnswerableMessage(organisation: known.organisation, subject: known.subject, isAnswered: true)
        }
    }
}

extension Database {
    /// The recipient of a leg wants no more information at its address from its organisation.
    func refuseInformation(_ leg: LegID, now: UTCTime) throws {
        let row = try Row.fetchOne(
            self,
            sql: """
                SELECT campaigns.organisation_id, legs.channel, legs.address
                FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id WHERE legs.id = ?
                """, arguments: [leg.rawValue])
        guard let row else { return }
        try refuseInformation(of: row[0], channel: try Channel(stored: row[1]), address: row[2], on: leg, now: now)
    }

    /// An address wants no more information from an organisation: the register says so at each of its contact points with
    /// that address, and information campaigns under way leave it out. Said twice it counts once.
    ///
    /// - Parameter leg: the message it answers, whose recipients' cards are marked. Nil for a word out of the blue: the cards
    ///   with that address are.
    func refuseInformation(of organisation: Int64, channel: Channel, address: String, on leg: LegID?, now: UTCTime) throws {
        guard try noteRefusal(of: organisation, channel: channel, address: address, now: now) else { return }
        // By recipient: several may have the address, and each has it once a channel.
        let recipients = if let leg {
            try Int64.fetchAll(
                cachedStatement(sql: """
                    SELECT recipient_id FROM deliveries WHERE recipient_id IS NOT NULL AND id IN (
                        SELECT delivery_id FROM legs WHERE id = ?1 UNION SELECT delivery_id FROM leg_shares WHERE leg_id = ?1)
                    ORDER BY recipient_id
                    """), arguments: [leg.rawValue])
        } else {
            try Int64.fetchAll(
                self,
                sql: """
                    SELECT recipient_id FROM contact_points INDEXED BY contact_points_by_address CROSS JOIN recipients
                        ON recipients.id = contact_points.recipient_id AND (recipients.organisation_id = ?1
                            OR recipients.organisation_id IN (SELECT id FROM organisations WHERE annex_of = ?1))
                    WHERE contact_points.channel = ?2 AND contact_points.address = ?3 ORDER BY recipient_id
                    """, arguments: [organisation, channel.rawValue, address])
        }
        let today = Date(milliseconds: now.millisecondsSince1970).formatted(.iso8601.year().month().day())
        for recipient in recipients {
            try execute(
                sql: """
                    UPDATE contact_points SET consent = 'refused', consent_on = ?
                    WHERE recipient_id = ? AND channel = ? AND address = ?
                    """, arguments: [today, recipient, channel.rawValue, address])
            try execute(
                sql: "UPDATE recipients SET updated_at = ? WHERE id = ?", arguments: [now.millisecondsSince1970, recipient])
        }
        try cancelInformation(of: organisation, channel: channel, address: address, now: now)
        try audit(
            actor: "recipient", action: "information.refused", subject: leg.map { "leg \($0)" } ?? "organisation \(organisation)",
            detail: ["contact_points": String(recipients.count)], organisation: OrganisationID(rawValue: organisation))
    }

    /// - Returns: whether it was not known before.
    func noteRefusal(of organisation: Int64, channel: Channel, address: String, now: UTCTime) throws -> Bool {
        try execute(
            sql: """
                INSERT OR IGNORE INTO information_refusals (organisation_id, channel, address, refused_at)
                VALUES (?, ?, ?, ?)
                """, arguments: [organisation, channel.rawValue, address, now.millisecondsSince1970])
        return changesCount == 1
    }

    /// Finds a row when the leg's address refused information from the campaign's organisation.
    fileprivate static let refusal = """
        SELECT 1 FROM information_refusals WHERE information_refusals.organisation_id = campaigns.organisation_id
            AND information_refusals.channel = legs.channel AND information_refusals.address = legs.address
        """

    /// Of a contact point, in a statement whose second argument is the organisation that informs: it did not refuse.
    static let unrefused = """
        AND consent IS NOT 'refused' AND NOT EXISTS (
            SELECT 1 FROM information_refusals WHERE information_refusals.organisation_id = ?2
                AND information_refusals.channel = contact_points.channel
                AND information_refusals.address = contact_points.address)
        """
}

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
            try database.execute(
                sql: """
                    INSERT INTO information_refusals (organisation_id, channel, address, refused_at)
                    SELECT campaigns.organisation_id, legs.channel, legs.address, ?
                    FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id WHERE legs.id = ?
                    """, arguments: [now.millisecondsSince1970, leg.rawValue])
            // By recipient: several may have the address, and each has it once a channel.
            let recipients = try Int64.fetchAll(
                database,
                sql: """
                    SELECT recipient_id FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id
                        JOIN contact_points ON contact_points.channel = legs.channel
                            AND contact_points.address = legs.address
                        JOIN recipients ON recipients.id = contact_points.recipient_id
                            AND recipients.organisation_id = campaigns.organisation_id
                    WHERE legs.id = ? ORDER BY recipient_id
                    """, arguments: [leg.rawValue])
            let today = Date(milliseconds: now.millisecondsSince1970).formatted(.iso8601.year().month().day())
            for recipient in recipients {
                try database.execute(
                    sql: """
                        UPDATE contact_points SET consent = 'refused', consent_on = ?
                        WHERE recipient_id = ? AND (channel, address) = (SELECT channel, address FROM legs WHERE id = ?)
                        """, arguments: [today, recipient, leg.rawValue])
                try database.execute(
                    sql: "UPDATE recipients SET updated_at = ? WHERE id = ?",
                    arguments: [now.millisecondsSince1970, recipient])
            }
            try database.audit(
                actor: "recipient", action: "information.refused", subject: "leg \(leg)",
                detail: ["contact_points": String(recipients.count)])
            return AnswerableMessage(organisation: known.organisation, subject: known.subject, isAnswered: true)
        }
    }
}

extension Database {
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

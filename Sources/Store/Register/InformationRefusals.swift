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
            let points = try Row.fetchAll(
                database,
                sql: """
                    SELECT contact_points.id, contact_points.recipient_id
                    FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id
                        JOIN contact_points ON contact_points.channel = legs.channel
                            AND contact_points.address = legs.address
                        JOIN recipients ON recipients.id = contact_points.recipient_id
                            AND recipients.organisation_id = campaigns.organisation_id
                    WHERE legs.id = ? ORDER BY contact_points.id
                    """, arguments: [leg.rawValue])
            let today = Date(milliseconds: now.millisecondsSince1970).formatted(.iso8601.year().month().day())
            for row in points {
                try database.execute(
                    sql: "UPDATE contact_points SET consent = 'refused', consent_on = ? WHERE id = ?",
                    arguments: [today, row[0] as Int64])
                try database.execute(
                    sql: "UPDATE recipients SET updated_at = ? WHERE id = ?",
                    arguments: [now.millisecondsSince1970, row[1] as Int64])
            }
            try database.audit(
                actor: "recipient", action: "information.refused", subject: "leg \(leg)",
                detail: ["contact_points": String(points.count)])
            return AnswerableMessage(organisation: known.organisation, subject: known.subject, isAnswered: true)
        }
    }

    /// Whether an address refused information from an organisation: the last question before it is sent any.
    package func refusesInformation(
        _ address: Redacted<String>, on channel: Channel, from organisation: OrganisationID
    ) throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: """
                    SELECT EXISTS (SELECT 1 FROM information_refusals
                        WHERE organisation_id = ? AND channel = ? AND address = ?)
                    """), arguments: [organisation.rawValue, channel.rawValue, address.value]) ?? false
        }
    }
}

extension Database {
    /// Finds a row when the leg's address refused information from the campaign's organisation.
    fileprivate static let refusal = """
        SELECT 1 FROM information_refusals WHERE information_refusals.organisation_id = campaigns.organisation_id
            AND information_refusals.channel = legs.channel AND information_refusals.address = legs.address
        """
}

import AlertModel
import Campaigns
import Dispatching
import GRDB

/// Counting ended campaigns for the statistics, each once.
extension AlertDatabase {
    /// Campaigns of which nothing is under way any more and that were not counted yet, the newest first.
    ///
    /// A receipt that is still waited for may change what a campaign came to, and a campaign is counted once.
    ///
    /// - Parameters: as of `campaignFigures`.
    package func campaignsToTally(
        under organisation: OrganisationID, months: Int, mostOrganisations: Int, now: UTCTime = .now
    ) throws -> [CampaignID] {
        let window = try figuresWindow(under: organisation, months: months, mostOrganisations: mostOrganisations, now: now)
        guard let newest = window.spans.first, let oldest = window.spans.last else { return [] }
        return try pool.read { database in
            try Int64.fetchAll(
                database, sql: """
                    SELECT id FROM campaigns
                    WHERE organisation_id IN (SELECT value FROM json_each(?)) AND created_at >= ? AND created_at < ?
                        AND ended_at IS NOT NULL AND NOT EXISTS (SELECT 1 FROM campaign_tallies WHERE campaign_id = campaigns.id)
                        AND NOT EXISTS (SELECT 1 FROM campaign_counters WHERE campaign_id = campaigns.id
                            AND state IN ('queued', 'in_flight') AND count > 0)
                        AND NOT EXISTS (SELECT 1 FROM legs INDEXED BY legs_awaiting
                            WHERE campaign_id = campaigns.id AND awaiting_until > ?)
                    ORDER BY id DESC
                    """,
                arguments: [
                    window.places.map(\.id.rawValue).json, oldest.from.millisecondsSince1970, newest.to.millisecondsSince1970,
                    now.millisecondsSince1970,
                ]
            ).map { CampaignID(rawValue: $0) }
        }
    }

    /// Counts a campaign that `campaignsToTally` named: seconds for one of a million people.
    package func tally(_ campaign: CampaignID, now: UTCTime = .now) throws {
        let id = campaign.rawValue
        // Read first: whoever writes waits only for the few lines that come of it.
        let delays = try pool.read { try $0.delays(of: id) }
        let causes = try failures(of: campaign)
        try pool.write { database in
            try database.execute(
                sql: "INSERT INTO campaign_tallies (campaign_id, at) VALUES (?, ?) ON CONFLICT DO NOTHING",
                arguments: [id, now.millisecondsSince1970])
            // Another process counted it meanwhile.
            guard database.changesCount == 1 else { return }
            for (seconds, recipients) in delays {
                try database.execute(
                    sql: "INSERT INTO campaign_delays (campaign_id, seconds, recipients) VALUES (?, ?, ?)",
                    arguments: [id, seconds, recipients])
            }
            for one in causes {
                try database.execute(
                    sql: "INSERT INTO campaign_causes (campaign_id, channel, cause, recipients) VALUES (?, ?, ?, ?)",
                    arguments: [id, one.channel.rawValue, one.cause.rawValue, one.people])
            }
        }
    }
}

extension Database {
    /// From the launch to the first message that was taken and not refused later, on whichever way of a person.
    fileprivate func delays(of campaign: Int64) throws -> [(seconds: Int64, recipients: Int)] {
        try Row.fetchAll(
            self, sql: """
                WITH ways AS (
                    SELECT delivery_id, id AS leg_id FROM legs WHERE campaign_id = ?1
                    UNION ALL
                    SELECT leg_shares.delivery_id, leg_id FROM leg_shares JOIN legs ON legs.id = leg_id WHERE campaign_id = ?1),
                reached AS (
                    SELECT min(attempts.ended_at) AS at FROM ways
                    JOIN attempts ON attempts.leg_id = ways.leg_id
                        AND outcome IN ('accepted', 'delivered', 'answered', 'acknowledged')
                    JOIN deliveries ON deliveries.id = ways.delivery_id AND deliveries.addendum = 0
                        AND deliveries.state IN ('passed', 'answered', 'acknowledged')
                    GROUP BY ways.delivery_id)
                SELECT max(0, (at - started_at + 999) / 1000) AS seconds, count(*)
                FROM reached, campaigns WHERE campaigns.id = ?1 GROUP BY seconds ORDER BY seconds
                """, arguments: [campaign]
        ).map { ($0[0], $0[1]) }
    }
}

import AlertModel
import Dispatching
import GRDB

extension AlertDatabase {
    /// What the running campaigns of a mode have still to send: a paused one holds nothing up.
    ///
    /// - Parameter organisation: only those that may use a gateway of its.
    package func runningWork(_ mode: CampaignMode, beside organisation: OrganisationID) throws -> [ForecastWork] {
        try pool.read { database in
            let access = mode == .real ? try database.gatewayBook().access(of: organisation) : .all
            let known = mode == .real ? try database.knownGateways() : []
            return try database.runningCampaigns(mode).filter { campaign in
                known.isEmpty || known.contains {
                    access.allows($0.name, on: $0.channel) && campaign.access.allows($0.name, on: $0.channel)
                }
            }.map { campaign in
                ForecastWork(kind: campaign.kind, weight: campaign.weight, loads: try database.queuedLoads(of: campaign))
            }
        }
    }
}

extension Database {
    fileprivate func queuedLoads(of campaign: DispatchedCampaign) throws -> [MessageLoad] {
        // The counters tell at once, where one wording serves everybody. What a cascade holds back may never leave.
        let sql = campaign.message.variants.isEmpty
            ? """
                SELECT scope, '', count - coalesce((SELECT held.count FROM campaign_counters AS held
                    WHERE held.campaign_id = campaign_counters.campaign_id AND held.scope = 'held' AND held.state = campaign_counters.scope), 0)
                FROM campaign_counters WHERE campaign_id = ?1 AND state = 'queued' AND ?2 IS NOT NULL ORDER BY scope
                """
            : """
                SELECT legs.channel, deliveries.language, count(*)
                FROM legs JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE legs.campaign_id = ?1 AND legs.state = 'queued' AND legs.due_at < ?2 GROUP BY 1, 2 ORDER BY 1, 2
                """
        return try Row.fetchAll(self, sql: sql, arguments: [campaign.id.rawValue, UTCTime.never.millisecondsSince1970]).map { row in
            let channel = try Channel(stored: row[0])
            return MessageLoad(
                channel: channel, message: campaign.message.worded(for: channel, language: row[1]).sample, messages: row[2])
        }
    }
}

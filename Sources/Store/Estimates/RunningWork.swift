import AlertModel
import Dispatching
import GRDB

extension AlertDatabase {
    /// What the running campaigns of a mode have still to send: a paused one holds nothing up.
    package func runningWork(_ mode: CampaignMode) throws -> [ForecastWork] {
        try pool.read { database in
            try database.runningCampaigns(mode).map { campaign in
                ForecastWork(kind: campaign.kind, weight: campaign.weight, loads: try database.queuedLoads(of: campaign))
            }
        }
    }
}

extension Database {
    fileprivate func queuedLoads(of campaign: DispatchedCampaign) throws -> [MessageLoad] {
        // The counters tell at once, where one wording serves everybody.
        let sql = campaign.message.variants.isEmpty
            ? "SELECT scope, '', count FROM campaign_counters WHERE campaign_id = ? AND state = 'queued' ORDER BY scope"
            : """
                SELECT legs.channel, deliveries.language, count(*)
                FROM legs JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE legs.campaign_id = ? AND legs.state = 'queued' GROUP BY 1, 2 ORDER BY 1, 2
                """
        return try Row.fetchAll(self, sql: sql, arguments: [campaign.id.rawValue]).map { row in
            let channel = try Channel(stored: row[0])
            return MessageLoad(
                channel: channel, message: campaign.message.worded(for: channel, language: row[1]), messages: row[2])
        }
    }
}

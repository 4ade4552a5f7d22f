import AlertModel
import GRDB

extension AlertDatabase {
    /// When a second person was asked for a campaign; nil where none was.
    package func askedAt(_ campaign: CampaignID) throws -> UTCTime? {
        try pool.read { database in
            try Int64.fetchOne(
                database, sql: "SELECT asked_at FROM approvals WHERE campaign_id = ? ORDER BY id LIMIT 1",
                arguments: [campaign.rawValue]
            ).map(UTCTime.init(stored:))
        }
    }
}

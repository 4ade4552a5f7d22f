import AlertModel
import GRDB

/// What live campaigns still owe, seen from the gateways.
extension CampaignLedger {
    /// A receipt usually comes within seconds; a telephone that is switched off takes hours. After this it is called late.
    package static let lateReceiptMilliseconds: Int64 = 300_000
    /// Of one campaign; what is counted beyond it would hold up whoever looks.
    private static let mostLateLooked = 20_000

    /// Messages to go by channel, of one organisation's running campaigns; what a cascade holds back is not among them.
    package func queued(_ mode: CampaignMode, of organisation: OrganisationID) throws -> [Channel: Int] {
        try writer.read { database in
            var queued: [Channel: Int] = [:]
            for row in try Row.fetchAll(
                database, sql: """
                    SELECT scope, sum(count - coalesce((SELECT held.count FROM campaign_counters AS held
                        WHERE held.campaign_id = campaign_counters.campaign_id AND held.scope = 'held'
                            AND held.state = campaign_counters.scope), 0))
                    FROM campaigns JOIN campaign_counters ON campaign_counters.campaign_id = campaigns.id
                    WHERE mode = ? AND campaigns.state = 'running' AND organisation_id = ? AND campaign_counters.state = 'queued'
                    GROUP BY scope
                    """, arguments: [mode.rawValue, organisation.rawValue])
            {
                if let channel = Channel(rawValue: row[0]) { queued[channel] = row[1] }
            }
            return queued
        }
    }

    /// Accepted messages whose receipt is overdue, by gateway, of every organisation's live campaigns. It reads thousands of
    /// legs: whoever shows it keeps it for a while.
    package func lateReceipts(_ mode: CampaignMode, now: UTCTime) throws -> [String: Int] {
        try writer.read { database in
            var late: [String: Int] = [:]
            let campaigns = try Int64.fetchAll(
                database, sql: "SELECT id FROM campaigns WHERE mode = ? AND state IN ('running', 'paused')", arguments: [mode.rawValue])
            for campaign in campaigns {
                // Those whose time to wait ends first were accepted first.
                for row in try Row.fetchAll(
                    database, sql: """
                        SELECT attempts.gateway, count(*) FROM (
                            SELECT id FROM legs INDEXED BY legs_awaiting
                            WHERE campaign_id = ?1 AND awaiting_until IS NOT NULL AND awaiting_until > ?2 AND state = 'accepted'
                            ORDER BY awaiting_until LIMIT \(Self.mostLateLooked)) AS waiting
                        JOIN attempts INDEXED BY attempts_by_leg ON attempts.leg_id = waiting.id
                        WHERE outcome = 'accepted' AND receipt_at IS NULL AND ended_at < ?3 GROUP BY attempts.gateway
                        """,
                    arguments: [
                        campaign, now.millisecondsSince1970,
                        now.advanced(byMilliseconds: -Self.lateReceiptMilliseconds).millisecondsSince1970,
                    ])
                {
                    late[row[0], default: 0] += row[1]
                }
            }
            return late
        }
    }
}

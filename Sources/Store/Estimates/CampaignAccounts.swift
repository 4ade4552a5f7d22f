import AlertModel
import Dispatching
import Foundation
import GRDB

extension AlertDatabase {
    /// What was expected of a campaign, and what came of it once nothing of it is under way.
    ///
    /// The first reading after its end counts its attempts and keeps the result.
    /// - Throws: `LedgerError.unknownCampaign`.
    package func account(of campaign: CampaignID) throws -> CampaignAccount {
        let (account, isDue) = try pool.read { database in
            (try database.account(of: campaign), try database.isToBeMeasured(campaign))
        }
        guard isDue else { return account }
        return CampaignAccount(estimate: account.estimate, measure: try measure(campaign, account.estimate))
    }

    private func measure(_ campaign: CampaignID, _ estimate: CampaignEstimate?) throws -> CampaignMeasure {
        let measure = try pool.read { try $0.measure(campaign, prices: estimate?.prices ?? []) }
        try pool.write { database in
            try database.execute(
                sql: """
                    INSERT INTO campaign_estimates (campaign_id, measure) VALUES (?, ?)
                    ON CONFLICT (campaign_id) DO UPDATE SET measure = excluded.measure
                    """, arguments: [campaign.rawValue, try Database.text(of: measure)])
        }
        return measure
    }

    /// How past campaigns of a mode went, the newest first; those that have ended since are measured for it.
    ///
    /// - Parameter organisation: only its campaigns: what others sent is nobody else's to know; nil for all.
    package func measures(_ mode: CampaignMode, of organisation: OrganisationID?) throws -> [CampaignMeasure] {
        let due = try pool.read { database in
            try Int64.fetchAll(
                database, sql: """
                    SELECT id FROM campaigns LEFT JOIN campaign_estimates ON campaign_id = id
                    WHERE mode = ?1 AND ended_at IS NOT NULL AND measure IS NULL AND (?3 IS NULL OR organisation_id = ?3)
                    ORDER BY id DESC LIMIT ?2
                    """, arguments: [mode.rawValue, Self.mostMeasuredAtOnce, organisation?.rawValue])
        }
        for id in due { _ = try account(of: CampaignID(rawValue: id)) }
        return try pool.read { database in
            try String.fetchAll(
                database, sql: """
                    SELECT measure FROM campaign_estimates JOIN campaigns ON id = campaign_id
                    WHERE mode = ?1 AND measure IS NOT NULL AND (?3 IS NULL OR organisation_id = ?3) ORDER BY id DESC LIMIT ?2
                    """, arguments: [mode.rawValue, Self.longestHistory, organisation?.rawValue]
            ).map { try Database.document($0, "a campaign's measure") }
        }
    }

    /// Counting a million attempts takes seconds, and somebody waits for the estimate that asks for it.
    private static let mostMeasuredAtOnce = 1
    /// Gateways change: older campaigns say nothing of today's.
    private static let longestHistory = 20
}

extension Database {
    func write(_ estimate: CampaignEstimate, of campaign: CampaignID) throws {
        try execute(
            sql: "INSERT INTO campaign_estimates (campaign_id, estimate) VALUES (?, ?)",
            arguments: [campaign.rawValue, try Self.text(of: estimate)])
    }

    fileprivate func account(of campaign: CampaignID) throws -> CampaignAccount {
        let row = try Row.fetchOne(
            self, sql: "SELECT estimate, measure FROM campaign_estimates WHERE campaign_id = ?",
            arguments: [campaign.rawValue])
        return CampaignAccount(
            estimate: try (row?["estimate"] as String?).map { try Self.document($0, "a campaign's estimate") },
            measure: try (row?["measure"] as String?).map { try Self.document($0, "a campaign's measure") })
    }

    /// Whether a campaign is over, to its last answer, and not measured yet.
    fileprivate func isToBeMeasured(_ campaign: CampaignID) throws -> Bool {
        let row = try Row.fetchOne(
            self,
            sql: """
                SELECT ended_at IS NOT NULL
                    AND NOT EXISTS (SELECT 1 FROM campaign_estimates WHERE campaign_id = id AND measure IS NOT NULL)
                    AND NOT EXISTS (SELECT 1 FROM campaign_counters WHERE campaign_id = id
                        AND state IN ('queued', 'in_flight') AND count > 0)
                FROM campaigns WHERE id = ?
                """, arguments: [campaign.rawValue])
        guard let row else { throw LedgerError.unknownCampaign(campaign) }
        return row[0]
    }

    fileprivate static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys]
        return String(decoding: try encoder.encode(value), as: UTF8.self)
    }

    fileprivate static func document<Value: Decodable>(_ text: String, _ what: String) throws -> Value {
        do {
            return try JSONDecoder().decode(Value.self, from: Data(text.utf8))
        } catch {
            throw LedgerError.unreadable(what)
        }
    }
}

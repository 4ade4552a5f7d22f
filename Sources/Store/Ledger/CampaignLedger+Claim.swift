import AlertModel
import Dispatching
import GRDB

extension Database {
    /// Takes due legs of the mode's running campaigns and opens an attempt for each, in one transaction.
    ///
    /// Each slot is shared equally among the campaigns, what one does not need going to the others, so that a
    /// small urgent campaign never waits for a large one to end. Where there is less room than campaigns, the
    /// turn says who comes first.
    func claim(_ request: ClaimRequest) throws -> Claim {
        let campaigns = try runningCampaigns(request.mode)
        guard !campaigns.isEmpty else { return Claim(legs: [], campaigns: [:]) }
        let first = request.turn % campaigns.count
        let order = campaigns[first...] + campaigns[..<first]
        var claimer = try LegClaimer(database: self, now: request.now)
        for slot in request.slots {
            var left = slot.count
            var hungry = Array(order)
            while left > 0, !hungry.isEmpty {
                let share = max(1, left / hungry.count)
                hungry = try hungry.filter { campaign in
                    guard left > 0 else { return false }
                    let quota = min(share, left)
                    let taken = try claimer.take(quota, of: campaign, slot)
                    left -= taken
                    return taken == quota
                }
            }
        }
        try claimer.finish()
        let used = Set(claimer.legs.map(\.campaign))
        return Claim(
            legs: claimer.legs,
            campaigns: Dictionary(uniqueKeysWithValues: campaigns.filter { used.contains($0.id) }.map { ($0.id, $0) }))
    }

    func runningCampaigns(_ mode: CampaignMode) throws -> [DispatchedCampaign] {
        let statement = try cachedStatement(sql: """
            SELECT id, mode, audience_hash, channels, maximum_retries, retry_period_seconds, validity_seconds,
                expires_at
            FROM campaigns WHERE mode = ? AND state = 'running' ORDER BY id
            """)
        return try Row.fetchAll(statement, arguments: [mode.rawValue]).map { row in
            let current = try currentMessage(of: row["id"])
            return DispatchedCampaign(
                id: CampaignID(rawValue: row["id"]), mode: try CampaignMode(stored: row["mode"]),
                audience: AudienceHash(hexadecimal: row["audience_hash"]),
                message: current.message, messageVersion: current.version, policy: try Policy(row),
                expiresAt: UTCTime(stored: row["expires_at"]))
        }
    }
}

extension Policy {
    /// From a row with the policy's columns of `campaigns`.
    init(_ row: Row) throws {
        let channels: String = row["channels"]
        self.init(
            channels: try channels.split(separator: ",").map { try Channel(stored: String($0)) },
            maximumRetries: row["maximum_retries"], retryPeriodSeconds: row["retry_period_seconds"],
            validitySeconds: row["validity_seconds"])
    }
}

/// Moves legs from queued to in flight, gathering them.
private struct LegClaimer {
    private let database: Database
    private let now: Int64
    private let due: Statement
    private let fly: Statement
    private let open: Statement
    private let start: Statement
    private var deltas = CounterDeltas()
    private var started: Set<Int64> = []
    private(set) var legs: [ClaimedLeg] = []

    init(database: Database, now: UTCTime) throws {
        self.database = database
        self.now = now.millisecondsSince1970
        due = try database.cachedStatement(sql: """
            SELECT legs.id, legs.address, legs.counted_attempts, legs.throttles, legs.in_doubt, legs.seal,
                deliveries.external_id, deliveries.certainty, deliveries.language
            FROM legs INDEXED BY legs_due JOIN deliveries ON deliveries.id = legs.delivery_id
            WHERE legs.campaign_id = ? AND legs.channel = ? AND legs.state = 'queued' AND legs.due_at <= ?
            ORDER BY legs.due_at, legs.id LIMIT ?
            """)
        fly = try database.cachedStatement(sql: "UPDATE legs SET state = 'in_flight' WHERE id = ?")
        open = try database.cachedStatement(sql: """
            INSERT INTO attempts (campaign_id, leg_id, gateway, possible_duplicate, started_at, message_version)
            VALUES (?, ?, ?, ?, ?, ?)
            """)
        start = try database.cachedStatement(sql: """
            UPDATE campaigns SET first_submission_at = ? WHERE id = ? AND first_submission_at IS NULL
            """)
    }

    /// - Returns: how many were due, up to `count`.
    mutating func take(_ count: Int, of campaign: DispatchedCampaign, _ slot: ClaimRequest.Slot) throws -> Int {
        let rows = try Row.fetchAll(due, arguments: [campaign.id.rawValue, slot.channel.rawValue, now, count])
        for row in rows {
            let leg: Int64 = row[0]
            let isInDoubt: Bool = row[4]
            try fly.execute(arguments: [leg])
            try open.execute(arguments: [campaign.id.rawValue, leg, slot.gateway, isInDoubt, now, campaign.messageVersion])
            let certainty: String = row[7]
            legs.append(
                ClaimedLeg(
                    attempt: AttemptID(rawValue: database.lastInsertedRowID), leg: LegID(rawValue: leg),
                    campaign: campaign.id, gateway: slot.gateway, channel: slot.channel,
                    address: Redacted(row[1]), externalID: row[6], certainty: Certainty(rawValue: certainty), language: row[8],
                    seal: LegSeal(rawValue: row[5]), countedAttempts: row[2], throttles: row[3],
                    possibleDuplicate: isInDoubt))
            deltas.moveLeg(campaign: campaign.id.rawValue, channel: slot.channel.rawValue, from: .queued, to: .inFlight)
            if isInDoubt { deltas.addPossibleDuplicate(campaign: campaign.id.rawValue) }
        }
        if !rows.isEmpty, started.insert(campaign.id.rawValue).inserted {
            try start.execute(arguments: [now, campaign.id.rawValue])
        }
        return rows.count
    }

    func finish() throws { try deltas.write(to: database) }
}

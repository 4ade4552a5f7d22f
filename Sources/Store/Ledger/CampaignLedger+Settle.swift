import AlertModel
import Dispatching
import GRDB

extension Database {
    /// Legs ended in one transaction, so that other writers wait for tens of milliseconds at most.
    private static var settleLimit: Int { 2_000 }

    /// Ends what time or an operator has ended; see `Ledger.settle`.
    func settle(_ request: SettleRequest) throws -> Settlement {
        let now = request.now
        try applyEarlyReceipts(now: now)
        try expireInboundParts(request.mode, now: now)
        try applyWaitingAnswers()
        try cancelRefusedLegs(now: now)
        var left = Self.settleLimit
        for campaign in try stoppedCampaignsWithQueuedLegs(request.mode) where left > 0 {
            left -= try endQueuedLegs(of: campaign, to: .cancelled, cause: nil, limit: left, now: now)
        }
        let running = try runningCampaigns(request.mode)
        for campaign in running where left > 0 {
            if campaign.expiresAt <= now {
                left -= try endQueuedLegs(of: campaign.id.rawValue, to: .failed, cause: .expired, limit: left, now: now)
            }
            for channel in campaign.policy.channels where !request.channels.contains(channel) && left > 0 {
                left -= try endQueuedLegs(
                    of: campaign.id.rawValue, on: channel, to: .failed, cause: .unavailable, limit: left, now: now)
            }
        }
        var completed: [CampaignID] = []
        var due: [Channel: UTCTime] = [:]
        for campaign in running {
            var first = try firstDue(of: campaign)
            if left > 0, try passOverStalled(campaign, first, limit: &left, now: now) { first = try firstDue(of: campaign) }
            if first.isEmpty, try completeIfDone(campaign.id.rawValue, now: now) { completed.append(campaign.id) }
            let rest = campaign.restEnd(at: now)
            due.merge(first.mapValues { max($0, rest ?? $0) }, uniquingKeysWith: min)
        }
        return Settlement(completed: completed, hasMore: left <= 0, due: due)
    }

    private func stoppedCampaignsWithQueuedLegs(_ mode: CampaignMode) throws -> [Int64] {
        try Int64.fetchAll(
            cachedStatement(sql: """
                SELECT id FROM campaigns WHERE mode = ? AND state = 'stopped' AND EXISTS (
                    SELECT 1 FROM campaign_counters WHERE campaign_id = campaigns.id AND state = 'queued' AND count > 0)
                ORDER BY id
                """), arguments: [mode.rawValue])
    }

    private func firstDue(of campaign: DispatchedCampaign) throws -> [Channel: UTCTime] {
        let statement = try cachedStatement(sql: """
            SELECT due_at FROM legs INDEXED BY legs_due WHERE campaign_id = ? AND channel = ? AND state = 'queued'
            ORDER BY due_at LIMIT 1
            """)
        var due: [Channel: UTCTime] = [:]
        for channel in campaign.policy.channels {
            let first = try Int64.fetchOne(statement, arguments: [campaign.id.rawValue, channel.rawValue])
            due[channel] = first.map(UTCTime.init(stored:))
        }
        return due
    }

    /// Completes a campaign without queued legs once nothing is in flight and no receipt is waited for.
    private func completeIfDone(_ campaign: Int64, now: UTCTime) throws -> Bool {
        let isOpen = try Bool.fetchOne(
            cachedStatement(sql: """
                SELECT EXISTS (SELECT 1 FROM legs INDEXED BY legs_due WHERE campaign_id = ?1 AND state = 'queued')
                    OR EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_open
                        WHERE campaign_id = ?1 AND outcome IS NULL)
                    OR EXISTS (SELECT 1 FROM legs INDEXED BY legs_awaiting
                        WHERE campaign_id = ?1 AND awaiting_until > ?2)
                """), arguments: [campaign, now.millisecondsSince1970])
        guard isOpen == false else { return false }
        try cachedStatement(sql: "UPDATE campaigns SET state = 'completed', ended_at = ? WHERE id = ?")
            .execute(arguments: [now.millisecondsSince1970, campaign])
        return true
    }

    /// Ends queued legs that will not be submitted.
    /// - Returns: how many, at most `limit`.
    func endQueuedLegs(
        of campaign: Int64, on channel: Channel? = nil, to state: LegState, cause: FailureCause?, limit: Int,
        now: UTCTime
    ) throws -> Int {
        let queued = try cachedStatement(sql: """
            SELECT id, channel, delivery_id, shared, due_at FROM legs INDEXED BY legs_due
            WHERE campaign_id = ?1 AND state = 'queued' AND (?2 IS NULL OR channel = ?2)
            ORDER BY channel, due_at, id LIMIT ?3
            """)
        let end = try cachedStatement(sql: """
            UPDATE legs SET state = ?1, cause = ?2, ended_at = ?3, due_at = min(due_at, ?3) WHERE id = ?4
            """)
        var refresh = try DeliveryRefresh(self)
        var deltas = CounterDeltas()
        var deliveries: Set<Int64> = []
        let rows = try Row.fetchAll(queued, arguments: [campaign, channel?.rawValue, limit])
        for row in rows {
            let leg: Int64 = row[0]
            try end.execute(arguments: [state.rawValue, cause?.rawValue, now.millisecondsSince1970, leg])
            deltas.moveLeg(campaign: campaign, channel: row[1], from: .queued, to: state)
            if UTCTime(stored: row[4]) == .never { deltas.add(-1, campaign: campaign, heldOn: row[1]) }
            deliveries.formUnion(try refresh.deliveries(ofLeg: leg, owner: row[2], isShared: row[3]))
        }
        for delivery in deliveries.sorted() { try refresh.refresh(delivery, now: now, &deltas) }
        try deltas.write(to: self)
        return rows.count
    }

    /// Closes attempts an earlier process left open; see `Ledger.rescue`.
    func rescue(_ mode: CampaignMode, now: UTCTime) throws -> Int {
        let open = try Row.fetchAll(
            self, sql: """
                SELECT attempts.id, attempts.campaign_id, legs.id, legs.channel, legs.delivery_id, legs.shared,
                    campaigns.state
                FROM attempts INDEXED BY attempts_open JOIN legs ON legs.id = attempts.leg_id
                    JOIN campaigns ON campaigns.id = attempts.campaign_id
                WHERE attempts.outcome IS NULL AND campaigns.mode = ?
                ORDER BY attempts.id
                """, arguments: [mode.rawValue])
        let close = try makeStatement(sql: "UPDATE attempts SET outcome = 'in_doubt', ended_at = ? WHERE id = ?")
        let queue = try makeStatement(sql: """
            UPDATE legs SET state = ?, due_at = ?, in_doubt = 1, ended_at = ? WHERE id = ?
            """)
        var refresh = try DeliveryRefresh(self)
        var deltas = CounterDeltas()
        for row in open {
            let leg: Int64 = row[2]
            let isOver = try CampaignState(stored: row[6]).isFinal
            let state = isOver ? LegState.cancelled : .queued
            try close.execute(arguments: [now.millisecondsSince1970, row[0] as Int64])
            try queue.execute(arguments: [
                state.rawValue, now.millisecondsSince1970, isOver ? now.millisecondsSince1970 : nil, leg,
            ])
            deltas.moveLeg(campaign: row[1], channel: row[3], from: .inFlight, to: state)
            for delivery in try refresh.deliveries(ofLeg: leg, owner: row[4], isShared: row[5]) {
                try refresh.refresh(delivery, now: now, &deltas)
            }
        }
        // What waited for this process was not held up by its channel.
        try execute(
            sql: "UPDATE campaigns SET resumed_at = ? WHERE mode = ? AND state = 'running'",
            arguments: [now.millisecondsSince1970, mode.rawValue])
        try deltas.write(to: self)
        return open.count
    }
}

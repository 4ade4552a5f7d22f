import AlertModel
import Dispatching
import GRDB

extension Database {
    /// Attempts that are looked at to tell whether anything passes on a channel: some seconds of a fast campaign, and a
    /// millisecond to read.
    private static var attemptsLookedAt: Int { 2_000 }

    /// Lets a cascade go on past a channel that carries nothing: legs that are due for as long as its next step waits,
    /// while nothing of the campaign passed on the channel, are no longer waited for, nor is one that a gateway has had
    /// for as long without an answer. They stay as they are.
    ///
    /// - Parameter first: for each channel, when its first queued leg is due.
    /// - Parameter limit: how many legs it may touch; what it touches is taken off.
    /// - Returns: whether anything was changed.
    func passOverStalled(
        _ campaign: DispatchedCampaign, _ first: [Channel: UTCTime], limit: inout Int, now: UTCTime
    ) throws -> Bool {
        guard let cascade = campaign.policy.cascade, try holdsLegsBack(campaign.id.rawValue) else { return false }
        var stuck: [Row] = [], overdue: [Row] = []
        var stalled: Set<String> = []
        for channel in campaign.policy.channels where limit > 0 {
            let since = now.advanced(bySeconds: -cascade.patienceSeconds(of: channel))
            // What waited for quiet hours to end was not stuck.
            if let quiet = campaign.policy.quiet,
                quiet.openMilliseconds(from: since, until: now) < now.milliseconds(since: since)
            { continue }
            stuck += try stuckLegs(campaign.id.rawValue, channel, since: since)
            guard let due = first[channel], due <= since, try !hasPassed(campaign.id.rawValue, channel, since: since)
            else { continue }
            let late = try overdueLegs(campaign.id.rawValue, channel, dueBy: since, limit: limit)
            guard !late.isEmpty else { continue }
            stalled.insert(channel.rawValue)
            overdue += late
            limit -= late.count
        }
        guard !stuck.isEmpty || !overdue.isEmpty else { return false }
        // Due anew: the next turn finds those behind them, and these again only after as long.
        let renew = try cachedStatement(sql: "UPDATE legs SET due_at = ? WHERE id = ?")
        for row in overdue { try renew.execute(arguments: [now.millisecondsSince1970, row[0] as Int64]) }
        // All channels at once: a step of several waits for none of those that carry nothing.
        try passOver(stuck, overdue, stalled: stalled, now: now)
        return true
    }

    private func holdsLegsBack(_ campaign: Int64) throws -> Bool {
        try Bool.fetchOne(
            cachedStatement(sql: """
                SELECT EXISTS (SELECT 1 FROM campaign_counters WHERE campaign_id = ? AND scope = 'held' AND count > 0)
                """), arguments: [campaign]) ?? false
    }

    /// Whether the channel carried anything of the campaign since a moment, or the campaign was paused until after it.
    private func hasPassed(_ campaign: Int64, _ channel: Channel, since: UTCTime) throws -> Bool {
        try Bool.fetchOne(
            cachedStatement(sql: """
                SELECT EXISTS (SELECT 1 FROM campaigns WHERE id = ?1 AND resumed_at > ?3)
                    OR EXISTS (
                        SELECT 1 FROM (SELECT leg_id, campaign_id, outcome, ended_at FROM attempts ORDER BY id DESC LIMIT ?4) AS latest
                            JOIN legs ON legs.id = latest.leg_id
                        WHERE latest.campaign_id = ?1 AND legs.channel = ?2 AND latest.ended_at > ?3
                            AND latest.outcome IN ('accepted', 'delivered', 'answered', 'acknowledged'))
                """),
            arguments: [campaign, channel.rawValue, since.millisecondsSince1970, Self.attemptsLookedAt]) ?? false
    }

    private func overdueLegs(_ campaign: Int64, _ channel: Channel, dueBy: UTCTime, limit: Int) throws -> [Row] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT id, delivery_id, shared FROM legs INDEXED BY legs_due
                WHERE campaign_id = ? AND channel = ? AND state = 'queued' AND due_at <= ? ORDER BY due_at, id LIMIT ?
                """), arguments: [campaign, channel.rawValue, dueBy.millisecondsSince1970, limit])
    }

    /// Two windows of each gateway at most.
    private func stuckLegs(_ campaign: Int64, _ channel: Channel, since: UTCTime) throws -> [Row] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT legs.id, delivery_id, shared FROM attempts INDEXED BY attempts_open JOIN legs ON legs.id = leg_id
                WHERE attempts.campaign_id = ? AND outcome IS NULL AND started_at <= ? AND channel = ? ORDER BY legs.id
                """), arguments: [campaign, since.millisecondsSince1970, channel.rawValue])
    }

    private func passOver(_ stuck: [Row], _ overdue: [Row], stalled: Set<String>, now: UTCTime) throws {
        var refresh = try DeliveryRefresh(self)
        var deltas = CounterDeltas()
        refresh.stalled = stalled
        for row in stuck { refresh.passedOver.insert(row[0]) }
        for row in stuck + overdue {
            for delivery in try refresh.deliveries(ofLeg: row[0], owner: row[1], isShared: row[2]) {
                try refresh.refresh(delivery, now: now, &deltas)
            }
        }
        try deltas.write(to: self)
    }
}

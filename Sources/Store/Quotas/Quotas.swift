import AlertModel
import Campaigns
import Dispatching
import GRDB

/// Quotas by organisation, and what of them is used.
extension AlertDatabase {
    /// Settles a quota, or takes it away, in one transaction with its entry in the journal.
    ///
    /// - Parameter amount: nil for none.
    /// - Throws: `QuotaError.outOfBounds`.
    package func setQuota(
        _ amount: Int64?, of organisation: OrganisationID, per period: Quota.Period, _ measure: Quota.Measure, actor: String,
        now: UTCTime = .now
    ) throws {
        if let amount, amount < 0 { throw QuotaError.outOfBounds("a quota is 0 or more") }
        let stored = measure.stored
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM quotas WHERE organisation_id = ? AND period = ? AND channel = ? AND unit = ?",
                arguments: [organisation.rawValue, period.rawValue, stored.channel, stored.unit])
            if let amount {
                try database.execute(
                    sql: """
                        INSERT INTO quotas (organisation_id, period, channel, unit, amount, currency, set_at, set_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        organisation.rawValue, period.rawValue, stored.channel, stored.unit, amount, stored.currency,
                        now.millisecondsSince1970, actor,
                    ])
            }
            try database.audit(
                actor: actor, action: "organisation.quota", subject: try database.organisationName(organisation),
                detail: ["period": period.rawValue, "quota": amount.map { measure.words($0) } ?? "none of \(stored.unit) \(stored.channel)"],
                organisation: organisation)
        }
    }

    /// An organisation's own quotas with what is used of them. What of campaigns under way has left is counted attempt by
    /// attempt; what they may still send is reserved.
    package func quotaLevels(of organisation: OrganisationID, now: UTCTime = .now) throws -> [QuotaLevel] {
        try settleCharges(most: Self.mostSettledAtOnce, now: now)
        return try pool.read { try $0.quotaLevels(of: organisation, lineage: [organisation], isExact: true, now: now) }
    }

    /// Counts campaigns that have ended since, the newest first, and keeps the sums. They are counted in a read, which holds no
    /// claim up; only a sum is written, and only where the campaign is still the one that was counted.
    ///
    /// - Parameters:
    ///   - organisation: whose; nil for all.
    ///   - most: counting one of a million attempts takes seconds, and perhaps somebody waits; nil for all there are.
    ///   - isAside: nothing is counted while a real campaign runs.
    package func settleCharges(
        of organisation: OrganisationID? = nil, most: Int? = 1, isAside: Bool = false, now: UTCTime = .now
    ) throws {
        let due = try pool.read { database -> [Int64] in
            if isAside, try database.hasRunningCampaign() { return [] }
            return try database.unsettled(of: organisation, most: most)
        }
        for id in due {
            let campaign = CampaignID(rawValue: id)
            let found = try pool.read { database in
                (endedAt: try database.endOfUnsettled(campaign), charges: try database.countCharges(of: campaign))
            }
            guard let endedAt = found.endedAt else { continue }
            try pool.write { database in
                guard try database.endOfUnsettled(campaign) == endedAt else { return }
                try database.keepSpent(found.charges, of: campaign, endedAt: endedAt, now: now)
            }
        }
    }

    /// While somebody waits for the figures.
    static var mostSettledAtOnce: Int { 2 }
}

extension Database {
    fileprivate func hasRunningCampaign() throws -> Bool {
        try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM campaigns WHERE mode = 'real' AND state = 'running')") ?? false
    }

    /// Those that have ended, whose last answer has come, the newest first.
    fileprivate func unsettled(of organisation: OrganisationID?, most: Int?) throws -> [Int64] {
        try Int64.fetchAll(
            self,
            sql: """
                SELECT id FROM campaigns WHERE mode = 'real' AND ended_at IS NOT NULL
                    AND (?1 IS NULL OR organisation_id = ?1)
                    AND (charged_at IS NULL OR charged_at < ended_at)
                    AND NOT EXISTS (SELECT 1 FROM campaign_counters WHERE campaign_id = campaigns.id
                        AND state IN ('queued', 'in_flight') AND count > 0)
                ORDER BY id DESC LIMIT ?2
                """, arguments: [organisation?.rawValue, most ?? -1])
    }

    /// When it ended; nil where it has not, or its sum is kept.
    fileprivate func endOfUnsettled(_ campaign: CampaignID) throws -> Int64? {
        try Int64.fetchOne(
            self, sql: "SELECT ended_at FROM campaigns WHERE id = ? AND (charged_at IS NULL OR charged_at < ended_at)",
            arguments: [campaign.rawValue])
    }

    /// Keeps the sums of an organisation's campaigns, none of which is under way, before their attempts are gone for good.
    func settleForGood(_ organisation: OrganisationID, now: UTCTime) throws {
        let all = try Int64.fetchAll(
            self,
            sql: """
                SELECT id FROM campaigns WHERE mode = 'real' AND organisation_id = ? AND ended_at IS NOT NULL
                    AND (charged_at IS NULL OR charged_at < ended_at) ORDER BY id
                """, arguments: [organisation.rawValue])
        for campaign in all.map({ CampaignID(rawValue: $0) }) {
            guard let endedAt = try endOfUnsettled(campaign) else { continue }
            try keepSpent(try countCharges(of: campaign), of: campaign, endedAt: endedAt, now: now)
        }
    }
}

extension Quota.Measure {
    /// As the table has it.
    fileprivate var stored: (channel: String, unit: String, currency: String) {
        switch self {
        case .messages(let channel): (channel.rawValue, "messages", "")
        case .segments: (Channel.sms.rawValue, "segments", "")
        case .money(let currency): ("", "money", currency)
        }
    }

    fileprivate init(channel: String, unit: String, currency: String) throws {
        switch unit {
        case "messages": self = .messages(try Channel(stored: channel))
        case "segments": self = .segments
        case "money": self = .money(currency: currency)
        default: throw LedgerError.unreadable("a quota of no unit")
        }
    }
}

extension Quota.Period {
    /// The period that holds a moment: from its first day's beginning to the next one's.
    package func bounds(of time: UTCTime, by clock: LocalClock) -> Range<UTCTime> {
        let (year, month, _) = clock.reading(at: time).day.parts
        let (first, next) =
            switch self {
            case .month: (CivilDay(year: year, month: month, day: 1), CivilDay(year: year, month: month + 1, day: 1))
            case .year: (CivilDay(year: year, month: 1, day: 1), CivilDay(year: year + 1, month: 1, day: 1))
            }
        return clock.moment(of: first, second: 0)..<clock.moment(of: next, second: 0)
    }
}

extension Database {
    /// Every quota that a campaign of an organisation counts in: its own, and those of the organisations above it.
    func quotaLevels(over organisation: OrganisationID, now: UTCTime) throws -> [QuotaLevel] {
        guard try Bool.fetchOne(cachedStatement(sql: "SELECT EXISTS (SELECT 1 FROM quotas)")) == true else { return [] }
        return try quotaLevels(of: organisation, lineage: lineage(of: organisation), isExact: false, now: now)
    }

    /// - Parameters:
    ///   - lineage: whose quotas.
    ///   - isExact: campaigns under way are counted attempt by attempt, which may take seconds, and not by their counters.
    fileprivate func quotaLevels(
        of organisation: OrganisationID, lineage: [OrganisationID], isExact: Bool, now: UTCTime
    ) throws -> [QuotaLevel] {
        var levels: [QuotaLevel] = []
        for owner in lineage {
            let rows = try Row.fetchAll(
                cachedStatement(sql: """
                    SELECT period, channel, unit, amount, currency FROM quotas WHERE organisation_id = ?
                    ORDER BY period, unit, channel
                    """), arguments: [owner.rawValue])
            guard !rows.isEmpty, let place = try organisationIfAny(owner) else { continue }
            let clock = try localClock(ofOrganisationNamed: place.name)
            let above = try place.parent.map { try organisationName($0) }
            let below = try places(under: owner).map(\.organisation.id)
            var uses: [Quota.Period: [CampaignUse]] = [:]
            for row in rows {
                guard let period = Quota.Period(rawValue: row[0]) else { throw LedgerError.unreadable("a quota of no period") }
                let quota = Quota(
                    period: period, measure: try Quota.Measure(channel: row[1], unit: row[2], currency: row[4]), amount: row[3])
                if uses[period] == nil { uses[period] = try self.uses(of: below, in: period.bounds(of: now, by: clock), isExact: isExact) }
                let own = uses[period] ?? []
                var (spent, reserved, hasUnknown) = (Int64(0), Int64(0), false)
                for use in own {
                    let used = use.spent.map { quota.measure.amount(of: $0) }
                    let planned = use.reserved.map { quota.measure.amount(of: $0) }
                    hasUnknown = hasUnknown || used.contains(nil)
                    let sum = used.reduce(Int64(0)) { $0.addingClamped($1 ?? 0) }
                    spent = spent.addingClamped(sum)
                    reserved = reserved.addingClamped(max(0, planned.reduce(Int64(0)) { $0.addingClamped($1 ?? 0) } - sum))
                }
                levels.append(
                    QuotaLevel(
                        organisation: owner, name: place.name, above: above, quota: quota, spent: spent, reserved: reserved,
                        hasUnknown: hasUnknown))
            }
        }
        return levels
    }

    /// What each real campaign launched in a period used, and, while it is under way, reserved.
    private func uses(of organisations: [OrganisationID], in period: Range<UTCTime>, isExact: Bool) throws -> [CampaignUse] {
        let owners = organisations.map { String($0.rawValue) }.joined(separator: ",")
        let campaigns = try Row.fetchAll(
            self,
            sql: """
                SELECT id, ended_at IS NOT NULL AS has_ended, charged_at IS NOT NULL AND charged_at >= ended_at AS is_settled
                FROM campaigns INDEXED BY campaigns_by_organisation
                WHERE organisation_id IN (\(owners)) AND mode = 'real' AND created_at >= ? AND created_at < ? ORDER BY id
                """, arguments: [period.lowerBound.millisecondsSince1970, period.upperBound.millisecondsSince1970])
        return try campaigns.map { row in
            let campaign = CampaignID(rawValue: row["id"])
            let isSettled: Bool = row["is_settled"] ?? false
            let hasEnded: Bool = row["has_ended"]
            let reserved = try charges(of: campaign, state: "reserved")
            let spent =
                isSettled ? try charges(of: campaign, state: "spent")
                : isExact ? try countCharges(of: campaign).map(\.charge) : try countedCharges(of: campaign, like: reserved)
            return CampaignUse(spent: spent, reserved: hasEnded ? [] : reserved)
        }
    }

    private func charges(of campaign: CampaignID, state: String) throws -> [Charge] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT channel, messages, segments, cost, currency FROM campaign_charges
                WHERE campaign_id = ? AND state = ? ORDER BY channel, gateway
                """), arguments: [campaign.rawValue, state]
        ).map { row in
            let currency: String? = row[4]
            return Charge(
                channel: try Channel(stored: row[0]), messages: row[1], segments: row[2],
                cost: currency.map { Money(millionths: row[3], currency: $0) })
        }
    }

    /// What left by the campaign's counters, at the mean of what was reserved: known at once, also of a million messages.
    private func countedCharges(of campaign: CampaignID, like reserved: [Charge]) throws -> [Charge] {
        let rows = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT scope, sum(count) FROM campaign_counters
                WHERE campaign_id = ? AND state IN ('accepted', 'delivered', 'answered', 'acknowledged')
                    AND scope IN ('sms', 'voice', 'email', 'fax') GROUP BY scope ORDER BY scope
                """), arguments: [campaign.rawValue])
        return try rows.map { row in
            let channel = try Channel(stored: row[0])
            let messages: Int = row[1]
            let mean = reserved.first { $0.channel == channel && $0.messages > 0 }
            return Charge(
                channel: channel, messages: messages,
                segments: channel == .sms
                    ? mean.map { Int(Int64($0.segments).portion(of: Int64(messages), outOf: Int64($0.messages))) } ?? messages : 0,
                cost: mean.flatMap { mean in
                    mean.cost.map {
                        Money(
                            millionths: $0.millionths.portion(of: Int64(messages), outOf: Int64(mean.messages)),
                            currency: $0.currency)
                    }
                })
        }
    }
}

/// What one campaign counts for.
private struct CampaignUse {
    let spent: [Charge]
    let reserved: [Charge]
}

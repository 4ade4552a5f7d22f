import AlertModel
import Campaigns
import Dispatching
import GRDB

/// What a campaign uses of its organisation's quotas, and what it is charged.
///
/// While it is under way its reservation counts, or what has left where that is more; once it has ended, its attempts are
/// counted one by one and the sum is kept. Nothing is added up along the way, so nothing can drift.
extension Database {
    /// The charges that messages would make through an organisation's gateways, each at the dearest of its channel.
    func charges(of loads: [MessageLoad], for organisation: OrganisationID, now: UTCTime) throws -> [Charge] {
        let prices = try prices(for: organisation, now: now)
        return Dictionary(grouping: loads, by: \.channel).sorted { $0.key < $1.key }.map { channel, loads in
            let tariffs = prices.filter { $0.gateway.channel == channel }.map(\.tariff)
            var cost: Money?
            for tariff in tariffs {
                guard let tariff, let sum = tariff.cost(of: loads) else {
                    cost = nil
                    break
                }
                cost = cost.map { $0.millionths < sum.millionths && $0.currency == sum.currency ? sum : $0 } ?? sum
            }
            return Charge(
                channel: channel, messages: loads.reduce(0) { $0 + $1.messages },
                segments: channel == .sms ? loads.reduce(0) { $0 + $1.messages * max(1, SMSText($1.message.text).segments) } : 0,
                cost: cost)
        }
    }

    /// Keeps, with a launch, the tariffs that it will be charged by, and what it reserves of quotas.
    func keep(_ reserved: [Charge], of campaign: CampaignID, for organisation: OrganisationID, now: UTCTime) throws {
        for (gateway, tariff) in try prices(for: organisation, now: now) {
            guard let tariff else { continue }
            try execute(
                sql: "INSERT INTO campaign_prices (campaign_id, gateway, unit, price, currency) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    campaign.rawValue, gateway.name, tariff.unit.rawValue, tariff.price.millionths, tariff.price.currency,
                ])
        }
        for charge in reserved { try insert(charge, of: campaign, state: "reserved", gateway: "") }
    }

    fileprivate func insert(_ charge: Charge, of campaign: CampaignID, state: String, gateway: String) throws {
        try execute(
            sql: """
                INSERT INTO campaign_charges (campaign_id, state, channel, gateway, messages, segments, cost, currency)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                campaign.rawValue, state, charge.channel.rawValue, gateway, charge.messages, charge.segments,
                charge.cost?.millionths, charge.cost?.currency,
            ])
    }

    /// Counts what left of a campaign, attempt by attempt: taken by a gateway, or perhaps taken by one that did not answer.
    func countCharges(of campaign: CampaignID) throws -> [(gateway: String, charge: Charge)] {
        let prices = Dictionary(
            uniqueKeysWithValues: try Row.fetchAll(
                self, sql: "SELECT gateway, unit, price, currency FROM campaign_prices WHERE campaign_id = ? ORDER BY gateway",
                arguments: [campaign.rawValue]
            ).map { ($0[0] as String, try Tariff(unit: $0[1], price: $0[2], currency: $0[3])) })
        let isPersonal = try currentMessage(of: campaign.rawValue).message.isPersonal
        var wordings: [Int: Message] = [:]
        var sums: [ChargeKey: ChargeSum] = [:]
        let rows = try Row.fetchCursor(
            self,
            sql: """
                SELECT attempts.gateway, legs.channel, deliveries.language, attempts.message_version,
                    \(isPersonal ? "legs.id" : "0") AS leg, count(*)
                FROM legs JOIN attempts ON attempts.leg_id = legs.id JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE legs.campaign_id = ? AND attempts.outcome IS NOT NULL
                    AND (attempts.outcome <> 'failed' OR attempts.receipt_at IS NOT NULL)
                GROUP BY 1, 2, 3, 4, 5 ORDER BY 1, 2, 3, 4, 5
                """, arguments: [campaign.rawValue])
        while let row = try rows.next() {
            let version: Int = row[3]
            if wordings[version] == nil { wordings[version] = try message(of: campaign.rawValue, version: version) }
            guard let message = wordings[version] else { throw LedgerError.unreadable("an attempt of no message") }
            let channel = try Channel(stored: row[1])
            var worded = message.worded(for: channel, language: row[2])
            if worded.isPersonal { worded = try worded.personal(try values(of: row[4])?.values ?? PersonalValues()) }
            let gateway: String = row[0]
            sums[ChargeKey(gateway: gateway, channel: channel), default: ChargeSum()]
                .add(row[5], of: worded, on: channel, prices[gateway] ?? nil)
        }
        return sums.sorted { ($0.key.channel, $0.key.gateway) < ($1.key.channel, $1.key.gateway) }.map { key, sum in
            (key.gateway, Charge(channel: key.channel, messages: sum.messages, segments: sum.segments, cost: sum.cost))
        }
    }

    /// Keeps what was counted of a campaign that ended then.
    func keepSpent(
        _ charges: [(gateway: String, charge: Charge)], of campaign: CampaignID, endedAt: Int64, now: UTCTime
    ) throws {
        try execute(
            sql: "DELETE FROM campaign_charges WHERE campaign_id = ? AND state = 'spent'", arguments: [campaign.rawValue])
        for (gateway, charge) in charges { try insert(charge, of: campaign, state: "spent", gateway: gateway) }
        // A clock that was set back does not have it counted for ever.
        try execute(
            sql: "UPDATE campaigns SET charged_at = ? WHERE id = ?",
            arguments: [max(now.millisecondsSince1970, endedAt), campaign.rawValue])
    }
}

extension Tariff {
    /// Of one attempt each; nil beyond what can be held.
    fileprivate func cost(of loads: [MessageLoad]) -> Money? {
        loads.reduce(price.times(0)) { sum, load in
            price.times(load.messages * units(load.message)).flatMap { sum?.adding($0) }
        }
    }
}

private struct ChargeKey: Hashable {
    let gateway: String
    let channel: Channel
}

private struct ChargeSum {
    private(set) var messages = 0
    private(set) var segments = 0
    private(set) var cost: Money?
    private var isPriceKnown = true

    mutating func add(_ count: Int, of message: Message, on channel: Channel, _ tariff: Tariff?) {
        messages += count
        if channel == .sms { segments += count * max(1, SMSText(message.text).segments) }
        guard isPriceKnown, let tariff, let price = tariff.price.times(count * tariff.units(message)) else {
            isPriceKnown = false
            cost = nil
            return
        }
        cost = cost.map { $0.adding(price) } ?? price
        if cost == nil { isPriceKnown = false }
    }
}

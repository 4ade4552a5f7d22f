import AlertModel
import GRDB

extension Database {
    /// Counts what came of a campaign that has ended, over its attempts.
    /// - Parameter prices: the gateways' at the launch.
    func measure(_ campaign: CampaignID, prices: [CampaignEstimate.Price]) throws -> CampaignMeasure {
        let tariffs = Dictionary(prices.map { ($0.gateway, $0.tariff) }) { first, _ in first }
        let first = try FirstAttempts(campaign, self)
        var wordings: [Int: Message] = [:]
        var sums: [Channel: ChannelSums] = [:]
        var answers: [String: (milliseconds: Int64, count: Int64)] = [:]
        // A text that names people is measured as each of them got it.
        let isPersonal = try message(of: campaign.rawValue, version: 1)?.isPersonal ?? false
        // What a receipt refused later had been taken, and is charged.
        let rows = try Row.fetchCursor(
            self,
            sql: """
                SELECT attempts.gateway, legs.channel, deliveries.language, attempts.message_version,
                    attempts.outcome = 'failed' AS failed, attempts.cause, attempts.receipt_at IS NOT NULL AS received,
                    count(*), total(max(attempts.ended_at - attempts.started_at, 0)),
                    \(isPersonal ? "(SELECT document FROM leg_values WHERE leg_id = legs.id)" : "NULL") AS document
                FROM legs JOIN attempts ON attempts.leg_id = legs.id JOIN deliveries ON deliveries.id = legs.delivery_id
                WHERE legs.campaign_id = ? AND attempts.outcome IS NOT NULL
                GROUP BY 1, 2, 3, 4, 5, 6, 7, 10 ORDER BY 1, 2, 3, 4, 5, 6, 7, 10
                """, arguments: [campaign.rawValue])
        while let row = try rows.next() {
            let gateway: String = row[0]
            let channel = try Channel(stored: row[1])
            let version: Int = row[3]
            if wordings[version] == nil {
                wordings[version] = try message(of: campaign.rawValue, version: version)
            }
            guard let message = wordings[version] else { throw LedgerError.unreadable("an attempt of no message") }
            let count: Int = row[7]
            let isFailed: Bool = row[4]
            let time: Double = row[8]
            let known = answers[gateway] ?? (0, 0)
            answers[gateway] = (known.milliseconds + Int64(time), known.count + Int64(count))
            sums[channel, default: ChannelSums()].add(
                count, of: try message.worded(for: channel, language: row[2]).personal(
                    (row[9] as String?).flatMap { PersonalValues(document: $0) } ?? PersonalValues()),
                cause: isFailed ? row[5] as String? : nil, isTaken: !isFailed || row[6], tariffs[gateway])
        }
        let channels = first.planned.keys.sorted().map { channel in
            let sum = sums[channel] ?? ChannelSums()
            return CampaignMeasure.OfChannel(
                channel: channel, messages: first.moments[channel]?.count ?? 0, attempts: sum.attempts,
                segments: channel == .sms ? sum.segments : nil, times: first.times([channel]),
                cost: sum.isPriceKnown ? sum.cost : nil, failures: sum.failures)
        }
        let costs = channels.filter { $0.attempts > 0 }.map(\.cost)
        return CampaignMeasure(
            channels: channels, times: first.times(Array(first.planned.keys)),
            cost: costs.first.flatMap { start in
                costs.dropFirst().reduce(start) { sum, next in next.flatMap { sum?.adding($0) } }
            },
            gateways: first.gateways.sorted { $0.key < $1.key }.map { name, use in
                let answer = answers[name] ?? (0, 0)
                return CampaignMeasure.OfGateway(
                    gateway: name, channel: use.channel, messages: use.messages, spanMilliseconds: use.last - use.first,
                    answerMilliseconds: answer.count > 0 ? answer.milliseconds / answer.count : 0)
            },
            lastMilliseconds: try Int64.fetchOne(
                self, sql: """
                    SELECT max(attempts.started_at) - campaigns.started_at FROM attempts
                    JOIN legs ON legs.id = attempts.leg_id JOIN campaigns ON campaigns.id = legs.campaign_id
                    WHERE legs.campaign_id = ? AND legs.addendum = 0
                    """, arguments: [campaign.rawValue]
            ).map { max(0, $0) })
    }
}

/// When the first attempt at each of a campaign's messages was made.
private struct FirstAttempts {
    /// Messages by channel, attempted or not.
    private(set) var planned: [Channel: Int] = [:]
    /// In order, milliseconds since the launch.
    private(set) var moments: [Channel: [Int64]] = [:]
    private(set) var gateways: [String: (channel: Channel, messages: Int, first: Int64, last: Int64)] = [:]

    init(_ campaign: CampaignID, _ database: Database) throws {
        let start = try Int64.fetchOne(
            database, sql: "SELECT started_at FROM campaigns WHERE id = ?", arguments: [campaign.rawValue]) ?? 0
        // The gateway is that of the row with the least start, as SQLite promises of min().
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT legs.channel, attempts.gateway, min(attempts.started_at),
                    legs.stage > 0 OR (legs.state = 'cancelled' AND campaigns.state = 'completed') AS is_spared
                FROM legs JOIN campaigns ON campaigns.id = legs.campaign_id LEFT JOIN attempts ON attempts.leg_id = legs.id
                WHERE legs.campaign_id = ? AND legs.addendum = 0 GROUP BY legs.id ORDER BY legs.id
                """, arguments: [campaign.rawValue])
        while let row = try rows.next() {
            let channel = try Channel(stored: row[0])
            // A cascade's later turns were not sure to come, and who confirmed on one channel is spared the others. Who
            // joined later came when they came.
            let isSpared: Bool = row[3]
            if isSpared, row[1] == nil { continue }
            planned[channel, default: 0] += 1
            guard let gateway = row[1] as String?, let moment = row[2] as Int64? else { continue }
            moments[channel, default: []].append(max(0, moment - start))
            let known = gateways[gateway] ?? (channel, 0, moment, moment)
            gateways[gateway] = (channel, known.messages + 1, min(known.first, moment), max(known.last, moment))
        }
        for channel in moments.keys { moments[channel]?.sort() }
    }

    func times(_ channels: [Channel]) -> AttemptTimes {
        let total = channels.reduce(0) { $0 + (planned[$1] ?? 0) }
        let together = channels.count == 1 ? moments[channels[0]] ?? [] : channels.flatMap { moments[$0] ?? [] }.sorted()
        return AttemptTimes(
            milliseconds: AttemptTimes.percents.map { percent in
                let place = AttemptTimes.place(percent, of: total)
                return place < together.count ? together[place] : nil
            })
    }
}

/// What one channel's attempts add up to.
private struct ChannelSums {
    private(set) var attempts = 0
    private(set) var segments = 0
    private(set) var cost: Money?
    private(set) var isPriceKnown = true
    private(set) var failures: [String: Int] = [:]

    mutating func add(_ count: Int, of message: Message, cause: String?, isTaken: Bool, _ tariff: Tariff?) {
        attempts += count
        if let cause { failures[cause, default: 0] += count }
        guard isTaken else {
            // Nothing is charged, and that is a price as well.
            if let tariff, cost == nil { cost = tariff.price.times(0) }
            return
        }
        segments += count * max(1, SMSText(message.text).segments)
        guard let tariff, let price = tariff.price.times(count * tariff.units(message)) else {
            isPriceKnown = false
            return
        }
        cost = cost.map { $0.adding(price) } ?? price
        if cost == nil { isPriceKnown = false }
    }
}

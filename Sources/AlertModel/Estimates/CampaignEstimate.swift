/// So many messages of one wording through one channel, each to another address.
package struct MessageLoad: Hashable, Sendable {
    package let channel: Channel
    /// As it leaves: worded for its readers, marked in an exercise.
    package let message: Message
    package let messages: Int

    package init(channel: Channel, message: Message, messages: Int) {
        self.channel = channel
        self.message = message
        self.messages = messages
    }
}

/// When first attempts were, or should be, made of so many parts of a campaign's messages; milliseconds after its launch.
package struct AttemptTimes: Codable, Hashable, Sendable {
    /// Parts of a hundred, in the order of `milliseconds`.
    package static let percents = [50, 90, 100]

    /// For each of `percents`; nil where that part was not reached.
    package let milliseconds: [Int64?]

    package init(milliseconds: [Int64?]) { self.milliseconds = milliseconds }

    /// The same where nothing leaves in quiet hours.
    func waiting(_ quiet: QuietHours, from launch: UTCTime) -> AttemptTimes {
        AttemptTimes(
            milliseconds: milliseconds.map { busy in
                guard let busy else { return nil }
                var now = launch
                var left = busy
                for _ in 0..<Self.mostPauses {
                    if let end = quiet.end(at: now) { now = end }
                    let next = quiet.start(from: now)
                    guard next < now.advanced(byMilliseconds: left) else {
                        return now.advanced(byMilliseconds: left).millisecondsSince1970 - launch.millisecondsSince1970
                    }
                    left -= next.millisecondsSince1970 - now.millisecondsSince1970
                    now = next
                }
                return nil
            })
    }

    /// A campaign that takes longer than a hundred days of calm is not planned by the second.
    private static let mostPauses = 100

    /// The place, from 0, of the message that completes a part: 50 % of 3 messages are complete with the second.
    package static func place(_ percent: Int, of messages: Int) -> Int { max(0, (messages * percent + 99) / 100 - 1) }
}

/// What a campaign costs: with several gateways of a channel it depends on which carries how much.
package struct CostRange: Codable, Hashable, Sendable {
    /// Everything through the cheapest gateway.
    package let least: Money
    /// The gateways' shares by weight.
    package let expected: Money
    /// Everything through the dearest.
    package let most: Money

    package init(least: Money, expected: Money, most: Money) {
        self.least = least
        self.expected = expected
        self.most = most
    }

    /// The part of it that so many of so many cost, rounded up.
    func scaled(_ count: Int, of whole: Int) -> CostRange? {
        guard whole > 0 else { return nil }
        func part(_ money: Money) -> Money? {
            let (product, overflows) = money.millionths.multipliedReportingOverflow(by: Int64(count))
            return overflows ? nil : Money(millionths: (product + Int64(whole) - 1) / Int64(whole), currency: money.currency)
        }
        guard let least = part(least), let expected = part(expected), let most = part(most) else { return nil }
        return CostRange(least: least, expected: expected, most: most)
    }

    package func adding(_ other: CostRange) -> CostRange? {
        guard let least = least.adding(other.least), let expected = expected.adding(other.expected),
            let most = most.adding(other.most)
        else { return nil }
        return CostRange(least: least, expected: expected, most: most)
    }
}

/// What is expected of a campaign before it is launched, kept with it to be compared with what came of it.
///
/// Times are those of first attempts: a second attempt to somebody only leaves after them.
package struct CampaignEstimate: Codable, Hashable, Sendable {
    /// Where a channel's pace is known from.
    package enum Pace: String, Codable, Sendable {
        /// The rates of the gateways' file.
        case contract
        /// What the installation declares for the channel (`TOCSIN_RATES`).
        case declared
        /// What past campaigns measured, for at least one of the gateways.
        case history
        /// The simulators' own, in an exercise.
        case simulated
        case unknown
    }

    package struct OfChannel: Codable, Hashable, Sendable {
        package let channel: Channel
        package let messages: Int
        /// SMS segments of one attempt each; nil on the other channels.
        package let segments: Int?
        package let pace: Pace
        /// Nil where the pace is not known.
        package let times: AttemptTimes?
        /// Of one attempt each; nil where a gateway of the channel has no tariff: unknown, never 0.
        package let cost: CostRange?
        /// Second and further attempts to be expected, from past campaigns; nil without any.
        package let furtherAttempts: Int?

        package init(
            channel: Channel, messages: Int, segments: Int?, pace: Pace, times: AttemptTimes?, cost: CostRange?,
            furtherAttempts: Int?
        ) {
            self.channel = channel
            self.messages = messages
            self.segments = segments
            self.pace = pace
            self.times = times
            self.cost = cost
            self.furtherAttempts = furtherAttempts
        }
    }

    /// A gateway's price at the time, by which what it carried is charged afterwards.
    package struct Price: Codable, Hashable, Sendable {
        package let gateway: String
        package let tariff: Tariff

        package init(gateway: String, tariff: Tariff) {
            self.gateway = gateway
            self.tariff = tariff
        }
    }

    /// In the order of channels; only those that carry a message.
    package let channels: [OfChannel]
    /// Of all messages together; nil where one channel's are not known.
    package let times: AttemptTimes?
    /// Nil where one channel's is not known.
    package let cost: CostRange?
    package let prices: [Price]
    /// Campaigns under way that the gateways are shared with, or waited for.
    package let beside: Int
    /// Messages that a cascade may add, in none of the figures but `outlook`; nil where there is none.
    package let later: Int?
    /// What may follow the first attempts; nil where nothing does, or nothing is known of it.
    package let outlook: Outlook?

    /// What retries and a cascade's later turns may add: bounds to plan by, not compared with what came of it.
    package struct Outlook: Codable, Hashable, Sendable {
        /// With as many further attempts as past campaigns had; nil where a tariff or a past is missing.
        package let costWithRetries: CostRange?
        /// That, and every later turn of the cascade: when nobody confirms. Nil without a cascade, or without a tariff.
        package let costAtMost: CostRange?
        /// When the last attempt would be made if nobody confirmed and every retry were needed, after the launch; never
        /// beyond validity. Nil where a pace is not known.
        package let lastMilliseconds: Int64?

        package init(costWithRetries: CostRange?, costAtMost: CostRange?, lastMilliseconds: Int64?) {
            self.costWithRetries = costWithRetries
            self.costAtMost = costAtMost
            self.lastMilliseconds = lastMilliseconds
        }
    }

    package init(
        channels: [OfChannel], times: AttemptTimes?, cost: CostRange?, prices: [Price], beside: Int, later: Int? = nil,
        outlook: Outlook? = nil
    ) {
        self.outlook = outlook
        self.later = later
        self.channels = channels
        self.times = times
        self.cost = cost
        self.prices = prices
        self.beside = beside
    }
}

extension CampaignEstimate {
    /// The same with what a policy adds: messages that a cascade may send later, and quiet hours waited for.
    package func under(
        _ policy: Policy, later: Int, outlook: Outlook? = nil, launchedAt now: UTCTime
    ) -> CampaignEstimate {
        func shifted(_ times: AttemptTimes?) -> AttemptTimes? {
            guard let times, let quiet = policy.quiet else { return times }
            return times.waiting(quiet, from: now)
        }
        return CampaignEstimate(
            channels: channels.map {
                OfChannel(
                    channel: $0.channel, messages: $0.messages, segments: $0.segments, pace: $0.pace, times: shifted($0.times),
                    cost: $0.cost, furtherAttempts: $0.furtherAttempts)
            }, times: shifted(times), cost: cost, prices: prices, beside: beside, later: later > 0 ? later : nil,
            outlook: outlook.map { outlook in
                let last = outlook.lastMilliseconds.map { last in
                    min(shifted(AttemptTimes(milliseconds: [last]))?.milliseconds[0] ?? last, Int64(policy.validitySeconds) * 1000)
                }
                return Outlook(
                    costWithRetries: outlook.costWithRetries, costAtMost: outlook.costAtMost, lastMilliseconds: last)
            })
    }
}

extension CampaignEstimate {
    /// What its further attempts cost, as past campaigns had them; nil where a tariff or a past is missing.
    package var costOfRetries: CostRange? {
        var sum: CostRange?
        for channel in channels {
            guard let further = channel.furtherAttempts, let cost = channel.cost?.scaled(further, of: channel.messages) else {
                return nil
            }
            sum = sum.map { $0.adding(cost) } ?? cost
        }
        return sum
    }
}

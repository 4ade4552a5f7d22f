/// What came of a campaign, counted in its ledger once nothing of it is under way any more.
package struct CampaignMeasure: Codable, Hashable, Sendable {
    package struct OfChannel: Codable, Hashable, Sendable {
        package let channel: Channel
        /// Messages attempted at least once.
        package let messages: Int
        package let attempts: Int
        /// SMS segments of the attempts that a gateway took; nil on the other channels.
        package let segments: Int?
        package let times: AttemptTimes
        /// Nil where a gateway that took some had no tariff when the campaign was launched.
        package let cost: Money?
        /// Failed attempts by cause.
        package let failures: [String: Int]

        package init(
            channel: Channel, messages: Int, attempts: Int, segments: Int?, times: AttemptTimes, cost: Money?,
            failures: [String: Int]
        ) {
            self.channel = channel
            self.messages = messages
            self.attempts = attempts
            self.segments = segments
            self.times = times
            self.cost = cost
            self.failures = failures
        }
    }

    /// How one gateway worked: what the next estimates lean on where there is no rate.
    package struct OfGateway: Codable, Hashable, Sendable {
        package let gateway: String
        package let channel: Channel
        /// First attempts it was given.
        package let messages: Int
        /// From the first of them to the last.
        package let spanMilliseconds: Int64
        /// Mean time from an attempt to its answer.
        package let answerMilliseconds: Int64

        package init(
            gateway: String, channel: Channel, messages: Int, spanMilliseconds: Int64, answerMilliseconds: Int64
        ) {
            self.gateway = gateway
            self.channel = channel
            self.messages = messages
            self.spanMilliseconds = spanMilliseconds
            self.answerMilliseconds = answerMilliseconds
        }
    }

    package let channels: [OfChannel]
    /// Of all messages together.
    package let times: AttemptTimes
    /// Nil where one channel's is not known.
    package let cost: Money?
    package let gateways: [OfGateway]
    /// When its last attempt began, retries and later turns included, since the launch; nil without an attempt, and for what
    /// was measured before this was.
    package let lastMilliseconds: Int64?

    package init(
        channels: [OfChannel], times: AttemptTimes, cost: Money?, gateways: [OfGateway], lastMilliseconds: Int64? = nil
    ) {
        self.lastMilliseconds = lastMilliseconds
        self.channels = channels
        self.times = times
        self.cost = cost
        self.gateways = gateways
    }
}

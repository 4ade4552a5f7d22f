import AlertModel

/// A gateway as an estimate sees it: what it is, and how it worked in past campaigns.
package struct ForecastGateway: Sendable {
    package let traits: GatewayTraits
    /// Messages a second it carried when it had as many as it could take; nil without such a campaign.
    package let pastPerSecond: Double?
    /// Its mean time to answer; nil without a past campaign.
    package let answerMilliseconds: Double?
    let isSimulated: Bool

    package init(
        _ traits: GatewayTraits, pastPerSecond: Double? = nil, answerMilliseconds: Double? = nil, isSimulated: Bool = false
    ) {
        self.isSimulated = isSimulated
        self.traits = traits
        self.pastPerSecond = pastPerSecond
        self.answerMilliseconds = answerMilliseconds
    }
}

/// What one campaign still has to send.
package struct ForecastWork: Sendable {
    package let kind: CampaignKind
    package let weight: Int
    package let loads: [MessageLoad]

    package init(kind: CampaignKind, weight: Int, loads: [MessageLoad]) {
        self.kind = kind
        self.weight = weight
        self.loads = loads
    }

    func messages(_ channel: Channel) -> Int { loads.reduce(0) { $0 + ($1.channel == channel ? $1.messages : 0) } }

    /// What its mean message costs, in the rate's units.
    func meanUnits(_ channel: Channel, _ unit: GatewayRate.Unit?) -> Double {
        guard unit == .segments else { return 1 }
        let messages = messages(channel)
        guard messages > 0 else { return 1 }
        let units = loads.reduce(0) { sum, load in
            load.channel == channel ? sum + load.messages * max(1, SMSText(load.message.text).segments) : sum
        }
        return Double(units) / Double(messages)
    }
}

/// Estimates a campaign: the dispatcher's own rules as a flow. Gateways work at their rate, or as fast as their window
/// and their answers let them; information waits for alerts; campaigns of one kind share by weight, and what one does not
/// need goes to the others.
package enum CampaignEstimator {
    /// - Parameters:
    ///   - gateways: those of the campaign's mode, all channels'.
    ///   - rivals: the campaigns of the same mode that are running, with what each has still to send.
    ///   - declared: messages a second of a whole channel, used where one of its gateways has no rate.
    ///   - retries: for each channel, second and further attempts for each message in past campaigns.
    package static func estimate(
        _ work: ForecastWork, through gateways: [ForecastGateway], beside rivals: [ForecastWork] = [],
        declared: [Channel: Double] = [:], retries: [Channel: Double] = [:]
    ) -> CampaignEstimate {
        var channels: [CampaignEstimate.OfChannel] = []
        var courses: [AttemptCourse] = []
        var isEveryPaceKnown = true
        for channel in Channel.allCases {
            let messages = work.messages(channel)
            guard messages > 0 else { continue }
            let flow = ChannelFlow(channel, gateways, declared: declared[channel])
            let course = flow.map { $0.course(of: work, beside: rivals) }
            if let course { courses.append(course) } else { isEveryPaceKnown = false }
            let loads = work.loads.filter { $0.channel == channel }
            channels.append(
                CampaignEstimate.OfChannel(
                    channel: channel, messages: messages,
                    segments: channel == .sms
                        ? loads.reduce(0) { $0 + $1.messages * max(1, SMSText($1.message.text).segments) } : nil,
                    pace: flow?.pace ?? .unknown, times: course.map { AttemptCourse.times(of: [$0]) },
                    cost: cost(of: loads, through: gateways.map(\.traits).filter { $0.channel == channel }),
                    furtherAttempts: retries[channel].map { Int(($0 * Double(messages)).rounded()) }))
        }
        return CampaignEstimate(
            channels: channels, times: isEveryPaceKnown && !courses.isEmpty ? AttemptCourse.times(of: courses) : nil,
            cost: total(channels.map(\.cost)),
            prices: gateways.compactMap { gateway in
                gateway.traits.tariff.map { CampaignEstimate.Price(gateway: gateway.traits.name, tariff: $0) }
            },
            beside: rivals.count { rival in
                (rival.kind == work.kind || rival.kind == .alert)
                    && channels.contains { rival.messages($0.channel) > 0 }
            })
    }

    /// What may follow a campaign's first attempts.
    /// - Parameters:
    ///   - later: what the cascade may send besides, to addresses that nothing was sent to before; empty without one.
    ///   - longestWaitSeconds: of the recipient who waits longest for the last turn.
    package static func outlook(
        of estimate: CampaignEstimate, later: ForecastWork, longestWaitSeconds: Int, policy: Policy,
        through gateways: [ForecastGateway], declared: [Channel: Double] = [:]
    ) -> CampaignEstimate.Outlook {
        let withRetries = estimate.costOfRetries.flatMap { extra in estimate.cost.flatMap { $0.adding(extra) } }
        var atMost: CostRange?
        var isPaceKnown = true
        var laterMilliseconds: Int64 = 0
        if !later.loads.isEmpty {
            let own = CampaignEstimator.estimate(later, through: gateways, declared: declared)
            atMost = own.cost.flatMap { extra in (withRetries ?? estimate.cost).flatMap { $0.adding(extra) } }
            if let last = own.times?.milliseconds.last ?? nil { laterMilliseconds = last } else { isPaceKnown = false }
        }
        // Every retry is a message for the gateways as well: each round takes as long as the first, and its period.
        let rounds = Int64(1 + policy.retries.values.reduce(policy.maximumRetries) { max($0, $1.count) })
        let retries = Int64(
            policy.retries.values.reduce(policy.maximumRetries * policy.retryPeriodSeconds) { max($0, $1.count * $1.periodSeconds) })
        let waits: Int64 = (Int64(longestWaitSeconds) + retries) * 1000 + retries * 10 * Int64(policy.jitterPercent)
        var bound: Int64?
        if let first = estimate.times?.milliseconds.last ?? nil {
            bound = min(Int64(policy.validitySeconds) * 1000, (first + laterMilliseconds) * rounds + waits)
        }
        return CampaignEstimate.Outlook(
            costWithRetries: withRetries, costAtMost: atMost, lastMilliseconds: isPaceKnown ? bound : nil)
    }

    /// One attempt of each, at the gateways' tariffs; nil where one of them has none.
    private static func cost(of loads: [MessageLoad], through gateways: [GatewayTraits]) -> CostRange? {
        var totals: [(weight: Int, cost: Money)] = []
        for gateway in gateways {
            guard let tariff = gateway.tariff else { return nil }
            let units = loads.reduce(0) { $0 + $1.messages * tariff.units($1.message) }
            guard let cost = tariff.price.times(units) else { return nil }
            totals.append((gateway.weight, cost))
        }
        guard let least = totals.map(\.cost).min(by: { $0.millionths < $1.millionths }),
            let most = totals.map(\.cost).max(by: { $0.millionths < $1.millionths }),
            totals.allSatisfy({ $0.cost.currency == least.currency })
        else { return nil }
        let weights = totals.reduce(0) { $0 + $1.weight }
        let sum = totals.reduce(Int128(0)) { $0 + Int128($1.cost.millionths) * Int128($1.weight) }
        let mean = Int64((sum + Int128(weights) / 2) / Int128(weights))
        return CostRange(least: least, expected: Money(millionths: mean, currency: least.currency), most: most)
    }

    private static func total(_ costs: [CostRange?]) -> CostRange? {
        guard let first = costs.first else { return nil }
        return costs.dropFirst().reduce(first) { sum, next in next.flatMap { sum?.adding($0) } }
    }
}

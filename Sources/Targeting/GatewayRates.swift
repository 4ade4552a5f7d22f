import AlertModel

/// How many messages a second the gateways carry, where that is known.
package struct GatewayRates: Sendable, Equatable {
    package let perSecond: [Channel: Double]

    package init(perSecond: [Channel: Double] = [:]) {
        self.perSecond = perSecond
    }

    /// The expected time to send one message to everyone the channel reaches, in seconds; nil when its rate is not known.
    package func seconds(over channel: Channel, toReach figures: CoverageFigures) -> Double? {
        let count = figures.reachable[channel] ?? 0
        if count == 0 { return 0 }
        return perSecond[channel].flatMap { $0 > 0 ? Double(count) / $0 : nil }
    }

    /// The expected time until everyone reachable has been sent a message over every channel: channels go out together,
    /// so it is the slowest one's. Nil when the rate of a channel that is needed is not known.
    package func secondsToReachEveryone(_ figures: CoverageFigures) -> Double? {
        var slowest = 0.0
        for channel in Channel.allCases {
            guard let seconds = seconds(over: channel, toReach: figures) else { return nil }
            slowest = max(slowest, seconds)
        }
        return slowest
    }
}

import AlertModel

/// What every gateway has, whatever carries its messages: how the dispatcher shares, paces and watches it.
package struct GatewayTraits: Hashable, Sendable {
    /// Unique within a gateway set; written with every attempt.
    package let name: String
    package let channel: Channel
    /// Its share of the channel's messages beside the channel's other gateways.
    package let weight: Int
    /// The most submissions in flight at once. It bounds what a crash can leave in doubt.
    package let window: Int
    /// What the contract allows; nil for no limit.
    package let rate: GatewayRate?
    package let health: GatewayHealth
    /// What its operator charges; nil where nobody said.
    package let tariff: Tariff?

    /// - Precondition: `window` and `weight` are at least 1.
    package init(
        name: String, channel: Channel, weight: Int = 1, window: Int, rate: GatewayRate? = nil,
        health: GatewayHealth = GatewayHealth(), tariff: Tariff? = nil
    ) {
        precondition(window >= 1, "a gateway without a window would never carry anything")
        precondition(weight >= 1, "a gateway without a weight would never carry anything")
        self.name = name
        self.channel = channel
        self.weight = weight
        self.window = window
        self.rate = rate
        self.health = health
        self.tariff = tariff
    }

    /// The same at another price.
    package func charging(_ tariff: Tariff?) -> GatewayTraits {
        GatewayTraits(
            name: name, channel: channel, weight: weight, window: window, rate: rate, health: health, tariff: tariff)
    }
}

/// How much a gateway may be given: at most `limit` units in any stretch of `periodMilliseconds`, wherever it begins.
package struct GatewayRate: Hashable, Sendable {
    /// What is counted.
    package enum Unit: String, CaseIterable, Sendable {
        case messages
        /// A message of n SMS segments counts n.
        case segments
    }

    /// Units a second; beyond this it is a slip of the pen.
    package static let greatest = 100_000.0
    /// A slower gateway carries nothing in time: three messages an hour.
    package static let least = 0.001
    /// A rate that is not whole is counted over this many seconds at most.
    private static let longestPeriodSeconds = 10

    package let unit: Unit
    package let limit: Int
    package let periodMilliseconds: Int64

    /// - Parameter perSecond: from `least` to `greatest`; never rounded up.
    package init?(perSecond: Double, unit: Unit) {
        guard perSecond >= Self.least, perSecond <= Self.greatest else { return nil }
        self.unit = unit
        if perSecond < 1 {
            limit = 1
            periodMilliseconds = Int64((1000 / perSecond).rounded(.up))
            return
        }
        let seconds = (1...Self.longestPeriodSeconds).first { seconds in
            let units = perSecond * Double(seconds)
            return abs(units - units.rounded()) < 1e-6
        }
        let period = seconds ?? Self.longestPeriodSeconds
        limit = Int((perSecond * Double(period) + 1e-6).rounded(.down))
        periodMilliseconds = Int64(period) * 1000
    }

    package var perSecond: Double { Double(limit) * 1000 / Double(periodMilliseconds) }
}

/// When a gateway is taken for down, and how long it is left alone.
package struct GatewayHealth: Hashable, Sendable {
    /// Failures of the gateway's own in a row (network, doubt) that open its circuit.
    package var failuresToOpen = 5
    /// The first pause; doubled at each opening in a row.
    package var pauseMilliseconds: Int64 = 5_000
    package var longestPauseMilliseconds: Int64 = 300_000
    /// How often a gateway that can be asked is asked; nil for only when its circuit is open.
    package var probeEveryMilliseconds: Int64?

    package init() {}
}

/// What a gateway says when asked whether it would take a message now.
package enum ProbeAnswer: Hashable, Sendable {
    case up
    /// With a short technical reason, never an address or a password.
    case down(String)

    var scrubbed: ProbeAnswer {
        if case .down(let reason) = self { .down(GatewayRemark.scrubbed(reason)) } else { self }
    }
}

import AlertModel

/// How one gateway is, at one moment, as the dispatcher that holds it sees it. Numbers and technical words only: nobody's
/// address and no secret.
package struct GatewayVitals: Codable, Hashable, Sendable {
    package enum Circuit: String, CaseIterable, Codable, Hashable, Sendable {
        /// Taken for up.
        case closed
        /// Taken for down, and left alone for a while.
        case open
        /// The pause is over: one message, or a probe, finds out.
        case halfOpen = "half_open"
    }

    /// What it made of submissions.
    package struct Answers: Codable, Hashable, Sendable {
        /// Accepted, or carried.
        package var taken = 0
        /// Answered, and not taken.
        package var refused = 0
        /// Failures of its own: no connection, or no answer.
        package var faults = 0

        package init() {}

        package var count: Int { taken + refused + faults }
    }

    package struct Probe: Codable, Hashable, Sendable {
        package let at: UTCTime
        package let isUp: Bool
    }

    package let name: String
    package let channel: Channel
    package let weight: Int
    /// The most submissions in flight at once.
    package let window: Int
    /// What its contract allows, in units a second; nil for no limit.
    package let ratePerSecond: Double?
    /// `segments` or `messages`.
    package let rateUnit: String
    package let circuit: Circuit
    /// Since when it is down; nil while it is up.
    package let downSince: UTCTime?
    /// Until when it is left alone.
    package let pausedUntil: UTCTime?
    /// The last failure of its own, in a technical word.
    package let fault: String?
    package let faultAt: UTCTime?
    package let lastSuccess: UTCTime?
    package let lastProbe: Probe?
    /// Whether it can be asked without a message.
    package let canBeProbed: Bool
    /// Units a second it is given at most now: less than its rate after it asked to slow down; nil for no limit.
    package let allowedPerSecond: Double?
    /// Units that left lately, a second.
    package let unitsPerSecond: Double
    /// Claimed, and waiting for their turn here.
    package let held: Int
    /// In its hands, not answered yet.
    package let inFlight: Int
    /// Of the last hour, or since the dispatcher began.
    package let answers: Answers
}

/// All the gateways of one dispatcher at one moment.
package struct GatewayVitalsSheet: Codable, Hashable, Sendable {
    package let mode: CampaignMode
    package let at: UTCTime
    /// When this dispatcher began: what came before, it does not know.
    package let since: UTCTime
    package let gateways: [GatewayVitals]
}

extension GatewayLane {
    /// - Parameter now: times of the clock nobody sets are told by the wall's, as it stands now.
    func vitals(_ now: Moment) -> GatewayVitals {
        func wall(_ uptime: Uptime) -> UTCTime {
            now.wall.advanced(byMilliseconds: uptime.microseconds(since: now.uptime) / 1000)
        }
        let traits = gateway.traits
        let circuit: GatewayVitals.Circuit
        var pausedUntil: UTCTime?
        switch self.circuit.state(now.uptime) {
        case .closed: circuit = .closed
        case .halfOpen: circuit = .halfOpen
        case .open(let until):
            circuit = .open
            pausedUntil = wall(until)
        }
        return GatewayVitals(
            name: traits.name, channel: traits.channel, weight: traits.weight, window: traits.window,
            ratePerSecond: traits.rate?.perSecond, rateUnit: (traits.rate?.unit ?? .messages).rawValue, circuit: circuit,
            downSince: circuit == .closed ? nil : diary.downSince.map(wall), pausedUntil: pausedUntil, fault: diary.lastFault?.why,
            faultAt: diary.lastFault.map { wall($0.at) }, lastSuccess: diary.lastSuccess.map(wall),
            lastProbe: diary.lastProbe.map { GatewayVitals.Probe(at: wall($0.at), isUp: $0.isUp) },
            canBeProbed: gateway.probe != nil, allowedPerSecond: pace.limitPerSecond,
            unitsPerSecond: diary.unitsPerSecond(now.uptime), held: heldCount, inFlight: flying - heldCount,
            answers: diary.answers(now.uptime))
    }
}

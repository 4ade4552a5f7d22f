import AlertModel

/// How far a campaign is. The recipients' counters are exclusive: their sum is `recipients`.
package struct CampaignProgress: Hashable, Sendable {
    package let recipients: Int
    package let deliveries: [DeliveryState: Int]
    /// For each channel the campaign uses, its legs by state.
    package let legs: [Channel: [LegState: Int]]
    /// Attempts made after one whose fate is unknown.
    package let possibleDuplicates: Int
    /// Queued legs that wait for their turn in a cascade.
    package let heldLegs: Int

    package init(
        recipients: Int, deliveries: [DeliveryState: Int], legs: [Channel: [LegState: Int]], possibleDuplicates: Int,
        heldLegs: Int = 0
    ) {
        self.recipients = recipients
        self.deliveries = deliveries
        self.legs = legs
        self.possibleDuplicates = possibleDuplicates
        self.heldLegs = heldLegs
    }

    package func count(_ state: DeliveryState) -> Int { deliveries[state] ?? 0 }

    /// Legs of every channel in a state.
    package func count(_ state: LegState) -> Int { legs.values.reduce(0) { $0 + ($1[state] ?? 0) } }

    /// Legs that were submitted, whatever came of it.
    package var leftLegs: Int {
        legs.values.reduce(0) { $0 + $1.values.reduce(0, +) } - count(.queued) - count(LegState.cancelled)
    }

    /// Legs the dispatcher still owes an attempt or an outcome.
    package var openLegs: Int { count(.queued) + count(.inFlight) }
}

extension CampaignProgress: Codable {
    private enum Key: String, CodingKey {
        case recipients, pending, passed, answered, acknowledged, failed, unreachable, cancelled, channels
        case possibleDuplicates, heldLegs

        init(_ state: DeliveryState) {
            self = switch state {
            case .unreachable: .unreachable
            case .pending: .pending
            case .passed: .passed
            case .answered: .answered
            case .acknowledged: .acknowledged
            case .failed: .failed
            case .cancelled: .cancelled
            }
        }
    }

    /// The API's words for a leg's states: camel case, unlike the ledger's.
    private static func word(_ state: LegState) -> String { state == .inFlight ? "inFlight" : state.rawValue }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Key.self)
        try container.encode(recipients, forKey: .recipients)
        for state in DeliveryState.allCases { try container.encode(count(state), forKey: Key(state)) }
        var channels: [String: [String: Int]] = [:]
        for (channel, states) in legs {
            channels[channel.rawValue] = Dictionary(
                uniqueKeysWithValues: LegState.allCases.map { (Self.word($0), states[$0] ?? 0) })
        }
        try container.encode(channels, forKey: .channels)
        try container.encode(possibleDuplicates, forKey: .possibleDuplicates)
        try container.encode(heldLegs, forKey: .heldLegs)
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Key.self)
        recipients = try container.decode(Int.self, forKey: .recipients)
        var deliveries: [DeliveryState: Int] = [:]
        for state in DeliveryState.allCases {
            let count = try container.decode(Int.self, forKey: Key(state))
            if count != 0 { deliveries[state] = count }
        }
        self.deliveries = deliveries
        var legs: [Channel: [LegState: Int]] = [:]
        for (channel, states) in try container.decode([String: [String: Int]].self, forKey: .channels) {
            guard let channel = Channel(rawValue: channel) else { continue }
            var counts: [LegState: Int] = [:]
            for state in LegState.allCases {
                if let count = states[Self.word(state)], count != 0 { counts[state] = count }
            }
            legs[channel] = counts
        }
        self.legs = legs
        possibleDuplicates = try container.decode(Int.self, forKey: .possibleDuplicates)
        heldLegs = try container.decodeIfPresent(Int.self, forKey: .heldLegs) ?? 0
    }
}

import AlertModel
import Campaigns
import Dispatching

/// Counts an audience's messages by channel and wording, as the launch would write them: fed its entries, in their order.
struct AudienceLoads {
    private let plan: CampaignPlan
    private var census: PersonalCensus
    // Who shares an address gets the wording of the first of them, as the launch writes it. Of a cascade only everybody's
    // first turn is sure to leave.
    private var leaving: Set<AddressKey> = []
    private var languages: [Channel: [String: Int]] = [:]
    private var personal: [PersonalLoad: (message: Message, count: Int)] = [:]
    private var laterTurns: [AddressKey: (language: String, values: PersonalValues)] = [:]
    /// Of a cascade, of the recipient who waits longest for the last turn.
    private(set) var longestWaitSeconds = 0

    /// - Throws: as `PersonalCensus`.
    init(_ plan: CampaignPlan) throws {
        self.plan = plan
        census = try PersonalCensus(plan.message, policy: plan.policy, mode: plan.mode)
    }

    mutating func take(_ entry: AudienceEntry) throws {
        try census.take(entry)
        let points = entry.contactPoints.filter { plan.policy.channels.contains($0.channel) }
        let stages = plan.policy.cascade?.stages(of: points)
        if let stages, let cascade = plan.policy.cascade {
            let turns = Set(stages.map(\.stage)).sorted()
            longestWaitSeconds = max(longestWaitSeconds, turns.dropFirst().reduce(0) { $0 + cascade.waitSeconds(before: $1) })
            for turn in stages where turn.stage != turns.first {
                let key = AddressKey(turn.contact.channel, turn.contact.address.value)
                if laterTurns[key] == nil { laterTurns[key] = (entry.language, entry.values ?? PersonalValues()) }
            }
        }
        let first = stages.map { all in all.filter { $0.stage == all.first?.stage }.map(\.contact) } ?? points
        for point in first where leaving.insert(AddressKey(point.channel, point.address.value)).inserted {
            guard plan.message.isPersonal else {
                languages[point.channel, default: [:]][entry.language, default: 0] += 1
                continue
            }
            let measure = try census.measure(point.channel, language: entry.language, entry.values ?? PersonalValues())
            let load = PersonalLoad(channel: point.channel, segments: measure.segments, minutes: measure.minutes)
            personal[load, default: (measure.text, 0)].count += 1
        }
    }

    /// Why a personal message may not go to this audience.
    var refusal: LaunchError? { census.refusal }

    /// Those that leave without waiting for an answer.
    var first: [MessageLoad] { plan.message.isPersonal ? Self.loads(personal) : Self.loads(of: plan.message, languages) }

    /// Those that a cascade may add, to addresses that nothing is sent to before.
    mutating func later() throws -> [MessageLoad] {
        var counts: [PersonalLoad: (message: Message, count: Int)] = [:]
        for (key, reader) in laterTurns where !leaving.contains(key) {
            let measure = try census.measure(key.channel, language: reader.language, reader.values)
            let load = PersonalLoad(channel: key.channel, segments: measure.segments, minutes: measure.minutes)
            counts[load, default: (measure.text, 0)].count += 1
        }
        return Self.loads(counts)
    }

    private static func loads(_ counts: [PersonalLoad: (message: Message, count: Int)]) -> [MessageLoad] {
        counts.sorted { $0.key < $1.key }.map {
            MessageLoad(channel: $0.key.channel, message: $0.value.message, messages: $0.value.count)
        }
    }

    /// Messages by channel and wording, from recipients by channel and language.
    private static func loads(of message: Message, _ languages: [Channel: [String: Int]]) -> [MessageLoad] {
        languages.sorted { $0.key < $1.key }.flatMap { channel, counts in
            var byWording: [Message: Int] = [:]
            for (language, count) in counts { byWording[message.worded(for: channel, language: language), default: 0] += count }
            return byWording.map { MessageLoad(channel: channel, message: $0.key, messages: $0.value) }
                .sorted { ($0.messages, $1.message.text) > ($1.messages, $0.message.text) }
        }
    }
}

/// Messages that cost the same.
private struct PersonalLoad: Hashable, Comparable {
    let channel: Channel
    let segments: Int
    let minutes: Int

    static func < (left: Self, right: Self) -> Bool {
        (left.channel, left.segments, left.minutes) < (right.channel, right.segments, right.minutes)
    }
}

private struct AddressKey: Hashable {
    let channel: Channel
    let address: String

    init(_ channel: Channel, _ address: String) {
        self.channel = channel
        self.address = address
    }
}

import AlertModel

/// How fast one channel's gateways carry messages together.
struct ChannelFlow {
    private struct Source {
        /// Units a second; nil where only messages a second are known.
        let unitsPerSecond: Double?
        let unit: GatewayRate.Unit?
        /// What the window and the answers allow, or what was seen.
        let messagesPerSecond: Double?
        /// Messages that leave at once, before the first answer.
        let burst: Int
    }

    let channel: Channel
    let pace: CampaignEstimate.Pace
    private let sources: [Source]

    /// - Returns: nil when the pace of one of the channel's gateways is not known, or when it has none.
    init?(_ channel: Channel, _ gateways: [ForecastGateway], declared: Double?) {
        let own = gateways.filter { $0.traits.channel == channel }
        guard !own.isEmpty else { return nil }
        self.channel = channel
        if let declared, own.contains(where: { $0.traits.rate == nil }) {
            pace = .declared
            sources = [Source(unitsPerSecond: nil, unit: nil, messagesPerSecond: declared, burst: 1)]
            return
        }
        let heaviest = own.map(\.traits.weight).max() ?? 1
        var sources: [Source] = []
        for gateway in own {
            let traits = gateway.traits
            // As a lane's room: beside a heavier gateway a lighter one works with its part of its window.
            let window = max(1, traits.window * traits.weight / max(heaviest, traits.weight))
            let byWindow = gateway.answerMilliseconds.map { Double(window) * 1000 / max($0, 1) }
            if let rate = traits.rate {
                let perSecond = rate.perSecond * 1000 / Double(1000 + RateWindow.marginPerMille)
                sources.append(Source(unitsPerSecond: perSecond, unit: rate.unit, messagesPerSecond: byWindow, burst: 1))
            } else if let seen = gateway.pastPerSecond ?? byWindow {
                sources.append(Source(unitsPerSecond: nil, unit: nil, messagesPerSecond: seen, burst: window))
            } else {
                return nil
            }
        }
        pace = own.allSatisfy { $0.traits.rate != nil } ? .contract : own.contains(where: \.isSimulated) ? .simulated : .history
        self.sources = sources
    }

    /// Messages a second while these campaigns share the places by weight.
    private func messagesPerSecond(_ sharing: [ForecastWork]) -> Double {
        let weights = Double(sharing.reduce(0) { $0 + $1.weight })
        return sources.reduce(0) { sum, source in
            var capacity = source.messagesPerSecond ?? .infinity
            if let units = source.unitsPerSecond {
                let mean = sharing.reduce(0) { $0 + Double($1.weight) * $1.meanUnits(channel, source.unit) } / weights
                capacity = min(capacity, units / mean)
            }
            return sum + capacity
        }
    }

    /// When a campaign's messages leave, from now.
    func course(of work: ForecastWork, beside rivals: [ForecastWork]) -> AttemptCourse {
        var now = 0.0
        var isAlone = true
        for alert in CampaignKind.allCases {
            var sharing = rivals.filter { $0.kind == alert && $0.messages(channel) > 0 }
                .map { (work: $0, left: Double($0.messages(channel)), isOwn: false) }
            let isLast = alert == work.kind
            if isLast { sharing.append((work, Double(work.messages(channel)), true)) }
            if sharing.contains(where: { !$0.isOwn }) { isAlone = false }
            var course = AttemptCourse(from: now, burst: isAlone ? sources.reduce(0) { $0 + $1.burst } : 1)
            while !sharing.isEmpty {
                let perSecond = messagesPerSecond(sharing.map(\.work))
                let weights = Double(sharing.reduce(0) { $0 + $1.work.weight })
                func pace(_ one: (work: ForecastWork, left: Double, isOwn: Bool)) -> Double {
                    perSecond * Double(one.work.weight) / weights
                }
                let step = sharing.map { $0.left / pace($0) }.min() ?? 0
                now += step
                for index in sharing.indices {
                    let carried = pace(sharing[index]) * step
                    sharing[index].left -= carried
                    if sharing[index].isOwn { course.add(carried, until: now) }
                }
                if sharing.contains(where: { $0.isOwn && $0.left < 0.5 }) { return course }
                sharing.removeAll { $0.left < 0.5 }
            }
            if isLast { return course }
        }
        return AttemptCourse(from: now, burst: 1)
    }
}

/// How a campaign's first attempts on one channel add up over time: a line of straight pieces.
struct AttemptCourse {
    private var points: [(seconds: Double, messages: Double)]
    /// Messages that leave at once.
    private let burst: Double

    init(from seconds: Double, burst: Int) {
        points = [(seconds, 0)]
        self.burst = Double(burst)
    }

    mutating func add(_ messages: Double, until seconds: Double) {
        points.append((seconds, points[points.count - 1].messages + messages))
    }

    private var messages: Double { points[points.count - 1].messages }
    private var end: Double { points[points.count - 1].seconds }

    /// How many have left by a moment.
    private func left(by seconds: Double) -> Double {
        guard seconds >= points[0].seconds else { return 0 }
        for (before, after) in zip(points, points.dropFirst()) where seconds < after.seconds {
            let share = (seconds - before.seconds) / (after.seconds - before.seconds)
            return min(messages, burst + before.messages + share * (after.messages - before.messages))
        }
        return messages
    }

    /// The times of several channels' messages taken together.
    static func times(of courses: [AttemptCourse]) -> AttemptTimes {
        let total = courses.reduce(0) { $0 + $1.messages }.rounded()
        let end = courses.map(\.end).max() ?? 0
        return AttemptTimes(
            milliseconds: AttemptTimes.percents.map { percent in
                let due = Double(AttemptTimes.place(percent, of: Int(total)) + 1) - 0.001
                // Sixty halvings reach a millionth of a second from any time there is.
                var (low, high) = (0.0, end)
                if courses.reduce(0, { $0 + $1.left(by: 0) }) >= due { return 0 }
                for _ in 0..<60 {
                    let middle = (low + high) / 2
                    if courses.reduce(0, { $0 + $1.left(by: middle) }) >= due { high = middle } else { low = middle }
                }
                return Int64((high * 1000).rounded())
            })
    }
}

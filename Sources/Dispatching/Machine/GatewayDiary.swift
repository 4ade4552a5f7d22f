import AlertModel

/// What one gateway did lately, kept for whoever looks after it: nothing is decided by it.
struct GatewayDiary: Sendable {
    /// Stretches of an hour that are counted apart: the oldest is forgotten as a whole.
    private static let minuteMicroseconds: Int64 = 60_000_000
    private static let keptMinutes: Int64 = 60
    /// A pace is what left in so many whole seconds: shorter and the figure jumps, longer and it tells of the past.
    private static let paceSeconds: Int64 = 5

    private var minutes: [(number: Int64, answers: GatewayVitals.Answers)] = []
    private var seconds: [(number: Int64, units: Int)] = []
    private(set) var lastSuccess: Uptime?
    private(set) var lastProbe: (at: Uptime, isUp: Bool)?
    /// The last failure of the gateway's own.
    private(set) var lastFault: (at: Uptime, why: String)?
    /// When its circuit opened and was not closed since.
    private(set) var downSince: Uptime?

    /// Units left for the gateway.
    mutating func left(_ units: Int, _ now: Uptime) {
        let second = now.microseconds / 1_000_000
        if seconds.last?.number == second {
            seconds[seconds.count - 1].units += units
        } else {
            seconds.append((second, units))
            seconds.removeAll { $0.number < second - Self.paceSeconds }
        }
    }

    /// Units a second, over the last whole seconds.
    func unitsPerSecond(_ now: Uptime) -> Double {
        let second = now.microseconds / 1_000_000
        let units = seconds.filter { $0.number < second && $0.number >= second - Self.paceSeconds }.reduce(0) { $0 + $1.units }
        return Double(units) / Double(Self.paceSeconds)
    }

    /// It answered, or failed to.
    /// - Parameter fault: why it failed of its own; nil where it answered.
    mutating func answered(_ result: SubmissionResult, fault: String?, _ now: Uptime) {
        let minute = now.microseconds / Self.minuteMicroseconds
        if minutes.last?.number != minute {
            minutes.append((minute, GatewayVitals.Answers()))
            minutes.removeAll { $0.number <= minute - Self.keptMinutes }
        }
        let last = minutes.count - 1
        if let fault {
            minutes[last].answers.faults += 1
            lastFault = (now, fault)
        } else if case .known(.failed) = result.verdict {
            minutes[last].answers.refused += 1
        } else {
            minutes[last].answers.taken += 1
            lastSuccess = now
        }
    }

    mutating func probed(_ answer: ProbeAnswer, _ now: Uptime) {
        switch answer {
        case .up: lastProbe = (now, true)
        case .down(let why):
            lastProbe = (now, false)
            lastFault = (now, why)
        }
    }

    mutating func changed(isUp: Bool, _ now: Uptime) { downSince = isUp ? nil : now }

    /// Answers within the last hour.
    func answers(_ now: Uptime) -> GatewayVitals.Answers {
        let oldest = now.microseconds / Self.minuteMicroseconds - Self.keptMinutes
        return minutes.reduce(into: GatewayVitals.Answers()) { sum, minute in
            guard minute.number > oldest else { return }
            sum.taken += minute.answers.taken
            sum.refused += minute.answers.refused
            sum.faults += minute.answers.faults
        }
    }
}

/// How fast a gateway is given messages: its contract's rate, and less for a while after it asked to slow down.
///
/// A throttled answer halves the pace, once in a period however many answers say so; each period without one gives a
/// twentieth back. A gateway without a rate is held to half of what it took in its last second, until it has taken
/// twice that without complaint.
package struct GatewayPace: Sendable {
    private static let periodMilliseconds: Int64 = 1000
    private static let partGivenBack = 20

    private let rate: GatewayRate?
    private var window: RateWindow?
    /// The full limit: the contract's, or what an unlimited gateway took when it first complained.
    private var full = 0
    private var throttledAt: Uptime?
    /// When the limit last fell or rose.
    private var changedAt: Uptime?
    /// Units an unlimited gateway took in the second that is running, and in the one before.
    private var second: Int64 = .min
    private var unitsThisSecond = 0
    private var unitsLastSecond = 0

    package init(_ rate: GatewayRate?, from start: Uptime) {
        self.rate = rate
        guard let rate else { return }
        full = rate.limit
        window = RateWindow(limit: rate.limit, periodMilliseconds: rate.periodMilliseconds, from: start)
    }

    package var isLimited: Bool { window != nil }
    /// Units a period, for the gateways that are limited.
    package var limit: Int? { window?.limit }
    /// The same in units a second.
    var limitPerSecond: Double? {
        window.map { Double($0.limit) * 1000 / Double(rate?.periodMilliseconds ?? Self.periodMilliseconds) }
    }

    /// When so many units may leave; `now` where nothing limits them.
    /// - Parameter before: units that leave first.
    package mutating func earliest(_ units: Int, _ now: Uptime, after before: Int = 0) -> Uptime {
        recover(now)
        return window?.earliest(units, now, after: before) ?? now
    }

    package mutating func take(_ units: Int, _ now: Uptime) {
        countSecond(now)
        unitsThisSecond += units
        window?.take(units, now)
    }

    /// Units that may leave from now until `end`; nil for any number.
    package mutating func available(_ now: Uptime, until end: Uptime) -> Int? {
        recover(now)
        return window?.available(now, until: end)
    }

    /// The gateway asked to slow down.
    package mutating func throttled(_ now: Uptime) {
        recover(now)
        if let throttledAt, now.microseconds(since: throttledAt) < Self.periodMilliseconds * 1000 { return }
        throttledAt = now
        changedAt = now
        if let limit = window?.limit {
            window?.setLimit(limit / 2)
            return
        }
        countSecond(now)
        full = max(2, unitsLastSecond, unitsThisSecond)
        // Begun a period ago: the gateway is slowed down, not stopped.
        let start = now.advanced(byMilliseconds: -Self.periodMilliseconds)
        window = RateWindow(limit: full / 2, periodMilliseconds: Self.periodMilliseconds, from: start)
    }

    private var isReduced: Bool { window.map { $0.limit < full || rate == nil } ?? false }

    private mutating func recover(_ now: Uptime) {
        while isReduced, let since = changedAt,
            now.microseconds(since: since) >= Self.periodMilliseconds * 1000, let limit = window?.limit
        {
            changedAt = since.advanced(byMilliseconds: Self.periodMilliseconds)
            let raised = limit + max(1, full / Self.partGivenBack)
            if rate == nil, raised >= 2 * full {
                window = nil
            } else {
                window?.setLimit(rate == nil ? raised : min(full, raised))
            }
        }
    }

    private mutating func countSecond(_ now: Uptime) {
        let current = now.microseconds / 1_000_000
        guard current != second else { return }
        unitsLastSecond = current == second &+ 1 ? unitsThisSecond : 0
        unitsThisSecond = 0
        second = current
    }
}

import AlertModel

/// An organisation's own ceiling on a gateway: at most so many units in any second, wherever it begins.
struct OrganisationCeiling: Sendable {
    private static let periodMilliseconds: Int64 = 1000

    private var window: RateWindow
    /// Units a second.
    private(set) var limit: Int
    /// Claimed and not left yet: in its own units, in the gateway's, in messages.
    private var heldUnits = 0
    private var heldGatewayUnits = 0
    private var heldMessages = 0

    /// - Parameter start: the process's: what an earlier one submitted is not known here.
    init(_ limit: Int, from start: Uptime) {
        self.limit = max(1, limit)
        window = RateWindow(limit: self.limit, periodMilliseconds: Self.periodMilliseconds, from: start)
    }

    mutating func setLimit(_ limit: Int) {
        self.limit = max(1, limit)
        window.setLimit(self.limit)
    }

    mutating func earliest(_ units: Int, _ now: Uptime) -> Uptime { window.earliest(units, now) }

    /// Units that may be claimed to leave until `end`.
    mutating func available(_ now: Uptime, until end: Uptime) -> Int { max(0, window.available(now, until: end) - heldUnits) }

    mutating func hold(_ units: Int, ofGateway gatewayUnits: Int) {
        heldUnits += units
        heldGatewayUnits += gatewayUnits
        heldMessages += 1
    }

    mutating func take(_ units: Int, ofGateway gatewayUnits: Int, _ now: Uptime) {
        heldUnits -= units
        heldGatewayUnits -= gatewayUnits
        heldMessages -= 1
        window.take(units, now)
    }

    /// Of what is held, what cannot leave until `end`: messages, and units of the gateway.
    mutating func parked(_ now: Uptime, until end: Uptime) -> (messages: Int, units: Int) {
        guard heldUnits > 0 else { return (0, 0) }
        let surplus = heldUnits - window.available(now, until: end)
        guard surplus > 0 else { return (0, 0) }
        return (heldMessages * surplus / heldUnits, heldGatewayUnits * surplus / heldUnits)
    }
}

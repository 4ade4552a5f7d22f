/// Whether a gateway is taken for up: closed (up), open (down, left alone until a moment), half-open (one submission,
/// or a probe, finds out).
///
/// Only failures of the gateway's own count: a connection refused, lost or silent. An answer of any other kind, a
/// refusal included, shows that it is there.
package struct CircuitBreaker: Sendable {
    package enum State: Hashable, Sendable {
        case closed
        case open(until: Uptime)
        case halfOpen
    }

    private let health: GatewayHealth
    private var failures = 0
    /// Openings in a row, each pausing twice as long.
    private var openings = 0
    private var isOpen = false
    private var until = Uptime(microseconds: 0)

    package init(_ health: GatewayHealth) { self.health = health }

    package func state(_ now: Uptime) -> State {
        guard isOpen else { return .closed }
        return now < until ? .open(until: until) : .halfOpen
    }

    package mutating func succeeded() {
        failures = 0
        openings = 0
        isOpen = false
    }

    /// - Returns: whether the circuit opened by it, which an operator wants to read; not when it was open before.
    package mutating func failed(_ now: Uptime) -> Bool {
        failures += 1
        switch state(now) {
        case .closed:
            guard failures >= health.failuresToOpen else { return false }
            open(now)
            return true
        case .halfOpen:
            open(now)
            return false
        // Answers to what was in flight when it opened say nothing new.
        case .open: return false
        }
    }

    private mutating func open(_ now: Uptime) {
        let doubled = health.pauseMilliseconds << min(openings, 20)
        let pause = max(health.pauseMilliseconds, min(doubled, health.longestPauseMilliseconds))
        openings += 1
        isOpen = true
        until = now.advanced(byMilliseconds: pause)
    }
}

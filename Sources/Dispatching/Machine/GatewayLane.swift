import AlertModel

/// One gateway as the dispatcher's judgement follows it: what is in its hands, how fast it may go, whether it is up.
struct GatewayLane: Sendable {
    /// A submission claimed a moment ahead of its turn, so that the ledger's pace does not disturb the gateway's.
    struct Held: Sendable {
        let submission: Submission
        let units: Int
        /// Where its organisation has a ceiling here.
        let ceiling: (organisation: OrganisationID, units: Int)?
    }

    let gateway: Gateway
    /// Claimed and not yet answered, those held included.
    var flying = 0
    /// Answered and not yet written.
    var unwritten = 0
    /// Submitted so far: shares by weight are counted by it.
    var carried = 0.0
    var pace: GatewayPace
    var circuit: CircuitBreaker
    var diary = GatewayDiary()
    private(set) var held: [Held] = []
    private var heldHead = 0
    private(set) var heldUnits = 0
    var heldCount: Int { held.count - heldHead }
    private var ceilings: [OrganisationID: OrganisationCeiling] = [:]
    /// Units the next message needs: 1 until a claim said more.
    var need = 1
    /// When it last answered; nil after a failure of its own.
    var answeredAt: Uptime?
    private var isProbing = false
    private var probedAt: Uptime?

    init(_ gateway: Gateway, from start: Uptime) {
        self.gateway = gateway
        pace = GatewayPace(gateway.traits.rate, from: start)
        circuit = CircuitBreaker(gateway.traits.health)
    }

    // MARK: Room

    /// At most a window in flight, and at most two windows between claim and ledger: that is what a crash can
    /// leave in doubt. A leg that is held has its place already: it waits for its turn only, so that a stop takes hold.
    /// - Parameter heaviest: the greatest weight among the channel's gateways that are up: beside it a lighter one
    ///   works with its part of its window.
    mutating func room(beside heaviest: Int, _ now: Uptime) -> Int {
        let window = gateway.window
        let share = max(1, window * gateway.traits.weight / max(heaviest, gateway.traits.weight))
        let moving = flying - parked(now).messages
        return min(isProven(now) ? share - moving : 1 - moving, 2 * window - flying - unwritten)
    }

    /// Of what is held, what its organisation's ceiling, lowered after it was claimed, keeps here for longer: it takes
    /// neither places nor units from the others.
    private mutating func parked(_ now: Uptime) -> (messages: Int, units: Int) {
        guard heldUnits > 0, !ceilings.isEmpty else { return (0, 0) }
        var (messages, units) = (0, 0)
        let end = now.advanced(byMilliseconds: Self.parkedMilliseconds)
        for organisation in ceilings.keys {
            guard let parked = ceilings[organisation]?.parked(now, until: end) else { continue }
            messages += parked.messages
            units += parked.units
        }
        return (messages, units)
    }

    /// What leaves within this time is on its way; longer than a claim ever goes ahead.
    private static let parkedMilliseconds: Int64 = 1000

    /// A gateway with a rate is given one message until it answers, at first, after a failure and after a silence: what
    /// waited for its connection would leave all at once when that stands, and an observer beyond it would count too many. One that
    /// keeps its pace itself is not waited for: a call's answer may be a minute away.
    private func isProven(_ now: Uptime) -> Bool {
        guard gateway.traits.rate != nil, !gateway.keepsPace else { return true }
        return answeredAt.map { now.microseconds(since: $0) < Self.longestSilenceMicroseconds } ?? false
    }

    /// Relays close connections that are idle for longer.
    private static let longestSilenceMicroseconds: Int64 = 30_000_000

    /// Units that may be claimed now to leave until `end`: none, or enough for the next message; nil for any number.
    mutating func budget(_ now: Uptime, until end: Uptime) -> Int? {
        guard let available = pace.available(now, until: end) else { return nil }
        let before = max(0, heldUnits - parked(now).units)
        return pace.earliest(need, now, after: before) <= end ? max(need, available - before) : 0
    }

    /// When a claim for the next message makes sense, `ahead` before it may leave.
    mutating func claimableAt(_ now: Uptime, ahead microseconds: Int64) -> Uptime {
        guard pace.isLimited else { return now }
        let before = max(0, heldUnits - parked(now).units)
        return max(now, pace.earliest(need, now, after: before).advanced(byMicroseconds: -microseconds))
    }

    /// What a message costs of the rate.
    func units(_ message: Message) -> Int {
        gateway.traits.rate?.unit == .segments ? max(1, gateway.segments(message)) : 1
    }

    // MARK: Leaving

    /// - Parameter organisation: whose ceiling it uses up; nil for nobody's.
    mutating func hold(_ submission: Submission, of organisation: OrganisationID?) {
        let units = units(submission.message)
        var ceiling: (organisation: OrganisationID, units: Int)?
        if let organisation, ceilings[organisation] != nil {
            let cost = max(1, gateway.segments(submission.message))
            ceilings[organisation]?.hold(cost, ofGateway: units)
            ceiling = (organisation, cost)
        }
        let next = Held(submission: submission, units: units, ceiling: ceiling)
        heldUnits += units
        // What a ceiling, lowered meanwhile, keeps here for long: no alert waits behind its organisation's information.
        if let organisation = ceiling?.organisation, submission.kind == .alert,
            let index = (heldHead..<held.count).first(where: {
                held[$0].submission.kind == .information && held[$0].ceiling?.organisation == organisation
            })
        {
            held.insert(next, at: index)
        } else {
            held.append(next)
        }
    }

    /// When the first held submission may leave; nil when none is held. Who waits for a ceiling of its own holds nobody
    /// else up.
    mutating func nextDeparture(_ now: Uptime) -> Uptime? {
        var first: Uptime?
        // When the first of those before may leave by its ceiling: from then on it is its turn, as `depart` has it.
        var taken: Uptime?
        var seen: Set<OrganisationID> = []
        for index in heldHead..<held.count {
            var own = now
            if let ceiling = held[index].ceiling {
                guard seen.insert(ceiling.organisation).inserted else { continue }
                own = ceilings[ceiling.organisation]?.earliest(ceiling.units, now) ?? now
            }
            let due = max(own, pace.earliest(held[index].units, now))
            if taken.map({ due < $0 }) ?? true { first = min(first ?? due, due) }
            taken = min(taken ?? own, own)
            if own <= now { break }
        }
        return first
    }

    /// The next held submission, if its turn has come.
    mutating func depart(_ now: Uptime) -> Submission? {
        var seen: Set<OrganisationID> = []
        for index in heldHead..<held.count {
            if let ceiling = held[index].ceiling {
                guard seen.insert(ceiling.organisation).inserted,
                    (ceilings[ceiling.organisation]?.earliest(ceiling.units, now) ?? now) <= now
                else { continue }
            }
            // Who waits for the gateway's units is waited for.
            return pace.earliest(held[index].units, now) <= now ? leave(index, now) : nil
        }
        return nil
    }

    private mutating func leave(_ index: Int, _ now: Uptime) -> Submission {
        let next = held[index]
        if index == heldHead { heldHead += 1 } else { held.remove(at: index) }
        if heldHead == held.count {
            held.removeAll(keepingCapacity: true)
            heldHead = 0
        }
        heldUnits -= next.units
        pace.take(next.units, now)
        diary.left(next.units, now)
        if let ceiling = next.ceiling { ceilings[ceiling.organisation]?.take(ceiling.units, ofGateway: next.units, now) }
        return next.submission
    }

    // MARK: Ceilings of organisations

    /// What each organisation that has a ceiling may be given now, to leave until `end`.
    mutating func ceilings(_ now: Uptime, until end: Uptime) -> [OrganisationID: ClaimRequest.Slot.Ceiling] {
        var left: [OrganisationID: ClaimRequest.Slot.Ceiling] = [:]
        for organisation in ceilings.keys {
            guard let limit = ceilings[organisation]?.limit, let units = ceilings[organisation]?.available(now, until: end) else { continue }
            left[organisation] = ClaimRequest.Slot.Ceiling(limit: limit, units: units)
        }
        return left
    }

    /// - Returns: whether it was not known.
    mutating func setCeiling(_ limit: Int, of organisation: OrganisationID, from start: Uptime, _ now: Uptime) -> Bool {
        guard let known = ceilings[organisation] else {
            ceilings[organisation] = OrganisationCeiling(limit, from: start)
            return true
        }
        guard known.limit != limit else { return false }
        // What left in the last second counts, and is remembered by the window.
        ceilings[organisation]?.setLimit(limit)
        return true
    }

    // MARK: Probes

    /// When the gateway is to be asked whether it is there: regularly where its settings say so, and in place of a
    /// message once the pause of its open circuit is over.
    func nextProbe(_ now: Uptime) -> Uptime? {
        guard gateway.probe != nil, !isProbing else { return nil }
        switch circuit.state(now) {
        case .open(let until): return until
        case .halfOpen: return now
        case .closed:
            return gateway.traits.health.probeEveryMilliseconds.map { every in
                probedAt.map { $0.advanced(byMilliseconds: every) } ?? now
            }
        }
    }

    mutating func beginProbe() { isProbing = true }

    /// - Returns: whether the gateway changed from up to down (false) or back (true); nil when it did not.
    mutating func probed(_ answer: ProbeAnswer, _ now: Uptime) -> Bool? {
        isProbing = false
        probedAt = now
        diary.probed(answer, now)
        switch answer {
        case .up: return succeeded(now)
        case .down: return circuit.failed(now) ? false : nil
        }
    }

    /// - Returns: true when it had been down.
    mutating func succeeded(_ now: Uptime) -> Bool? {
        let wasUp = circuit.state(now) == .closed
        circuit.succeeded()
        return wasUp ? nil : true
    }
}

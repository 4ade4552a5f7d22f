import AlertModel

/// All the lanes of one dispatcher: who may be given legs, and what answers say of the gateways themselves.
struct GatewayLanes: Sendable {
    var all: [GatewayLane]
    private let numbers: [String: Int]
    private let channels: [Channel]
    private var changes: [GatewayChange] = []
    private let start: Uptime

    init(_ gateways: GatewaySet, from start: Uptime) {
        self.start = start
        all = gateways.gateways.map { GatewayLane($0, from: start) }
        numbers = Dictionary(uniqueKeysWithValues: all.enumerated().map { ($1.gateway.name, $0) })
        channels = gateways.channels.sorted()
    }

    func number(of gateway: String) -> Int? { numbers[gateway] }

    /// The lanes that may be given legs, with their room. A gateway whose circuit is open is left alone while another
    /// of its channel is up; when all are down they are tried as though they were up, since a leg must end by its
    /// policy, and none by waiting.
    mutating func open(_ now: Uptime) -> [(number: Int, room: Int)] {
        var open: [(number: Int, room: Int)] = []
        for channel in channels {
            let ofChannel = on(channel)
            let closed = ofChannel.filter { all[$0].circuit.state(now) == .closed }
            let heaviest = (closed.isEmpty ? ofChannel : closed).map { all[$0].gateway.traits.weight }.max() ?? 1
            for number in ofChannel {
                let room = all[number].room(beside: heaviest, now)
                if closed.isEmpty || all[number].circuit.state(now) == .closed {
                    open.append((number, room))
                } else if all[number].circuit.state(now) == .halfOpen, all[number].gateway.probe == nil {
                    // One leg finds out whether it is back.
                    open.append((number, min(room, 1 - all[number].flying)))
                }
            }
        }
        return open
    }

    /// Takes in organisations' ceilings as the ledger has them.
    /// - Returns: whether one was not known.
    mutating func learn(_ ceilings: [String: [OrganisationID: Int]], _ now: Uptime) -> Bool {
        var isNew = false
        for (gateway, limits) in ceilings {
            guard let number = numbers[gateway] else { continue }
            for (organisation, limit) in limits where all[number].setCeiling(limit, of: organisation, from: start, now) {
                isNew = true
            }
        }
        return isNew
    }

    private func on(_ channel: Channel) -> [Int] { all.indices.filter { all[$0].gateway.channel == channel } }

    /// A gateway that was down for an hour does not get everything until it has caught up: shares are counted from
    /// the least of its channel, give or take a few.
    mutating func evenOut() {
        for channel in channels {
            let ofChannel = on(channel)
            guard ofChannel.count > 1 else { continue }
            let loads = ofChannel.map { all[$0].carried / Double(all[$0].gateway.traits.weight) }
            let floor = (loads.max() ?? 0) - Self.longestLead
            for number in ofChannel {
                let weight = Double(all[number].gateway.traits.weight)
                all[number].carried = max(0, max(all[number].carried / weight, floor) * weight)
            }
        }
    }

    /// How far, in messages a unit of weight, one gateway may fall behind another and still catch up.
    private static let longestLead = 10.0

    /// What an answer says of the gateway itself.
    mutating func judge(_ number: Int, _ result: SubmissionResult, _ now: Uptime) {
        switch result.verdict {
        case .known(.failed(.expired)), .known(.failed(.withheld)), .known(.failed(.unavailable)): break
        case .known(.failed(.throttled)):
            all[number].answeredAt = now
            all[number].pace.throttled(now)
        default:
            all[number].answeredAt = result.isGatewayFailure ? nil : now
            all[number].diary.answered(result, fault: result.isGatewayFailure ? Self.word(result) : nil, now)
            if result.isGatewayFailure {
                if all[number].circuit.failed(now) { note(number, isUp: false, now) }
            } else if all[number].succeeded(now) == true {
                note(number, isUp: true, now)
            }
        }
    }

    private mutating func note(_ number: Int, isUp: Bool, _ now: Uptime) {
        all[number].diary.changed(isUp: isUp, now)
        changes.append(GatewayChange(gateway: all[number].gateway.name, isUp: isUp))
    }

    /// Why a submission failed, without what the gateway wrote of it.
    private static func word(_ result: SubmissionResult) -> String {
        if case .known(.failed(let cause)) = result.verdict { cause.rawValue } else { "in_doubt" }
    }

    /// A gateway answered a probe.
    mutating func probed(_ gateway: String, _ answer: ProbeAnswer, _ now: Uptime) {
        guard let number = numbers[gateway], let isUp = all[number].probed(answer, now) else { return }
        note(number, isUp: isUp, now)
    }

    /// Whether a leg that its gateway failed can go to another at once: each is tried once before the policy's own
    /// waiting begins. Gateways that are not its organisation's are none.
    func hasOther(than number: Int, _ leg: ClaimedLeg, _ access: GatewayAccess, _ now: Uptime) -> Bool {
        let others = on(leg.channel).filter {
            $0 != number && access.allows(all[$0].gateway.name, on: leg.channel) && all[$0].circuit.state(now) == .closed
        }
        return leg.throttles < others.count
    }

    mutating func takeChanges() -> [GatewayChange] {
        defer { changes.removeAll() }
        return changes
    }
}

/// A gateway went down, or came back.
package struct GatewayChange: Hashable, Sendable {
    package let gateway: String
    package let isUp: Bool

    package init(gateway: String, isUp: Bool) {
        self.gateway = gateway
        self.isUp = isUp
    }
}

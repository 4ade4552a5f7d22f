import AlertModel

/// Gives due legs of one channel to the channel's gateways: by weight, within each one's room and rate, and a leg
/// whose last gateway failed it to another where another has room. Used inside a ledger's claim.
package struct SlotChooser {
    private var slots: [ClaimRequest.Slot]
    /// For each slot what the campaign at hand costs there.
    private var costs: [Int]
    /// For each slot whether the organisation at hand may use it now, and what its ceiling leaves there.
    private var isOpen: [Bool]
    private var ceilings: [ClaimRequest.Slot.Ceiling?]
    private var ceilingCosts: [Int]
    /// Whose ceiling that is.
    private var owners: [OrganisationID?]
    /// For each slot what the organisation at hand was given.
    private var given: [Int]
    /// For a gateway that had places and too few units, the units it would have needed.
    package private(set) var starved: [String: Int] = [:]

    /// - Parameter slots: of one channel.
    package init(_ slots: [ClaimRequest.Slot]) {
        self.slots = slots
        costs = slots.map { _ in 1 }
        isOpen = slots.map { _ in true }
        ceilings = slots.map { _ in nil }
        ceilingCosts = costs
        owners = slots.map { _ in nil }
        given = slots.map { _ in 0 }
    }

    /// What follows is an organisation's turn: only its own gateways are open, up to its ceilings.
    package mutating func enter(_ access: GatewayAccess) {
        for index in slots.indices {
            given[index] = 0
            ceilings[index] = nil
            owners[index] = nil
            isOpen[index] = access.allows(slots[index].gateway, on: slots[index].channel)
            guard isOpen[index], access.isLimited, let limit = access.ceiling(of: slots[index].gateway),
                let owner = access.ceilingOwner(of: slots[index].gateway)
            else { continue }
            owners[index] = owner
            ceilings[index] = slots[index].ceilings[owner]
            // Without knowing what it used, nothing of it is given.
            isOpen[index] = ceilings[index]?.limit == limit && (ceilings[index]?.units ?? 0) > 0
        }
    }

    /// The turn is over.
    /// - Returns: units given, by gateway.
    package mutating func leave() -> [String: Int] {
        for index in slots.indices {
            guard let owner = owners[index], let ceiling = ceilings[index] else { continue }
            slots[index].ceilings[owner] = ceiling
        }
        return Dictionary(uniqueKeysWithValues: zip(slots.map(\.gateway), given).filter { $0.1 > 0 })
    }

    package var gateways: [String] { slots.map(\.gateway) }

    /// Places left to whom it is the turn of, whatever they cost.
    package var places: Int {
        slots.indices.reduce(0) { sum, index in
            guard isOpen[index] else { return sum }
            return sum + max(0, min(slots[index].count, ceilings[index]?.units ?? .max))
        }
    }

    /// The next legs carry one of these wordings; the longest decides what they are taken to cost.
    package mutating func prepare(_ wordings: [Message]) {
        costs = slots.map { slot in slot.budget.map { budget in max(1, wordings.map(budget.cost).max() ?? 1) } ?? 1 }
        for index in slots.indices where ceilings[index] != nil {
            ceilingCosts[index] = max(1, wordings.map(slots[index].segments).max() ?? 1)
        }
    }

    /// Whether units may run out before places do.
    package var isMeasured: Bool { slots.indices.contains { isOpen[$0] && (slots[$0].budget != nil || ceilings[$0] != nil) } }

    /// How many legs of the campaign at hand the open gateways' units are enough for.
    package var affordable: Int {
        slots.indices.reduce(0) { sum, index in
            guard isOpen[index] else { return sum }
            var count = slots[index].count
            if let budget = slots[index].budget { count = min(count, Self.count(budget.units, costs[index], budget.limit)) }
            if let ceiling = ceilings[index] { count = min(count, Self.count(ceiling.units, ceilingCosts[index], ceiling.limit)) }
            return sum + max(0, count)
        }
    }

    /// A message of more units than the limit is let through as though it were of so many.
    private static func count(_ units: Int, _ cost: Int, _ limit: Int) -> Int {
        units < min(cost, limit) ? 0 : max(1, units / max(1, cost))
    }

    package enum Choice: Hashable, Sendable {
        case gateway(String)
        /// Another gateway than the one to avoid is up and has no place now: the leg waits for it.
        case later
        /// None has a place and the units for it.
        case none
    }

    /// - Parameter gateway: the one to avoid, unless it is the only one.
    package mutating func choose(avoiding gateway: String? = nil) -> Choice {
        var index = best(avoiding: gateway)
        if index == nil, let gateway {
            if slots.indices.contains(where: { slots[$0].gateway != gateway && isOpen[$0] }) { return .later }
            index = best(avoiding: nil)
        }
        guard let index else { return .none }
        slots[index].count -= 1
        slots[index].carried += 1
        slots[index].budget?.units -= costs[index]
        ceilings[index]?.units -= ceilingCosts[index]
        given[index] += costs[index]
        return .gateway(slots[index].gateway)
    }

    private mutating func best(avoiding gateway: String?) -> Int? {
        var best: Int?
        for index in slots.indices where isOpen[index] && slots[index].count > 0 && slots[index].gateway != gateway {
            if let ceiling = ceilings[index], ceiling.units < min(ceilingCosts[index], ceiling.limit) { continue }
            if let budget = slots[index].budget {
                let need = min(costs[index], budget.limit)
                guard budget.units >= need else {
                    starved[slots[index].gateway] = min(starved[slots[index].gateway] ?? need, need)
                    continue
                }
            }
            if let known = best, slots[known].load <= slots[index].load { continue }
            best = index
        }
        return best
    }
}

extension ClaimRequest.Slot {
    /// What it has carried, this one included, for each unit of its weight.
    fileprivate var load: Double { (carried + 1) / Double(weight) }
}

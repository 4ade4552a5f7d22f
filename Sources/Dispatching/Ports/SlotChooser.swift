import AlertModel

/// Gives due legs of one channel to the channel's gateways: by weight, within each one's room and rate, and a leg
/// whose last gateway failed it to another where another has room. Used inside a ledger's claim.
package struct SlotChooser {
    private var slots: [ClaimRequest.Slot]
    /// For each slot what the campaign at hand costs there.
    private var costs: [Int]
    /// For a gateway that had places and too few units, the units it would have needed.
    package private(set) var starved: [String: Int] = [:]

    /// - Parameter slots: of one channel.
    package init(_ slots: [ClaimRequest.Slot]) {
        self.slots = slots
        costs = slots.map { _ in 1 }
    }

    /// Places left, whatever they cost.
    package var places: Int { slots.reduce(0) { $0 + max(0, $1.count) } }

    /// The next legs carry one of these wordings; the longest decides what they are taken to cost.
    package mutating func prepare(_ wordings: [Message]) {
        costs = slots.map { slot in slot.budget.map { budget in max(1, wordings.map(budget.cost).max() ?? 1) } ?? 1 }
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
            if slots.contains(where: { $0.gateway != gateway }) { return .later }
            index = best(avoiding: nil)
        }
        guard let index else { return .none }
        slots[index].count -= 1
        slots[index].carried += 1
        slots[index].budget?.units -= costs[index]
        return .gateway(slots[index].gateway)
    }

    private mutating func best(avoiding gateway: String?) -> Int? {
        var best: Int?
        for index in slots.indices where slots[index].count > 0 && slots[index].gateway != gateway {
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

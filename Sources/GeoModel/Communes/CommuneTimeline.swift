/// Movements in the order they took effect, ready to be followed from one code to the next.
struct CommuneTimeline: Sendable {
    /// All lines of one kind of event on one day: they happen together.
    struct Step: Sendable {
        let event: CommuneMovement.Event
        let day: CalendarDay
        /// What each code becomes.
        var targets: [CommuneNode: [CommuneNode]] = [:]
        /// The communes that become, at least in part, a commune.
        var joined: [CommuneCode: Set<CommuneCode>] = [:]
        /// Communes that a part becomes.
        var restored: Set<CommuneCode> = []
    }

    private(set) var steps: [Step] = []
    /// For each node, the steps that say what becomes of it, with its name until then.
    private(set) var departures: [CommuneNode: [Departure]] = [:]
    /// For each node, the steps that speak of it before or after.
    private(set) var touches: [CommuneNode: [Int]] = [:]
    /// For a node that ceased: the last step in which it did.
    private(set) var lastEnd: [CommuneNode: Departure] = [:]

    struct Departure: Sendable {
        let step: Int
        let name: String
    }

    init(_ movements: some Sequence<CommuneMovement>) {
        let sorted = movements.sorted {
            ($0.day, $0.event.order, $0.before.code, $0.before.kind.rawValue, $0.after.code, $0.after.kind.rawValue)
                < ($1.day, $1.event.order, $1.before.code, $1.before.kind.rawValue, $1.after.code, $1.after.kind.rawValue)
        }
        for movement in sorted {
            if steps.last.map({ $0.day != movement.day || $0.event != movement.event }) ?? true {
                closeStep()
                steps.append(Step(event: movement.event, day: movement.day))
            }
            add(movement, to: steps.count - 1)
        }
        closeStep()
    }

    private mutating func add(_ movement: CommuneMovement, to index: Int) {
        let (before, after) = (movement.before, movement.after)
        if steps[index].targets[before]?.contains(after) != true { steps[index].targets[before, default: []].append(after) }
        if after.kind == .commune {
            if before.kind == .commune {
                steps[index].joined[after.code, default: []].insert(before.code)
            } else {
                steps[index].restored.insert(after.code)
            }
        }
        if departures[before]?.last?.step != index {
            departures[before, default: []].append(Departure(step: index, name: movement.nameBefore))
        }
        for node in [before, after] where touches[node]?.last != index { touches[node, default: []].append(index) }
    }

    private mutating func closeStep() {
        guard let step = steps.last else { return }
        // A commune that gets arrondissements or delegated communes stays one, though no line says so.
        for (node, targets) in step.targets where node.kind == .commune && targets.allSatisfy(\.kind.isPart) {
            steps[steps.count - 1].targets[node]?.append(node)
        }
        for (node, targets) in steps[steps.count - 1].targets where !targets.contains(node) { 
            lastEnd[node] = departures[node]?.last
        }
    }

    /// The first step from `index` on that says what becomes of one of the nodes.
    func nextStep(from index: Int, of nodes: [CommuneNode]) -> Int? {
        nodes.compactMap { node in departures[node]?.first { $0.step >= index }?.step }.min()
    }

    /// The first step after 1 January of a year, that day's own left out: it is in that year's vintage already.
    func firstStep(afterVintage year: Int) -> Int {
        let day = CalendarDay(firstOf: year)
        return steps.firstIndex { $0.day > day } ?? steps.count
    }

    /// Whether a node stood before the step of this index; nil when no movement ever spoke of it.
    func stood(_ node: CommuneNode, before index: Int) -> Bool? {
        guard let touches = touches[node] else { return nil }
        if let last = touches.last(where: { $0 < index }) {
            return steps[last].targets.values.contains { $0.contains(node) }
        }
        return steps[touches[0]].targets[node] != nil
    }
}

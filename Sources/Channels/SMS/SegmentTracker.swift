import AlertModel

/// Makes one receipt of the receipts of a message's parts: delivered once every part is, failed as soon as one is.
///
/// The ledger keeps one reference an attempt, the first part's. What is not known here passes through under its own
/// id: messages of one part, and those sent before a restart, of which the first part's receipt then decides.
struct SegmentTracker: Sendable {
    /// Parts waited for. Beyond it the oldest messages are forgotten, which is what a restart does to all.
    static let limit = 200_000
    /// Receipts kept because they may have overtaken the answer to their own submission.
    static let heldLimit = 10_000

    struct Told: Hashable, Sendable {
        let reference: String
        let outcome: Outcome
    }

    private struct Group {
        let parts: [String]
        var remaining: Set<String>
        /// Its failure has been told; what the other parts say does not matter any more.
        var isTold = false

        var reference: String { parts[0] }
    }

    private struct Held {
        let told: Told
        /// Messages with a lower number were under way when it came.
        let before: Int
    }

    private var groups: [Int: Group] = [:]
    private var groupOf: [String: Int] = [:]
    private var underWay: Set<Int> = []
    private var held: [Held] = []
    private var next = 0
    private var oldest = 0

    init() {}

    var waitingCount: Int { groupOf.count }

    /// A message of several parts is being submitted.
    mutating func open() -> Int {
        next += 1
        underWay.insert(next)
        return next
    }

    /// The message's parts were all answered. - Parameter parts: their references, in order; nil when it failed.
    /// - Returns: what can be told now.
    mutating func close(_ number: Int, parts: [String]?) -> [Told] {
        underWay.remove(number)
        if let parts, !parts.isEmpty {
            groups[number] = Group(parts: parts, remaining: Set(parts))
            for part in parts { groupOf[part] = number }
            while groupOf.count > Self.limit, oldest < next {
                oldest += 1
                forget(oldest)
            }
        }
        let earliest = underWay.min() ?? .max
        let released = held.prefix { $0.before <= earliest }
        held.removeFirst(released.count)
        return released.flatMap { tell($0.told) }
    }

    /// A receipt came.
    mutating func received(_ reference: String, _ outcome: Outcome) -> [Told] {
        let told = Told(reference: reference, outcome: outcome)
        if groupOf[reference] == nil, !underWay.isEmpty, held.count < Self.heldLimit {
            held.append(Held(told: told, before: next + 1))
            return []
        }
        return tell(told)
    }

    private mutating func tell(_ told: Told) -> [Told] {
        guard let number = groupOf[told.reference], var group = groups[number] else { return [told] }
        group.remaining.remove(told.reference)
        let isFailure = told.outcome != .delivered && !group.isTold
        group.isTold = group.isTold || isFailure
        groups[number] = group
        if group.remaining.isEmpty { forget(number) }
        if isFailure { return [Told(reference: group.reference, outcome: told.outcome)] }
        return group.remaining.isEmpty && !group.isTold ? [Told(reference: group.reference, outcome: .delivered)] : []
    }

    private mutating func forget(_ number: Int) {
        guard let group = groups.removeValue(forKey: number) else { return }
        for part in group.parts where groupOf[part] == number { groupOf[part] = nil }
    }
}

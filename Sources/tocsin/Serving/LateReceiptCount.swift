import Dispatching

/// Receipts overdue by gateway, counted once for every organisation that watches the gateways: it reads thousands of legs, and
/// minutes late are not told by the half-second.
actor LateReceiptCount {
    /// How long a count is shown.
    static let keptFor = Duration.seconds(10)

    private let count: @Sendable () throws -> [String: Int]
    private var kept: (counts: [String: Int], at: ContinuousClock.Instant)?
    private var counting: Task<[String: Int], any Error>?

    /// - Parameter count: of every organisation's campaigns of one mode; called away from the cooperative threads.
    init(count: @escaping @Sendable () throws -> [String: Int]) { self.count = count }

    /// By gateway, never older than `keptFor`.
    func byGateway() async throws -> [String: Int] {
        if let kept, .now - kept.at < Self.keptFor { return kept.counts }
        if let counting { return try await counting.value }
        let task = Task { [count] in try await Offload.run(count) }
        counting = task
        defer { counting = nil }
        let counts = try await task.value
        kept = (counts, .now)
        return counts
    }
}

/// Counts things in the background, one at a time and each once, whoever asks and however many do; who asks waits for a while.
package actor BackgroundTally<Key: Hashable & Sendable> {
    private let count: @Sendable (Key) async throws -> Void
    private var queue: [Key] = []
    private var known: Set<Key> = []
    private var isCounting = false
    private var fault: (any Error)?
    private var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    private var visits = 0

    /// - Parameter count: called with one key at a time; blocks no cooperative thread.
    package init(count: @escaping @Sendable (Key) async throws -> Void) { self.count = count }

    /// Has these counted too, after what is being counted already, and returns once nothing is left, or when patience ends.
    ///
    /// - Parameter patience: ends the wait of whoever asks, not the count.
    /// - Throws: what went wrong with a count since the last call; what was still to count then is asked for anew.
    package func count(_ keys: [Key], patience: @escaping @Sendable () async -> Void) async throws {
        for key in keys where known.insert(key).inserted { queue.append(key) }
        if !isCounting, !queue.isEmpty {
            isCounting = true
            Task { await run() }
        }
        if isCounting {
            visits += 1
            let visit = visits
            await withCheckedContinuation { continuation in
                waiting[visit] = continuation
                Task {
                    await patience()
                    release(visit)
                }
            }
        }
        if let fault {
            self.fault = nil
            throw fault
        }
    }

    private func run() async {
        while !queue.isEmpty {
            let key = queue.removeFirst()
            do {
                try await count(key)
                known.remove(key)
            } catch {
                fault = error
                queue = []
                known = []
            }
        }
        isCounting = false
        for visit in waiting.keys { release(visit) }
    }

    private func release(_ visit: Int) { waiting.removeValue(forKey: visit)?.resume() }
}

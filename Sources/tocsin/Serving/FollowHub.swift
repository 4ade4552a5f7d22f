/// Reads what is followed (a campaign, an organisation's gateways) once for all who follow it: a hundred followers cost what
/// one does.
actor FollowHub<Key: Hashable & Sendable, Update: Equatable & Sendable> {
    /// How it stands, and whether nothing of it can change any more.
    typealias Reading = @Sendable () async throws -> (update: Update, isSettled: Bool)

    private struct Line {
        var followers: [Int: AsyncStream<Update>.Continuation] = [:]
        var last: Update?
    }

    private var lines: [Key: Line] = [:]
    private var nextNumber = 0

    /// How it stands now, then whenever that changes; finishes once it is settled. Only the newest is kept for who is slow.
    func follow(_ id: Key, every period: Duration, read: @escaping Reading) -> AsyncStream<Update> {
        let (stream, continuation) = AsyncStream.makeStream(of: Update.self, bufferingPolicy: .bufferingNewest(1))
        let number = nextNumber
        nextNumber += 1
        continuation.onTermination = { _ in Task { await self.leave(id, number) } }
        let isFirst = lines[id] == nil
        lines[id, default: Line()].followers[number] = continuation
        if let last = lines[id]?.last { continuation.yield(last) }
        if isFirst { Task { await run(id, every: period, read) } }
        return stream
    }

    /// Until it is settled or nobody follows it any more.
    private func run(_ id: Key, every period: Duration, _ read: Reading) async {
        while lines[id] != nil {
            // A read that fails (disk, lock) is tried again at the next turn; the console shows the time of the last figure.
            if let (update, isSettled) = try? await read() {
                if update != lines[id]?.last {
                    lines[id]?.last = update
                    for follower in (lines[id]?.followers ?? [:]).values { follower.yield(update) }
                }
                if isSettled {
                    let followers = lines.removeValue(forKey: id)?.followers ?? [:]
                    for follower in followers.values { follower.finish() }
                    return
                }
            }
            guard lines[id]?.followers.isEmpty == false, (try? await Task.sleep(for: period)) != nil else { break }
        }
        lines[id] = nil
    }

    private func leave(_ id: Key, _ number: Int) {
        lines[id]?.followers[number] = nil
    }
}

import Foundation

/// The relay's connections, each on a thread of its own because libcurl blocks: Swift's cooperative pool has as many
/// threads as the machine has cores, and two blocking calls there stop everything. The threads take letters from one
/// queue, so that a letter waits for the first connection that is free.
package final class SMTPPool: Sendable {
    package let relay: SMTPRelay
    private let desk: Desk

    /// Opens nothing yet: connections are made as letters come.
    package init(relay: SMTPRelay) {
        self.relay = relay
        desk = Desk(relay: relay)
    }

    deinit { desk.dismiss(andThen: nil) }

    /// Hands one letter to the relay, waiting for a free connection first.
    /// - Throws: `MailError` when the message cannot be written; nothing is sent then.
    package func send(_ letter: MailLetter) async throws -> MailOutcome {
        try await withCheckedThrowingContinuation { desk.put(Job(letter: letter, reply: $0)) }
    }

    /// Asks the relay whether it is there, on the next free connection: a new one, signed in.
    package func probe() async -> MailOutcome {
        do {
            return try await withCheckedThrowingContinuation { desk.put(Job(letter: nil, reply: $0)) }
        } catch {
            return .unreachable(reason: "the relay could not be asked")
        }
    }

    /// Says QUIT on every connection once what was given is sent. The next letter opens new ones.
    package func close() async {
        await withCheckedContinuation { continuation in desk.dismiss { continuation.resume() } }
    }
}

private struct Job {
    /// Nil to ask only whether the relay is there.
    let letter: MailLetter?
    let reply: CheckedContinuation<MailOutcome, any Error>
}

/// Where threads wait for letters. Everything that changes is read and written under `lock` only.
private final class Desk: @unchecked Sendable {
    private let relay: SMTPRelay
    private let lock = NSCondition()
    /// Waiting letters, from `next` on.
    private var jobs: [Job] = []
    private var next = 0
    /// Threads of the present generation, and how many of them wait.
    private var threads = 0
    private var idle = 0
    /// Grows at each dismissal: threads of an earlier one go home when there is nothing left to send.
    private var generation = 0
    private var leaving = 0
    private var farewells: [@Sendable () -> Void] = []

    init(relay: SMTPRelay) {
        self.relay = relay
    }

    func put(_ job: Job) {
        lock.lock()
        jobs.append(job)
        let needsThread = jobs.count - next > idle && threads < relay.connections
        if needsThread { threads += 1 }
        let generation = generation
        lock.signal()
        lock.unlock()
        guard needsThread else { return }
        let thread = Thread { self.work(generation) }
        thread.name = "smtp"
        thread.start()
    }

    func dismiss(andThen farewell: (@Sendable () -> Void)?) {
        lock.lock()
        generation += 1
        leaving += threads
        (threads, idle) = (0, 0)
        let isOver = leaving == 0
        if !isOver, let farewell { farewells.append(farewell) }
        lock.broadcast()
        lock.unlock()
        if isOver { farewell?() }
    }

    private func work(_ generation: Int) {
        var connection: SMTPConnection? = SMTPConnection(relay: relay)
        while let connection, let job = nextJob(generation) {
            do throws(MailError) {
                guard let letter = job.letter else {
                    job.reply.resume(returning: connection.probe())
                    continue
                }
                if let isWanted = letter.isWanted, !isWanted() {
                    job.reply.resume(returning: .withdrawn)
                    continue
                }
                let message = try letter.write()
                job.reply.resume(returning: connection.send(message, from: letter.returnTo, to: letter.to))
            } catch {
                job.reply.resume(throwing: error)
            }
        }
        // QUIT is said before whoever waits for the end is told.
        connection = nil
        lock.lock()
        leaving -= 1
        var farewells: [@Sendable () -> Void] = []
        if leaving == 0 { swap(&farewells, &self.farewells) }
        lock.unlock()
        for farewell in farewells { farewell() }
    }

    /// - Returns: nil when this thread is to go home.
    private func nextJob(_ generation: Int) -> Job? {
        lock.lock()
        defer { lock.unlock() }
        while next == jobs.count {
            guard generation == self.generation else { return nil }
            idle += 1
            lock.wait()
            if generation == self.generation { idle -= 1 }
        }
        defer {
            next += 1
            // Emptied, or mostly spent: the array is not shifted at each letter.
            if next == jobs.count || next >= 1_024 {
                jobs.removeFirst(next)
                next = 0
            }
        }
        return jobs[next]
    }
}

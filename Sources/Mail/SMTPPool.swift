/// The relay's connections, each lent to one message at a time.
package actor SMTPPool {
    package nonisolated let relay: SMTPRelay
    private var idle: [SMTPConnection]
    private var waiters: [CheckedContinuation<SMTPConnection, Never>] = []

    /// Opens nothing yet: connections are made as messages come.
    package init(relay: SMTPRelay) {
        self.relay = relay
        idle = (1...relay.connections).map { SMTPConnection(relay: relay, number: $0) }
    }

    /// Hands one message to the relay, waiting for a free connection first.
    /// - Throws: `MailError` when the message cannot be written; nothing is sent then.
    package nonisolated func send(_ message: MailMessage) async throws -> MailOutcome {
        let bytes = try message.bytes()
        let connection = await lend()
        let outcome = await connection.send(bytes, from: message.from.address, to: message.to)
        await takeBack(connection)
        return outcome
    }

    /// Asks the relay whether it is there, on the next free connection: a new one, signed in.
    package nonisolated func probe() async -> MailOutcome {
        let connection = await lend()
        let outcome = await connection.probe()
        await takeBack(connection)
        return outcome
    }

    /// Says QUIT on every connection that is not lent.
    package func close() async {
        for connection in idle { await connection.close() }
    }

    /// The one used last, so that a quiet hour keeps few connections alive.
    private func lend() async -> SMTPConnection {
        if let connection = idle.popLast() { return connection }
        return await withCheckedContinuation { waiters.append($0) }
    }

    private func takeBack(_ connection: SMTPConnection) {
        if waiters.isEmpty { idle.append(connection) } else { waiters.removeFirst().resume(returning: connection) }
    }
}

import AlertModel
import Channels
import Dispatching
import Foundation
import Logging
import Mail
import ServiceLifecycle
import Store

/// Takes what came back to the return address into the ledger.
struct ReturnedMail: Sendable {
    /// What became of some messages.
    struct Tally: Equatable {
        var read = 0
        /// About no message of this database: advertisements, forgeries, messages of another one.
        var foreign = 0
        /// Still being tried, and out-of-office answers.
        var idle = 0
        var failed = 0
        var delivered = 0
        /// Legs that are now otherwise than they were.
        var changed = 0
    }

    /// Messages in one transaction.
    private static let batch = 500

    private let store: AlertDatabase
    private let key: LinkKey

    init(store: AlertDatabase) throws {
        self.store = store
        key = try store.linkKey()
    }

    /// Reads what is new in a Maildir. A message is set aside once the ledger has what it says; whatever goes wrong before
    /// that, it is read again at the next turn, which changes nothing more.
    func take(from maildir: ReturnedMaildir) throws -> Tally {
        var tally = Tally()
        while true {
            let names = try maildir.newMessages(limit: Self.batch)
            guard !names.isEmpty else { return tally }
            try take(names.compactMap { maildir.read($0) }, &tally)
            for name in names { try maildir.setAside(name) }
        }
    }

    func take(_ messages: [ReturnedMessage]) throws -> Tally {
        var tally = Tally()
        try take(messages, &tally)
        return tally
    }

    private func take(_ messages: [ReturnedMessage], _ tally: inout Tally) throws {
        tally.read += messages.count
        var words: [(attempt: AttemptID, outcome: Outcome)] = []
        for message in messages {
            if let word = ReturnedWord(message, key: key) {
                words.append((word.attempt, word.outcome))
                if case .failed = word.outcome { tally.failed += 1 } else { tally.delivered += 1 }
            } else if message.addresses.contains(where: { ReturnAddress.attempt(in: $0, key: key) != nil }) {
                tally.idle += 1
            } else {
                tally.foreign += 1
            }
        }
        guard !words.isEmpty else { return }
        tally.changed += try store.ledger.record(returned: words, now: .now).changed
    }
}

/// Reads a Maildir for as long as the server runs.
struct ReturnedMailService: Service {
    private static let period = Duration.seconds(5)

    let mail: ReturnedMail
    let maildir: ReturnedMaildir
    let logger: Logger
    let signal: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    let tally = try await Offload.run { try mail.take(from: maildir) }
                    if tally.changed > 0 {
                        logger.info(
                            "messages came back", metadata: ["read": "\(tally.read)", "failed": "\(tally.failed)"])
                        signal()
                    }
                } catch {
                    logger.error("the returned mail cannot be read", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}

import Logging
import NIOCore
import NIOSSL

/// The sessions of one client and what waits for them. Touched on its event loop only.
final class ClientLoop {
    typealias Answering = CheckedContinuation<SubmitAnswer, Never>

    private struct Waiting {
        let message: ShortMessage
        let isWanted: (@Sendable () -> Bool)?
        let answering: Answering
        let since: Int64
    }

    /// How often time-outs are looked at: they are in seconds.
    private static let tickMilliseconds: Int64 = 100

    private let settings: ClientSettings
    private let eventLoop: any EventLoop
    private let incoming: @Sendable (Incoming, SMPPClient.Ticket) -> SMPPClient.Taking
    private let logger: Logger
    private var links: [Link] = []
    private var waiting = CircularBuffer<Waiting>()
    private var sent: [SessionMachine.Token: Answering] = [:]
    private var lastToken: SessionMachine.Token = 0
    private let inbox: Inbox
    /// What was taken and is not safe yet, oldest first, and how to answer for it.
    private var unanswered: [SMPPClient.Ticket: (answer: (CommandStatus) -> Void, since: Int64)] = [:]
    private var lastTicket: SMPPClient.Ticket = 0
    /// Who asked whether the SMSC is there, until when to answer.
    private var asking: [(answering: CheckedContinuation<ClientHealth, Never>, until: Int64)] = []
    private var ticking: RepeatedTask?
    private var isEnding = false

    init(
        settings: ClientSettings, tls: NIOSSLContext?, eventLoop: any EventLoop, logger: Logger,
        incoming: @escaping @Sendable (Incoming, SMPPClient.Ticket) -> SMPPClient.Taking
    ) {
        self.settings = settings
        self.eventLoop = eventLoop
        self.incoming = incoming
        self.logger = logger
        inbox = Inbox(takesUnmarkedReceipts: settings.takesUnmarkedReceipts)
        let owner = Link.Owner(
            answered: { [weak self] in self?.answered($0, $1) }, received: { [weak self] in self?.received($0, $1) },
            changed: { [weak self] in self?.changed() })
        links = settings.kinds.enumerated().map { index, kind in
            Link(
                kind, number: index + 1, settings: settings, tls: tls, eventLoop: eventLoop, logger: logger, owner: owner)
        }
    }

    func start() {
        guard ticking == nil, !isEnding else { return }
        let loop = NIOLoopBound(self, eventLoop: eventLoop)
        ticking = eventLoop.scheduleRepeatedTask(
            initialDelay: .milliseconds(Self.tickMilliseconds), delay: .milliseconds(Self.tickMilliseconds)
        ) { _ in loop.value.tick() }
        for link in links { link.start() }
    }

    func submit(_ message: ShortMessage, while isWanted: (@Sendable () -> Bool)?, _ answering: Answering) {
        guard !isEnding else { return answering.resume(returning: .unsent(reason: "the gateway is closing")) }
        start()
        waiting.append(Waiting(message: message, isWanted: isWanted, answering: answering, since: Link.now()))
        pump()
    }

    /// Answers once a session is bound or every one has failed.
    func probe(_ answering: CheckedContinuation<ClientHealth, Never>) {
        start()
        asking.append((answering, Link.now() + settings.connectTimeout + settings.session.bindTimeout))
        tellAskers()
    }

    /// Gives back what was not sent, waits for what was, unbinds.
    func end() -> EventLoopFuture<Void> {
        isEnding = true
        giveBack { _ in true }
        let loop = NIOLoopBound(self, eventLoop: eventLoop)
        return EventLoopFuture.andAllComplete(links.map { $0.end() }, on: eventLoop).always { _ in
            loop.value.ticking?.cancel()
        }
    }

    /// Whether something carries submissions now.
    var isUp: Bool { links.contains { $0.carriesSubmissions } }

    // MARK: Work

    private func changed() {
        pump()
        tellAskers()
    }

    private func tellAskers() {
        guard !asking.isEmpty else { return }
        let now = Link.now()
        let isHopeless = !links.contains { $0.stage == .connecting } || isEnding
        let health: ClientHealth = isUp ? .up : .down(links.first?.lastReason ?? "no session")
        let (told, left) = (
            asking.filter { isUp || isHopeless || now >= $0.until }, asking.filter { !isUp && !isHopeless && now < $0.until }
        )
        asking = left
        for one in told { one.answering.resume(returning: health) }
    }

    /// Hands what waits to the sessions, each time to the one with most room.
    private func pump() {
        while !waiting.isEmpty {
            guard let link = links.max(by: { $0.room < $1.room }), link.room > 0 else { break }
            let next = waiting.removeFirst()
            if let isWanted = next.isWanted, !isWanted() {
                next.answering.resume(returning: .withdrawn)
                continue
            }
            lastToken += 1
            sent[lastToken] = next.answering
            link.submit(next.message, token: lastToken)
        }
    }

    private func tick() {
        for link in links { link.tick() }
        pump()
        let now = Link.now()
        if let first = waiting.first, now - first.since >= settings.patience {
            // While a session is up what waits is waiting for its window, and the SMSC's answers bound that.
            if !isUp { giveBack { now - $0.since >= settings.patience } }
        }
        tellAskers()
        for (ticket, entry) in unanswered where now - entry.since >= settings.answerLimit {
            // The SMSC keeps it; should it become safe here meanwhile, it comes twice and counts once.
            unanswered[ticket] = nil
            entry.answer(.temporaryAppError)
        }
    }

    private func giveBack(where isGivenBack: (Waiting) -> Bool) {
        let reason = links.first?.lastReason ?? "no session"
        while let first = waiting.first, isGivenBack(first) {
            waiting.removeFirst()
            first.answering.resume(returning: .unsent(reason: reason))
        }
    }

    private func answered(_ token: SessionMachine.Token, _ answer: SubmitAnswer) {
        sent.removeValue(forKey: token)?.resume(returning: answer)
        pump()
    }

    private func received(_ message: ShortMessage, _ answer: @escaping (CommandStatus) -> Void) {
        let (item, discarded) = inbox.take(message)
        if let discarded { logger.notice("inbound message not as expected", metadata: ["kind": "\(discarded.rawValue)"]) }
        if let item { give(item, answer) } else { answer(.ok) }
    }

    private func give(_ item: Incoming, _ answer: @escaping (CommandStatus) -> Void) {
        lastTicket += 1
        switch incoming(item, lastTicket) {
        case .refused: answer(.temporaryAppError)
        case .done: answer(.ok)
        case .later: unanswered[lastTicket] = (answer, Link.now())
        }
    }

    /// What these tickets were given for is safe.
    func confirm(_ tickets: [SMPPClient.Ticket]) {
        for ticket in tickets { unanswered.removeValue(forKey: ticket)?.answer(.ok) }
    }
}

import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// One session that is kept: connected, bound, and connected again when it ends. Touched on its event loop only.
final class Link {
    /// What a link tells its owner. Closures, so that it can be driven without one.
    struct Owner {
        let answered: (SessionMachine.Token, SubmitAnswer) -> Void
        /// What the message is answered with is told later, once: it is safe by then, or was not taken.
        let received: (ShortMessage, @escaping (CommandStatus) -> Void) -> Void
        /// There may be room, or there may be no hope.
        let changed: () -> Void
    }

    enum Stage { case idle, connecting, up, waiting, ended }

    /// Between these a channel's unsent bytes are let grow: 256 KiB is some 1,500 submissions.
    private static let writeMarks = ChannelOptions.Types.WriteBufferWaterMark(low: 64 * 1024, high: 256 * 1024)

    private(set) var stage = Stage.idle
    /// Counts the connections it has made.
    private(set) var connection = 0
    /// Why the last session ended, for submissions that find none.
    private(set) var lastReason = "not connected yet"
    let label: String
    private let settings: ClientSettings
    private let kind: BindKind
    private let eventLoop: any EventLoop
    private let owner: Owner
    private let logger: Logger
    private let tls: NIOSSLContext?

    private var machine: SessionMachine
    private var decoder: PDUDecoder
    private var channel: (any Channel)?
    private var outgoing = ByteBuffer()
    private var flushIsDue = false
    private var boundAt: Int64?
    private var backoff = Backoff()
    private var generator = SystemRandomNumberGenerator()
    private var endPromise: EventLoopPromise<Void>?

    init(
        _ kind: BindKind, number: Int, settings: ClientSettings, tls: NIOSSLContext?, eventLoop: any EventLoop,
        logger: Logger, owner: Owner
    ) {
        self.kind = kind
        self.settings = settings
        self.tls = tls
        self.eventLoop = eventLoop
        self.owner = owner
        label = "\(settings.name)/\(kind.rawValue)-\(number)"
        var logger = logger
        logger[metadataKey: "bind"] = "\(label)"
        self.logger = logger
        machine = SessionMachine(settings: settings.session)
        decoder = PDUDecoder(limit: settings.pduLimit)
    }

    static func now() -> Int64 { Int64(NIODeadline.now().uptimeNanoseconds / 1_000_000) }

    /// How many submissions it can be given now; none while its bytes are not taken.
    var room: Int { stage == .up && channel?.isWritable == true ? machine.room(now: Self.now()) : 0 }

    /// Whether submissions may go through it, now or once its window has room.
    var carriesSubmissions: Bool { stage == .up && kind.canSubmit }

    // MARK: What the owner does

    func start() {
        guard stage == .idle else { return }
        connect()
    }

    /// - Precondition: there is `room`.
    func submit(_ message: ShortMessage, token: SessionMachine.Token) {
        send(machine.submit(message, token: token, now: Self.now()))
    }

    func tick() { perform(machine.tick(now: Self.now())) }

    /// Unbinds once nothing is pending, and does not come back.
    func end() -> EventLoopFuture<Void> {
        let promise = endPromise ?? eventLoop.makePromise()
        endPromise = promise
        switch stage {
        case .idle, .waiting, .ended:
            stage = .ended
            promise.succeed()
        case .connecting, .up:
            perform(machine.unbind(now: Self.now()))
        }
        return promise.futureResult
    }

    // MARK: The connection

    private func connect() {
        stage = .connecting
        var session = settings.session
        session.kind = kind
        machine = SessionMachine(settings: session)
        decoder = PDUDecoder(limit: settings.pduLimit)
        outgoing.clear()
        boundAt = nil
        connection += 1
        let number = connection
        let link = NIOLoopBound(self, eventLoop: eventLoop)
        let tls = tls
        let host = settings.host
        ClientBootstrap(group: eventLoop)
            .connectTimeout(.milliseconds(settings.connectTimeout))
            .channelOption(.socketOption(.tcp_nodelay), value: 1)
            .channelOption(.writeBufferWaterMark, value: Self.writeMarks)
            .channelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    if let tls {
                        // A name is asked for; a numeric address can't be (RFC 6066 §3), and is verified as such.
                        let name = host.isNumericAddress ? nil : host
                        try channel.pipeline.syncOperations.addHandler(
                            NIOSSLClientHandler(context: tls, serverHostname: name))
                    }
                    try channel.pipeline.syncOperations.addHandler(LinkHandler(link: link.value, connection: number))
                }
            }
            .connect(host: settings.host, port: settings.port)
            .hop(to: eventLoop)
            .whenComplete { result in
                switch result {
                case .success(let channel): link.value.opened(channel)
                case .failure(let error): link.value.disconnected(SafeReason.of(error))
                }
            }
    }

    /// The channel is usually active before this, and may be gone already.
    private func opened(_ channel: any Channel) {
        guard stage == .connecting || stage == .up else { return channel.close(promise: nil) }
        self.channel = channel
        if endPromise != nil { perform(machine.unbind(now: Self.now())) }
        flush()
        owner.changed()
    }

    func connected() {
        perform(machine.connected(now: Self.now()))
    }

    func received(_ bytes: ByteBuffer) {
        decoder.feed(bytes)
        do {
            // A session that has closed reads no further.
            while machine.state != .closed, let frame = try decoder.next() {
                perform(machine.received(frame, now: Self.now()))
            }
        } catch {
            perform(machine.receivedGarbage(error))
        }
    }

    func writabilityChanged(isWritable: Bool) {
        if isWritable { owner.changed() }
    }

    /// The connection is gone, or never came.
    func disconnected(_ reason: String) {
        guard stage == .connecting || stage == .up else { return }
        let actions = machine.disconnected(reason)
        if actions.isEmpty { closed(.connection(reason)) } else { perform(actions) }
    }

    // MARK: Actions

    private func perform(_ actions: [SessionMachine.Action]) {
        for action in actions {
            switch action {
            case .send(let pdu): send(pdu)
            case .bound(let systemID): bound(systemID)
            case .answered(let token, let answer): owner.answered(token, answer)
            case .late(_, let answer): logger.notice("late answer to a submission given up", metadata: ["answer": "\(answer.word)"])
            case .message(let message, let sequence, let isData):
                let number = connection
                owner.received(message) { [weak self] status in
                    // A session that has gone on has forgotten it; its SMSC brings it again.
                    guard let self, self.connection == number, self.stage == .up else { return }
                    self.send(self.machine.acknowledge(sequence, isData: isData, status: status))
                }
            case .close(let reason): closed(reason)
            }
        }
    }

    private func bound(_ systemID: String) {
        stage = .up
        boundAt = Self.now()
        // The first is expected; one after a loss is the end of a trouble that was told.
        logger.log(level: connection > 1 ? .notice : .info, "bound", metadata: ["smsc": "\(systemID.printable)"])
        owner.changed()
    }

    private func closed(_ reason: CloseReason) {
        guard stage == .connecting || stage == .up else { return }
        flush()
        let old = channel
        channel = nil
        stage = endPromise == nil ? .waiting : .ended
        lastReason = "\(reason)"
        // It tells of its end at once, to a link that has gone on.
        old?.close(promise: nil)
        let lived = boundAt.map { Self.now() - $0 } ?? 0
        if let endPromise {
            logger.info("session ended", metadata: ["reason": "\(reason)"])
            endPromise.succeed()
        } else {
            let wait = backoff.next(lived: lived, using: &generator)
            logger.warning("session lost", metadata: ["reason": "\(reason)", "next_try_ms": "\(wait)"])
            let link = NIOLoopBound(self, eventLoop: eventLoop)
            eventLoop.scheduleTask(in: .milliseconds(wait)) {
                if link.value.stage == .waiting { link.value.connect() }
            }
        }
        owner.changed()
    }

    // MARK: Bytes

    private func send(_ pdu: PDU) {
        do {
            try pdu.encode(into: &outgoing)
        } catch {
            // Submissions are checked before they are given to a link; the rest is our own and short.
            logger.error("a PDU could not be written", metadata: ["error": "\(error)"])
        }
        guard !flushIsDue else { return }
        flushIsDue = true
        let link = NIOLoopBound(self, eventLoop: eventLoop)
        eventLoop.execute { link.value.flush() }
    }

    /// One write for all that one turn of the event loop brought.
    func flush() {
        flushIsDue = false
        guard outgoing.readableBytes > 0, let channel else { return }
        let bytes = outgoing
        outgoing = channel.allocator.buffer(capacity: bytes.capacity)
        channel.writeAndFlush(bytes, promise: nil)
    }
}

extension SubmitAnswer {
    /// Without the message's id.
    fileprivate var word: String {
        switch self {
        case .accepted: "accepted"
        case .refused(let status): "\(status)"
        case .inDoubt: "in doubt"
        case .unsent: "unsent"
        case .withdrawn: "withdrawn"
        }
    }
}

extension String {
    fileprivate var isNumericAddress: Bool {
        contains(":") || (!isEmpty && allSatisfy { $0.isNumber || $0 == "." })
    }

    /// A peer's word, fit for a log line.
    fileprivate var printable: String { String(filter { $0.isASCII && ($0.isLetter || $0.isNumber || "-_.".contains($0)) }) }
}

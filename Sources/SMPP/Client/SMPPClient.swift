import Logging
import NIOCore
import NIOPosix
import NIOSSL

/// Whether a client could send a message now.
package enum ClientHealth: Hashable, Sendable {
    case up
    /// With what the last session ended of.
    case down(String)
}

/// A client of one SMSC: sessions that are kept, and submissions spread over them.
///
/// Nothing connects before `start` or the first submission.
package final class SMPPClient: Sendable {
    /// Names something the SMSC brought, until it is safe and the SMSC is told so.
    package typealias Ticket = UInt64

    /// What became of something the SMSC brought.
    package enum Taking: Sendable {
        /// There is no room: the SMSC keeps it, and tries again.
        case refused
        /// There is nothing to keep.
        case done
        /// It is safe once `confirm` is told its ticket.
        case later
    }

    private let eventLoop: any EventLoop
    private let loop: NIOLoopBoundBox<ClientLoop?>
    private let make: @Sendable () -> ClientLoop

    /// - Parameter incoming: told of receipts and messages, on the client's event loop; it must not wait.
    /// - Throws: when the file of certificates can't be read.
    package init(
        settings: ClientSettings, logger: Logger, incoming: @escaping @Sendable (Incoming, Ticket) -> Taking
    ) throws {
        var context: NIOSSLContext?
        if let tls = settings.tls {
            var configuration = TLSConfiguration.makeClientConfiguration()
            if let file = tls.certificateAuthorityFile { configuration.trustRoots = .file(file) }
            context = try NIOSSLContext(configuration: configuration)
        }
        let eventLoop = MultiThreadedEventLoopGroup.singleton.next()
        let tls = context
        self.eventLoop = eventLoop
        loop = .makeEmptyBox(valueType: ClientLoop.self, eventLoop: eventLoop)
        make = {
            ClientLoop(settings: settings, tls: tls, eventLoop: eventLoop, logger: logger, incoming: incoming)
        }
    }

    /// Connects and binds, and keeps doing so.
    package func start() { eventLoop.execute { self.current.start() } }

    /// What was taken for `later` is safe: the SMSC may forget it.
    package func confirm(_ tickets: [Ticket]) { eventLoop.execute { self.current.confirm(tickets) } }

    /// Sends one message and returns when it is answered, or can't be: it always returns.
    /// - Parameter isWanted: asked just before it is sent, on the client's event loop; nil for always.
    package func submit(_ message: ShortMessage, while isWanted: (@Sendable () -> Bool)? = nil) async -> SubmitAnswer {
        await withCheckedContinuation { answering in
            eventLoop.execute { self.current.submit(message, while: isWanted, answering) }
        }
    }

    /// Connects if need be, and says whether messages could leave. Returns within the time-outs of the settings.
    package func probe() async -> ClientHealth {
        await withCheckedContinuation { answering in
            eventLoop.execute { self.current.probe(answering) }
        }
    }

    /// Waits for answers under way, unbinds and disconnects. What was not sent is given back.
    package func close() async {
        let done = eventLoop.flatSubmit { self.current.end() }
        // It can't fail: every session's end succeeds.
        try? await done.get()
    }

    /// Made at its first use, on its event loop.
    private var current: ClientLoop {
        if let made = loop.value { return made }
        let made = make()
        loop.value = made
        return made
    }
}

import Hummingbird
import NIOCore
import ServiceLifecycle
import Synchronization

/// Writes updates of a campaign or a draft as server-sent events, at a bearable pace.
///
/// Only the latest update matters: those that come faster than the pace are skipped, never queued, so a slow client
/// costs no memory and a quick campaign no more than four events per second.
struct EventStream<Update: Encodable & Equatable & Sendable> {
    let updates: AsyncStream<Update>
    let pacing: EventPacing
    /// The name of an update's events.
    var name = "progress"
    /// Whether whoever follows still may: asked twice a second, so that a stream ends with its session or its right.
    let mayGoOn: @Sendable () async throws -> Bool

    private struct Pending {
        var update: Update?
        var isEnded = false
        var isPingDue = false
        var isCheckDue = false
        var isClosing = false
    }

    /// What the campaign, the ping's clock and the server's shutdown have to say, and a bell for the writer.
    private final class Desk: Sendable {
        let pending = Mutex(Pending())
        let bell: AsyncStream<Void>
        private let ring: AsyncStream<Void>.Continuation

        init() {
            (bell, ring) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
        }

        func note(_ change: (inout Pending) -> Void) {
            pending.withLock { change(&$0) }
            ring.yield()
        }

        func take() -> Pending {
            pending.withLock { pending in
                let taken = pending
                pending.update = nil
                pending.isPingDue = false
                pending.isCheckDue = false
                return taken
            }
        }
    }

    /// Writes until the campaign ends, the server shuts down, or the task is cancelled because the client left.
    @concurrent func run(_ write: @concurrent (ByteBuffer) async throws -> Void) async throws {
        let desk = Desk()
        let updates = updates, pacing = pacing
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for await update in updates { desk.note { $0.update = update } }
                    // A cancelled iteration ends too, but the campaign goes on.
                    if !Task.isCancelled { desk.note { $0.isEnded = true } }
                }
                group.addTask {
                    while true {
                        try await pacing.clock.sleep(for: pacing.pingPeriod)
                        desk.note { $0.isPingDue = true }
                    }
                }
                group.addTask {
                    while true {
                        try await pacing.clock.sleep(for: pacing.checkPeriod)
                        desk.note { $0.isCheckDue = true }
                    }
                }
                defer { group.cancelAll() }
                try await self.write(desk, write)
            }
        } onGracefulShutdown: {
            // Browsers come back by themselves, to the next server.
            desk.note { $0.isClosing = true }
        }
    }

    @concurrent private func write(
        _ desk: Desk, _ write: @concurrent (ByteBuffer) async throws -> Void
    ) async throws {
        var last: Update?
        for await _ in desk.bell {
            let pending = desk.take()
            if pending.isCheckDue || pending.isPingDue { guard try await mayGoOn() else { return } }
            var isProgress = false
            if let update = pending.update, update != last {
                try await write(Self.event(name, data: try Answer.encode(update)))
                last = update
                isProgress = true
            }
            if pending.isEnded { return try await write(Self.event("end", data: Array("{}".utf8))) }
            if pending.isClosing { return }
            if pending.isPingDue { try await write(ByteBuffer(string: ": ping\n\n")) }
            if isProgress { try await pacing.clock.sleep(for: pacing.minimumInterval) }
        }
        // The bell never stops by itself: the task was cancelled.
        throw CancellationError()
    }

    private static func event(_ name: String, data: [UInt8]) -> ByteBuffer {
        var buffer = ByteBuffer()
        buffer.writeString("event: \(name)\ndata: ")
        buffer.writeBytes(data)
        buffer.writeString("\n\n")
        return buffer
    }
}

import GeoModel
import Glibc

/// Lines of JSON for the exchange process to read.
struct ExchangeInput {
    private static let flushBytes = 1 << 18

    private let descriptor: Int32
    private let waitSeconds: Double
    private var pending: [UInt8] = []

    init(descriptor: Int32, waitSeconds: Double) {
        self.descriptor = descriptor
        self.waitSeconds = waitSeconds
    }

    /// - Throws: `crashed` when nobody reads any more, `tookTooLong` when nobody does for too long.
    mutating func line(_ body: (inout JSONWriter) -> Void) throws {
        var writer = JSONWriter(reservingCapacity: 256)
        body(&writer)
        pending += writer.bytes
        pending.append(UInt8(ascii: "\n"))
        if pending.count >= Self.flushBytes { try flush() }
    }

    mutating func flush() throws {
        var start = 0
        while start < pending.count {
            var poll = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
            let ready = Glibc.poll(&poll, 1, Int32(waitSeconds * 1000))
            if ready == 0 { throw ExchangeProcess.Failure.tookTooLong }
            if ready < 0, errno == EINTR { continue }
            // Not SIGPIPE, which would end this process with the other.
            let flags = Int32(MSG_NOSIGNAL) | Int32(MSG_DONTWAIT)
            let sent = pending.withUnsafeBytes { send(descriptor, $0.baseAddress! + start, $0.count - start, flags) }
            if sent > 0 {
                start += sent
            } else if errno != EINTR, errno != EAGAIN {
                throw ExchangeProcess.Failure.crashed
            }
        }
        pending.removeAll(keepingCapacity: true)
    }
}

import HummingbirdCore
import Logging
import NIOCore
import NIOHTTPTypesHTTP1
import NIOSSL

/// A connection as the console takes it: one of a bounded number from its address, encrypted where the server has a
/// certificate, and held to times for its handshake and for the head of each request.
struct GuardedChannel: ServerChildChannel, HTTPChannelHandler {
    let base: HTTP1Channel
    let seats: ConnectionSeats
    /// False behind a proxy, whose connections all have one address.
    let isCounted: Bool
    let certificates: TLSCertificates?
    let limits: ConsoleLimits

    var responder: Responder { base.responder }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<HTTP1Channel.Value> {
        if isCounted {
            let address = ClientAddress.text(of: channel.remoteAddress)
            guard seats.take(address) else {
                channel.close(promise: nil)
                return channel.eventLoop.makeFailedFuture(TooManyConnections())
            }
            let seats = seats
            channel.closeFuture.whenComplete { _ in seats.giveBack(address) }
        }
        // A zone of a hundred thousand vertices then comes in a few pieces, not in forty.
        let buffers = AdaptiveRecvByteBufferAllocator(minimum: 1024, initial: 8 << 10, maximum: 512 << 10)
        return channel.setOption(.recvAllocator, value: buffers).flatMapThrowing {
            let pipeline = channel.pipeline.syncOperations
            if let certificates {
                try pipeline.addHandler(NIOSSLServerHandler(context: certificates.current))
                try pipeline.addHandler(HandshakeClock(limit: TimeAmount(limits.handshakeTime)))
            }
            try pipeline.addHandler(HeadClock(limit: TimeAmount(limits.headTime)))
        }.flatMap { base.setup(channel: channel, logger: logger) }.flatMapThrowing { value in
            // Still on the channel's loop, and before it reads: between the parser and what takes its heads apart.
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(
                HostCheck(), position: .before(try pipeline.handler(type: HTTP1ToHTTPServerCodec.self)))
            return value
        }
    }

    func handle(value: HTTP1Channel.Value, logger: Logger) async { await base.handle(value: value, logger: logger) }
}

private struct TooManyConnections: Error {}

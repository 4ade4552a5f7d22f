import HTTPTypes
import NIOCore
import NIOHTTPTypes
import NIOTLS

/// Closes a connection whose TLS handshake is not over in time.
final class HandshakeClock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = NIOAny

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func handlerAdded(context: ChannelHandlerContext) {
        let channel = context.channel
        timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case TLSUserEvent.handshakeCompleted? = event as? TLSUserEvent { timer?.cancel() }
        context.fireUserInboundEventTriggered(event)
    }
}

/// Closes a connection that began a request and does not come to the end of its head: one that sends a byte now and then
/// is never idle. It sees bytes; `RequestClock` tells it what they came to.
final class HeadClock: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer

    private let limit: TimeAmount
    private var timer: Scheduled<Void>?
    private var isBetweenRequests = true

    init(limit: TimeAmount) {
        self.limit = limit
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isBetweenRequests, timer == nil {
            let channel = context.channel
            timer = context.eventLoop.scheduleTask(in: limit) { channel.close(promise: nil) }
        }
        context.fireChannelRead(data)
    }

    func handlerRemoved(context: ChannelHandlerContext) { stop() }

    func headArrived() {
        isBetweenRequests = false
        stop()
    }

    func requestEnded() { isBetweenRequests = true }

    private func stop() {
        timer?.cancel()
        timer = nil
    }
}

/// Follows requests and answers, and closes a connection that goes on sending the body of a request that was answered.
final class RequestClock: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias InboundOut = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let lingerTime: TimeAmount
    private var head: HeadClock?
    private var requestsEnded = 0, answersEnded = 0
    private var timer: Scheduled<Void>?

    init(lingerTime: TimeAmount) {
        self.lingerTime = lingerTime
    }

    func handlerAdded(context: ChannelHandlerContext) {
        // Where there is none, as in tests without sockets, nothing is timed.
        head = try? context.pipeline.syncOperations.handler(type: HeadClock.self)
    }

    func handlerRemoved(context: ChannelHandlerContext) { timer?.cancel() }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head: head?.headArrived()
        case .body: break
        case .end:
            requestsEnded += 1
            timer?.cancel()
            timer = nil
            head?.requestEnded()
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            answersEnded += 1
            if answersEnded > requestsEnded, timer == nil {
                let channel = context.channel
                timer = context.eventLoop.scheduleTask(in: lingerTime) { channel.close(promise: nil) }
            }
        }
        context.write(data, promise: promise)
    }
}

import NIOCore
import NIOHTTP1

/// Refuses a request of HTTP/1.1 that names no host, or more than one (RFC 9112, 3.2): a proxy may believe another of them
/// than this server does. Behind the parser the second name is gone.
final class HostCheck: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    private var isRefused = false

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head(let head) = unwrapInboundIn(data), head.headers["host"].count != 1 {
            isRefused = true
            // Answered as every request that cannot be parsed, and the connection closed.
            context.fireErrorCaught(HTTPParserError.invalidHeaderToken)
        }
        if !isRefused { context.fireChannelRead(data) }
    }
}

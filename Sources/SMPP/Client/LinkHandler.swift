import NIOCore

/// Carries a link's bytes; it judges nothing. Lives on its channel's event loop, like its link.
final class LinkHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer

    private let link: Link
    /// Which of the link's connections this is: an old one may still speak while it closes.
    private let connection: Int

    init(link: Link, connection: Int) {
        self.link = link
        self.connection = connection
    }

    private var isCurrent: Bool { link.connection == connection }

    func channelActive(context: ChannelHandlerContext) {
        if isCurrent { link.connected() }
        context.fireChannelActive()
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isCurrent { link.received(unwrapInboundIn(data)) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        if isCurrent { link.flush() }
    }

    func channelInactive(context: ChannelHandlerContext) {
        if isCurrent { link.disconnected("connection closed") }
        context.fireChannelInactive()
    }

    /// A peer that does not read our answers is not read from either, so that what waits for it stays bounded.
    func channelWritabilityChanged(context: ChannelHandlerContext) {
        context.channel.setOption(.autoRead, value: context.channel.isWritable).assumeIsolated().whenFailure { _ in }
        if isCurrent { link.writabilityChanged(isWritable: context.channel.isWritable) }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        if isCurrent { link.disconnected(SafeReason.of(error)) }
        context.close(promise: nil)
    }
}

/// A connection error's name for logs and the ledger: what went wrong, without addresses.
enum SafeReason {
    static func of(_ error: any Error) -> String {
        if let error = error as? IOError { return "connection failed: errno \(error.errnoCode)" }
        if let error = error as? ChannelError, case .connectTimeout = error { return "connection timed out" }
        let type = String(describing: type(of: error))
        if type.contains("SSL") { return "TLS failed: \(String(describing: error).prefix(80))" }
        return type.contains("Connection") || type.contains("Resolv") ? "connection failed" : "connection failed: \(type)"
    }
}

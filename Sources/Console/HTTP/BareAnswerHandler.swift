import HTTPTypes
import Hummingbird
import NIOCore
import NIOHTTPTypes

/// Gives the envelope to the failures that Hummingbird answers before any middleware runs: requests that are not
/// HTTP. They are recognised by lacking the request's id.
final class BareAnswerHandler: ChannelOutboundHandler, RemovableChannelHandler {
    typealias OutboundIn = HTTPResponsePart
    typealias OutboundOut = HTTPResponsePart

    private let fields: HTTPFields
    private var pendingBody: ByteBuffer?

    init(fields: HTTPFields) {
        self.fields = fields
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.kind.isFailure && !head.headerFields.contains(.requestID):
            let problem = ConsoleProblem(head.status.kind == .clientError ? .badRequest : .internalError)
            let requestID = String(describing: RequestID())
            if let body = try? Answer.encode(ErrorEnvelope(problem, requestID: requestID)) {
                for field in fields { head.headerFields[field.name] = field.value }
                head.headerFields[.requestID] = requestID
                head.headerFields[.contentType] = MediaType.json
                head.headerFields[.cacheControl] = "no-store"
                head.headerFields[.contentLength] = String(body.count)
                pendingBody = ByteBuffer(bytes: body)
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
        case .end(let trailers):
            if let body = pendingBody {
                pendingBody = nil
                context.write(wrapOutboundOut(.body(body)), promise: nil)
            }
            context.write(wrapOutboundOut(.end(trailers)), promise: promise)
        case let part: context.write(wrapOutboundOut(part), promise: promise)
        }
    }
}

extension HTTPResponse.Status.Kind {
    fileprivate var isFailure: Bool { self == .clientError || self == .serverError }
}

import AlertModel
import HTTPTypes
import Hummingbird
import Logging
import NIOCore

/// Turns every failure below it into the envelope, and logs those that nobody foresaw.
struct EnvelopeMiddleware: RouterMiddleware {
    /// Of the address: only its routes count.
    let mode: CampaignMode

    /// A client that is still sending a refused body is given this long to read the answer before it is cut off.
    static let lingerTime = TimeAmount.seconds(5)

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch {
            var problem = ConsoleProblem.known(error) ?? ConsoleProblem(.internalError)
            var headers = HTTPFields()
            if problem.code == .notFound {
                let methods = Route.methods(at: request.uri.path, in: mode)
                if !methods.isEmpty, !methods.contains(request.method) {
                    problem = ConsoleProblem(.methodNotAllowed)
                    headers[.allow] = methods.map(\.rawValue).sorted().joined(separator: ", ")
                }
            }
            if problem.code == .internalError {
                // Descriptions are safe to show; whatever is personal is only in debug descriptions.
                context.logger.error("request failed", metadata: ["error": "\(error)"])
            }
            if let seconds = problem.detail?.retryAfterSeconds { headers[.retryAfter] = String(seconds) }
            return try respond(problem, headers, to: request, context)
        }
    }

    private func respond(
        _ problem: ConsoleProblem, _ headers: HTTPFields, to request: Request, _ context: ConsoleContext
    ) throws -> Response {
        let envelope = ErrorEnvelope(problem, requestID: context.requestID)
        var response = try Answer.json(envelope, status: problem.code.status)
        response.headers.append(contentsOf: headers)
        if problem.code == .tooLarge || problem.code == .timeout {
            // The server reads and drops the rest of a refused body: not for ever.
            response.headers[.connection] = "close"
            let channel = context.channel, body = response.body
            response.body = ResponseBody(contentLength: body.contentLength) { writer in
                channel.eventLoop.scheduleTask(in: Self.lingerTime) { channel.close(promise: nil) }
                try await body.write(writer)
            }
        }
        return response
    }
}

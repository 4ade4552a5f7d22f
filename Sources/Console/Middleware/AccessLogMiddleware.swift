import Hummingbird
import Logging

/// One line per request: method, route, status and time. Never the path, the query, an address or a name: they may
/// be personal data.
struct AccessLogMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let elapsed = start.duration(to: clock.now).components
        context.logger.info(
            "request",
            metadata: [
                "method": .string(Self.methods.contains(request.method.rawValue) ? request.method.rawValue : "other"),
                "route": .string(context.endpointPath ?? "none"),
                "status": .stringConvertible(response.status.code),
                "milliseconds": .stringConvertible(
                    elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000),
            ])
        return response
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}

import Hummingbird

/// Refuses requests for a name that is not the console's, and requests of other sites' pages.
struct HostMiddleware: RouterMiddleware {
    let policy: HostPolicy

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        guard policy.accepts(authority: request.head.authority) else { throw ConsoleProblem(.hostRefused) }
        // OPTIONS changes nothing: a browser asks by it what another site's page may do, and is told by who answers it.
        if request.method != .get, request.method != .head, request.method != .options,
            !policy.isOwnOrigin(request.headers, authority: request.head.authority)
        {
            throw ConsoleProblem(.foreignOrigin)
        }
        return try await next(request, context)
    }
}

import Foundation
import HTTPTypes
import Hummingbird
import Logging
import Synchronization

/// One line per request: method, route, status and time. Never the path, the query, an address or a name: they may
/// be personal data.
///
/// Addresses refused for want of room are one line a second, with how many more there were: whoever floods the server
/// must not fill its disk too.
struct AccessLogMiddleware: RouterMiddleware {
    let now: @Sendable () -> Date
    private let refusals = RefusalTally()

    init(now: @escaping @Sendable () -> Date = { Date() }) {
        self.now = now
    }

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        let clock = ContinuousClock()
        let start = clock.now
        let response = try await next(request, context)
        let elapsed = start.duration(to: clock.now).components
        var metadata: Logger.Metadata = [
            "method": .string(Self.methods.contains(request.method.rawValue) ? request.method.rawValue : "other"),
            "route": .string(context.endpointPath ?? "none"),
            "status": .stringConvertible(response.status.code),
            "milliseconds": .stringConvertible(
                elapsed.seconds * 1_000 + elapsed.attoseconds / 1_000_000_000_000_000),
        ]
        if Self.isRefusedAddress(response.status, context.endpointPath) {
            guard let unlogged = refusals.next(at: now()) else { return response }
            if unlogged > 0 { metadata["alike"] = .stringConvertible(unlogged) }
        }
        context.logger.info("request", metadata: metadata)
        return response
    }

    private static func isRefusedAddress(_ status: HTTPResponse.Status, _ path: String?) -> Bool {
        guard status == .tooManyRequests || status == .serviceUnavailable, let path else { return false }
        return Route.addressPaths.contains(path)
    }

    private static let methods: Set<String> = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]
}

/// Counts refusals between the lines that tell of them.
final class RefusalTally: Sendable {
    private let state = Mutex<(last: Date, unlogged: Int)>((.distantPast, 0))

    /// - Returns: how many went untold since the last line, or nil when this one is to go untold too.
    func next(at now: Date) -> Int? {
        state.withLock { state in
            guard abs(now.timeIntervalSince(state.last)) >= 1 else {
                state.unlogged += 1
                return nil
            }
            defer { state = (now, 0) }
            return state.unlogged
        }
    }
}

import AlertModel
import Hummingbird

/// Puts routes on the router, each behind its own checks and time limit.
struct RouteRegistrar {
    let router: Router<ConsoleContext>
    let doorkeeper: Doorkeeper
    let limits: ConsoleLimits
    let gates: RequestGates
    /// Of the address: handlers of routes that exist only at the other one are not put on the router.
    let mode: CampaignMode

    /// Says of every route of the other address that it is there, whoever asks.
    func refuseOtherAddress() {
        for route in Route.allCases where !route.modes.contains(mode) {
            router.on(RouterPath(route.path), method: route.method) { _, _ -> Response in
                throw ConsoleProblem(.otherAddress)
            }
        }
    }

    /// Registers a route's handler. It runs only for who may use the route; its body is not read before.
    func on(_ route: Route, _ handler: @escaping @Sendable (Call) async throws -> Response) {
        guard route.modes.contains(mode) else { return }
        let doorkeeper = doorkeeper, limits = limits, gates = gates, mode = mode
        let limit: Duration? =
            switch route.pace {
            case .quick: limits.quickTime
            case .long: limits.longTime
            case .endless: nil
            }
        router.on(RouterPath(route.path), method: route.method) { request, context in
            // Before anybody's session is looked for.
            try gates.admit(Call(route: route, request: request, context: context, visitor: nil, limits: limits, mode: mode))
            let visitor = try await doorkeeper.admit(request, to: route)
            try gates.admit(visitor, to: route)
            let call = Call(route: route, request: request, context: context, visitor: visitor, limits: limits, mode: mode)
            guard let limit else { return try await handler(call) }
            // A slow body has a time of its own.
            let time = route.body == .none ? limit : limit + limits.bodyTime
            return try await withTimeLimit(time) { try await handler(call) }
        }
    }
}

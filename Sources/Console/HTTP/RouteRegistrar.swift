import Hummingbird

/// Puts routes on the router, each behind its own checks and time limit.
struct RouteRegistrar {
    let router: Router<ConsoleContext>
    let doorkeeper: Doorkeeper
    let limits: ConsoleLimits
    let gates: RequestGates

    /// Registers a route's handler. It runs only for who may use the route; its body is not read before.
    func on(_ route: Route, _ handler: @escaping @Sendable (Call) async throws -> Response) {
        let doorkeeper = doorkeeper, limits = limits, gates = gates
        let limit: Duration? =
            switch route.pace {
            case .quick: limits.quickTime
            case .long: limits.longTime
            case .endless: nil
            }
        router.on(RouterPath(route.path), method: route.method) { request, context in
            // Before anybody's session is looked for.
            try gates.admit(Call(route: route, request: request, context: context, visitor: nil, limits: limits))
            let visitor = try await doorkeeper.admit(request, to: route)
            try gates.admit(visitor, to: route)
            let call = Call(route: route, request: request, context: context, visitor: visitor, limits: limits)
            guard let limit else { return try await handler(call) }
            // A slow body has a time of its own.
            let time = route.body == .none ? limit : limit + limits.bodyTime
            return try await withTimeLimit(time) { try await handler(call) }
        }
    }
}

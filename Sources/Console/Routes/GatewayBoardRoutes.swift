import AlertModel
import Hummingbird

/// How the gateways are, live, and one message through one of them to oneself.
struct GatewayBoardRoutes: Sendable {
    private static let longestName = 100
    private static let longestLabel = 40

    let desk: GatewayWatch
    let pacing: EventPacing
    let doorkeeper: Doorkeeper

    func register(on routes: RouteRegistrar) {
        let desk = desk, pacing = pacing, doorkeeper = doorkeeper
        routes.on(.gatewayBoard) { call in try Answer.json(try await desk.read(try call.account)) }
        routes.on(.gatewayEvents) { call in
            Response.events(
                of: try await desk.follow(try call.account), named: "gateways", to: call, pacing: pacing, doorkeeper: doorkeeper)
        }
        routes.on(.testGateway) { call in
            let body = try await call.bodyObject()
            try body.allow(["gateway", "label"])
            let answer = try await desk.test(
                try call.account, try body.text("gateway", maximumLength: Self.longestName),
                try body.text("label", maximumLength: Self.longestLabel))
            guard let answer else { throw ConsoleProblem(.notFound) }
            return try Answer.json(answer)
        }
    }
}

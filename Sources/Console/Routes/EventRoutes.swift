import AlertModel
import HTTPTypes
import Hummingbird

/// Live progress by server-sent events.
struct EventRoutes: Sendable {
    let desk: CampaignDesk
    let pacing: EventPacing
    let doorkeeper: Doorkeeper

    func register(on routes: RouteRegistrar) {
        let desk = desk, pacing = pacing, doorkeeper = doorkeeper
        routes.on(.campaignEvents) { call in
            guard let updates = try await desk.follow(try call.account, CampaignID(rawValue: try call.id())) else {
                throw ConsoleProblem(.notFound)
            }
            return Response.events(of: updates, named: "progress", to: call, pacing: pacing, doorkeeper: doorkeeper)
        }
    }
}

extension Response {
    /// Updates as they come, for as long as whoever asked may read them.
    static func events<Update: Encodable & Equatable & Sendable>(
        of updates: AsyncStream<Update>, named name: String, to call: Call, pacing: EventPacing, doorkeeper: Doorkeeper
    ) -> Response {
        let request = call.request, route = call.route
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/event-stream; charset=utf-8", .cacheControl: "no-store",
                // Asks nginx not to hold events back.
                .accelBuffering: "no",
            ],
            body: ResponseBody { writer in
                let stream = EventStream(updates: updates, pacing: pacing, name: name) {
                    try await doorkeeper.stillAdmits(request, to: route)
                }
                // A client that leaves cancels the operation, and with it whatever feeds the stream.
                try await request.body.consumeWithCancellationOnInboundClose { _ in
                    try await stream.run { try await writer.write($0) }
                }
                try await writer.finish(nil)
            })
    }
}

extension HTTPField.Name {
    fileprivate static let accelBuffering = Self("X-Accel-Buffering")!
}

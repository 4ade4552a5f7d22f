import AlertModel
import Campaigns
import Hummingbird

/// Handing ground beyond the territory to whoever answers for it, and answering what was handed over.
struct RequestRoutes: Sendable {
    /// One incident's neighbours.
    private static let mostReceivers = ZoneRequestRules.mostSent

    let desk: RequestDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.neighbours) { call in
            let body = try await call.bodyObject()
            try body.allow(["zone"])
            let zone = try body.zone("zone")
            return try Answer.json(["neighbours": try await desk.neighbours(try call.account, zone)])
        }
        routes.on(.sendRequest) { call in
            let handover = try Self.handover(try await call.bodyObject())
            return try Answer.json(["requests": try await desk.send(try call.account, handover)], status: .created)
        }
        routes.on(.requests) { call in try Answer.json(try await desk.list(try call.account)) }
        routes.on(.request) { call in
            let dossier = try await desk.find(try call.account, ZoneRequestID(rawValue: try call.id()))
            return Answer.json(
                bytes: try Answer.encode(
                    dossier.card,
                    adding: [
                        "zone": Array(dossier.zone.utf8), "message": Array(MessageDocument.encode(dossier.message).utf8),
                    ]))
        }
        routes.on(.acceptRequest) { call in
            try Answer.json(try await desk.accept(try call.account, ZoneRequestID(rawValue: try call.id())))
        }
        routes.on(.refuseRequest) { call in
            let reason = try await ApprovalRoutes.reason(call)
            return try Answer.json(try await desk.refuse(try call.account, ZoneRequestID(rawValue: try call.id()), reason))
        }
        routes.on(.withdrawRequest) { call in
            try Answer.json(try await desk.withdraw(try call.account, ZoneRequestID(rawValue: try call.id())))
        }
    }

    private static func handover(_ body: BodyObject) throws -> ZoneHandover {
        try body.allow(["zone", "message", "channels", "kind", "note", "to", "requestKey"])
        let channels = try body.words("channels", Channel.self)
        guard !channels.isEmpty else { throw ConsoleProblem(.noChannel, ProblemDetail(path: "channels")) }
        let message = try Message(body.object("message"))
        guard !message.text.allSatisfy(\.isWhitespace) else {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message.text", reason: "the text is empty"))
        }
        return ZoneHandover(
            zone: try body.zone("zone"), message: message, channels: channels,
            kind: body.has("kind") ? try body.word("kind", CampaignKind.self) : .alert,
            note: body.has("note") ? try body.text("note", maximumLength: ZoneRequestRules.longestNote) : "",
            to: try body.identifiers("to", atMost: mostReceivers).map { OrganisationID(rawValue: $0) },
            requestKey: try body.uuid("requestKey"))
    }
}

import AlertModel
import Hummingbird

/// Asking a second person about another text of a campaign under way, and answering.
struct AmendmentRoutes: Sendable {
    let desk: AmendmentDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.askAmendment) { call in
            let body = try await call.bodyObject()
            try body.allow(["message", "version", "requestKey"])
            let message = try Message(body.object("message"))
            let card = try await desk.ask(
                try call.account, CampaignID(rawValue: try call.id()), message,
                try body.integer("version", in: 1...Int(Int32.max)), try body.uuid("requestKey"))
            return try Answer.json(card, status: .created)
        }
        routes.on(.approveAmendment) { call in
            try Answer.json(try await desk.approve(try call.account, AmendmentID(rawValue: try call.id())))
        }
        routes.on(.refuseAmendment) { call in
            let reason = try await ApprovalRoutes.reason(call)
            return try Answer.json(try await desk.refuse(try call.account, AmendmentID(rawValue: try call.id()), reason))
        }
        routes.on(.withdrawAmendment) { call in
            try Answer.json(try await desk.withdraw(try call.account, AmendmentID(rawValue: try call.id())))
        }
        routes.on(.breakGlassOnAmendment) { call in
            let reason = try await ApprovalRoutes.reason(call)
            return try Answer.json(try await desk.breakGlass(try call.account, AmendmentID(rawValue: try call.id()), reason))
        }
    }
}

import AlertModel
import Campaigns
import Hummingbird

/// Asking for a second person, and answering.
struct ApprovalRoutes: Sendable {
    let desk: ApprovalDesk
    let drafts: DraftRoutes?

    func register(on routes: RouteRegistrar) {
        let desk = desk, drafts = drafts
        routes.on(.askApproval) { call in
            let launch = try CampaignLaunch(try await call.bodyObject())
            guard launch.plan.mode == .real else {
                throw call.invalid("mode", "an exercise needs no second person: launch it")
            }
            let asked = try await desk.ask(try call.account, launch)
            await drafts?.settle(launch.requestKey, as: .launched, by: try call.account)
            return try Answer.json(asked, status: .created)
        }
        routes.on(.approvals) { call in try Answer.json(try await desk.list(try call.account)) }
        routes.on(.approval) { call in
            try Answer.json(try await desk.find(try call.account, ApprovalID(rawValue: try call.id())))
        }
        routes.on(.approve) { call in
            try Answer.json(["id": try await desk.approve(try call.account, ApprovalID(rawValue: try call.id()))])
        }
        routes.on(.refuseApproval) { call in
            let reason = try await Self.reason(call)
            return try Answer.json(try await desk.refuse(try call.account, ApprovalID(rawValue: try call.id()), reason))
        }
        routes.on(.withdrawApproval) { call in
            try Answer.json(try await desk.withdraw(try call.account, ApprovalID(rawValue: try call.id())))
        }
        routes.on(.breakGlass) { call in
            let reason = try await Self.reason(call)
            return try Answer.json(
                ["id": try await desk.breakGlass(try call.account, ApprovalID(rawValue: try call.id()), reason)])
        }
    }

    static func reason(_ call: Call) async throws -> String {
        let body = try await call.bodyObject()
        try body.allow(["reason"])
        return try body.text("reason", maximumLength: ApprovalRules.longestReason)
    }
}

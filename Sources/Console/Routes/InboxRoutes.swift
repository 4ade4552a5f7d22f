import AlertModel
import Hummingbird

/// What people wrote back.
struct InboxRoutes: Sendable {
    private static let standardPage = 50
    private static let greatestPage = 200

    let desk: InboxDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.inbox) { call in
            let campaign = try call.queryInteger("campaign", in: 0...Int.max, standard: 0)
            let before = try call.queryInteger("before", in: 1...Int.max, standard: Int.max)
            let part = try call.query("part", maximumLength: 20) ?? ""
            guard part.isEmpty || InboxQuestion.Part(rawValue: part) != nil else {
                throw call.invalid("part", "one of unread, acknowledged, refused is due")
            }
            let question = InboxQuestion(
                part: InboxQuestion.Part(rawValue: part), campaign: campaign == 0 ? nil : CampaignID(rawValue: Int64(campaign)),
                before: before == Int.max ? nil : Int64(before))
            let limit = try call.queryInteger("limit", in: 1...Self.greatestPage, standard: Self.standardPage)
            return try Answer.json(try await desk.page(try call.account, question, limit))
        }
        routes.on(.readInbox) { call in
            let body = try await call.bodyObject()
            try body.allow(["numbers"])
            return try Answer.json(
                ["read": try await desk.read(try call.account, try body.identifiers("numbers", atMost: Self.greatestPage))])
        }
    }
}

import AlertModel
import Hummingbird

/// Where an account is written to when something waits for it.
struct NoticeRoutes: Sendable {
    let desk: NoticeDesk

    func register(on routes: RouteRegistrar) {
        let desk = desk
        routes.on(.noticeAddress) { call in
            try Answer.json(["email": try await desk.address(try call.account) ?? ""])
        }
        routes.on(.setNoticeAddress) { call in
            let body = try await call.bodyObject()
            try body.allow(["email"])
            let text = body.has("email") ? try body.text("email", maximumLength: 254).trimmingSpaces() : ""
            let address = EmailAddress(text)
            guard text.isEmpty || address?.hasPublicDomain == true else {
                throw body.fault("email", "the address of a mailbox is due, or nothing")
            }
            try await desk.setAddress(try call.account, address?.text)
            return Answer.nothing
        }
    }
}

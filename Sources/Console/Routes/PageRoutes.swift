import HTTPTypes
import Hummingbird
import NIOCore

/// The pages, and the answer for whoever only wants to know whether the server is up.
struct PageRoutes: Sendable {
    let folder: String
    let doorkeeper: Doorkeeper

    func register(on routes: RouteRegistrar) {
        let folder = folder, doorkeeper = doorkeeper
        routes.on(.health) { _ in
            Response(
                status: .ok, headers: [.contentType: "text/plain; charset=utf-8", .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
        }
        routes.on(.signInPage) { _ in try await Self.show(.signIn, in: folder) }
        routes.on(.passwordPage) { call in
            guard try await doorkeeper.visitor(of: call.request) != nil else { return Self.redirect(to: .signInPage) }
            return try await Self.show(.password, in: folder)
        }
        routes.on(.apiDescription) { _ in
            try await Answer.json(bytes: Page.apiDescription.bytes(in: folder))
        }
        for (route, page) in [(Route.home, Page.home), (.approvalsPage, .approvals), (.journalPage, .journal)] {
            routes.on(route) { call in
                guard let visitor = try await doorkeeper.visitor(of: call.request) else {
                    return Self.redirect(to: .signInPage)
                }
                if visitor.account.mustChangePassword { return Self.redirect(to: .passwordPage) }
                return try await Self.show(page, in: folder)
            }
        }
    }

    private static func show(_ page: Page, in folder: String) async throws -> Response {
        Response(
            status: .ok, headers: [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: try await page.bytes(in: folder))))
    }

    private static func redirect(to route: Route) -> Response {
        Response(status: .found, headers: [.location: route.path, .cacheControl: "no-store"])
    }
}

import HTTPTypes
import Hummingbird
import NIOCore

/// The pages, and the answer for whoever only wants to know whether the server is up.
struct PageRoutes: Sendable {
    let configuration: ConsoleConfiguration
    let doorkeeper: Doorkeeper

    func register(on routes: RouteRegistrar) {
        let configuration = configuration, doorkeeper = doorkeeper, folder = configuration.publicFolder
        routes.on(.health) { _ in
            Response(
                status: .ok, headers: [.contentType: MediaType.text, .cacheControl: "no-store"],
                body: ResponseBody(byteBuffer: ByteBuffer(string: "ok\n")))
        }
        routes.on(.signInPage) { _ in try await Self.show(.signIn, configuration) }
        routes.on(.passwordPage) { call in
            guard try await doorkeeper.visitor(of: call.request) != nil else { return Self.redirect(to: .signInPage) }
            return try await Self.show(.password, configuration)
        }
        routes.on(.apiDescription) { _ in
            try await Answer.json(bytes: Page.apiDescription.bytes(in: folder))
        }
        let pages: [(Route, Page)] = [
            (.home, .home), (.approvalsPage, .approvals), (.journalPage, .journal), (.accountPage, .account),
            (.peoplePage, .people), (.scenariosPage, .scenarios), (.organisationsPage, .organisations),
            (.registerPage, .register),
            (.inboxPage, .inbox), (.templatesPage, .templates), (.statisticsPage, .statistics),
            (.schedulesPage, .schedules), (.helpPage, .help),
            (.gatewaysPage, .gateways), (.doublesPage, .doubles), (.listsPage, .lists),
        ]
        for (route, page) in pages {
            routes.on(route) { call in
                guard let visitor = try await doorkeeper.visitor(of: call.request) else {
                    return Self.redirect(to: .signInPage)
                }
                if visitor.account.mustChangePassword { return Self.redirect(to: .passwordPage) }
                if route != .accountPage, visitor.account.mustEnrol { return Self.redirect(to: .accountPage) }
                return try await Self.show(page, configuration)
            }
        }
    }

    private static func show(_ page: Page, _ configuration: ConsoleConfiguration) async throws -> Response {
        let text = PageMode(configuration).marked(
            String(decoding: try await page.bytes(in: configuration.publicFolder), as: UTF8.self))
        return Response(
            status: .ok, headers: [.contentType: MediaType.html, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(string: text)))
    }

    private static func redirect(to route: Route) -> Response {
        Response(status: .found, headers: [.location: route.path, .cacheControl: "no-store"])
    }
}

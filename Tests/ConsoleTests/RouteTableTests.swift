import AlertModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

@Suite struct RouteTableTests {
    /// A path that the route answers.
    static func path(of route: Route) -> String {
        route.path.replacing("{id}", with: "1").replacing("{z}", with: "9").replacing("{x}", with: "1")
            .replacing("{y}", with: "1.mvt").replacing("**", with: "a.css")
    }

    @Test func `no two routes share a method and a path`() {
        #expect(Set(Route.allCases.map { "\($0.method) \($0.path)" }).count == Route.allCases.count)
    }

    @Test(arguments: Route.allCases.filter { $0.isAPI && $0 != .apiDescription })
    func `every API route tells a stranger so in the envelope`(route: Route) async throws {
        try await TestConsole.at(route).run { browser async throws in
            var headers: HTTPFields = [.contentType: "application/json"]
            headers[.origin] = "http://localhost"
            let response = try await browser.stranger.send(
                route.method, Self.path(of: route), headers: headers, body: route.body == .none ? nil : "{}")
            let failure = try response.failure()
            #expect(failure.code == (route == .signIn ? .invalidParameter : .sessionRequired))
        }
    }

    @Test(arguments: Route.allCases.filter { $0.isAPI && $0.access != .anyone && $0.access != .arriving })
    func `a one-time password opens nothing but its replacement`(route: Route) async throws {
        var console = TestConsole.at(route)
        console.accounts = FakeAccounts(mustChangePassword: true)
        try await console.run { browser async throws in
            let response = try await browser.send(route.method, Self.path(of: route))
            #expect(try response.failure().code == .passwordChangeRequired)
        }
    }

    @Test(arguments: Route.allCases.filter { $0.isUnsafe && $0.access != .anyone })
    func `whatever changes something wants the CSRF token`(route: Route) async throws {
        try await TestConsole.at(route).run { browser async throws in
            for token in ["", "x", SessionToken().csrf] {
                let response = try await browser.send(route.method, Self.path(of: route), headers: [.csrf: token])
                #expect(try response.failure().code == .csrfToken)
            }
        }
    }

    @Test(arguments: Route.allCases)
    func `who has every right but the route's is refused, and who has only that one is not`(route: Route) async throws {
        guard let capability = route.access.capability else { return }
        for (rights, isRefused) in [(Set(Capability.allCases).subtracting([capability]), true), ([capability], false)] {
            var console = TestConsole.at(route)
            console.accounts = FakeAccounts(exactly: rights)
            // Before anything else: a right that is missing tells nothing of what the request was about.
            console.services = .deaf
            try await console.run { browser async throws in
                let response = try await browser.send(route.method, Self.path(of: route))
                #expect((response.status == .forbidden) == isRefused)
                if isRefused { #expect(try response.failure().code == .notPermitted) }
            }
        }
    }

    @Test(arguments: Route.allCases.filter { $0.isAPI && $0.access != .anyone && !$0.isOpenBeforeEnrolling })
    func `a second factor that is asked for comes before everything but one's own account`(route: Route) async throws {
        var console = TestConsole.at(route)
        console.accounts = FakeAccounts(exactly: Set(Capability.allCases), mustEnrol: true)
        try await console.run { browser async throws in
            let response = try await browser.send(route.method, Self.path(of: route))
            #expect(try response.failure().code == .secondFactorRequired)
        }
    }

    @Test(arguments: Route.allCases.filter(\.isAPI))
    func `a program's token needs no CSRF token, has its scope, and manages no account`(route: Route) async throws {
        var console = TestConsole.at(route)
        console.services = .deaf
        console.accounts = FakeAccounts(exactly: [.statistics])
        try await console.run { browser async throws in
            let response = try await browser.stranger.send(
                route.method, Self.path(of: route), headers: [.authorization: "Bearer tocsin_known"])
            switch route.access {
            case .anyone: break
            case .arriving, .oneself, .person: #expect(try response.failure().code == .notPermitted)
            case .signedIn, .may(.statistics): #expect(response.status != .forbidden && response.status != .unauthorized)
            case .may: #expect(try response.failure().code == .notPermitted)
            }
            if route.access != .anyone {
                let forged = try await browser.send(
                    route.method, Self.path(of: route), headers: [.authorization: "Bearer tocsin_forged"])
                #expect(try forged.failure().code == .sessionRequired, "a good cookie rescued a bad token")
            }
        }
    }

    @Test(arguments: [Route.stopCampaign, .pauseCampaign, .undoCampaign, .campaign])
    func `a second factor that is asked for hinders nobody from stopping`(route: Route) async throws {
        var console = TestConsole.at(route)
        console.services = .deaf
        console.accounts = FakeAccounts(exactly: Set(Capability.allCases), mustEnrol: true)
        try await console.run { browser async throws in
            let byProgram = try await browser.stranger.send(
                route.method, Self.path(of: route), headers: [.authorization: "Bearer tocsin_known"])
            for response in [try await browser.send(route.method, Self.path(of: route)), byProgram] {
                #expect(response.status != .forbidden && response.status != .unauthorized)
            }
        }
    }

    @Test func `people's rights are changed by people only, who have just shown who they are`() {
        let decisive: Set<Route> = [
            .createPerson, .closePerson, .resetPerson, .resetFactors, .removePersonKey, .endSession, .saveRole, .removeRole, .createGroup,
            .removeGroup, .giveGrant, .confirmGrant, .refuseGrant, .withdrawGrant, .declareStation, .revokeStation,
            .setFactorPolicy, .createOrganisation, .changeOrganisation, .delegateRegister, .withdrawRegister,
            .settleMeans,
        ]
        for route in Route.allCases {
            if case .person = route.access {
                #expect(decisive.contains(route) && route.isUnsafe)
            } else {
                #expect(!decisive.contains(route))
            }
        }
        #expect(Route.approveScenario.asksForProof)
    }

    @Test(arguments: Route.allCases.filter { if case .person = $0.access { true } else { false } }, SessionKind.allCases)
    func `whoever manages people proves who sits there, at a desk too`(route: Route, kind: SessionKind) async throws {
        var console = TestConsole.at(route)
        console.services = .deaf
        console.accounts = FakeAccounts(role: .administrator)
        let accounts = console.accounts
        try await console.run { browser async throws in
            for (age, isRefused) in [(301.0, true), (1.0, false)] {
                var old = browser
                old.token = accounts.open(kind: kind, provedAt: Date().addingTimeInterval(-age))
                let response = try await old.send(route.method, Self.path(of: route))
                #expect((response.status == .forbidden) == isRefused)
                if isRefused { #expect(try response.failure().code == .proofRequired) }
            }
        }
    }

    @Test(arguments: Route.allCases.filter(\.asksForProof))
    func `a duty session proves who sits there before a launch, and never before a stop`(route: Route) async throws {
        var console = TestConsole.at(route)
        console.services = .deaf
        console.accounts = FakeAccounts(role: .administrator)
        let accounts = console.accounts
        try await console.run { browser async throws in
            for (age, isRefused) in [(301.0, true), (1.0, false)] {
                var duty = browser
                duty.token = accounts.open(kind: .duty, provedAt: Date().addingTimeInterval(-age))
                let response = try await duty.send(route.method, Self.path(of: route))
                #expect((response.status == .forbidden) == isRefused)
                if isRefused { #expect(try response.failure().code == .proofRequired) }
                let stop = try await duty.send(.post, "/api/campaigns/1/stop")
                #expect(stop.status != .forbidden)
            }
        }
    }

    @Test func `an observer changes nothing`() {
        let changing: Set<Route> = [.keepCoverage, .addRecording, .removeRecording, .savePerimeter, .deletePerimeter, .testMessage, .amendCampaign, .launchCampaign, .pauseCampaign, .resumeCampaign, .stopCampaign]
        for route in changing {
            guard case .may(let capability) = route.access else { Issue.record("\(route) asks for no right"); continue }
            #expect(!Role.observer.capabilities.contains(capability))
        }
    }

    @Test(arguments: Route.allCases)
    func `another method is refused by name, for anyone`(route: Route) async throws {
        try await TestConsole.at(route).run { browser async throws in
            let allowed = Route.methods(at: Self.path(of: route), in: TestConsole.at(route).configuration.mode)
            #expect(allowed.contains(route.method))
            for method in [HTTPRequest.Method.put, .patch, .delete, .post, .trace] where !allowed.contains(method) {
                let response = try await browser.stranger.send(method, Self.path(of: route))
                #expect(try response.failure().code == .methodNotAllowed)
                #expect(response.headers[.allow]?.contains(route.method.rawValue) == true)
            }
        }
    }

    @Test(arguments: ["/nowhere", "/api", "/api/nothing", "/api/campaigns/1/delete", "/static", "/api/communes/at/x", "/%ff", "//", "/api/config%2f"])
    func `an unknown address is not found`(path: String) async throws {
        try await TestConsole().run { browser async throws in
            let response = try await browser.get(path)
            if path == "//" { return }
            #expect(try response.failure().code == .notFound)
        }
    }

    @Test(arguments: ["0", "-1", "abc", "1.5", "99999999999999999999", "1%20", "%31x"])
    func `an id that is no number is nobody's`(id: String) async throws {
        try await TestConsole().run { browser async throws in
            for path in ["/api/campaigns/\(id)", "/api/campaigns/\(id)/report", "/api/campaigns/\(id)/events"] {
                #expect(try await browser.get(path).failure().code == .notFound)
            }
            #expect(try await browser.send(.delete, "/api/perimeters/\(id)").failure().code == .notFound)
        }
    }

    @Test func `every code has its sentence and a status of a failure`() {
        for code in ProblemCode.allCases {
            #expect(code.french.hasSuffix(".") && code.french.count > 20)
            #expect(code.status.code >= 400)
        }
    }

    @Test func `the health check says nothing but ok, to anyone`() async throws {
        try await TestConsole().run { browser async throws in
            let response = try await browser.stranger.get("/healthz")
            #expect(response.status == .ok)
            #expect(response.text == "ok\n")
            let head = try await browser.stranger.send(.head, "/healthz")
            #expect(head.status == .ok && head.body.readableBytes == 0)
        }
    }

    @Test func `a failure answered to HEAD has no body`() async throws {
        try await TestConsole().run { browser async throws in
            let response = try await browser.stranger.send(.head, "/api/config")
            #expect(response.status == .unauthorized)
            #expect(response.body.readableBytes == 0)
        }
    }
}

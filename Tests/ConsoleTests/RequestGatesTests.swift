import AlertModel
import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import Console

@Suite struct RequestGatesTests {
    private func console(perAccount: Int, perAddress: Int) -> TestConsole {
        var console = TestConsole()
        console.configuration.limits.requestsPerSecondByAccount = perAccount
        console.configuration.limits.requestsPerSecondByAddress = perAddress
        let now = Date(timeIntervalSince1970: 1_800_000_000)
        console.configuration.now = { now }
        console.services = .deaf
        console.services.campaigns.control = { _, _, _ in nil }
        console.services.campaigns.find = { _, _ in nil }
        return console
    }

    @Test func `an account that asks too often waits, and may still stop an alert`() async throws {
        try await console(perAccount: 2, perAddress: 1_000).run { browser async throws in
            for _ in 0..<10 { #expect(try await browser.get("/api/config").failure().code == .unavailable) }
            let refused = try await browser.get("/api/config")
            #expect(try refused.failure().code == .tooManyRequests)
            #expect(refused.headers[.retryAfter] == "1")
            for action in ["stop", "pause"] {
                #expect(try await browser.send(.post, "/api/campaigns/1/\(action)").failure().code == .notFound)
            }
            #expect(try await browser.get("/api/campaigns/1").failure().code == .notFound)
            #expect(try await browser.get("/api/session").status == .ok)
        }
    }

    @Test func `an address that asks too often is refused before anybody's session is looked for`() async throws {
        try await console(perAccount: 1_000, perAddress: 1).run { browser async throws in
            for _ in 0..<5 { #expect(try await browser.stranger.get("/api/config").failure().code == .sessionRequired) }
            #expect(try await browser.stranger.get("/api/config").failure().code == .tooManyRequests)
            #expect(try await browser.send(.post, "/api/campaigns/1/stop").failure().code == .notFound)
        }
    }

    @Test func `an address has so many connections, and gets its places back`() {
        let seats = ConnectionSeats(most: 2)
        #expect(seats.take("a") && seats.take("a") && !seats.take("a") && seats.take("b"))
        seats.giveBack("a")
        #expect(seats.take("a") && !seats.take("a"))
        let open = ConnectionSeats(most: 0)
        #expect((0..<1_000).allSatisfy { _ in open.take("a") })
    }

    @Test func `what stops or follows an alert is never held back`() {
        for route in [Route.stopCampaign, .pauseCampaign, .undoCampaign, .campaign, .campaignEvents, .session, .health] {
            #expect(!route.isHeldBack)
        }
        #expect(Route.launchCampaign.isHeldBack && Route.zoneCounts.isHeldBack && Route.journal.isHeldBack)
    }
}

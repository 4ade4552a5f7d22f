import AlertModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Console

@Suite struct RecipientRouteTests {
    private static let token = String(repeating: "a", count: LinkToken.length)

    /// A console that knows one token, and remembers what was done by it.
    final class Answers: Sendable {
        let done = Mutex<[LinkPage]>([])

        func console(subject: String = "Crue") -> TestConsole {
            var console = TestConsole()
            @Sendable func notice(_ page: LinkPage, _ token: String) -> LinkNotice? {
                guard token == RecipientRouteTests.token else { return nil }
                return LinkNotice(
                    organisation: "Mairie d’Eu", subject: subject, isAnswered: self.done.withLock { $0.contains(page) })
            }
            console.services.recipients = RecipientDesk(
                notice: { notice($0, $1) },
                answer: { page, token in
                    guard token == RecipientRouteTests.token else { return nil }
                    self.done.withLock { $0.append(page) }
                    return notice(page, token)
                })
            return console
        }
    }

    @Test(arguments: LinkPage.allCases)
    func `opening a page changes nothing, its button does, without sign-in`(page: LinkPage) async throws {
        let answers = Answers()
        try await answers.console().run { browser async throws in
            let path = page.path(Self.token)
            for method in [HTTPRequest.Method.get, .head, .get] {
                let response = try await browser.stranger.send(method, path)
                #expect(response.status == .ok)
                #expect(method == .head || String(buffer: response.body).contains("<form method=\"post\"><button type=\"submit\">"))
            }
            #expect(answers.done.withLock { $0 } == [])
            // As a mail program does it by itself (RFC 8058).
            let response = try await browser.stranger.post(
                path, "List-Unsubscribe=One-Click", type: "application/x-www-form-urlencoded")
            #expect(response.status == .ok && !String(buffer: response.body).contains("<button"))
            #expect(answers.done.withLock { $0 } == [page])
        }
    }

    @Test func `a page is escaped, kept by nobody, found by no search, and runs nothing`() async throws {
        try await Answers().console(subject: "<script>alert(1)</script> & \"co\"").run { browser async throws in
            let response = try await browser.stranger.get(LinkPage.acknowledge.path(Self.token))
            let text = String(buffer: response.body)
            #expect(text.contains("&lt;script&gt;alert(1)&lt;/script&gt; &amp; &quot;co&quot;") && !text.contains("<script"))
            #expect(response.headers[.cacheControl] == "no-store")
            #expect(response.headers[HTTPField.Name("X-Robots-Tag")!] == "noindex, nofollow")
            let policy = try #require(response.headers[.contentSecurityPolicy])
            #expect(policy.contains("default-src 'none'") && !policy.contains("unsafe"))
        }
    }

    @Test(arguments: ["a", String(repeating: "a", count: 31), String(repeating: "b", count: 32), String(repeating: "a", count: 33)])
    func `a token that is none of ours leads nowhere`(token: String) async throws {
        let answers = Answers()
        try await answers.console().run { browser async throws in
            for page in LinkPage.allCases {
                #expect(try await browser.stranger.get(page.path(token)).status == .notFound)
                #expect(try await browser.stranger.post(page.path(token), "").status == .notFound)
            }
            #expect(answers.done.withLock { $0 } == [])
        }
    }

    @Test func `another site's page cannot press the button`() async throws {
        let answers = Answers()
        try await answers.console().run { browser async throws in
            let response = try await browser.stranger.post(
                LinkPage.acknowledge.path(Self.token), "", headers: [.origin: "https://mal.example"])
            #expect(try response.failure().code == .foreignOrigin)
            #expect(answers.done.withLock { $0 } == [])
        }
    }

    @Test func `one client cannot ask without end`() async throws {
        var console = Answers().console()
        console.configuration.limits.linkRequestsPerSecond = 3
        console.configuration.now = { Date(timeIntervalSince1970: 0) }
        try await console.run { browser async throws in
            var statuses: [HTTPResponse.Status] = []
            for _ in 0..<5 { statuses.append(try await browser.stranger.get(LinkPage.acknowledge.path(Self.token)).status) }
            #expect(statuses == [.ok, .ok, .ok, .tooManyRequests, .tooManyRequests])
        }
    }
}

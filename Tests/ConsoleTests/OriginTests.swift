import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Testing

@testable import Console

@Suite struct OriginTests {
    private let policy = HostPolicy(hostNames: ["Alerte.Somme.example"], isSecure: false)

    @Test(arguments: ["localhost", "LOCALHOST:8080", "127.0.0.1:8080", "[::1]:8080", "[::1]", "alerte.somme.example", "alerte.somme.example:443"])
    func `the console answers to its names and to the loopback ones`(authority: String) {
        #expect(policy.accepts(authority: authority))
    }

    @Test(arguments: [
        nil, "", "evil.example", "evil.example:8080", "localhost.evil.example", "127.0.0.1.evil.example", "localhost:",
        "localhost:80a", "localhost:123456", "localhost@evil.example", "[::1]evil", "[::1", "0.0.0.0", "127.0.0.2", "localhost:80:80",
    ])
    func `any other name is refused`(authority: String?) {
        #expect(!policy.accepts(authority: authority))
    }

    @Test(arguments: [
        ("http://localhost:8080", "localhost:8080", true), ("http://LOCALHOST:8080", "localhost:8080", true),
        ("https://localhost:8080", "localhost:8080", false), ("http://localhost:8081", "localhost:8080", false),
        ("http://localhost", "localhost:8080", false), ("null", "localhost", false), ("", "localhost", false),
        ("http://localhost.evil.example", "localhost", false), ("http://evil.example", "localhost", false),
    ])
    func `a page of another origin changes nothing`(origin: String, authority: String, isOwn: Bool) {
        #expect(policy.isOwnOrigin([.origin: origin], authority: authority) == isOwn)
    }

    @Test(arguments: [("same-origin", true), ("none", true), ("same-site", false), ("cross-site", false), ("x", false)])
    func `what the browser says of the site decides too`(site: String, isOwn: Bool) {
        #expect(policy.isOwnOrigin([.secFetchSite: site], authority: "localhost") == isOwn)
    }

    @Test func `foreign origins are refused before anything else is looked at`() async throws {
        try await TestConsole().run { browser async throws in
            let response = try await browser.post("/api/session", "{}", headers: [.origin: "http://evil.example"])
            #expect(try response.failure().code == .foreignOrigin)
            let delete = try await browser.send(.delete, "/api/session", headers: [.secFetchSite: "cross-site"])
            #expect(try delete.failure().code == .foreignOrigin)
        }
    }

    @Test func `every answer forbids framing, sniffing and foreign content`() async throws {
        try await TestConsole().run { browser async throws in
            for path in ["/healthz", "/nowhere", "/api/session", "/static/x.css", "/"] {
                let headers = try await browser.get(path).headers
                #expect(headers[.contentSecurityPolicy]?.contains("frame-ancestors 'none'") == true)
                #expect(headers[.contentSecurityPolicy]?.contains("unsafe") == false)
                #expect(headers[.xContentTypeOptions] == "nosniff")
                #expect(headers[HTTPField.Name("Referrer-Policy")!] == "no-referrer")
                #expect(headers[.requestID]?.isEmpty == false)
            }
        }
    }
}

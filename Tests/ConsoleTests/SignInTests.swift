import AlertModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Synchronization
import Testing

@testable import Console

@Suite struct SignInTests {
    private static let credentials = #"{"user":"amelie","password":"correct horse battery"}"#
    private static let wrong = #"{"user":"amelie","password":"guess"}"#

    private func cookieValue(_ response: TestResponse) throws -> String {
        let cookie = try #require(response.headers[.setCookie])
        return String(try #require(cookie.split(separator: ";").first).dropFirst("tocsin_session=".count))
    }

    @Test func `signing in opens a session whose token only the browser has`() async throws {
        let console = TestConsole()
        try await console.run { browser async throws in
            let response = try await browser.stranger.post("/api/session", Self.credentials)
            #expect(response.status == .ok)
            let cookie = try #require(response.headers[.setCookie])
            for part in ["; HttpOnly", "; SameSite=Strict", "; Path=/", "; Max-Age=43200"] { #expect(cookie.contains(part)) }
            #expect(!cookie.contains("Secure"))
            let token = try #require(SessionToken(cookieValue: try cookieValue(response)))
            let session = try response.json(SessionDocument.self)
            #expect(session == SessionDocument(user: "amelie", role: "operator", capabilities: [.prepare, .launch, .seePersonalData, .statistics], mustChangePassword: false, csrf: token.csrf))
            let record = try #require(console.accounts.state.withLock { $0.sessions[token.digest] })
            #expect(record.digest.bytes != token.bytes)
            #expect(record.expiresAt.timeIntervalSince(record.openedAt) == 43_200)

            var signedIn = browser
            signedIn.token = token
            #expect(try await signedIn.get("/api/session").json(SessionDocument.self) == session)
            let out = try await signedIn.send(.delete, "/api/session")
            #expect(out.status == .noContent)
            #expect(out.headers[.setCookie]?.contains("Max-Age=0") == true)
            #expect(try await signedIn.get("/api/session").failure().code == .sessionRequired)
        }
    }

    @Test func `behind a TLS proxy the cookie is secure and origins are https`() async throws {
        var console = TestConsole()
        console.configuration.isBehindTLSProxy = true
        try await console.run { browser async throws in
            let response = try await browser.stranger.post("/api/session", Self.credentials, headers: [.origin: "https://localhost"])
            #expect(response.headers[.setCookie]?.contains("; Secure") == true)
            #expect(response.headers[.strictTransportSecurity] != nil)
            let plain = try await browser.stranger.post("/api/session", Self.credentials, headers: [.origin: "http://localhost"])
            #expect(try plain.failure().code == .foreignOrigin)
        }
    }

    @Test func `an earlier session of the same browser ends with the new one`() async throws {
        let console = TestConsole()
        try await console.run { browser async throws in
            _ = try await browser.post("/api/session", Self.credentials)
            #expect(try await browser.get("/api/session").failure().code == .sessionRequired)
        }
    }

    @Test func `a session ends twelve hours after it began, whatever its use`() async throws {
        var console = TestConsole()
        let time = Mutex(Date(timeIntervalSince1970: 1_000_000))
        console.configuration.now = { time.withLock { $0 } }
        try await console.run { browser async throws in
            var signedIn = browser
            signedIn.token = SessionToken(cookieValue: try cookieValue(try await browser.stranger.post("/api/session", Self.credentials)))
            time.withLock { $0 += 43_199 }
            #expect(try await signedIn.get("/api/session").status == .ok)
            time.withLock { $0 += 1 }
            #expect(try await signedIn.get("/api/session").failure().code == .sessionRequired)
        }
    }

    @Test(arguments: ["", "x", String(repeating: "A", count: 43), String(repeating: "A", count: 5_000), "é", "=;=", "../../x"])
    func `a made-up cookie is nobody's`(value: String) async throws {
        try await TestConsole().run { browser async throws in
            let response = try await browser.stranger.get("/api/session", headers: [.cookie: "tocsin_session=\(value)"])
            #expect(try response.failure().code == .sessionRequired)
        }
    }

    @Test(arguments: [
        #"{}"#, #"{"user":"amelie"}"#, #"{"user":1,"password":"x"}"#, #"{"user":null,"password":"x"}"#,
        "{\"user\":\"\(String(repeating: "a", count: 129))\",\"password\":\"x\"}",
        "{\"user\":\"a\",\"password\":\"\(String(repeating: "a", count: 1_025))\"}",
    ])
    func `bad credentials' bodies are refused before any password is checked`(body: String) async throws {
        let console = TestConsole()
        try await console.run { browser async throws in
            #expect(try await browser.stranger.post("/api/session", body).failure().code == .invalidParameter)
            #expect(console.accounts.state.withLock { $0.attempts } == 0)
        }
    }

    @Test func `repeated failures are slowed, then free again, and only for that user from that address`() async throws {
        var console = TestConsole()
        let time = Mutex(Date(timeIntervalSince1970: 1_000_000))
        console.configuration.now = { time.withLock { $0 } }
        console.configuration.isBehindTLSProxy = true
        let accounts = console.accounts
        try await console.run { browser async throws in
            func attempt(_ body: String, from address: String) async throws -> TestResponse {
                try await browser.stranger.post("/api/session", body, headers: [.forwardedFor: "10.0.0.9, \(address)"])
            }
            for _ in 0..<5 {
                #expect(try await attempt(Self.wrong, from: "192.0.2.1").failure().code == .badCredentials)
            }
            let slowed = try await attempt(Self.credentials, from: "192.0.2.1")
            let failure = try slowed.failure()
            #expect(failure.code == .tooManyAttempts)
            #expect(failure.detail?.retryAfterSeconds == 1)
            #expect(slowed.headers[.retryAfter] == "1")
            #expect(accounts.state.withLock { $0.attempts } == 5)
            // Someone else's guesses never lock the operator out.
            #expect(try await attempt(Self.credentials, from: "192.0.2.2").status == .ok)
            #expect(try await attempt(#"{"user":"basile","password":"x"}"#, from: "192.0.2.1").failure().code == .badCredentials)
            time.withLock { $0 += 1 }
            #expect(try await attempt(Self.wrong, from: "192.0.2.1").failure().code == .badCredentials)
            #expect(try await attempt(Self.wrong, from: "192.0.2.1").failure().detail?.retryAfterSeconds == 2)
            time.withLock { $0 += 2 }
            #expect(try await attempt(Self.credentials, from: "192.0.2.1").status == .ok)
            #expect(try await attempt(Self.wrong, from: "192.0.2.1").failure().code == .badCredentials)
        }
    }

    @Test func `many names tried from an address slow that address, but nobody who signed in from it before`() async throws {
        var console = TestConsole()
        console.configuration.now = { Date(timeIntervalSince1970: 1_000_000) }
        console.configuration.isBehindTLSProxy = true
        try await console.run { browser async throws in
            func attempt(_ body: String, from address: String) async throws -> TestResponse {
                try await browser.stranger.post("/api/session", body, headers: [.forwardedFor: "10.0.0.9, \(address)"])
            }
            #expect(try await attempt(Self.credentials, from: "192.0.2.1").status == .ok)
            for address in ["192.0.2.1", "192.0.2.2"] {
                for index in 0..<40 {
                    #expect(try await attempt(#"{"user":"x\#(index)","password":"x"}"#, from: address).failure().code == .badCredentials)
                }
                #expect(try await attempt(#"{"user":"y","password":"x"}"#, from: address).failure().code == .tooManyAttempts)
            }
            #expect(try await attempt(Self.credentials, from: "192.0.2.1").status == .ok)
            #expect(try await attempt(Self.credentials, from: "192.0.2.2").failure().code == .tooManyAttempts)
        }
    }

    @Test func `hyphens let nobody guess more codes, and a recovery code waits for nothing`() async throws {
        var console = TestConsole()
        console.configuration.isBehindTLSProxy = true
        console.configuration.now = { Date(timeIntervalSince1970: 1_000_000) }
        console.accounts.state.withLock { state in
            state.account = Account(
                id: 7, user: "amelie", organisation: OrganisationID(rawValue: 1), role: "operator",
                capabilities: Role.operator.capabilities, mustChangePassword: false, hasSecondFactor: true)
        }
        try await console.run { browser async throws in
            func attempt(_ code: String, from address: Int) async throws -> ProblemCode {
                try await browser.stranger.post(
                    "/api/session", #"{"user":"amelie","password":"correct horse battery","code":"\#(code)"}"#,
                    headers: [.forwardedFor: "10.0.0.9, 192.0.2.\(address)"]).failure().code
            }
            let forms = ["1-2-3-4-5-6", "-123456", "123 456", "12345-6", "1234567"]
            for number in 0..<10 {
                #expect(try await attempt(forms[number % forms.count], from: number) == .badCredentials)
            }
            for form in forms { #expect(try await attempt(form, from: 100) == .tooManyAttempts) }
            #expect(try await attempt("ABCD-EFGH-IJKL-MNOP", from: 101) == .badCredentials)
        }
    }

    @Test func `who is signed in proves who they are whatever others on the network try`() async throws {
        var console = TestConsole()
        console.configuration.now = { Date(timeIntervalSince1970: 1_000_000) }
        let accounts = console.accounts
        let right = #"{"password":"correct horse battery"}"#, wrong = #"{"password":"guess"}"#
        try await console.run { browser async throws in
            for _ in 0..<5 { _ = try await browser.stranger.post("/api/session", Self.wrong) }
            #expect(try await browser.stranger.post("/api/session", Self.credentials).failure().code == .tooManyAttempts)
            #expect(try await browser.post("/api/session/proof", right).status == .noContent)
            // A session that guesses waits, and it alone.
            for _ in 0..<5 {
                #expect(try await browser.post("/api/session/proof", wrong).failure().code == .wrongProof)
            }
            #expect(try await browser.post("/api/session/proof", right).failure().code == .tooManyAttempts)
            let change = #"{"current":"correct horse battery","new":"another long enough"}"#
            #expect(try await browser.post("/api/password", change).failure().code == .tooManyAttempts)
            var other = browser
            other.token = accounts.open()
            #expect(try await other.post("/api/session/proof", right).status == .noContent)
        }
    }

    @Test func `a password is changed once it is strong and the current one is right`() async throws {
        var console = TestConsole()
        console.accounts = FakeAccounts(mustChangePassword: true)
        let accounts = console.accounts
        try await console.run { browser async throws in
            for weak in ["short", "elevenchars", "correct horse battery", "aaaaaaaaaaaaaaaa"] {
                let response = try await browser.post("/api/password", #"{"current":"correct horse battery","new":"\#(weak)"}"#)
                #expect(try response.failure().code == .weakPassword)
            }
            let wrong = try await browser.post("/api/password", #"{"current":"wrong","new":"another long enough"}"#)
            #expect(try wrong.failure().code == .wrongPassword)
            let other = accounts.open()
            let response = try await browser.post("/api/password", #"{"current":"correct horse battery","new":"another long enough"}"#)
            #expect(response.status == .noContent)
            #expect(try await browser.get("/api/session").json(SessionDocument.self).mustChangePassword == false)
            var elsewhere = browser
            elsewhere.token = other
            #expect(try await elsewhere.get("/api/session").failure().code == .sessionRequired)
        }
    }
}

@Suite struct SignInGateTests {
    @Test func `waits double up to a minute`() {
        #expect((0..<14).map { SignInGate.waitSeconds(afterFailures: $0) } == [0, 0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 60, 60, 60])
    }

    @Test func `attempts made at once all count`() {
        let gate = SignInGate(), key = SignInGate.Key(user: "a", address: "b"), now = Date(timeIntervalSince1970: 0)
        #expect((0..<8).map { _ in gate.begin(key, at: now) } == [nil, nil, nil, nil, nil, 1, 1, 1])
    }

    @Test func `failures are forgotten after a quarter of an hour`() {
        let gate = SignInGate(), key = SignInGate.Key(user: "a", address: "b"), now = Date(timeIntervalSince1970: 0)
        for _ in 0..<5 { _ = gate.begin(key, at: now) }
        #expect((0..<5).map { _ in gate.begin(key, at: now + 901) } == [nil, nil, nil, nil, nil])
    }

    @Test func `inventing names costs no memory without bound, and forgets the stalest first`() {
        let gate = SignInGate(), victim = SignInGate.Key(user: "a", address: "b")
        for second in 0..<5 { _ = gate.begin(victim, at: Date(timeIntervalSince1970: Double(second))) }
        for index in 0...SignInGate.capacity {
            _ = gate.begin(.init(user: "x\(index)", address: "b"), at: Date(timeIntervalSince1970: 5))
        }
        #expect(gate.begin(victim, at: Date(timeIntervalSince1970: 5)) == nil)
    }

    @Test(arguments: [
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"), ("2001:db8::1", "2001:db8:0:0::/64"), ("::1", "0:0:0:0::/64"),
        ("192.0.2.1", "192.0.2.1"), ("::ffff:192.0.2.1", "::ffff:192.0.2.1"), ("unknown", "unknown"),
    ])
    func `of IPv6 only the network counts`(address: String, network: String) {
        #expect(ClientAddress.network(address) == network)
    }
}

import AlertModel
import Foundation
import HTTPTypes
import Hummingbird

/// Signing in and out, and choosing a password.
struct SessionRoutes: Sendable {
    static let shortestPassword = 12
    static let longestPassword = 1_024
    static let longestUser = 128

    let accounts: Accounts
    let isBehindTLSProxy: Bool
    let isSecure: Bool
    let now: @Sendable () -> Date
    let gate = SignInGate()
    let passwordChecks: Turnstile

    init(accounts: Accounts, configuration: ConsoleConfiguration) {
        self.accounts = accounts
        isBehindTLSProxy = configuration.isBehindTLSProxy
        isSecure = configuration.isSecure
        now = configuration.now
        passwordChecks = Turnstile(width: configuration.limits.concurrentPasswordChecks, longestQueue: 32)
    }

    func register(on routes: RouteRegistrar) {
        routes.on(.signIn) { try await signIn($0) }
        routes.on(.session) { call in
            guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
            return try Answer.json(SessionDocument(visitor))
        }
        routes.on(.signOut) { call in
            guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
            try await accounts.closeSession(visitor.token.digest)
            var response = Answer.nothing
            response.headers[.setCookie] = cookie("", maximumAge: 0)
            return response
        }
        routes.on(.changePassword) { try await changePassword($0) }
    }

    private func signIn(_ call: Call) async throws -> Response {
        let body = try await call.bodyObject()
        let user = try body.text("user", maximumLength: Self.longestUser)
        let password = Redacted(try body.text("password", maximumLength: Self.longestPassword))
        let key = gateKey(user, call)
        if let seconds = gate.begin(key, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        let account = try await passwordChecks.run { try await accounts.authenticate(user, password) }
        guard let account else { throw ConsoleProblem(.badCredentials) }
        gate.succeed(key)

        // Always a new token: one that was there before signing in may be somebody else's choice.
        if let old = call.request.cookies[Doorkeeper.cookieName].flatMap({ SessionToken(cookieValue: $0.value) }) {
            try await accounts.closeSession(old.digest)
        }
        let token = SessionToken()
        let openedAt = now()
        try await accounts.openSession(
            SessionRecord(
                digest: token.digest, accountID: account.id, openedAt: openedAt,
                expiresAt: openedAt.addingTimeInterval(Double(Doorkeeper.sessionSeconds))))
        var response = try Answer.json(SessionDocument(Visitor(account: account, token: token)))
        response.headers[.setCookie] = cookie(token.cookieValue, maximumAge: Doorkeeper.sessionSeconds)
        return response
    }

    private func changePassword(_ call: Call) async throws -> Response {
        guard let visitor = call.visitor else { throw ConsoleProblem(.sessionRequired) }
        let body = try await call.bodyObject()
        let current = try body.text("current", maximumLength: Self.longestPassword)
        let new = try body.text("new", maximumLength: Self.longestPassword)
        let isStrong =
            new.count >= Self.shortestPassword && new != current
            && new.lowercased() != visitor.account.user.lowercased() && Set(new).count > 3
        guard isStrong else {
            throw ConsoleProblem(.weakPassword, ProblemDetail(path: "new", limit: Self.shortestPassword))
        }
        // A stolen session must not help to guess the password either.
        let key = gateKey(visitor.account.user, call)
        if let seconds = gate.begin(key, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        let isChanged = try await passwordChecks.run {
            try await accounts.changePassword(visitor.account, Redacted(current), Redacted(new), visitor.token.digest)
        }
        guard isChanged else { throw ConsoleProblem(.wrongPassword, ProblemDetail(path: "current")) }
        gate.succeed(key)
        return Answer.nothing
    }

    private func gateKey(_ user: String, _ call: Call) -> SignInGate.Key {
        let address = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        return SignInGate.Key(user: user.lowercased(), address: address)
    }

    private func cookie(_ value: String, maximumAge: Int) -> String {
        "\(Doorkeeper.cookieName)=\(value); Path=/; Max-Age=\(maximumAge); HttpOnly; SameSite=Strict"
            + (isSecure ? "; Secure" : "")
    }
}

extension SessionDocument {
    init(_ visitor: Visitor) {
        self.init(
            user: visitor.account.user, role: visitor.account.role,
            capabilities: visitor.account.capabilities.sorted(),
            mustChangePassword: visitor.account.mustChangePassword, csrf: visitor.token.csrf)
    }
}

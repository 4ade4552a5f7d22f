import AlertModel
import Foundation
import HTTPTypes
import Hummingbird

/// Decides who may use a route.
struct Doorkeeper: Sendable {
    /// The session's cookie, by mode: browsers send cookies to all ports of a name.
    static func cookieName(_ mode: CampaignMode) -> String { mode == .real ? "tocsin_session" : "tocsin_exercise" }
    static let stationCookieName = "tocsin_station"
    /// Requests of one token a second: a program that asks more often is mistaken, or somebody else's.
    static let tokenRequestsPerSecond = 50

    let accounts: Accounts
    let mode: CampaignMode
    let now: @Sendable () -> Date
    private let tokenGate = AddressGate(perSecond: Self.tokenRequestsPerSecond)

    init(accounts: Accounts, mode: CampaignMode = .real, now: @escaping @Sendable () -> Date) {
        self.accounts = accounts
        self.mode = mode
        self.now = now
    }

    /// Checks a request against its route's rules.
    /// - Returns: who asks, nil only on routes open to anyone.
    /// - Throws: `session_required`, `csrf_token`, `password_change_required`, `second_factor_required`, `not_permitted`,
    ///   `proof_required`, `too_many_attempts`.
    func admit(_ request: Request, to route: Route) async throws -> Visitor? {
        guard route.access != .anyone else { return nil }
        if let token = Self.bearer(of: request) { return try await admit(program: token, to: route) }
        guard let visitor = try await visitor(of: request) else { throw ConsoleProblem(.sessionRequired) }
        if route.isUnsafe, !visitor.token.isCSRF(request.headers[.csrf] ?? "") { throw ConsoleProblem(.csrfToken) }
        if route.access != .arriving, visitor.account.mustChangePassword {
            throw ConsoleProblem(.passwordChangeRequired)
        }
        if visitor.account.mustEnrol, !route.isOpenBeforeEnrolling { throw ConsoleProblem(.secondFactorRequired) }
        if let capability = route.access.capability, !visitor.account.capabilities.contains(capability) {
            throw ConsoleProblem(.notPermitted)
        }
        if case .person = route.access, !visitor.session.isProvedLately(at: now()) { throw ConsoleProblem(.proofRequired) }
        if route.asksForProof, !visitor.session.isProved(at: now()) { throw ConsoleProblem(.proofRequired) }
        return visitor
    }

    /// Whether whoever opened a stream may still read it: rights that are withdrawn end it.
    func stillAdmits(_ request: Request, to route: Route) async throws -> Bool {
        do {
            _ = try await admit(request, to: route)
            return true
        } catch let problem as ConsoleProblem {
            // Too many requests is no verdict on rights.
            return problem.code == .tooManyAttempts
        }
    }

    /// A program has no cookie that another site's page could use, so it needs no CSRF token; it manages nobody's account.
    private func admit(program token: String, to route: Route) async throws -> Visitor {
        guard let account = try await accounts.findToken(Redacted(token)) else { throw ConsoleProblem(.sessionRequired) }
        if let seconds = tokenGate.admit(token, at: now()) {
            throw ConsoleProblem(.tooManyAttempts, ProblemDetail(retryAfterSeconds: seconds))
        }
        if account.mustChangePassword { throw ConsoleProblem(.passwordChangeRequired) }
        if account.mustEnrol, !route.isOpenBeforeEnrolling { throw ConsoleProblem(.secondFactorRequired) }
        switch route.access {
        case .anyone, .signedIn: break
        case .arriving, .oneself, .person: throw ConsoleProblem(.notPermitted)
        case .may(let capability):
            guard account.capabilities.contains(capability) else { throw ConsoleProblem(.notPermitted) }
        }
        let none = SessionToken()
        let record = SessionRecord(digest: none.digest, accountID: account.id, openedAt: now(), expiresAt: now())
        return Visitor(account: account, token: none, session: record)
    }

    /// What follows `Bearer`; nil when the request brings no such header: another scheme is a proxy's business. A bearer that
    /// is no token is not a cookie's matter either: whoever sends it means to be judged by it.
    private static func bearer(of request: Request) -> String? {
        guard let text = request.headers[.authorization], text.lowercased().hasPrefix("bearer ") else { return nil }
        return String(text.dropFirst("bearer ".count))
    }

    /// A cookie that no script reads and no other site's page sends.
    static func cookie(_ name: String, _ value: String, maximumAge: Int, isSecure: Bool) -> String {
        "\(name)=\(value); Path=/; Max-Age=\(maximumAge); HttpOnly; SameSite=Strict" + (isSecure ? "; Secure" : "")
    }

    /// Who a request's cookie stands for, or nil.
    func visitor(of request: Request) async throws -> Visitor? {
        guard let cookie = request.cookies[Self.cookieName(mode)], let token = SessionToken(cookieValue: cookie.value),
            let session = try await accounts.findSession(token.digest), session.record.digest == token.digest,
            session.record.expiresAt > now()
        else { return nil }
        return Visitor(account: session.account, token: token, session: session.record)
    }
}

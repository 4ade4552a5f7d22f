import Foundation
import HTTPTypes
import Hummingbird

/// Decides who may use a route.
struct Doorkeeper: Sendable {
    static let cookieName = "tocsin_session"
    /// Absolute: a session ends twelve hours after it began, whatever its use; a shift is shorter.
    static let sessionSeconds = 12 * 3_600

    let accounts: Accounts
    let now: @Sendable () -> Date

    /// Checks a request against its route's rules.
    /// - Returns: who asks, nil only on routes open to anyone.
    /// - Throws: `session_required`, `csrf_token`, `password_change_required`, `not_permitted`.
    func admit(_ request: Request, to route: Route) async throws -> Visitor? {
        guard route.access != .anyone else { return nil }
        guard let visitor = try await visitor(of: request) else { throw ConsoleProblem(.sessionRequired) }
        if route.isUnsafe, !visitor.token.isCSRF(request.headers[.csrf] ?? "") { throw ConsoleProblem(.csrfToken) }
        if route.access != .arriving, visitor.account.mustChangePassword {
            throw ConsoleProblem(.passwordChangeRequired)
        }
        if case .may(let capability) = route.access, !visitor.account.capabilities.contains(capability) {
            throw ConsoleProblem(.notPermitted)
        }
        return visitor
    }

    /// Who a request's cookie stands for, or nil.
    func visitor(of request: Request) async throws -> Visitor? {
        guard let cookie = request.cookies[Self.cookieName], let token = SessionToken(cookieValue: cookie.value),
            let session = try await accounts.findSession(token.digest), session.record.digest == token.digest,
            session.record.expiresAt > now()
        else { return nil }
        return Visitor(account: session.account, token: token)
    }
}

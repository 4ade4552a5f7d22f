import HTTPTypes
import Hummingbird

/// Puts the headers that every answer carries, failures included, and takes the body off answers to HEAD.
struct HeadersMiddleware: RouterMiddleware {
    static let contentSecurityPolicy = policy(background: nil)

    /// What pages may fetch: everything from this server alone, and pictures from a background map's.
    static func policy(background: BackgroundMap?) -> String {
        [
            "default-src 'self'", "script-src 'self'", "style-src 'self'",
            "img-src 'self' data:" + (background.map { " \($0.origin)" } ?? ""), "connect-src 'self'",
            "media-src 'self' blob:", "worker-src 'self'", "object-src 'none'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
            "frame-src 'none'",
        ].joined(separator: "; ")
    }

    let fields: HTTPFields

    init(_ configuration: ConsoleConfiguration) {
        var fields = HTTPFields()
        fields[.contentSecurityPolicy] = Self.policy(background: configuration.background)
        fields[.xContentTypeOptions] = "nosniff"
        fields[.referrerPolicy] = "no-referrer"
        fields[.frameOptions] = "DENY"
        fields[.openerPolicy] = "same-origin"
        fields[.resourcePolicy] = "same-origin"
        fields[.embedderPolicy] = "require-corp"
        fields[.crossDomainPolicies] = "none"
        fields[.permissionsPolicy] =
            "accelerometer=(), autoplay=(), camera=(), display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), "
            + "microphone=(self), midi=(), payment=(), usb=()"
        if configuration.isSecure { fields[.strictTransportSecurity] = "max-age=31536000" }
        self.fields = fields
    }

    func handle(
        _ request: Request, context: ConsoleContext,
        next: @concurrent (Request, ConsoleContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        // A page that carries its own style has a policy of its own, which allows nothing else.
        for field in fields where field.name != .contentSecurityPolicy || response.headers[field.name] == nil {
            response.headers[field.name] = field.value
        }
        response.headers[.requestID] = context.requestID
        // Whoever wants an answer kept says so: the others may be about people.
        if response.headers[.cacheControl] == nil { response.headers[.cacheControl] = "no-store" }
        return request.method == .head ? response.createHeadResponse() : response
    }
}

extension HTTPField.Name {
    fileprivate static let referrerPolicy = Self("Referrer-Policy")!
    fileprivate static let frameOptions = Self("X-Frame-Options")!
    fileprivate static let openerPolicy = Self("Cross-Origin-Opener-Policy")!
    fileprivate static let resourcePolicy = Self("Cross-Origin-Resource-Policy")!
    fileprivate static let embedderPolicy = Self("Cross-Origin-Embedder-Policy")!
    fileprivate static let crossDomainPolicies = Self("X-Permitted-Cross-Domain-Policies")!
    fileprivate static let permissionsPolicy = Self("Permissions-Policy")!
}

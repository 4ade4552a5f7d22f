import AlertModel
import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// The pages that recipients reach by the links of their messages. GET shows a button and changes nothing, since scanners
/// of mail follow links; the button's POST, or a mail program's (RFC 8058), does what the page is for.
struct RecipientRoutes: Sendable {
    let desk: RecipientDesk
    let isBehindTLSProxy: Bool
    let now: @Sendable () -> Date
    /// Many recipients of one town share the address of their operator.
    let gate: AddressGate

    init(desk: RecipientDesk, configuration: ConsoleConfiguration) {
        self.desk = desk
        isBehindTLSProxy = configuration.isBehindTLSProxy
        now = configuration.now
        gate = AddressGate(perSecond: configuration.limits.linkRequestsPerSecond)
    }

    func register(on routes: RouteRegistrar) {
        for (page, show, answer) in [
            (LinkPage.acknowledge, Route.acknowledgementPage, Route.acknowledge),
            (.unsubscribe, .unsubscriptionPage, .unsubscribe),
        ] {
            routes.on(show) { call in try await respond(call, page, isDone: false) { try await desk.notice(page, $0) } }
            routes.on(answer) { call in try await respond(call, page, isDone: true) { try await desk.answer(page, $0) } }
        }
    }

    private func respond(
        _ call: Call, _ page: LinkPage, isDone: Bool, _ ask: (String) async throws -> LinkNotice?
    ) async throws -> Response {
        let client = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        if let seconds = gate.admit(client, at: now()) {
            var response = Self.response(RecipientPage.tooMany, status: .tooManyRequests)
            response.headers[.retryAfter] = String(seconds)
            return response
        }
        guard let token = call.context.parameters.get("token"), token.utf8.count == LinkToken.length,
            let notice = try await ask(token)
        else { return Self.response(RecipientPage.unknown, status: .notFound) }
        return Self.response(RecipientPage.page(page, notice), status: .ok)
    }

    private static let policy = [
        "default-src 'none'",
        "style-src 'sha256-\(Data(SHA256.hash(data: Data(RecipientPage.stylesheet.utf8))).base64EncodedString())'",
        "base-uri 'none'", "frame-ancestors 'none'", "form-action 'self'",
    ].joined(separator: "; ")

    private static func response(_ html: String, status: HTTPResponse.Status) -> Response {
        Response(
            status: status,
            headers: [
                .contentType: MediaType.html, .cacheControl: "no-store", .contentSecurityPolicy: policy,
                .robots: "noindex, nofollow",
            ], body: ResponseBody(byteBuffer: ByteBuffer(string: html)))
    }
}

extension HTTPField.Name {
    fileprivate static let robots = Self("X-Robots-Tag")!
}

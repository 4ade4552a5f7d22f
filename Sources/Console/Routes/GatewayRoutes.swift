import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// What providers of messages call. Answered once the ledger has it: a provider that gets no 200 calls again, and what it
/// tells twice counts once.
struct GatewayRoutes: Sendable {
    /// Bytes of a body: some fields and a text of ten parts.
    static let longestBody = 65_536
    /// Headers that say what a body is and who signed it.
    private static let kept: Set<String> = ["content-type", "x-twilio-signature"]

    let desk: GatewayDesk
    let isBehindTLSProxy: Bool
    let now: @Sendable () -> Date
    /// A provider tells of thousands of messages a minute, from a few addresses.
    let gate: AddressGate

    init(desk: GatewayDesk, configuration: ConsoleConfiguration) {
        self.desk = desk
        isBehindTLSProxy = configuration.isBehindTLSProxy
        now = configuration.now
        gate = AddressGate(perSecond: configuration.limits.callbackRequestsPerSecond)
    }

    func register(on routes: RouteRegistrar) {
        routes.on(.callback) { try await take($0, body: []) }
        routes.on(.callbackForm) { try await take($0, body: try await $0.bytes(upTo: Self.longestBody)) }
    }

    private func take(_ call: Call, body: [UInt8]) async throws -> Response {
        let client = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        if let seconds = gate.admit(client, at: now()) {
            var response = Response(status: .tooManyRequests)
            response.headers[.retryAfter] = String(seconds)
            return response
        }
        // HEAD is answered as GET is, and must tell nothing.
        guard call.request.method != .head, let gateway = call.context.parameters.get("name"),
            let key = call.context.parameters.get("key")
        else { return Response(status: .notFound) }
        var headers: [String: String] = [:]
        for field in call.request.headers where Self.kept.contains(field.name.canonicalName) {
            headers[field.name.canonicalName] = field.value
        }
        let answer = try await desk.take(
            GatewayDesk.Call(
                gateway: gateway, key: key, target: call.request.uri.string, query: call.request.uri.query ?? "",
                headers: headers, body: body))
        return switch answer {
        case .taken: Response(status: .ok, headers: [.contentType: MediaType.text])
        case .unknown: Response(status: .notFound)
        case .forged: Response(status: .forbidden)
        case .unreadable: Response(status: .badRequest)
        }
    }
}

import AlertModel
import GeoModel
import Foundation
import HTTPTypes
import Hummingbird
import HummingbirdTesting
import Logging
import NIOCore
import Testing

@testable import Console

/// A console over fake ports, and a signed-in browser to talk to it.
struct TestConsole: Sendable {
    var accounts = FakeAccounts()
    var services = ConsoleServices.unforeseen
    var configuration = ConsoleConfiguration(publicFolder: "/nonexistent")
    var logger = Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() })

    var server: ConsoleServer {
        var services = services
        services.accounts = accounts.port
        return ConsoleServer(configuration: configuration, services: services, logger: logger)
    }

    /// A console at an address where the route exists.
    static func at(_ route: Route) -> TestConsole {
        var console = TestConsole()
        console.configuration.mode = route.modes.contains(.real) ? .real : .exercise
        return console
    }

    /// Runs a test against the router, without sockets.
    func run(
        _ setup: TestingSetup = .router, _ test: @escaping @Sendable (Browser) async throws -> Void
    ) async throws {
        let token = accounts.open(), mode = configuration.mode
        try await server.application().test(setup) { client in
            try await test(Browser(client: client, token: token, mode: mode))
        }
    }
}

/// What a signed-in page sends.
struct Browser: Sendable {
    let client: any TestClientProtocol
    var token: SessionToken?
    /// Whose cookie it sends.
    var mode = CampaignMode.real

    func get(_ path: String, headers: HTTPFields = [:]) async throws -> TestResponse {
        try await send(.get, path, headers: headers)
    }

    func post(_ path: String, _ json: String, type: String = "application/json", headers: HTTPFields = [:]) async throws
        -> TestResponse
    {
        var headers = headers
        headers[.contentType] = type
        return try await send(.post, path, headers: headers, body: json)
    }

    func send(
        _ method: HTTPRequest.Method, _ path: String, headers: HTTPFields = [:], body: String? = nil
    ) async throws -> TestResponse {
        var headers = headers
        if let token {
            if headers[.cookie] == nil { headers[.cookie] = "\(Doorkeeper.cookieName(mode))=\(token.cookieValue)" }
            if headers[.csrf] == nil { headers[.csrf] = token.csrf }
        }
        return try await client.execute(
            uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) })
    }

    /// The same browser, signed out.
    var stranger: Browser { Browser(client: client, token: nil, mode: mode) }
}

extension TestResponse {
    var text: String { String(buffer: body) }

    func json<Value: Decodable>(_ type: Value.Type) throws -> Value {
        let decoder = JSONDecoder()
        decoder.dateDecodingStrategy = .custom { decoder in
            let text = try decoder.singleValueContainer().decode(String.self)
            return try Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true))
        }
        return try decoder.decode(type, from: Data(body.readableBytesView))
    }

    func object() throws -> [String: Any] {
        try #require(try JSONSerialization.jsonObject(with: Data(body.readableBytesView)) as? [String: Any])
    }

    /// The failure in the envelope, checked against the status and the headers that every answer carries.
    func failure(_ location: SourceLocation = #_sourceLocation) throws -> ErrorEnvelope.Failure {
        #expect(headers[.contentType] == "application/json; charset=utf-8", sourceLocation: location)
        let failure = try json(ErrorEnvelope.self).error
        #expect(failure.code.status == status, sourceLocation: location)
        #expect(!failure.message.isEmpty, sourceLocation: location)
        #expect(failure.requestId == headers[.requestID], sourceLocation: location)
        #expect(headers[.contentSecurityPolicy] == HeadersMiddleware.contentSecurityPolicy, sourceLocation: location)
        return failure
    }
}

extension ZoneCounts {
    static let sample = ZoneCounts(
        certain: 926, possible: 34, notLocated: 12, channels: [.sms: 800, .email: 400], unreachable: 3, communes: 2,
        areaSquareMetres: 12_345.5, population: nil, warnings: [ConsoleWarning(code: "simplified_contour", message: "Contour simplifié.")],
        mapped: [
            CommuneMapping(
                code: CommuneCode("80621")!, name: nil,
                targets: [.init(code: CommuneCode("80630")!, name: "Poix-de-Picardie", isPart: true)],
                since: CalendarDay("1970-01-01"))
        ])
}

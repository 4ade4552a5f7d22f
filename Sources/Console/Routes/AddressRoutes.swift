import Foundation
import GeoModel
import HTTPTypes
import Hummingbird
import NIOCore

/// The addresses, open to whoever reaches the server, as the national geocoder's clients ask for them.
///
/// Addresses are public data and nothing of the register can be reached from here. These routes have lanes, limits and
/// failures of their own: whatever is asked of them, the console goes on.
struct AddressRoutes: Sendable {
    let desk: AddressDesk
    let limits: ConsoleLimits
    let isBehindTLSProxy: Bool
    let now: @Sendable () -> Date
    let gate: AddressGate
    let turnstile: Turnstile
    let seats: UploadSeats

    init(desk: AddressDesk, configuration: ConsoleConfiguration) {
        self.desk = desk
        limits = configuration.limits
        isBehindTLSProxy = configuration.isBehindTLSProxy
        now = configuration.now
        gate = AddressGate(perSecond: limits.addressRequestsPerSecond)
        turnstile = Turnstile(
            width: limits.concurrentAddressQuestions, longestQueue: limits.waitingAddressQuestions)
        seats = UploadSeats(count: limits.concurrentTables)
    }

    func register(on routes: RouteRegistrar) {
        routes.on(.addressSearch) { call in try await shared(call) { try await search($0) } }
        routes.on(.addressReverse) { call in try await shared(call) { try await reverse($0) } }
        for preflight in [Route.addressSearchPreflight, .addressReversePreflight] {
            routes.on(preflight) { call in try await shared(call) { _ in Self.preflight } }
        }
        routes.on(.addressSearchTable) { call in try await answering(call) { try await table($0, .search) } }
        routes.on(.addressReverseTable) { call in try await answering(call) { try await table($0, .reverse) } }
    }

    private func search(_ call: Call) async throws -> Response {
        let query = AddressQuery(call.request)
        let text = try query.question()
        let limit = try query.limit(standard: 5)
        let completes = try query.flag("autocomplete", standard: true)
        var centre: Position<WGS84>?
        if let longitude = try query.longitude(), let latitude = try query.latitude() {
            centre = Position(longitude: longitude, latitude: latitude)
        }
        let filters = query.filterValues()
        let question = AddressQuestion(
            text: text, limit: limit, completes: completes, centre: centre, filters: AddressFilters(filters))
        let answer = try await inTurn { try await desk.search(question) }
        return Answer.json(
            bytes: AddressCollection(
                found: answer.found, limit: limit, query: text, filters: filters, centre: centre, read: answer.read
            ).json)
    }

    private func reverse(_ call: Call) async throws -> Response {
        let query = AddressQuery(call.request)
        let longitude = try query.longitude(), latitude = try query.latitude()
        guard let longitude else { throw AddressProblem.missing("lon") }
        guard let latitude else { throw AddressProblem.missing("lat") }
        let limit = try query.limit(standard: 1)
        let filters = query.filterValues()
        let question = PlaceQuestion(
            position: Position(longitude: longitude, latitude: latitude), limit: limit,
            filters: AddressFilters(filters))
        let found = try await inTurn { try await desk.reverse(question) }
        return Answer.json(bytes: AddressCollection(found: found, limit: limit, filters: filters).json)
    }

    /// What another site's page may ask for: the reads, and nothing that a table or a session needs.
    private static var preflight: Response {
        Response(
            status: .noContent,
            headers: [.accessControlAllowMethods: "GET, HEAD", .accessControlMaxAge: "86400"])
    }

    // MARK: Protection

    /// Waits for one of the address lanes, for a while.
    func inTurn<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let turnstile = turnstile
        return try await withTimeLimit(limits.addressTime) { try await turnstile.run(work) }
    }

    /// As `answering`, for any site's pages: the national service allows its reads to all of them.
    private func shared(
        _ call: Call, _ handler: @escaping @Sendable (Call) async throws -> Response
    ) async throws -> Response {
        var response = try await answering(call, handler)
        response.headers[.accessControlAllowOrigin] = "*"
        response.headers[.accessControlAllowHeaders] = "X-Requested-With"
        return response
    }

    /// Holds a client to its rate, and gives failures the national geocoder's form.
    private func answering(
        _ call: Call, _ handler: @escaping @Sendable (Call) async throws -> Response
    ) async throws -> Response {
        let client = ClientAddress.text(
            of: call.request.headers, connection: call.context.channel.remoteAddress, isBehindProxy: isBehindTLSProxy)
        do {
            if let seconds = gate.admit(client, at: now()) {
                throw AddressProblem(
                    .tooManyRequests, "Too many requests",
                    "At most \(limits.addressRequestsPerSecond) requests a second are answered to one client.",
                    retryAfterSeconds: seconds)
            }
            return try await handler(call)
        } catch {
            guard let problem = AddressProblem(error) else { throw error }
            var response = problem.response
            if call.route.body != .none {
                // What may be left of a refused upload is not read for ever.
                response.headers[.connection] = "close"
                let channel = call.context.channel
                channel.eventLoop.scheduleTask(in: EnvelopeMiddleware.lingerTime) { channel.close(promise: nil) }
            }
            return response
        }
    }
}

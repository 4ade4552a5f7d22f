import AsyncHTTPClient
import Foundation
import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Synchronization

/// Where a provider is and how long it is waited for.
struct WebSettings: Sendable {
    /// Requests in flight, each on a connection of its own.
    var connections = 10
    var connectMilliseconds: Int64 = 5_000
    /// From the request's first byte to the answer's last.
    var answerMilliseconds: Int64 = 30_000
    /// A file of certificates to trust instead of the system's.
    var certificates: String?

    /// Bytes of an answer: an id and a sentence; a page of HTML is longer and says no more.
    static let longestAnswer = 65_536
}

/// Asks a provider over kept connections. Certificates are verified, redirections are not followed: a message's text and
/// our password go nowhere but where the file says.
final class WebClient: Sendable {
    enum Outcome: Sendable {
        case answered(WebAnswer)
        /// Nothing of the request left.
        case unsent(String)
        /// It may have been read.
        case inDoubt(String)
    }

    private let settings: WebSettings
    /// Made at the first request.
    private let client = Mutex<HTTPClient?>(nil)

    init(settings: WebSettings) { self.settings = settings }

    deinit {
        // Of a gateway that was never closed, as when another one was asked for by name.
        client.withLock { $0 }?.shutdown { _ in }
    }

    func send(_ request: WebRequest) async -> Outcome {
        let client: HTTPClient
        do {
            client = try made()
        } catch {
            return .unsent("TLS: the certificates cannot be read")
        }
        // What left must be known: not a child, so that it outlives the cancellation of whoever asks.
        return await Task { await self.send(request, through: client) }.value
    }

    func close() async {
        let client = client.withLock { client in
            defer { client = nil }
            return client
        }
        try? await client?.shutdown()
    }

    private func made() throws -> HTTPClient {
        try client.withLock { client in
            if let client { return client }
            var tls = TLSConfiguration.makeClientConfiguration()
            if let file = settings.certificates {
                // Read now, to say so now.
                _ = try NIOSSLCertificate.fromPEMFile(file)
                tls.trustRoots = .file(file)
            }
            var configuration = HTTPClient.Configuration(
                tlsConfiguration: tls, redirectConfiguration: .disallow,
                timeout: .init(connect: .milliseconds(settings.connectMilliseconds)), decompression: .disabled)
            configuration.httpVersion = .http1Only
            configuration.connectionPool.concurrentHTTP1ConnectionsPerHostSoftLimit = settings.connections
            // A provider that is not there is the dispatcher's to try again, elsewhere if it can.
            configuration.connectionPool.retryConnectionEstablishment = false
            let made = HTTPClient(eventLoopGroupProvider: .singleton, configuration: configuration)
            client = made
            return made
        }
    }

    private func send(_ request: WebRequest, through client: HTTPClient) async -> Outcome {
        var given = HTTPClientRequest(url: request.url)
        given.method = .RAW(value: request.method)
        for header in request.headers { given.headers.add(name: header.name, value: header.value) }
        given.headers.replaceOrAdd(name: "User-Agent", value: "tocsin")
        if !request.body.isEmpty { given.body = .bytes(ByteBuffer(bytes: request.body)) }
        let response: HTTPClientResponse
        do {
            response = try await client.execute(given, timeout: .milliseconds(settings.answerMilliseconds))
        } catch {
            return Self.outcome(of: error)
        }
        let status = Int(response.status.code)
        let retryAfter = response.headers.first(name: "Retry-After").flatMap { Int($0) }
        do {
            let body = try await response.body.collect(upTo: WebSettings.longestAnswer)
            return .answered(WebAnswer(status: status, retryAfter: retryAfter, body: Array(body.readableBytesView)))
        } catch {
            // What it refused it says by the status; what it took, only the whole answer says.
            return (200..<300).contains(status)
                ? .inDoubt(error is NIOTooManyBytesError ? "the answer is too long" : "the answer was cut off")
                : .answered(WebAnswer(status: status, retryAfter: retryAfter, body: []))
        }
    }

    /// Only what is known to have happened before the request's first byte counts as unsent. Addresses stay out.
    private static func outcome(of error: any Error) -> Outcome {
        if let error = error as? HTTPClientError {
            switch error {
            case .connectTimeout: return .unsent("connection timed out")
            case .tlsHandshakeTimeout: return .unsent("TLS handshake timed out")
            case .getConnectionFromPoolTimeout: return .unsent("no connection was free in time")
            case .invalidURL, .emptyHost, .emptyScheme, .alreadyShutdown: return .unsent("\(error.shortDescription)")
            case .deadlineExceeded, .readTimeout: return .inDoubt("no answer in time")
            case .remoteConnectionClosed: return .inDoubt("connection closed before the answer")
            default: return .inDoubt(String(error.shortDescription.prefix(60)))
            }
        }
        if let error = error as? IOError { return sorted(errno: error.errnoCode) }
        if let error = error as? NIOConnectionError {
            let refused = error.connectionErrors.compactMap { ($0.error as? IOError)?.errnoCode }.first
            return .unsent("connection failed" + (refused.map { ": errno \($0)" } ?? ""))
        }
        if let error = error as? NIOSSLError, case .handshakeFailed = error { return .unsent("TLS handshake failed") }
        let type = String(describing: type(of: error))
        if type.contains("SSLExtra") || type.contains("Certificate") { return .unsent("TLS: the certificate is not trusted") }
        if type.contains("SocketAddressError") { return .unsent("the host's name is unknown") }
        return .inDoubt("connection failed: \(type.prefix(40))")
    }

    private static func sorted(errno code: Int32) -> Outcome {
        code == ECONNREFUSED || code == ENETUNREACH || code == EHOSTUNREACH
            ? .unsent("connection failed: errno \(code)") : .inDoubt("connection failed: errno \(code)")
    }
}

import AlertModel
import GeoModel
import HTTPTypes
import Hummingbird
import NIOCore

extension Call {
    /// The body as a JSON object, read strictly.
    /// - Throws: `unsupported_media_type`, `too_large`, `timeout`, `invalid_json`.
    func bodyObject() async throws -> BodyObject {
        try requireType(["application/json"])
        let isPlain = route.body == .json
        let bytes = try await bodyBytes(upTo: isPlain ? limits.jsonBytes : limits.geometryBytes)
        let jsonLimits =
            isPlain ? JSONNode.Limits(maxDepth: 16, maxValues: 1_000) : ZoneDocument.jsonLimits(ZoneDocument.Limits())
        do {
            let node = try JSONNode.read(bytes, keepingTextOf: ZoneDocument.textKeys, limits: jsonLimits)
            guard case .object(let members) = node else {
                throw ConsoleProblem(.invalidJSON, ProblemDetail(reason: "the body must be an object"))
            }
            return BodyObject(members: members, path: "")
        } catch let error as GeoJSONError {
            throw ConsoleProblem(.invalidJSON, ProblemDetail(reason: error.description))
        }
    }

    /// The body of an uploaded GeoJSON file.
    /// - Throws: `unsupported_media_type`, `too_large`, `timeout`.
    func bodyFile() async throws -> [UInt8] {
        // None of them can be sent by a form of another site.
        try requireType(["application/geo+json", "application/json", "application/octet-stream"])
        return try await bodyBytes(upTo: limits.geometryBytes)
    }

    /// The body of an uploaded sound.
    /// - Throws: `unsupported_media_type`, `too_large`, `timeout`.
    func bodySound(upTo limit: Int) async throws -> [UInt8] {
        try requireType(["application/octet-stream"])
        return try await bodyBytes(upTo: limit)
    }

    /// A file as it is, piece by piece as it comes.
    /// - Throws: `unsupported_media_type`, `too_large`, `timeout`, and what `take` throws.
    func bodyPieces(upTo limit: Int, _ take: @escaping @Sendable ([UInt8]) async throws -> Void) async throws {
        try requireType(["application/octet-stream"])
        let tooLarge = ConsoleProblem(.tooLarge, ProblemDetail(limit: limit))
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit { throw tooLarge }
        let body = request.body
        try await withTimeLimit(limits.bodyTime) {
            var count = 0
            for try await chunk in body {
                count += chunk.readableBytes
                guard count <= limit else { throw tooLarge }
                try await take(Array(chunk.readableBytesView))
            }
        }
    }

    /// A body of whatever kind.
    /// - Throws: `too_large`, `timeout`.
    func bytes(upTo limit: Int) async throws -> [UInt8] { try await bodyBytes(upTo: limit) }

    /// Collects the body, and stops reading as soon as it is too large or too slow.
    private func bodyBytes(upTo limit: Int) async throws -> [UInt8] {
        let tooLarge = ConsoleProblem(.tooLarge, ProblemDetail(limit: limit))
        if let announced = request.headers[.contentLength].flatMap(Int.init), announced > limit { throw tooLarge }
        let body = request.body
        let expected = min(request.headers[.contentLength].flatMap(Int.init) ?? 0, Self.greatestReserve)
        return try await withTimeLimit(limits.bodyTime) {
            // Straight into the bytes that are read: a zone's may be megabytes, for every move of a corner.
            var bytes: [UInt8] = []
            bytes.reserveCapacity(expected)
            for try await chunk in body {
                guard bytes.count + chunk.readableBytes <= limit else { throw tooLarge }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
            return bytes
        }
    }

    /// Room made for an announced body before any of it is there.
    private static let greatestReserve = 4 << 20

    private func requireType(_ types: Set<String>) throws {
        let given = request.headers[.contentType]?.split(separator: ";").first?.trimmingSpaces().lowercased()
        guard let given, types.contains(given), request.headers[.contentEncoding] == nil else {
            let reason = "expected \(types.sorted().joined(separator: " or "))"
            throw ConsoleProblem(.unsupportedMediaType, ProblemDetail(reason: reason))
        }
    }
}

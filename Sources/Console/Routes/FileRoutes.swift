import HTTPTypes
import Hummingbird
import NIOCore

/// The console's own files, and those of others that the installation fetched.
struct FileRoutes: Sendable {
    let files: StaticFiles

    /// A vendor folder's name holds its version, so a file there never changes.
    static let immutable = "public, max-age=31536000, immutable"
    /// Kept, but asked for again each time: a tag makes the answer short.
    static let revalidated = "no-cache"

    func register(on routes: RouteRegistrar) {
        let files = files
        routes.on(.staticFile) { call in
            let path = Self.path(of: call, under: "/static/")
            guard !path.hasPrefix("vendor/") else { throw ConsoleProblem(.notFound) }
            return try await Self.serve(path, from: files, to: call.request, caching: Self.revalidated)
        }
        routes.on(.vendorFile) { call in
            let path = Self.path(of: call, under: "/vendor/")
            return try await Self.serve("vendor/" + path, from: files, to: call.request, caching: Self.immutable)
        }
    }

    /// The rest of the path, as it was sent: an encoded character makes it a name that no file has.
    private static func path(of call: Call, under prefix: String) -> String {
        let path = call.request.uri.path
        return path.hasPrefix(prefix) ? String(path.dropFirst(prefix.count)) : ""
    }

    private static func serve(
        _ path: String, from files: StaticFiles, to request: Request, caching: String
    ) async throws -> Response {
        guard let file = try await files.file(path) else { throw ConsoleProblem(.notFound) }
        var headers: HTTPFields = [.contentType: file.mediaType, .cacheControl: caching]
        var bytes = file.bytes
        var tag = file.entityTag
        if let gzipped = file.gzipped {
            headers[.vary] = "Accept-Encoding"
            if EntityTag.acceptsGzip(request.headers) {
                headers[.contentEncoding] = "gzip"
                bytes = gzipped
                // Two codings are two representations (RFC 9110, section 8.8.3.3).
                tag = tag.dropLast() + "-gz\""
            }
        }
        headers[.eTag] = tag
        if EntityTag.isKnown(tag, to: request.headers) {
            headers[.contentType] = nil
            headers[.contentEncoding] = nil
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

import Crypto
import Foundation
import HTTPTypes
import Hummingbird
import NIOCore

/// Answers that are documents: to be kept under a name, or shown as a page.
extension Answer {
    /// What a browser does with a file.
    enum Disposition: String {
        case attachment, inline
    }

    static func file(_ file: ReportFile, _ mediaType: String, _ disposition: Disposition = .attachment) -> Response {
        Response(
            status: .ok, headers: headers(file.fileName, mediaType, disposition),
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: file.bytes)))
    }

    /// To be played, and not kept.
    static func sound(_ wave: [UInt8]) -> Response {
        Response(
            status: .ok, headers: [.contentType: MediaType.wave, .cacheControl: "no-store"],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: wave)))
    }

    /// Sent as fast as the reader takes it. A failure after the first piece cuts the connection, so that half a file is never
    /// taken for all of it.
    static func file(_ file: StreamedFile, _ mediaType: String) -> Response {
        Response(
            status: .ok, headers: headers(file.fileName, mediaType, .attachment),
            body: ResponseBody { writer in
                for try await piece in file.pieces { try await writer.write(ByteBuffer(bytes: piece)) }
                try await writer.finish(nil)
            })
    }

    /// A page that brings its own style, and may do nothing else.
    static func page(html: [UInt8], stylesheet: String) -> Response {
        let hash = Data(SHA256.hash(data: Data(stylesheet.utf8))).base64EncodedString()
        let policy = [
            "default-src 'none'", "style-src 'sha256-\(hash)'", "base-uri 'none'", "frame-ancestors 'none'", "form-action 'none'",
        ].joined(separator: "; ")
        return Response(
            status: .ok,
            headers: [.contentType: MediaType.html, .cacheControl: "no-store", .contentSecurityPolicy: policy],
            body: ResponseBody(byteBuffer: ByteBuffer(bytes: html)))
    }

    private static func headers(_ name: String, _ mediaType: String, _ disposition: Disposition) -> HTTPFields {
        // Nothing that could end the quotes, start another header or name a folder.
        let safe = name.unicodeScalars.filter { $0.isASCII && $0.value >= 0x20 && !["\"", "\\", "/"].contains($0) }
        return [
            .contentType: mediaType, .cacheControl: "no-store",
            .contentDisposition: "\(disposition.rawValue); filename=\"\(String(String.UnicodeScalarView(safe)))\"",
        ]
    }
}

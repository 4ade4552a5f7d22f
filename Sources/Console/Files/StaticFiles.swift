import Crypto
import Foundation
import NIOPosix
import Synchronization

/// A file as it is served.
struct StaticFile: Sendable {
    let bytes: [UInt8]
    /// Quoted, of the content itself.
    let entityTag: String
    let mediaType: String
    /// The gzipped form beside it, when there is one at least as recent.
    let gzipped: [UInt8]?
}

/// The files of the public folder, kept in memory and read again when they change on disk.
///
/// A request names a file by segments of a narrow alphabet that never begin with a dot, so nothing outside the
/// folder can be named, and files of unknown types are not served at all.
final class StaticFiles: Sendable {
    private struct Stamp: Hashable {
        let size: Int
        let modifiedAt: Date
        let gzipModifiedAt: Date?
    }

    private let folder: URL
    private let files = Mutex<[String: (stamp: Stamp, file: StaticFile)]>([:])

    init(folder: String) {
        self.folder = URL(filePath: folder, directoryHint: .isDirectory)
    }

    /// - Parameter path: segments separated by slashes, as in the address, not percent-decoded.
    /// - Returns: nil when there is no such file, or none that may be served.
    func file(_ path: String) async throws -> StaticFile? {
        guard Self.isServable(path), let mediaType = Self.mediaType(of: path) else { return nil }
        // Reading blocks: not on the cooperative threads.
        return try await NIOThreadPool.singleton.runIfActive { self.read(path, mediaType) }
    }

    static func isServable(_ path: String) -> Bool {
        let segments = path.split(separator: "/", omittingEmptySubsequences: false)
        return path.utf8.count <= 200 && (1...8).contains(segments.count)
            && segments.allSatisfy { segment in
                guard let first = segment.utf8.first, first != UInt8(ascii: ".") else { return false }
                return segment.utf8.allSatisfy(Self.isAllowed)
            }
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"), UInt8(ascii: "."):
            true
        default: false
        }
    }

    private func read(_ path: String, _ mediaType: String) -> StaticFile? {
        let url = folder.appending(path: path, directoryHint: .notDirectory)
        let gzipURL = url.appendingPathExtension("gz")
        guard let (size, modifiedAt) = Self.facts(of: url) else { return nil }
        let stamp = Stamp(size: size, modifiedAt: modifiedAt, gzipModifiedAt: Self.facts(of: gzipURL)?.modifiedAt)
        if let kept = files.withLock({ $0[path] }), kept.stamp == stamp { return kept.file }
        guard let data = try? Data(contentsOf: url) else { return nil }
        let isTwinCurrent = stamp.gzipModifiedAt.map { $0 >= modifiedAt } ?? false
        let digest = SHA256.hash(data: data).prefix(16).map { byte in
            let digits = String(byte, radix: 16)
            return digits.count == 1 ? "0" + digits : digits
        }
        let file = StaticFile(
            bytes: Array(data), entityTag: "\"\(digest.joined())\"", mediaType: mediaType,
            gzipped: isTwinCurrent ? (try? Data(contentsOf: gzipURL)).map(Array.init) : nil)
        files.withLock { $0[path] = (stamp, file) }
        return file
    }

    private static func facts(of url: URL) -> (size: Int, modifiedAt: Date)? {
        // The attributes of what a link points at: an installation may link its vendor folder.
        let target = url.resolvingSymlinksInPath()
        guard let attributes = try? FileManager.default.attributesOfItem(atPath: target.path),
            attributes[.type] as? FileAttributeType == .typeRegular,
            let size = attributes[.size] as? Int, let modifiedAt = attributes[.modificationDate] as? Date
        else { return nil }
        return (size, modifiedAt)
    }

    /// The types that are served. Pages have addresses of their own, so HTML is not among them.
    static func mediaType(of path: String) -> String? {
        guard let dot = path.lastIndex(of: ".") else { return nil }
        return switch path[path.index(after: dot)...].lowercased() {
        case "js", "mjs": "text/javascript; charset=utf-8"
        case "css": "text/css; charset=utf-8"
        case "json", "map": MediaType.json
        case "svg": "image/svg+xml"
        case "png": "image/png"
        case "jpg", "jpeg": "image/jpeg"
        case "webp": "image/webp"
        case "ico": "image/x-icon"
        case "woff2": "font/woff2"
        case "woff": "font/woff"
        case "otf": "font/otf"
        case "ttf": "font/ttf"
        case "txt": MediaType.text
        case "webmanifest": "application/manifest+json"
        default: nil
        }
    }
}

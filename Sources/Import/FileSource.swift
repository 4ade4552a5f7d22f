import CZlib
import Crypto
import Foundation
import Store

/// A file read in chunks, decompressed on the way when it starts like gzip, whatever its name.
package struct FileSource: Sendable {
    /// The name without folders, for messages.
    package let name: String
    let path: String
    /// Size on disk, for progress.
    package let byteCount: Int

    /// Most bytes a file may hold once decompressed: a decompression bomb must not fill the machine. The
    /// largest official file, Etalab's communes at 5 m, is 279 MB; all of BAN is under 5 GB.
    private static let maximumBytes = 8 << 30
    private static let chunkBytes = 1 << 18

    package init(path: String) throws {
        self.path = path
        name = URL(filePath: path).lastPathComponent
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: URL(filePath: path).resolvingSymlinksInPath().path)
        } catch {
            throw ImportError.unreadable(file: path, reason: "there is no such file, or it is not readable")
        }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw ImportError.unreadable(file: path, reason: "it is not a regular file")
        }
        byteCount = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard byteCount > 0 else { throw ImportError.empty(file: name) }
    }

    /// Calls `body` with each decompressed chunk and the number of bytes read from the disk so far.
    package func read(_ body: (_ chunk: UnsafeRawBufferPointer, _ bytesRead: Int) throws -> Void) throws {
        try readRaw { raw, bytesRead, inflater in
            try inflater.inflate(raw) { try body($0, bytesRead) }
        }
    }

    /// The first bytes as they are on disk, fewer when the file is shorter.
    func start(bytes count: Int) throws -> [UInt8] {
        let handle = try open()
        defer { try? handle.close() }
        do {
            return [UInt8](try handle.read(upToCount: count) ?? Data())
        } catch {
            throw ImportError.unreadable(file: name, reason: "the disk answered with an error")
        }
    }

    /// The digest of the file's bytes as they are on disk, followed by those of the files that are read with it, in the order
    /// of `ExchangeFormat.partExtensions`: `cat C.shp C.shx C.dbf C.prj C.cpg | sha256sum`.
    package func sha256() throws -> String {
        var hasher = SHA256()
        let extensions = try ExchangeFormat(of: self)?.partExtensions ?? []
        let parts = siblings(extensions)
        for path in [path] + extensions.compactMap({ parts[$0] }) {
            let handle = try Self.open(path, name: name)
            defer { try? handle.close() }
            while let data = try chunk(of: handle), !data.isEmpty { hasher.update(data: data) }
        }
        return hasher.finalize().map { byte in
            let hex = String(byte, radix: 16)
            return hex.count == 1 ? "0" + hex : hex
        }.joined()
    }

    /// What the store records of the file.
    package func imported() throws -> ImportedFile { ImportedFile(name: name, sha256: try sha256()) }

    private func readRaw(_ body: (UnsafeRawBufferPointer, Int, inout Inflater) throws -> Void) throws {
        let handle = try open()
        defer { try? handle.close() }
        var inflater = Inflater(file: name, limitBytes: Self.maximumBytes)
        defer { inflater.close() }
        var bytesRead = 0
        while let data = try chunk(of: handle), !data.isEmpty {
            bytesRead += data.count
            try data.withUnsafeBytes { try body($0, bytesRead, &inflater) }
        }
        try inflater.finish()
    }

    private func open() throws -> FileHandle { try Self.open(path, name: name) }

    private static func open(_ path: String, name: String) throws -> FileHandle {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw ImportError.unreadable(file: name, reason: "permission denied")
        }
        return handle
    }

    private func chunk(of handle: FileHandle) throws -> Data? {
        do {
            return try handle.read(upToCount: Self.chunkBytes)
        } catch {
            throw ImportError.unreadable(file: name, reason: "the disk answered with an error")
        }
    }
}

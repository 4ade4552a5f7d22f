import Foundation
import Import

/// A file that appears whole or not at all: written beside its place under another name, readable by its owner only,
/// and put there when all is on disk.
final class AtomicFile {
    private static let bufferBytes = 1 << 20

    private let path: String
    private let temporaryPath: String
    private let handle: FileHandle
    private var buffer = Data()
    private var isCommitted = false

    /// - Throws: `WriteError` when the folder cannot be written to.
    init(path: String) throws {
        self.path = path
        let url = URL(filePath: path)
        guard let made = TemporaryPlace.file(
            in: url.deletingLastPathComponent().path, prefix: "." + url.lastPathComponent + ".")
        else { throw WriteError(path: path, reason: String(cString: strerror(errno))) }
        temporaryPath = made.path
        handle = FileHandle(fileDescriptor: made.descriptor, closeOnDealloc: true)
        buffer.reserveCapacity(Self.bufferBytes + 4096)
    }

    deinit {
        if !isCommitted { unlink(temporaryPath) }
    }

    func write(_ text: String) throws { try write(Array(text.utf8)) }

    func write(_ bytes: [UInt8]) throws {
        buffer.append(contentsOf: bytes)
        if buffer.count >= Self.bufferBytes { try flush() }
    }

    private func flush() throws {
        do {
            try handle.write(contentsOf: buffer)
        } catch {
            throw WriteError(path: path, reason: "the disk is full, or the file system refuses")
        }
        buffer.removeAll(keepingCapacity: true)
    }

    /// Puts the file in its place; one that was there is replaced.
    func commit() throws {
        try flush()
        guard fsync(handle.fileDescriptor) == 0, rename(temporaryPath, path) == 0 else {
            throw WriteError(path: path, reason: String(cString: strerror(errno)))
        }
        isCommitted = true
    }

    struct WriteError: Error, CustomStringConvertible {
        let path: String
        let reason: String

        var description: String { "\(path) can't be written: \(reason)" }
    }
}

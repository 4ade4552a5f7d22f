import Foundation

/// Anchors in a file outside the database: one line each, only ever appended to.
package struct JournalAnchorFile: Sendable {
    /// Largest file read: ten years of anchors every ten minutes.
    private static let greatestBytes = 96 << 20
    /// An anchor's line has some 150 bytes: what is looked at for the last one.
    private static let tailBytes = 4_096

    package let path: String

    package init(path: String) {
        self.path = path
    }

    /// Appends an anchor and waits until it is on disk. A file that is not there is made, for its owner alone.
    ///
    /// - Throws: `JournalAnchorFileError`.
    package func append(_ anchor: JournalAnchor) throws {
        let descriptor = open(path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw fault() }
        defer { close(descriptor) }
        // The server and a command may anchor at once.
        guard flock(descriptor, LOCK_EX) == 0 else { throw fault() }
        let length = lseek(descriptor, 0, SEEK_END)
        guard length >= 0 else { throw fault() }
        var text = anchor.line + "\n"
        var last: UInt8 = 0
        // A line that a power cut tore stays what it is, and does not take this one with it.
        if length > 0, pread(descriptor, &last, 1, length - 1) == 1, last != UInt8(ascii: "\n") { text = "\n" + text }
        let bytes = Array(text.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count, fsync(descriptor) == 0 else { throw fault() }
    }

    /// The anchors in the file's order, and how many lines are none.
    ///
    /// - Throws: `JournalAnchorFileError` when the file can't be read, or is larger than it could be.
    package func read() throws -> (anchors: [JournalAnchor], unreadableLines: Int) {
        let data = try bytes { handle, length in
            guard length <= Self.greatestBytes else {
                throw JournalAnchorFileError(path: path, reason: "it is larger than any file of anchors")
            }
            return try handle.readToEnd()
        }
        var anchors: [JournalAnchor] = []
        var unreadable = 0
        for line in String(decoding: data, as: UTF8.self).split(separator: "\n") {
            if let anchor = JournalAnchor(line: line) { anchors.append(anchor) } else { unreadable += 1 }
        }
        return (anchors, unreadable)
    }

    /// The newest anchor; nil when there is no file yet, or none in it.
    ///
    /// - Throws: as `read`.
    package func last() throws -> JournalAnchor? {
        guard FileManager.default.fileExists(atPath: path) else { return nil }
        let data = try bytes { handle, length in
            try handle.seek(toOffset: UInt64(max(0, length - Self.tailBytes)))
            return try handle.readToEnd()
        }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").compactMap { JournalAnchor(line: $0) }.last
    }

    private func bytes(_ read: (FileHandle, _ length: Int) throws -> Data?) throws -> Data {
        guard let handle = FileHandle(forReadingAtPath: path) else { throw fault() }
        defer { try? handle.close() }
        do {
            let length = Int(try handle.seekToEnd())
            try handle.seek(toOffset: 0)
            return try read(handle, length) ?? Data()
        } catch let error as JournalAnchorFileError {
            throw error
        } catch {
            throw JournalAnchorFileError(path: path, reason: "the file system refuses")
        }
    }

    private func fault() -> JournalAnchorFileError {
        JournalAnchorFileError(path: path, reason: String(cString: strerror(errno)))
    }
}

/// A file of anchors can't be used.
package struct JournalAnchorFileError: Error, CustomStringConvertible {
    package let path: String
    package let reason: String

    package var description: String { "the file of anchors \(path): \(reason)" }
}

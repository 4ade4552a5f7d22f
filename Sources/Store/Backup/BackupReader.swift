import CSodium
import Foundation

/// Reads a backup chunk by chunk: what it gives was authenticated, in order, from the first.
struct BackupReader {
    let path: String
    private let handle: FileHandle
    private let key: [UInt8]
    private let head: [UInt8]

    /// - Throws: `BackupError`.
    init(path: String, opener: BackupOpener) throws {
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw BackupError.cannotRead(path: path, reason: String(cString: strerror(errno)))
        }
        self.path = path
        self.handle = handle
        let take = { (count: Int) throws -> [UInt8] in try Self.take(count, handle, path) }
        let (head, key) = try BackupHead.open(path: path, with: opener, take)
        let streamHead = try take(crypto_secretstream_xchacha20poly1305_headerbytes())
        guard streamHead.count == crypto_secretstream_xchacha20poly1305_headerbytes() else { throw BackupError.cutOff(path: path) }
        self.head = head + streamHead
        self.key = key
    }

    /// Gives each chunk's clear bytes, to the end.
    ///
    /// - Throws: `BackupError.damaged`, `.cutOff`, or what `body` throws.
    func forEach(_ body: ([UInt8]) throws -> Void) throws {
        var state = crypto_secretstream_xchacha20poly1305_state()
        defer { sodium_memzero(&state, MemoryLayout.size(ofValue: state)) }
        let streamHead = Array(head.suffix(crypto_secretstream_xchacha20poly1305_headerbytes()))
        guard crypto_secretstream_xchacha20poly1305_init_pull(&state, streamHead, key) == 0 else {
            throw BackupError.damaged(path: path, megabyte: 0)
        }
        let overhead = crypto_secretstream_xchacha20poly1305_abytes()
        var associated = head
        var megabyte = 0
        while true {
            let sealed = try Self.take(BackupWriter.chunkBytes + overhead, handle, path)
            // Whole chunks and no mark of an end: what followed is gone.
            guard sealed.count >= overhead else { throw BackupError.cutOff(path: path) }
            var clear = [UInt8](repeating: 0, count: sealed.count - overhead)
            var tag: UInt8 = 0
            guard crypto_secretstream_xchacha20poly1305_pull(
                &state, &clear, nil, &tag, sealed, UInt64(sealed.count), associated, UInt64(associated.count)) == 0
            else {
                throw sealed.count < BackupWriter.chunkBytes + overhead
                    ? BackupError.cutOff(path: path) : BackupError.damaged(path: path, megabyte: megabyte)
            }
            associated = []
            megabyte += 1
            let isLast = tag == crypto_secretstream_xchacha20poly1305_tag_final()
            if isLast, !(try Self.take(1, handle, path).isEmpty) { throw BackupError.damaged(path: path, megabyte: megabyte) }
            try body(clear)
            if isLast { return }
        }
    }

    private static func take(_ count: Int, _ handle: FileHandle, _ path: String) throws -> [UInt8] {
        do {
            return Array(try handle.read(upToCount: count) ?? Data())
        } catch {
            throw BackupError.cannotRead(path: path, reason: "the file system refuses")
        }
    }
}

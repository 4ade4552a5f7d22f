import Crypto
import CSodium
import Foundation

/// Writes a backup: bytes are encrypted and authenticated a mebibyte at a time (XChaCha20-Poly1305, libsodium's
/// secretstream), into a file beside its place that gets its name when all is on disk.
final class BackupWriter {
    /// Clear bytes of a chunk; only the last one is shorter.
    static let chunkBytes = 1 << 20

    private let path: String
    private let temporaryPath: String
    private let descriptor: Int32
    private var state = crypto_secretstream_xchacha20poly1305_state()
    private var clear: [UInt8] = []
    /// What the first chunk authenticates besides itself.
    private var head: [UInt8]
    private var isCommitted = false
    /// Of all bytes of the file.
    private var hasher = SHA256()

    /// - Throws: `BackupError.cannotWrite`, `.noRandomness`.
    init(path: String, lock: BackupLock) throws {
        let (head, key) = try BackupHead.make(for: lock)
        self.path = path
        (descriptor, temporaryPath) = try UnfinishedFiles.makeBackup(for: path)
        var streamHead = [UInt8](repeating: 0, count: crypto_secretstream_xchacha20poly1305_headerbytes())
        guard crypto_secretstream_xchacha20poly1305_init_push(&state, &streamHead, key) == 0 else {
            throw BackupError.noRandomness
        }
        self.head = head + streamHead
        try put(self.head)
        clear.reserveCapacity(Self.chunkBytes)
    }

    deinit {
        sodium_memzero(&state, MemoryLayout.size(ofValue: state))
        close(descriptor)
        if !isCommitted { unlink(temporaryPath) }
    }

    func write(_ bytes: UnsafeRawBufferPointer) throws {
        var rest = bytes[...]
        while !rest.isEmpty {
            // A full chunk waits: it may be the last one, which bears its own mark.
            if clear.count == Self.chunkBytes { try seal(isLast: false) }
            let part = rest.prefix(Self.chunkBytes - clear.count)
            clear.append(contentsOf: part)
            rest = rest.dropFirst(part.count)
        }
    }

    /// Ends the stream and gives the file its name; one that was there is replaced.
    ///
    /// - Returns: the file's SHA-256, hexadecimal.
    func commit() throws -> String {
        try seal(isLast: true)
        guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else { throw fault() }
        isCommitted = true
        // The name, too, is to survive a power cut.
        let folder = open(URL(filePath: path).deletingLastPathComponent().path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        if folder >= 0 {
            fsync(folder)
            close(folder)
        }
        return Data(hasher.finalize()).hexadecimal
    }

    private func seal(isLast: Bool) throws {
        var sealed = [UInt8](repeating: 0, count: clear.count + crypto_secretstream_xchacha20poly1305_abytes())
        let tag = isLast
            ? crypto_secretstream_xchacha20poly1305_tag_final() : crypto_secretstream_xchacha20poly1305_tag_message()
        guard crypto_secretstream_xchacha20poly1305_push(
            &state, &sealed, nil, clear, UInt64(clear.count), head, UInt64(head.count), tag) == 0
        else { throw BackupError.noRandomness }
        head = []
        clear.removeAll(keepingCapacity: true)
        try put(sealed)
    }

    private func put(_ bytes: [UInt8]) throws {
        hasher.update(data: bytes)
        try bytes.withUnsafeBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let count = Foundation.write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { throw fault() }
                rest = rest.dropFirst(count)
            }
        }
    }

    private func fault() -> BackupError { .cannotWrite(path: path, reason: String(cString: strerror(errno))) }
}

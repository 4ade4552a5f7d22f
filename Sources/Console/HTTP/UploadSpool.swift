import Foundation

/// An upload's bytes on their way in, kept in a temporary file rather than in memory.
///
/// The file loses its name as soon as it is open: nobody else can open it, and it is gone with the process or the last
/// who reads it. Not `Sendable`: one upload's.
final class UploadSpool {
    /// Bytes gathered before they are written.
    private static let pieceBytes = 1 << 18

    private let descriptor: Int32
    private var waiting: [UInt8] = []
    private(set) var count = 0

    /// - Throws: `unavailable` when there is no room for temporary files.
    init() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "tocsin-upload-\(UUID().uuidString)").path
        descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw ConsoleProblem(.unavailable) }
        unlink(path)
    }

    deinit { close(descriptor) }

    func append(_ bytes: some Collection<UInt8>) throws {
        waiting.append(contentsOf: bytes)
        count += bytes.count
        if waiting.count >= Self.pieceBytes { try flush() }
    }

    private func flush() throws {
        var start = 0
        while start < waiting.count {
            let written = waiting[start...].withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
            guard written > 0 || (written < 0 && errno == EINTR) else { throw ConsoleProblem(.unavailable) }
            start += max(0, written)
        }
        waiting.removeAll(keepingCapacity: true)
    }

    /// All of it, as the system's own memory for files holds it: what is not being read can leave it.
    func contents() throws -> Data {
        try flush()
        guard count > 0 else { return Data() }
        guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
            throw ConsoleProblem(.unavailable)
        }
        return Data(bytesNoCopy: start, count: count, deallocator: .unmap)
    }
}

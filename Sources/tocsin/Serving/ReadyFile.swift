import Console
import Foundation
import Import

/// A file that is made whole under a name nobody else has, and is gone once it is read.
enum ReadyFile {
    private static let pieceBytes = 256 << 10
    private static let prefix = "tocsin-export-"

    /// What `write` writes, read piece by piece as it is asked for.
    ///
    /// - Throws: `ConsoleProblem.unavailable` when there is no room for files; whatever `write` throws.
    static func pieces(of name: String, _ write: (_ path: String) throws -> Void) throws -> AsyncThrowingStream<[UInt8], any Error> {
        guard let folder = TemporaryPlace.folder(in: FileManager.default.temporaryDirectory.path, prefix: prefix) else {
            throw ConsoleProblem(.unavailable)
        }
        defer { try? FileManager.default.removeItem(atPath: folder) }
        let path = "\(folder)/\(name)"
        try write(path)
        // Open, it outlives its name.
        let handle = try FileHandle(forReadingFrom: URL(filePath: path))
        return AsyncThrowingStream(unfolding: {
            let piece = try await Offload.run { try handle.read(upToCount: Self.pieceBytes) }
            return piece.flatMap { $0.isEmpty ? nil : Array($0) }
        })
    }

    /// Removes what a server that was killed while it wrote has left.
    static func removeLeftovers() { TemporaryPlace.removeLeftovers(prefix: prefix) }
}

import Foundation

/// What a process that was killed while it made or restored a backup left behind: nothing else ever takes it away, and what a
/// restore left is the register in clear.
enum UnfinishedFiles {
    /// One whose age is less may be another process's that has not marked it yet.
    private static let leastAge: TimeInterval = 24 * 3_600

    /// Opens a new backup beside its place. - Throws: `BackupError.cannotWrite`.
    static func makeBackup(for path: String) throws -> (descriptor: Int32, path: String) {
        try make(for: path, before: ".", after: ".partial")
    }

    /// Opens a new database beside the one it is to be. - Throws: `BackupError.cannotWrite`.
    static func makeRestored(for path: String) throws -> (descriptor: Int32, path: String) {
        try make(for: path, before: ".restoring.", after: "")
    }

    /// Says that a file is being written, for as long as it is open: whatever becomes of the process.
    static func mark(_ descriptor: Int32) { _ = flock(descriptor, LOCK_EX | LOCK_NB) }

    private static func make(for path: String, before: String, after: String) throws -> (descriptor: Int32, path: String) {
        let url = URL(filePath: path)
        var template = Array(
            "\(url.deletingLastPathComponent().path)/.\(url.lastPathComponent)\(before)XXXXXX\(after)".utf8CString)
        let descriptor = mkstemps(&template, Int32(after.utf8.count))
        guard descriptor >= 0 else { throw BackupError.cannotWrite(path: path, reason: String(cString: strerror(errno))) }
        // The processes that read foreign files get nothing of it.
        _ = fcntl(descriptor, F_SETFD, FD_CLOEXEC)
        mark(descriptor)
        return (descriptor, String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self))
    }

    /// Removes the unfinished backups of a folder that nobody writes any more: those of this name, and those named `.backup`.
    /// Best effort: what can't be removed stays.
    static func sweepBackups(as name: String, in folder: String) {
        sweep(folder) {
            $0.hasPrefix(".") && $0.hasSuffix(".partial") && ($0.contains(".backup.") || $0.hasPrefix(".\(name)."))
        }
    }

    /// Removes the unfinished restored databases of this name.
    static func sweepRestored(as name: String, in folder: String) {
        let prefix = ".\(name).restoring."
        sweep(folder) { $0.hasPrefix(prefix) && $0.utf8.count == prefix.utf8.count + 6 }
    }

    private static func sweep(_ folder: String, _ isOurs: (String) -> Bool) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: folder)) ?? [] where isOurs(name) {
            let path = folder + "/" + name
            let descriptor = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC)
            guard descriptor >= 0 else { continue }
            defer { close(descriptor) }
            var status = stat()
            guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG,
                time(nil) - status.st_mtim.tv_sec > Int(leastAge), flock(descriptor, LOCK_EX | LOCK_NB) == 0
            else { continue }
            for leftover in ["", "-wal", "-shm", "-journal"] { unlink(path + leftover) }
        }
    }
}

import AlertModel
import Foundation
import Glibc

/// The hold of the one dispatcher of a mode on a database, whichever process it runs in.
///
/// Each mode has its own lock: a real alert never waits behind an exercise that another process carries, and an
/// exercise's process never has to hold a real gateway.
///
/// An exclusive `flock` on a file beside the database: the kernel releases it when the holder ends, `kill -9`
/// included, so that a crash never leaves a database that nobody may dispatch. The file itself stays, and says
/// who holds it.
package final class DispatcherLock: Sendable {
    /// Who holds a database.
    package struct Holder: Codable, Hashable, Sendable, CustomStringConvertible {
        package let processIdentifier: Int32
        package let host: String
        /// The command, such as `serve` or `alert`.
        package let purpose: String
        package let sinceMilliseconds: Int64

        package var description: String { "\(purpose), process \(processIdentifier) on \(host)" }
    }

    package enum Failure: Error, Sendable, CustomStringConvertible {
        case held(by: Holder?)
        case system(path: String, function: String, code: Int32)

        package var description: String {
            switch self {
            case .held(let holder):
                "another dispatcher works on this database (\(holder?.description ?? "it did not say which")): "
                    + "it will carry the campaign, or end it first"
            case .system(let path, let function, let code):
                "\(function) on \(path): \(String(cString: strerror(code)))"
            }
        }
    }

    private static let looks = 5

    private let descriptor: Int32

    /// Takes the lock, without waiting.
    /// - Parameter databasePath: the database's file; the lock is `<path>.dispatcher-<mode>.lock`.
    /// - Throws: `Failure.held` when a dispatcher holds it, in this process or another.
    package init(databasePath: String, mode: CampaignMode, purpose: String) throws {
        let path = Self.path(of: databasePath, mode)
        let descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw Failure.system(path: path, function: "open", code: errno) }
        // Whoever asks `holder` holds it for a moment: a second look tells a visitor from a dispatcher.
        var isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        for _ in 0..<Self.looks where !isLocked && errno == EWOULDBLOCK {
            usleep(20_000)
            isLocked = flock(descriptor, LOCK_EX | LOCK_NB) == 0
        }
        guard isLocked else {
            let code = errno
            close(descriptor)
            guard code == EWOULDBLOCK else { throw Failure.system(path: path, function: "flock", code: code) }
            throw Failure.held(by: Self.holder(ofLockAt: path))
        }
        self.descriptor = descriptor
        try write(
            Holder(
                processIdentifier: getpid(), host: ProcessInfo.processInfo.hostName, purpose: purpose,
                sinceMilliseconds: Int64(Date.now.timeIntervalSince1970 * 1000)), to: path)
    }

    deinit { close(descriptor) }

    /// Who dispatches the database's campaigns of a mode now; nil when nobody does.
    package static func holder(ofDatabaseAt databasePath: String, mode: CampaignMode) -> Holder? {
        let path = path(of: databasePath, mode)
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return nil }
        defer { close(descriptor) }
        // Free: whoever is named in it is gone.
        if flock(descriptor, LOCK_SH | LOCK_NB) == 0 { return nil }
        return holder(ofLockAt: path)
    }

    private static func path(of databasePath: String, _ mode: CampaignMode) -> String {
        databasePath + ".dispatcher-\(mode.rawValue).lock"
    }

    private static func holder(ofLockAt path: String) -> Holder? {
        FileManager.default.contents(atPath: path).flatMap { try? JSONDecoder().decode(Holder.self, from: $0) }
    }

    private func write(_ holder: Holder, to path: String) throws {
        let bytes = try JSONEncoder().encode(holder)
        guard ftruncate(descriptor, 0) == 0 else {
            throw Failure.system(path: path, function: "ftruncate", code: errno)
        }
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, 0) }
        guard count == bytes.count else {
            throw Failure.system(path: path, function: "write", code: errno)
        }
    }
}

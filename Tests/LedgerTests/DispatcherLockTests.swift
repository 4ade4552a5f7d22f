import AlertModel
import DispatchSupport
import Foundation
import Testing

@testable import Store

@Suite struct DispatcherLockTests {
    private func path() -> String {
        FileManager.default.temporaryDirectory.appending(path: "tocsin-lock-\(UUID().uuidString).sqlite").path
    }

    @Test func `one dispatcher at a time, and the second is told who holds it`() throws {
        let path = path()
        defer { try? FileManager.default.removeItem(atPath: path + ".dispatcher-real.lock") }
        var first: DispatcherLock? = try DispatcherLock(databasePath: path, mode: .real, purpose: "serve")
        #expect(DispatcherLock.holder(ofDatabaseAt: path, mode: .real)?.purpose == "serve")
        let failure = #expect(throws: DispatcherLock.Failure.self) {
            try DispatcherLock(databasePath: path, mode: .real, purpose: "alert")
        }
        #expect(failure?.description.contains("serve, process \(getpid())") == true)
        withExtendedLifetime(first) {}
        first = nil
        #expect(DispatcherLock.holder(ofDatabaseAt: path, mode: .real) == nil)
        _ = try DispatcherLock(databasePath: path, mode: .real, purpose: "alert")
    }

    @Test func `a process killed with -9 leaves the database free`() throws {
        let path = path()
        let lock = path + ".dispatcher-real.lock"
        defer { try? FileManager.default.removeItem(atPath: lock) }
        try Data().write(to: URL(filePath: lock))
        // util-linux's flock takes the same lock in another process, and says when it has it.
        let other = try ChildProcess(
            ["flock", "--exclusive", "--no-fork", lock, "sh", "-c", "echo held; exec sleep 60"])
        #expect(other.readSome() == "held\n")
        #expect(throws: DispatcherLock.Failure.self) { try DispatcherLock(databasePath: path, mode: .real, purpose: "alert") }
        other.end()
        _ = try DispatcherLock(databasePath: path, mode: .real, purpose: "alert")
    }
}

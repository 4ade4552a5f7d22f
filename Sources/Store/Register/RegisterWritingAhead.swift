import Foundation
import Synchronization

/// Writes the rows of an import while its file is still being read, in one transaction that is committed when all is
/// read and found good, and rolled back otherwise.
///
/// For additions only, into a register where nothing has to be compared or decided first. The write lock is held from
/// the start: whoever starts it sees to it that the rest of the file is read as fast as it is written.
package final class RegisterWritingAhead: Sendable {
    private enum Verdict {
        case commit(RegisterChanges, ImportedFile)
        case giveUp
    }

    /// Why the transaction ends when nobody wants it any more.
    private struct GivenUp: Error {}

    private let spool: RegisterSpool
    private let isGivenUp = Atomic(false)
    private let verdict = Mutex<Verdict?>(nil)
    private let hasVerdict = DispatchSemaphore(value: 0)
    private let result = Mutex<Result<RegisterImportResult, any Error>?>(nil)
    private let isDone = DispatchSemaphore(value: 0)

    /// Starts a thread that writes what the spool holds and what it is still given.
    ///
    /// - Parameter changes: those of the file's beginning, nothing but additions.
    package init(_ changes: RegisterChanges, in database: AlertDatabase, organisationNamed name: String, actor: String) {
        spool = changes.spool
        let thread = Thread { [self] in
            let written = Result { try write(changes, in: database, organisationNamed: name, actor: actor) }
            result.withLock { $0 = written }
            isDone.signal()
        }
        thread.name = "import-writer"
        // As for the threads that read.
        thread.stackSize = 8 << 20
        thread.start()
    }

    private func write(
        _ changes: RegisterChanges, in database: AlertDatabase, organisationNamed name: String, actor: String
    ) throws -> RegisterImportResult {
        try database.apply(
            changes, organisationNamed: name, actor: actor, isBulk: true,
            operations: { take in
                try spool.follow { operation in
                    try requireWanted()
                    try take(operation)
                }
                try requireWanted()
            },
            settle: {
                hasVerdict.wait()
                guard case .commit(let changes, let file)? = verdict.withLock({ $0 }) else { throw GivenUp() }
                return (changes, file)
            })
    }

    private func requireWanted() throws {
        if isGivenUp.load(ordering: .relaxed) { throw GivenUp() }
    }

    /// Commits what was written, with what the whole file decided. Nothing of it may concern the rows themselves.
    ///
    /// - Throws: as `AlertDatabase.apply`; nothing was written then.
    package func commit(_ changes: RegisterChanges, from file: ImportedFile) throws -> RegisterImportResult {
        try spool.end()
        verdict.withLock { $0 = .commit(changes, file) }
        hasVerdict.signal()
        return try wait().get()
    }

    /// Says that the file has been read: what takes time once all rows are there begins before the verdict.
    package func endRows() throws { try spool.end() }

    /// Rolls back what was written, and returns when the lock is free.
    package func giveUp() {
        isGivenUp.store(true, ordering: .relaxed)
        verdict.withLock { $0 = .giveUp }
        spool.endFollowing()
        hasVerdict.signal()
        _ = wait()
    }

    private func wait() -> Result<RegisterImportResult, any Error> {
        isDone.wait()
        // For whoever asks again.
        isDone.signal()
        return result.withLock { $0 } ?? .failure(GivenUp())
    }
}

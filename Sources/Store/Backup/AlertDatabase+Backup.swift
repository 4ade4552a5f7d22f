import AlertModel
import CPageStream
import Foundation
import GRDB

extension AlertDatabase {
    /// Writes an encrypted copy of the database as it is at one moment, while others go on writing. Nothing of it is ever on
    /// disk in clear; the file appears whole or not at all. The journal says that it was begun, which the copy holds too; then
    /// that it is made, or failed.
    ///
    /// - Returns: what the backup says of itself, and its size in bytes.
    /// - Throws: `BackupError`.
    package func writeBackup(
        to path: String, lock: BackupLock, actor: String, now: Date
    ) throws -> (facts: BackupFacts, bytes: Int) {
        let url = URL(filePath: path)
        let name = url.lastPathComponent
        UnfinishedFiles.sweepBackups(as: name, in: url.deletingLastPathComponent().path)
        try audit(actor: actor, action: "backup.begin", subject: name)
        let facts: BackupFacts, sha256: String, bytes: Int
        do {
            let head = try auditHead()
            facts = BackupFacts(at: Date(milliseconds: now.milliseconds), entries: head.count, hash: head.hash)
            let copy = try PageCopy(writer: BackupWriter(path: path, lock: lock), facts: facts)
            sha256 = try copy.run(from: self.path)
            bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        } catch {
            // Why it failed says more than why that can't be written down.
            try? audit(actor: actor, action: "backup.failed", subject: name, detail: ["reason": "\(error)"])
            throw error
        }
        try audit(
            actor: actor, action: "backup.create", subject: name, detail: ["bytes": String(bytes), "sha256": sha256])
        return (facts, bytes)
    }

    /// Whether a copy of this database is worth keeping in the place of older ones: SQLite and the journal find it whole.
    ///
    /// - Returns: what is wrong with it; nil when nothing is.
    package func fault() throws -> String? {
        do {
            let answers = try pool.read { try String.fetchAll($0, sql: "PRAGMA quick_check(3)") }
            guard answers == ["ok"] else { return "SQLite says: \(answers.first ?? "nothing")" }
            let verdict = try verifyJournal()
            // As `judge`: damage that the journal tells of itself is no reason to keep every backup for ever.
            guard let broken = verdict.firstBroken, !verdict.isTold else { return nil }
            return "its journal does not hold together at entry \(broken)"
        } catch let error as DatabaseError where [.SQLITE_CORRUPT, .SQLITE_NOTADB].contains(error.resultCode.primaryResultCode) {
            return "SQLite says: \(error.message ?? "error \(error.resultCode)")"
        }
    }

    /// Reads a backup to its end: everything in it authenticates, and it is not cut off. Then SQLite checks the database's pages
    /// and the journal its chain, in a file of the owner's alone that is gone afterwards: what was damaged before it was backed
    /// up authenticates well.
    ///
    /// - Parameter folder: where that file is made, in clear; it needs room for the database.
    /// - Returns: what it says of itself, and the database's size in bytes.
    /// - Throws: `BackupError`.
    package static func verifyBackup(
        _ path: String, with opener: BackupOpener, in folder: String = FileManager.default.temporaryDirectory.path
    ) throws -> (facts: BackupFacts, size: UInt64) {
        let reader = try BackupReader(path: path, opener: opener)
        let name = "tocsin-verified"
        UnfinishedFiles.sweepRestored(as: name, in: folder)
        let draft = try RestoredFile(target: URL(filePath: folder).appending(path: name).path)
        let found = try unpack(reader, from: path, into: draft)
        try judge(draft.path, from: path) { _ in }
        return found
    }

    private static func unpack(
        _ reader: BackupReader, from path: String, into draft: RestoredFile
    ) throws -> (facts: BackupFacts, size: UInt64) {
        var parser = BackupParser(path: path)
        try reader.forEach { try parser.take($0, draft.write) }
        let found = try parser.finished()
        try draft.finish(size: found.size)
        return found
    }

    /// Opens an unpacked database that SQLite and the journal find whole.
    ///
    /// - Throws: `BackupError.notWhole`.
    private static func judge<Result>(
        _ draft: String, from path: String, _ work: (AlertDatabase) throws -> Result
    ) throws -> Result {
        do {
            let database = try openExisting(at: draft)
            defer { try? database.pool.close() }
            let answers = try database.pool.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(3)") }
            guard answers == ["ok"] else {
                throw BackupError.notWhole(path: path, reason: "SQLite says: \(answers.first ?? "nothing")")
            }
            let verdict = try database.verifyJournal()
            // Damage that the journal tells of itself is no damage of the backup: an alerting system must come back.
            if let broken = verdict.firstBroken, !verdict.isTold {
                throw BackupError.notWhole(path: path, reason: "its journal does not hold together at entry \(broken)")
            }
            return try work(database)
        } catch let error as StoreError {
            throw BackupError.notWhole(path: path, reason: error.description)
        } catch let error as DatabaseError {
            throw BackupError.notWhole(path: path, reason: error.message ?? "SQLite error \(error.resultCode)")
        }
    }

    /// Puts a backup's database where there is none. Alerts that were running are paused: what left since the backup, it does
    /// not know. Nobody is signed in: who signed out since, or was signed out, stays so.
    ///
    /// - Returns: what it says of itself, and the campaigns that were running.
    /// - Throws: `BackupError`; nothing is left at `target` then.
    package static func restoreBackup(
        _ path: String, with opener: BackupOpener, to target: String, actor: String
    ) throws -> (facts: BackupFacts, paused: [CampaignID]) {
        for taken in ["", "-wal", "-shm"].map({ target + $0 }) where FileManager.default.fileExists(atPath: taken) {
            throw BackupError.exists(path: taken)
        }
        let reader = try BackupReader(path: path, opener: opener)
        let place = URL(filePath: target)
        UnfinishedFiles.sweepRestored(as: place.lastPathComponent, in: place.deletingLastPathComponent().path)
        let draft = try RestoredFile(target: target)
        let (facts, _) = try unpack(reader, from: path, into: draft)
        let paused = try check(draft.path, from: path, facts, actor: actor)
        // Fails when somebody put a file there meanwhile, where a rename would replace it.
        guard link(draft.path, target) == 0 else {
            if errno == EEXIST { throw BackupError.exists(path: target) }
            throw BackupError.cannotWrite(path: target, reason: String(cString: strerror(errno)))
        }
        return (facts, paused)
    }

    /// Pauses the live campaigns of a restored file that is whole; that is written down.
    private static func check(
        _ draft: String, from path: String, _ facts: BackupFacts, actor: String
    ) throws -> [CampaignID] {
        try judge(draft, from: path) { database in
            let paused = try database.pool.read { database in
                try Int64.fetchAll(database, sql: "SELECT id FROM campaigns WHERE state = 'running' ORDER BY id")
            }.map { CampaignID(rawValue: $0) }
            for campaign in paused { try database.pauseCampaign(campaign, actor: actor) }
            try database.pool.write { database in
                try database.execute(sql: "DELETE FROM sessions")
                let sessions = database.changesCount
                try database.audit(
                    actor: actor, action: "backup.restore", subject: URL(filePath: path).lastPathComponent,
                    detail: [
                        "entries": String(facts.entries), "at": facts.at.formatted(.iso8601), "paused": String(paused.count),
                        "sessions": String(sessions),
                    ])
            }
            _ = try database.pool.writeWithoutTransaction { try $0.checkpoint(.truncate) }
            return paused
        }
    }
}

/// One copy under way: what SQLite hands over goes to the writer. Used on one thread, while `run` runs.
private final class PageCopy {
    private let writer: BackupWriter
    private var size: UInt64 = 0
    private var failure: (any Error)?

    init(writer: BackupWriter, facts: BackupFacts) throws {
        self.writer = writer
        try BackupContents.head(facts).withUnsafeBytes { try writer.write($0) }
    }

    /// - Returns: the backup's SHA-256, hexadecimal.
    func run(from path: String) throws -> String {
        var message = [CChar](repeating: 0, count: 512)
        let context = Unmanaged.passUnretained(self).toOpaque()
        let code = cpagestream_copy(path, { context, offset, bytes, count in
            guard let context, let bytes else { return 1 }
            return Unmanaged<PageCopy>.fromOpaque(context).takeUnretainedValue().take(offset, bytes, count)
        }, context, &message, Int32(message.count))
        if let failure { throw failure }
        guard code == 0 else {
            throw BackupError.copyFailed(reason: String(decoding: message.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self))
        }
        try BackupContents.record(at: size, count: BackupContents.endMark).withUnsafeBytes { try writer.write($0) }
        return try writer.commit()
    }

    /// - Returns: 0 to go on.
    private func take(_ offset: Int64, _ bytes: UnsafeRawPointer, _ count: Int32) -> Int32 {
        do {
            try BackupContents.record(at: UInt64(offset), count: UInt32(count)).withUnsafeBytes { try writer.write($0) }
            try writer.write(UnsafeRawBufferPointer(start: bytes, count: Int(count)))
            size = max(size, UInt64(offset) + UInt64(count))
            return 0
        } catch {
            failure = error
            return 1
        }
    }
}

/// The restored database before it has its name, for its owner alone; gone when it never gets it.
private final class RestoredFile {
    let path: String
    private let target: String
    private let descriptor: Int32

    init(target: String) throws {
        self.target = target
        (descriptor, path) = try UnfinishedFiles.makeRestored(for: target)
    }

    deinit {
        close(descriptor)
        for leftover in ["", "-wal", "-shm"] { unlink(path + leftover) }
    }

    func write(_ offset: UInt64, _ bytes: ArraySlice<UInt8>) throws {
        let count = bytes.withUnsafeBytes { pwrite(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        guard count == bytes.count else { throw fault() }
    }

    func finish(size: UInt64) throws {
        guard ftruncate(descriptor, off_t(size)) == 0, fsync(descriptor) == 0 else { throw fault() }
    }

    private func fault() -> BackupError { .cannotWrite(path: target, reason: String(cString: strerror(errno))) }
}

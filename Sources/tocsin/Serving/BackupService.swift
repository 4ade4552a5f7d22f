import ArgumentParser
import Foundation
import Logging
import ServiceLifecycle
import Store

/// A folder of backups, each named by its time: `tocsin-20261122T030000Z.backup`.
struct BackupFolder: Sendable {
    let path: String

    static func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }

    func file(at time: Date) -> String {
        URL(filePath: path).appending(path: "tocsin-\(Self.text(time)).backup").path
    }

    /// The folder's backups by their names, the oldest first; other files are none of ours.
    func backups() throws -> [(name: String, at: Date)] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted().compactMap { name in
            guard name.hasPrefix("tocsin-"), name.hasSuffix(".backup") else { return nil }
            let text = name.dropFirst("tocsin-".count).dropLast(".backup".count)
            guard let at = Self.date(String(text)) else { return nil }
            return (name, at)
        }
    }

    /// The newest whose name is not in the future: a clock that ran ahead once says nothing of what is due.
    func newest(now: Date) throws -> Date? { try backups().last { !Self.isAhead($0.at, of: now) }?.at }

    /// Those that were named while the clock ran ahead, or are since it runs behind.
    func future(now: Date) throws -> [String] { try backups().filter { Self.isAhead($0.at, of: now) }.map(\.name) }

    /// Removes all but the newest. A clock that is wrong costs none: names from the future neither count nor go, and whatever
    /// was written within the least age stays, whatever its name says.
    ///
    /// - Returns: how many were removed.
    func prune(keeping count: Int, written: String, now: Date, leastAge: TimeInterval) throws -> Int {
        let past = try backups().filter { !Self.isAhead($0.at, of: now) }
        var removed = 0
        for backup in past.dropLast(count) where backup.name != written {
            let file = path + "/" + backup.name
            let attributes = try FileManager.default.attributesOfItem(atPath: file)
            guard let changed = attributes[.modificationDate] as? Date, now.timeIntervalSince(changed) >= leastAge else { continue }
            try FileManager.default.removeItem(atPath: file)
            removed += 1
        }
        return removed
    }

    /// Beyond what two clocks differ by.
    private static func isAhead(_ at: Date, of now: Date) -> Bool { at > now.addingTimeInterval(60) }

    private static func text(_ date: Date) -> String {
        date.formatted(.iso8601).replacing("-", with: "").replacing(":", with: "")
    }

    private static func date(_ text: String) -> Date? {
        var parts = Array(text)
        // Sixteen bytes may be fewer characters.
        guard parts.count == 16 else { return nil }
        for place in [13, 11] { parts.insert(":", at: place) }
        for place in [6, 4] { parts.insert("-", at: place) }
        return try? Date(String(parts), strategy: .iso8601)
    }
}

/// Makes a backup a day for as long as the server runs, and keeps the newest.
struct BackupService: Service {
    static let folderVariable = "TOCSIN_BACKUP", keepVariable = "TOCSIN_BACKUP_KEEP"
    private static let standardKept = 14
    private static let backupEvery: TimeInterval = 24 * 3_600
    /// How often the newest one's age is looked at; a failure is tried again so.
    private static let lookEvery = Duration.seconds(600)
    private static let actor = "server"

    let store: AlertDatabase
    let folder: BackupFolder
    let lock: BackupLock
    let kept: Int
    let logger: Logger

    /// What the environment asks for; nil when it names no folder.
    ///
    /// - Throws: when it names no lock, or what it names can't be used: a backup in clear is none.
    init?(store: AlertDatabase, logger: Logger) throws {
        let environment = ProcessInfo.processInfo.environment
        guard let path = environment[Self.folderVariable], !path.isEmpty else { return nil }
        guard BackupFolder.isFolder(path) else {
            throw ValidationError("\(Self.folderVariable): \(path) is not a folder")
        }
        guard let lock = try BackupPassphraseOption.environmentLock() else {
            throw ValidationError(
                "\(Self.folderVariable) is set and nothing locks the backups: set \(BackupPassphraseOption.keyVariable) to a public key (`tocsin backup key FILE`)")
        }
        let text = environment[Self.keepVariable] ?? ""
        guard let kept = text.isEmpty ? Self.standardKept : Int(text), (1...10_000).contains(kept) else {
            throw ValidationError("\(Self.keepVariable) is a number of backups from 1 to 10000")
        }
        self.store = store
        folder = BackupFolder(path: path)
        self.lock = lock
        self.kept = kept
        self.logger = logger
    }

    func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                do {
                    try await Offload.run { try backUpIfDue(now: .now) }
                } catch {
                    logger.error("the daily backup failed; it is tried again", metadata: ["error": "\(error)"])
                }
                try? await Task.sleep(for: Self.lookEvery)
            }
        }
    }

    private func backUpIfDue(now: Date) throws {
        if let newest = try folder.newest(now: now), now.timeIntervalSince(newest) < Self.backupEvery { return }
        let file = folder.file(at: now)
        let (_, bytes) = try store.writeBackup(to: file, lock: lock, actor: Self.actor, now: now)
        let future = try folder.future(now: now)
        if !future.isEmpty {
            logger.warning(
                "backups are named by a time to come: the clock is or was wrong; set it, and rename or remove them by hand",
                metadata: ["count": "\(future.count)", "first": "\(future[0])"])
        }
        // Only now: an old one goes when a new one is whole, and what it is a copy of is, too.
        var removed = 0
        if let fault = try store.fault() {
            logger.critical(
                "the database is damaged: backups go on, and no older one is removed; see “Back up and restore” in the runbook",
                metadata: ["fault": "\(fault)"])
        } else {
            removed = try folder.prune(
                keeping: kept, written: URL(filePath: file).lastPathComponent, now: now, leastAge: Self.backupEvery)
        }
        logger.notice("backup made", metadata: ["bytes": "\(bytes)", "removed": "\(removed)"])
    }
}

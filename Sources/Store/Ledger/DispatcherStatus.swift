import AlertModel
import Dispatching
import Foundation

/// How a dispatcher's gateways are, in a file beside its lock, for the commands and consoles of other processes.
///
/// Written by whoever holds the lock, once a second; what is older than some seconds, or was left by a process that is gone, is
/// nothing. Names and numbers only.
package struct DispatcherStatus: Sendable {
    /// Older than this, whoever wrote it no longer does.
    private static let longestMilliseconds: Int64 = 10_000
    /// What hundreds of gateways take; more is nothing that a dispatcher wrote.
    private static let mostBytes = 1 << 20

    private let path: String
    private let databasePath: String
    private let mode: CampaignMode

    package init(databasePath: String, mode: CampaignMode) {
        path = databasePath + ".dispatcher-\(mode.rawValue).status"
        self.databasePath = databasePath
        self.mode = mode
    }

    /// Whole or not at all: a reader never sees half of it.
    package func write(_ sheet: GatewayVitalsSheet) throws {
        let bytes = try JSONEncoder().encode(sheet)
        let draft = path + ".new"
        guard FileManager.default.createFile(atPath: draft, contents: bytes, attributes: [.posixPermissions: 0o600]),
            rename(draft, path) == 0
        else { throw CocoaError(.fileWriteUnknown) }
    }

    package func remove() { unlink(path) }

    /// - Returns: nil where nobody dispatches, or whoever does tells nothing.
    package func read(now: UTCTime) -> GatewayVitalsSheet? {
        guard DispatcherLock.holder(ofDatabaseAt: databasePath, mode: mode) != nil,
            let handle = FileHandle(forReadingAtPath: path), let bytes = try? handle.read(upToCount: Self.mostBytes),
            let sheet = try? JSONDecoder().decode(GatewayVitalsSheet.self, from: bytes), sheet.mode == mode,
            abs(now.milliseconds(since: sheet.at)) <= Self.longestMilliseconds
        else { return nil }
        return sheet
    }
}

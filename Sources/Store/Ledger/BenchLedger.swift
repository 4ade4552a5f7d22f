import AlertModel
import Campaigns
import Foundation
import GRDB

/// A ledger of invented recipients in a folder of its own, as durable as the real one, to measure dispatching by.
/// Nothing of a register can come into it, and it is removed with its folder.
package final class BenchLedger {
    package let ledger: CampaignLedger
    private let pool: DatabasePool
    private let folder: URL

    /// - Parameter parent: where the folder is made; the disk to be measured.
    package init(in parent: URL) throws {
        folder = parent.appending(path: "tocsin-bench-\(UUID().uuidString)")
        try FileManager.default.createDirectory(
            at: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        var configuration = Configuration()
        configuration.busyMode = .timeout(60)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA cache_size = -65536") }
        pool = try DatabasePool(path: folder.appending(path: "bench.sqlite").path, configuration: configuration)
        try pool.writeWithoutTransaction { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        ledger = CampaignLedger(pool)
        try pool.write { try LedgerSchema.createAlone($0) }
    }

    deinit {
        try? pool.close()
        try? FileManager.default.removeItem(at: folder)
    }

    package func enrol(_ count: Int) throws {
        try pool.write { database in
            try database.execute(
                sql: """
                    WITH RECURSIVE numbers (id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM numbers WHERE id < ?)
                    INSERT INTO recipients SELECT id, 'R' || id FROM numbers
                    """, arguments: [count])
        }
    }
}

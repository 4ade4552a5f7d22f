import AlertModel
import Campaigns
import DispatchSupport
import Dispatching
import Foundation
import GRDB
import Testing

@testable import Store

/// A ledger in a database file of its own, with the least of a register around it.
final class LedgerBench {
    let pool: DatabasePool
    let ledger: CampaignLedger
    let path: String
    private let folder: URL

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "tocsin-ledger-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        path = folder.appending(path: "tocsin.sqlite").path
        var configuration = Configuration()
        configuration.busyMode = .timeout(15)
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        pool = try DatabasePool(path: path, configuration: configuration)
        try pool.write { try LedgerSchema.createAlone($0) }
        ledger = CampaignLedger(pool)
    }

    deinit {
        try? pool.close()
        try? FileManager.default.removeItem(at: folder)
    }

    /// Registers the town's recipients, then launches its plan.
    @discardableResult
    func launch(_ town: Town, now: UTCTime = Peers.start) throws -> Launch {
        try pool.write { database in
            let insert = try database.makeStatement(sql: "INSERT OR IGNORE INTO recipients VALUES (?, ?)")
            for entry in town.entries { try insert.execute(arguments: [entry.recipient.rawValue, entry.externalID]) }
        }
        var entries = town.entries.makeIterator()
        return try ledger.launch(town.plan, now: now) { entries.next() }
    }

    func count(_ sql: String) throws -> Int { try pool.read { try Int.fetchOne($0, sql: sql) ?? 0 } }

    /// Compares the counters kept along the way with a count of the rows they stand for.
    func requireTrueCounters(_ campaign: CampaignID) throws {
        let kept = try ledger.progress(of: campaign)
        try pool.read { database in
            var deliveries: [DeliveryState: Int] = [:]
            for row in try Row.fetchAll(
                database, sql: "SELECT state, count(*) FROM deliveries WHERE campaign_id = ? GROUP BY state",
                arguments: [campaign.rawValue])
            {
                deliveries[try DeliveryState(stored: row[0])] = row[1]
            }
            #expect(kept.deliveries == deliveries)
            #expect(deliveries.values.reduce(0, +) == kept.recipients)
            var legs: [Channel: [LegState: Int]] = [:]
            for row in try Row.fetchAll(
                database, sql: "SELECT channel, state, count(*) FROM legs WHERE campaign_id = ? GROUP BY channel, state",
                arguments: [campaign.rawValue])
            {
                legs[try Channel(stored: row[0]), default: [:]][try LegState(stored: row[1])] = row[2]
            }
            #expect(kept.legs.filter { !$0.value.isEmpty } == legs)
            #expect(
                try Int.fetchOne(
                    database, sql: "SELECT count(*) FROM attempts WHERE possible_duplicate AND campaign_id = ?",
                    arguments: [campaign.rawValue]) == kept.possibleDuplicates)
        }
    }
}

import AlertModel
import Dispatching
import GRDB

extension CampaignLedger {
    /// Receipts that came beside a dispatcher, in one transaction. Those of no known attempt wait for the answer they
    /// overtook, which the process that submitted writes.
    /// - Returns: how many were matched.
    @discardableResult
    package func receive(_ receipts: [Receipt], now: UTCTime) throws -> Int {
        try writer.write { database in
            var writer = try OutcomeWriter(database: database, now: now)
            var matched = 0
            for receipt in receipts {
                if try writer.write(receipt) { matched += 1 } else { try database.keepEarly(receipt) }
            }
            try writer.finish()
            try database.cancelRefusedLegs(now: now)
            return matched
        }
    }
}

extension Database {
    /// Milliseconds after which a receipt that nothing came of is dropped: no gateway answers as late as that.
    private static var earlyLimit: Int64 { 86_400_000 }
    /// Most that are kept: whoever has a gateway's key and not its messages must not fill the disk.
    private static var mostEarly: Int { 20_000 }

    fileprivate func keepEarly(_ receipt: Receipt) throws {
        let count = try Int.fetchOne(cachedStatement(sql: "SELECT count(*) FROM early_receipts")) ?? 0
        guard count < Self.mostEarly else { return }
        let (outcome, cause) = OutcomeWriter.words(.known(receipt.outcome))
        try execute(
            sql: """
                INSERT OR IGNORE INTO early_receipts (gateway, reference, outcome, cause, received_at) VALUES (?, ?, ?, ?, ?)
                """,
            arguments: [
                receipt.gateway, receipt.reference, outcome, cause?.rawValue, receipt.receivedAt.millisecondsSince1970,
            ])
    }

    /// Carries receipts that had overtaken their answers into attempts that are known by now.
    func applyEarlyReceipts(now: UTCTime) throws {
        let waiting = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT gateway, reference, outcome, cause, received_at FROM early_receipts
                WHERE EXISTS (SELECT 1 FROM attempts INDEXED BY attempts_by_reference
                        WHERE attempts.reference = early_receipts.reference AND attempts.gateway = early_receipts.gateway)
                    OR EXISTS (SELECT 1 FROM attempt_parts
                        WHERE attempt_parts.reference = early_receipts.reference
                            AND attempt_parts.gateway = early_receipts.gateway)
                ORDER BY received_at LIMIT 500
                """))
        // Those of messages that never came are not to stand in the way of the others.
        try cachedStatement(sql: "DELETE FROM early_receipts WHERE received_at < ?")
            .execute(arguments: [now.millisecondsSince1970 - Self.earlyLimit])
        guard !waiting.isEmpty else { return }
        let drop = try cachedStatement(
            sql: "DELETE FROM early_receipts WHERE gateway = ? AND reference = ? AND outcome = ?")
        var writer = try OutcomeWriter(database: self, now: now)
        for row in waiting {
            let word: String = row[2]
            let receivedAt = UTCTime(stored: row[4])
            let outcome: Outcome =
                switch word {
                case "delivered": .delivered
                case "failed": .failed(try FailureCause(stored: row[3]))
                default: .accepted
                }
            let receipt = Receipt(gateway: row[0], reference: row[1], outcome: outcome, receivedAt: receivedAt)
            if try writer.write(receipt) { try drop.execute(arguments: [receipt.gateway, receipt.reference, word]) }
        }
        try writer.finish()
    }
}

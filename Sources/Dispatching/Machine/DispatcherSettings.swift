/// The dispatcher's own tunables. Every one is a trade between latency and transactions a second.
package struct DispatcherSettings: Sendable {
    /// Results are written at the latest this long after the first of them came. Shorter means more, smaller
    /// transactions; longer means more to be left in doubt by a crash.
    package var recordPaceMilliseconds: Int64 = 20
    /// As `recordPaceMilliseconds`, for receipts: many SMSCs bring ten at a time and wait for their answers, which come
    /// once the receipts are written.
    package var receiptPaceMilliseconds: Int64 = 5
    /// Less than a quarter of a window is claimed at most this often, so that a slow gateway does not cost one
    /// transaction a leg.
    package var claimPaceMilliseconds: Int64 = 50
    /// How long before its turn a leg is claimed for a gateway with a rate, so that the ledger's pace does not disturb
    /// the gateway's. A stop takes hold of it only afterwards.
    package var claimAheadMilliseconds: Int64 = 100
    /// How often expiry, completion and commands given in another process are looked for while busy, and the
    /// longest sleep while idle. Pausing and stopping promise one second.
    package var settlePaceMilliseconds: Int64 = 500
    /// Results in one transaction, so that writers of the same database wait milliseconds, not seconds.
    package var recordLimit = 2_000
    /// The wait after the ledger refused a transaction (disk full, database locked).
    package var ledgerRetryMilliseconds: Int64 = 1_000
    /// How long a receipt that names no known attempt is kept: it may have overtaken its answer.
    package var strayReceiptMilliseconds: Int64 = 60_000
    /// How long a graceful end waits for what is in flight.
    package var shutdownLimitMilliseconds: Int64 = 30_000

    package init() {}
}

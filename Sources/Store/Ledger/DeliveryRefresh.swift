import AlertModel
import GRDB

/// Brings deliveries' states in line with their legs after legs moved, within the same transaction.
struct DeliveryRefresh {
    private let legStates: Statement
    private let current: Statement
    private let update: RawStatement
    private let sharers: Statement

    /// Run through `RawStatement` alone: GRDB leaves a statement of its own unready for other values until it runs it again.
    static let updating = "UPDATE deliveries SET state = ?, changed_at = ? WHERE id = ?"

    init(_ database: Database) throws {
        legStates = try database.cachedStatement(sql: """
            SELECT state FROM legs WHERE delivery_id = ?1
            UNION ALL
            SELECT legs.state FROM leg_shares JOIN legs ON legs.id = leg_shares.leg_id
            WHERE leg_shares.delivery_id = ?1
            """)
        current = try database.cachedStatement(sql: "SELECT campaign_id, state FROM deliveries WHERE id = ?")
        update = try RawStatement(database, Self.updating)
        sharers = try database.cachedStatement(sql: """
            SELECT delivery_id FROM leg_shares WHERE leg_id = ? ORDER BY delivery_id
            """)
    }

    /// The deliveries a leg counts for: its own, and those that share its address.
    func deliveries(ofLeg leg: Int64, owner: Int64, isShared: Bool) throws -> [Int64] {
        isShared ? try [owner] + Int64.fetchAll(sharers, arguments: [leg]) : [owner]
    }

    func refresh(_ delivery: Int64, now: UTCTime, _ deltas: inout CounterDeltas) throws {
        var states: [LegState] = []
        for word in try String.fetchAll(legStates, arguments: [delivery]) { states.append(try LegState(stored: word)) }
        guard let row = try Row.fetchOne(current, arguments: [delivery]) else { return }
        let campaign: Int64 = row[0]
        let old = try DeliveryState(stored: row[1])
        let new = DeliveryState(legs: states)
        guard old != new else { return }
        update.bind(new.rawValue, at: 1)
        update.bind(now.millisecondsSince1970, at: 2)
        update.bind(delivery, at: 3)
        try update.run()
        deltas.add(-1, campaign: campaign, delivery: old)
        deltas.add(1, campaign: campaign, delivery: new)
    }
}

extension RawRepresentable where RawValue == String {
    /// A stored word. - Throws: `LedgerError.unreadable` for one this version does not know.
    init(stored word: String) throws {
        guard let value = Self(rawValue: word) else { throw LedgerError.unreadable("the word \(word)") }
        self = value
    }
}

extension UTCTime {
    init(stored milliseconds: Int64) { self.init(millisecondsSince1970: milliseconds) }
}

import AlertModel
import GRDB

/// The changes one transaction makes to the progress counters, gathered and written once at its end.
struct CounterDeltas {
    private struct Key: Hashable {
        let campaign: Int64
        let scope: String
        let state: String
    }

    private var changes: [Key: Int] = [:]

    mutating func add(_ count: Int, campaign: Int64, channel: String, _ state: LegState) {
        changes[Key(campaign: campaign, scope: channel, state: state.rawValue), default: 0] += count
    }

    mutating func moveLeg(campaign: Int64, channel: String, from old: LegState, to new: LegState) {
        add(-1, campaign: campaign, channel: channel, old)
        add(1, campaign: campaign, channel: channel, new)
    }

    mutating func add(_ count: Int, campaign: Int64, delivery state: DeliveryState) {
        changes[Key(campaign: campaign, scope: "delivery", state: state.rawValue), default: 0] += count
    }

    /// Queued legs that are held back until their turn in a cascade comes.
    mutating func add(_ count: Int, campaign: Int64, heldOn channel: String) {
        changes[Key(campaign: campaign, scope: "held", state: channel), default: 0] += count
    }

    mutating func addPossibleDuplicate(campaign: Int64) {
        changes[Key(campaign: campaign, scope: "duplicate", state: "possible"), default: 0] += 1
    }

    /// Writes the sums. A counter that would fall below zero breaks a CHECK, and the transaction with it.
    func write(to database: Database) throws {
        let update = try database.cachedStatement(sql: """
            UPDATE campaign_counters SET count = count + ? WHERE campaign_id = ? AND scope = ? AND state = ?
            """)
        let insert = try database.cachedStatement(sql: """
            INSERT INTO campaign_counters (count, campaign_id, scope, state) VALUES (?, ?, ?, ?)
            """)
        for (key, change) in changes where change != 0 {
            let arguments: StatementArguments = [change, key.campaign, key.scope, key.state]
            try update.execute(arguments: arguments)
            if database.changesCount == 0 { try insert.execute(arguments: arguments) }
        }
    }
}

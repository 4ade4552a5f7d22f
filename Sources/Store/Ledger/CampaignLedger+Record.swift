import AlertModel
import Dispatching
import GRDB

extension Database {
    /// Writes attempts that ended, then receipts, in one transaction.
    /// - Returns: the receipts that name no known attempt.
    func record(_ batch: RecordBatch) throws -> [Receipt] {
        var writer = try OutcomeWriter(database: self, now: batch.now)
        for record in batch.attempts { try writer.write(record) }
        var unmatched: [Receipt] = []
        for receipt in batch.receipts where try !writer.write(receipt) { unmatched.append(receipt) }
        try writer.finish()
        for record in batch.attempts where record.result.refusesInformation { try refuseInformation(record.leg, now: batch.now) }
        // What was to be tried again at once must not be claimed first.
        try cancelRefusedLegs(now: batch.now)
        return unmatched
    }
}

/// Closes attempts and moves their legs, deliveries and counters.
struct OutcomeWriter {
    private let database: Database
    private let now: UTCTime
    private let close: RawStatement
    private let move: RawStatement
    private let place: Statement
    private let sole: RawStatement
    private let state: Statement
    private let addenda: Statement
    private var refresh: DeliveryRefresh
    private let byReference: Statement
    private let byPart: Statement
    private let confirm: Statement
    private var deltas = CounterDeltas()
    private var states: [Int64: CampaignState] = [:]
    private var extended: [Int64: Bool] = [:]
    private var touched: Set<Int64> = []

    init(database: Database, now: UTCTime) throws {
        self.database = database
        self.now = now
        close = try RawStatement(database, """
            UPDATE attempts SET outcome = ?, cause = ?, reference = ?, detail = ?, ended_at = ?
            WHERE id = ? AND outcome IS NULL
            """)
        move = try RawStatement(database, """
            UPDATE legs SET state = ?, cause = ?, due_at = ?, counted_attempts = ?, throttles = ?, in_doubt = ?,
                awaiting_until = ?, ended_at = ?, failures = ?
            WHERE id = ?
            """)
        place = try database.cachedStatement(sql: "SELECT channel, delivery_id, shared FROM legs WHERE id = ?")
        // In flight alone, the delivery was pending: what it becomes is known without reading it.
        sole = try RawStatement(database, DeliveryRefresh.updating)
        state = try database.cachedStatement(sql: "SELECT state FROM campaigns WHERE id = ?")
        addenda = try database.cachedStatement(sql: "SELECT addenda > 0 FROM campaigns WHERE id = ?")
        refresh = try DeliveryRefresh(database)
        byReference = try database.cachedStatement(sql: """
            \(Self.knownAttempt)
            WHERE attempts.reference = ? AND attempts.gateway = ?
            ORDER BY attempts.id DESC LIMIT 1
            """)
        byPart = try database.cachedStatement(sql: """
            SELECT attempt_id FROM attempt_parts WHERE reference = ? AND gateway = ? ORDER BY attempt_id DESC LIMIT 1
            """)
        confirm = try database.cachedStatement(sql: """
            UPDATE attempts SET outcome = ?, cause = ?, receipt_at = ? WHERE id = ?
            """)
    }

    /// An attempt as `apply` needs it, of whichever a condition chooses.
    static let knownAttempt = """
        SELECT attempts.id, attempts.leg_id, attempts.campaign_id, legs.state, legs.counted_attempts,
            legs.in_doubt, campaigns.state, campaigns.channels, campaigns.maximum_retries,
            campaigns.retry_period_seconds, campaigns.validity_seconds, campaigns.expires_at, legs.failures,
            campaigns.retry_rules
        FROM attempts JOIN legs ON legs.id = attempts.leg_id JOIN campaigns ON campaigns.id = attempts.campaign_id
        """

    mutating func write(_ record: AttemptRecord) throws {
        let (outcome, cause) = Self.words(record.result.verdict)
        close.bind(outcome, at: 1)
        close.bind(cause?.rawValue, at: 2)
        close.bind(record.result.reference, at: 3)
        close.bind(record.result.detail, at: 4)
        close.bind(record.endedAt.millisecondsSince1970, at: 5)
        close.bind(record.attempt.rawValue, at: 6)
        try close.run()
        // Closed already: another process rescued it. What it says now is history.
        guard database.changesCount == 1 else { return }
        if record.result.parts.count > 1 { try write(parts: record.result.parts, of: record.attempt) }
        let campaign = record.campaign.rawValue
        let new = try write(record.leg.rawValue, campaign: campaign, record.next, at: record.endedAt)
        // Somebody who joined late may share the leg since it was claimed.
        guard let delivery = record.soleDelivery, try !hasAddenda(campaign) else {
            return try follow(record.leg.rawValue, campaign: campaign, from: .inFlight, to: new, at: record.endedAt)
        }
        deltas.moveLeg(campaign: campaign, channel: record.channel.rawValue, from: .inFlight, to: new)
        let state = DeliveryState(legs: CollectionOfOne(new))
        guard state != .pending else { return }
        sole.bind(state.rawValue, at: 1)
        sole.bind(record.endedAt.millisecondsSince1970, at: 2)
        sole.bind(delivery.rawValue, at: 3)
        try sole.run()
        deltas.add(-1, campaign: campaign, delivery: .pending)
        deltas.add(1, campaign: campaign, delivery: state)
    }

    /// - Returns: whether the receipt named a known attempt.
    mutating func write(_ receipt: Receipt) throws -> Bool {
        let row = try Row.fetchOne(byReference, arguments: [receipt.reference, receipt.gateway])
        let part = try Int64.fetchOne(byPart, arguments: [receipt.reference, receipt.gateway])
        // A gateway may use an id again: the later message it is of.
        if let part, part >= row?[0] ?? 0 {
            try write(receipt, of: part)
            return true
        }
        guard let row else { return false }
        try apply(receipt.outcome, at: receipt.receivedAt, to: row)
        return true
    }

    /// Which gateway an attempt went through, its row knows.
    private func write(parts: [String], of attempt: AttemptID) throws {
        let insert = try database.cachedStatement(sql: """
            INSERT OR IGNORE INTO attempt_parts (reference, gateway, attempt_id)
            SELECT ?, gateway, id FROM attempts WHERE id = ?
            """)
        for part in parts { try insert.execute(arguments: [part, attempt.rawValue]) }
    }

    /// A message in parts is delivered once every part is, and failed as soon as one is.
    private mutating func write(_ receipt: Receipt, of attempt: Int64) throws {
        let (word, _) = Self.words(.known(receipt.outcome))
        try database.cachedStatement(sql: """
            UPDATE attempt_parts SET outcome = ? WHERE reference = ? AND gateway = ? AND attempt_id = ?
            """).execute(arguments: [word, receipt.reference, receipt.gateway, attempt])
        if receipt.outcome == .delivered {
            let isMissing = try Bool.fetchOne(
                database.cachedStatement(sql: """
                    SELECT EXISTS (SELECT 1 FROM attempt_parts WHERE attempt_id = ? AND outcome IS NOT 'delivered')
                    """), arguments: [attempt])
            guard isMissing == false else { return }
        }
        if case .failed = receipt.outcome {
            // The other parts may be there: what is sent again is sent twice in part.
            try database.cachedStatement(sql: """
                UPDATE legs SET in_doubt = 1 WHERE id = (SELECT leg_id FROM attempts WHERE id = ?)
                """).execute(arguments: [attempt])
        }
        let row = try Row.fetchOne(
            database.cachedStatement(sql: "\(Self.knownAttempt) WHERE attempts.id = ?"), arguments: [attempt])
        if let row { try apply(receipt.outcome, at: receipt.receivedAt, to: row) }
    }

    /// What is said later of an attempt, as `knownAttempt` selects it.
    /// - Returns: whether it changed anything.
    @discardableResult
    mutating func apply(_ outcome: Outcome, at moment: UTCTime, to row: Row) throws -> Bool {
        let old = try LegState(stored: row[3])
        let (word, cause) = Self.words(.known(outcome))
        guard let next = try step(from: old, by: outcome, row) else { return false }
        try confirm.execute(arguments: [word, cause?.rawValue, moment.millisecondsSince1970, row[0] as Int64])
        let new = try write(row[1], campaign: row[2], next, at: moment)
        try follow(row[1], campaign: row[2], from: old, to: new, at: moment)
        return true
    }

    /// Where a receipt takes a leg; nil when it changes nothing: a repetition, or a lesser word than what is known.
    private func step(from old: LegState, by outcome: Outcome, _ row: Row) throws -> LegStep? {
        let counted: Int = row[4]
        let inDoubt: Bool = row[5]
        let failures = FailureTally(rawValue: row[12])
        // A leg in flight again is judged by the attempt under way; one ended by an operator stays ended. One whose retry
        // was no longer needed may still tell more of the attempts before.
        let isSpared = try old == .cancelled && CampaignState(stored: row[6]) != .stopped
        guard let known = isSpared ? 0 : old.confirmation else { return nil }
        switch outcome {
        case .failed(let cause):
            guard old == .accepted else { return nil }
            let campaign = try CampaignState(stored: row[6])
            guard !campaign.isFinal else {
                return LegStep(
                    state: .failed, cause: cause, countedAttempts: counted, inDoubt: inDoubt, failures: failures)
            }
            let history = LegHistory(
                leg: LegID(rawValue: row[1]), countedAttempts: counted, inDoubt: inDoubt, failures: failures)
            return LegStep.afterFailure(
                cause, history, counted: counted, policy: try Policy(row), expiresAt: UTCTime(stored: row[11]), now: now)
        case .accepted, .delivered, .answered, .acknowledged:
            let state = outcome.legState
            guard let rank = state.confirmation, rank > known else { return nil }
            return LegStep(state: state, countedAttempts: counted, inDoubt: inDoubt, failures: failures)
        }
    }

    /// - Returns: the state written.
    private mutating func write(
        _ leg: Int64, campaign: Int64, _ next: LegStep, at moment: UTCTime
    ) throws -> LegState {
        // A campaign stopped while the attempt was in flight: there is no next one.
        let isCancelled = try next.state == .queued && campaignState(campaign) == .stopped
        let new = isCancelled ? LegState.cancelled : next.state
        move.bind(new.rawValue, at: 1)
        move.bind(next.cause?.rawValue, at: 2)
        move.bind((next.dueAt ?? moment).millisecondsSince1970, at: 3)
        move.bind(Int64(next.countedAttempts), at: 4)
        move.bind(Int64(next.throttles), at: 5)
        move.bind(next.inDoubt, at: 6)
        move.bind(next.awaitingUntil?.millisecondsSince1970, at: 7)
        move.bind(new.isOpen ? nil : moment.millisecondsSince1970, at: 8)
        move.bind(next.failures.rawValue, at: 9)
        move.bind(leg, at: 10)
        try move.run()
        touched.insert(campaign)
        return new
    }

    /// Brings counters and deliveries in line with a leg that moved.
    private mutating func follow(
        _ leg: Int64, campaign: Int64, from old: LegState, to new: LegState, at moment: UTCTime
    ) throws {
        guard let row = try Row.fetchOne(place, arguments: [leg]) else { return }
        deltas.moveLeg(campaign: campaign, channel: row[0], from: old, to: new)
        for delivery in try refresh.deliveries(ofLeg: leg, owner: row[1], isShared: row[2]) {
            try refresh.refresh(delivery, now: moment, &deltas)
        }
    }

    private mutating func hasAddenda(_ campaign: Int64) throws -> Bool {
        if let known = extended[campaign] { return known }
        let found = try Bool.fetchOne(addenda, arguments: [campaign]) ?? false
        extended[campaign] = found
        return found
    }

    private mutating func campaignState(_ campaign: Int64) throws -> CampaignState? {
        if let known = states[campaign] { return known }
        guard let word = try String.fetchOne(state, arguments: [campaign]) else { return nil }
        let found = try CampaignState(stored: word)
        states[campaign] = found
        return found
    }

    func finish() throws {
        try deltas.write(to: database)
        let latest = try database.cachedStatement(sql: "UPDATE campaigns SET last_outcome_at = ? WHERE id = ?")
        for campaign in touched.sorted() { try latest.execute(arguments: [now.millisecondsSince1970, campaign]) }
    }

    static func words(_ verdict: SubmissionResult.Verdict) -> (outcome: String, cause: FailureCause?) {
        switch verdict {
        case .inDoubt: ("in_doubt", nil)
        case .known(.failed(let cause)): ("failed", cause)
        case .known(let outcome): (outcome.legState.rawValue, nil)
        }
    }
}

extension Outcome {
    fileprivate var legState: LegState {
        switch self {
        case .accepted: .accepted
        case .delivered: .delivered
        case .answered: .answered
        case .acknowledged: .acknowledged
        case .failed: .failed
        }
    }
}

import AlertModel
import Campaigns
import Dispatching
import GRDB

/// Brings deliveries in line with their legs after legs moved, within the same transaction: their state, what they no
/// longer need, and whose turn has come.
///
/// Whatever moves a leg (a gateway's answer, a receipt, a link, a rescue, an expiry) comes through here, so that there is
/// one place where the first acknowledgement stops the rest.
struct DeliveryRefresh {
    private let legs: Statement
    private let current: Statement
    private let update: RawStatement
    private let sharers: Statement
    private let owner: Statement
    private let heard: Statement
    private let cancel: Statement
    private let release: Statement
    private let rules: Statement
    private var cascades: [Int64: Cascade?] = [:]
    /// Legs that are no longer waited for, because a gateway does not answer for them.
    var passedOver: Set<Int64> = []
    /// Channels on which nothing passes: what is due on them is not waited for.
    var stalled: Set<String> = []

    /// Run through `RawStatement` alone: GRDB leaves a statement of its own unready for other values until it runs it again.
    static let updating = "UPDATE deliveries SET state = ?, changed_at = ? WHERE id = ?"

    init(_ database: Database) throws {
        legs = try database.cachedStatement(sql: """
            SELECT state, id, channel, shared, due_at, stage FROM legs WHERE delivery_id = ?1
            UNION ALL
            SELECT legs.state, legs.id, legs.channel, 1, legs.due_at, leg_shares.stage
            FROM leg_shares JOIN legs ON legs.id = leg_shares.leg_id
            WHERE leg_shares.delivery_id = ?1
            """)
        current = try database.cachedStatement(sql: "SELECT campaign_id, state FROM deliveries WHERE id = ?")
        update = try RawStatement(database, Self.updating)
        sharers = try database.cachedStatement(sql: """
            SELECT delivery_id FROM leg_shares WHERE leg_id = ? ORDER BY delivery_id
            """)
        owner = try database.cachedStatement(sql: "SELECT delivery_id FROM legs WHERE id = ?")
        heard = try database.cachedStatement(sql: """
            SELECT min(ended_at) FROM attempts WHERE leg_id = ? AND detail IS NOT '\(SubmissionResult.quietWord)'
            """)
        cancel = try database.cachedStatement(sql: "UPDATE legs SET state = 'cancelled', ended_at = ? WHERE id = ?")
        release = try database.cachedStatement(sql: "UPDATE legs SET due_at = ? WHERE id = ?")
        rules = try database.cachedStatement(sql: "SELECT retry_rules FROM campaigns WHERE id = ?")
    }

    /// The deliveries a leg counts for: its own, and those that share its address.
    func deliveries(ofLeg leg: Int64, owner: Int64, isShared: Bool) throws -> [Int64] {
        isShared ? try [owner] + Int64.fetchAll(sharers, arguments: [leg]) : [owner]
    }

    mutating func refresh(_ delivery: Int64, now: UTCTime, _ deltas: inout CounterDeltas) throws {
        let legs = try places(of: delivery)
        guard let row = try Row.fetchOne(current, arguments: [delivery]) else { return }
        let campaign: Int64 = row[0]
        let old = try DeliveryState(stored: row[1])
        let new = DeliveryState(legs: legs.lazy.map(\.state))
        if legs.count > 1, legs.contains(where: { $0.state == .queued }) {
            try giveTurns(legs, of: campaign, now: now, &deltas)
        }
        guard old != new else { return }
        update.bind(new.rawValue, at: 1)
        update.bind(now.millisecondsSince1970, at: 2)
        update.bind(delivery, at: 3)
        try update.run()
        deltas.add(-1, campaign: campaign, delivery: old)
        deltas.add(1, campaign: campaign, delivery: new)
    }

    /// A leg as one delivery sees it: the stage is the delivery's own.
    private struct Place {
        let leg: Int64
        let state: LegState
        let channel: String
        let isShared: Bool
        let dueAt: UTCTime
        let stage: Int
    }

    private func places(of delivery: Int64) throws -> [Place] {
        var places: [Place] = []
        let rows = try Row.fetchCursor(legs, arguments: [delivery])
        while let row = try rows.next() {
            places.append(
                Place(
                    leg: row[1], state: try LegState(stored: row[0]), channel: row[2], isShared: row[3],
                    dueAt: UTCTime(stored: row[4]), stage: row[5]))
        }
        return places
    }

    /// Cancels what a recipient who has confirmed no longer needs; otherwise makes due whatever's turn is known.
    private mutating func giveTurns(
        _ legs: [Place], of campaign: Int64, now: UTCTime, _ deltas: inout CounterDeltas
    ) throws {
        let cascade = try cascade(of: campaign)
        if CascadeTurn.isOver(legs.lazy.map(\.state), cascade) {
            for leg in legs where leg.state == .queued {
                guard try !leg.isShared || !isNeeded(leg.leg, cascade) else { continue }
                try cancel.execute(arguments: [now.millisecondsSince1970, leg.leg])
                deltas.moveLeg(campaign: campaign, channel: leg.channel, from: .queued, to: .cancelled)
                if leg.dueAt == .never { deltas.add(-1, campaign: campaign, heldOn: leg.channel) }
            }
            return
        }
        guard let cascade else { return }
        let seen = try legs.map { place in
            CascadeTurn.Leg(
                id: LegID(rawValue: place.leg), stage: place.stage, state: place.state, dueAt: place.dueAt,
                firstHeardAt: place.dueAt == .never
                    ? nil : try Int64.fetchOne(heard, arguments: [place.leg]).map(UTCTime.init(stored:)),
                isPassedOver: passedOver.contains(place.leg)
                    || (place.state == .queued && place.dueAt <= now && stalled.contains(place.channel)))
        }
        for (leg, turn) in CascadeTurn.releases(seen, cascade, now: now) {
            try release.execute(arguments: [turn.millisecondsSince1970, leg.rawValue])
            guard let place = legs.first(where: { $0.leg == leg.rawValue }), place.dueAt == .never else { continue }
            deltas.add(-1, campaign: campaign, heldOn: place.channel)
        }
    }

    /// Whether any recipient who is reached by a leg has not confirmed yet.
    private func isNeeded(_ leg: Int64, _ cascade: Cascade?) throws -> Bool {
        guard let owner = try Int64.fetchOne(owner, arguments: [leg]) else { return false }
        return try deliveries(ofLeg: leg, owner: owner, isShared: true).contains {
            try !CascadeTurn.isOver(places(of: $0).lazy.map(\.state), cascade)
        }
    }

    private mutating func cascade(of campaign: Int64) throws -> Cascade? {
        if let known = cascades[campaign] { return known }
        let document = try String.fetchOne(rules, arguments: [campaign])
        let found = try document.map { try PolicyDocument(stored: $0) }?.cascade
        cascades[campaign] = .some(found)
        return found
    }
}

extension PolicyDocument {
    /// - Throws: `LedgerError.unreadable`.
    init(stored text: String) throws {
        do {
            self = try RetryDocument.decode(Array(text.utf8))
        } catch {
            throw LedgerError.unreadable("a policy's rules (\(error))")
        }
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

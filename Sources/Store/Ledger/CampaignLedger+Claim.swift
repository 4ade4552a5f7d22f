import AlertModel
import Campaigns
import Dispatching
import GRDB

extension Database {
    /// Takes due legs of the mode's running campaigns and opens an attempt for each, in one transaction.
    ///
    /// Alerts first, information with what they leave. Within a kind, a gateway's places are shared by the shares of the
    /// organisations that use it, and by weight among each one's campaigns, what one does not need going to the others, so
    /// that a small urgent campaign never waits for a large one to end. Which of an organisation's gateways carries a leg
    /// is `SlotChooser`'s judgement.
    func claim(_ request: ClaimRequest) throws -> Claim {
        let campaigns = try runningCampaigns(request.mode).filter { $0.restEnd(at: request.now) == nil }
        guard !campaigns.isEmpty else {
            return Claim(legs: [], campaigns: [:], drained: Set(request.channels), clock: request.clock)
        }
        var claimer = try LegClaimer(database: self, now: request.now, clock: request.clock)
        var drained: Set<Channel> = []
        var starved: [String: Int] = [:]
        for channel in request.channels {
            var chooser = SlotChooser(request.slots.filter { $0.channel == channel })
            var isHungry = false
            for kind in CampaignKind.allCases {
                let ofKind = campaigns.filter { $0.kind == kind && $0.policy.channels.contains(channel) }
                isHungry = try claimer.share(ofKind, kind, channel, &chooser) || isHungry
            }
            if !isHungry { drained.insert(channel) }
            starved.merge(chooser.starved, uniquingKeysWith: min)
        }
        try claimer.finish()
        let used = Set(claimer.legs.map(\.campaign))
        return Claim(
            legs: claimer.legs,
            campaigns: Dictionary(uniqueKeysWithValues: campaigns.filter { used.contains($0.id) }.map { ($0.id, $0) }),
            drained: drained, starved: starved, clock: claimer.clock, ceilings: request.ceilings(of: campaigns))
    }

    func runningCampaigns(_ mode: CampaignMode) throws -> [DispatchedCampaign] {
        let book = mode == .real ? try runningGatewayBook() : .open
        let statement = try cachedStatement(sql: """
            SELECT id, mode, organisation_id, audience_hash, channels, maximum_retries, retry_period_seconds, validity_seconds,
                expires_at, kind, weight, retry_rules, addenda, held_until
            FROM campaigns WHERE mode = ? AND state = 'running' ORDER BY id
            """)
        var known: [OrganisationID: GatewayAccess] = [:]
        return try Row.fetchAll(statement, arguments: [mode.rawValue]).map { row in
            let current = try currentMessage(of: row["id"])
            let organisation = OrganisationID(rawValue: row["organisation_id"])
            let access = known[organisation] ?? book.access(of: organisation)
            known[organisation] = access
            return DispatchedCampaign(
                id: CampaignID(rawValue: row["id"]), mode: try CampaignMode(stored: row["mode"]),
                audience: AudienceHash(hexadecimal: row["audience_hash"]),
                message: current.message, messageVersion: current.version, policy: try Policy(row),
                expiresAt: UTCTime(stored: row["expires_at"]), kind: try CampaignKind(stored: row["kind"]),
                weight: row["weight"], addenda: row["addenda"] == 0 ? [:] : try addenda(of: row["id"]),
                heldUntil: (row["held_until"] as Int64?).map(UTCTime.init(stored:)),
                organisation: organisation, access: access)
        }
    }
}

extension ClaimRequest {
    /// The ceilings of whoever has a campaign under way. Of one that was lifted, and that the dispatcher still keeps to, the
    /// greatest there can be.
    fileprivate func ceilings(of campaigns: [DispatchedCampaign]) -> [String: [OrganisationID: Int]] {
        var ceilings: [String: [OrganisationID: Int]] = [:]
        for slot in slots {
            for campaign in campaigns where campaign.access.isLimited || !slot.ceilings.isEmpty {
                if let limit = campaign.access.ceiling(of: slot.gateway),
                    let owner = campaign.access.ceilingOwner(of: slot.gateway)
                {
                    ceilings[slot.gateway, default: [:]][owner] = limit
                } else if slot.ceilings[campaign.organisation] != nil {
                    ceilings[slot.gateway, default: [:]][campaign.organisation] = GatewayAssignment.ceilings.upperBound
                }
            }
        }
        return ceilings
    }
}

extension Policy {
    /// From a row with the policy's columns of `campaigns`.
    init(_ row: Row) throws {
        let channels: String = row["channels"]
        let rules = try (row["retry_rules"] as String?).map { try PolicyDocument(stored: $0) } ?? PolicyDocument()
        self.init(
            channels: try channels.split(separator: ",").map { try Channel(stored: String($0)) },
            maximumRetries: row["maximum_retries"], retryPeriodSeconds: row["retry_period_seconds"],
            validitySeconds: row["validity_seconds"], retries: rules.retries, jitterPercent: rules.jitterPercent ?? 0,
            cascade: rules.cascade, admitsLateJoiners: rules.lateJoiners ?? true, quiet: rules.storedQuiet)
    }
}

/// Moves legs from queued to in flight, gathering them.
private struct LegClaimer {
    private let database: Database
    private let now: Int64
    private let due: RawStatement
    private let fly: RawStatement
    private let open: RawStatement
    private let lastGateway: Statement
    private let start: Statement
    private var deltas = CounterDeltas()
    private var started: Set<Int64> = []
    private var nextAttempt: Int64
    private(set) var legs: [ClaimedLeg] = []
    private(set) var clock: ShareClock

    init(database: Database, now: UTCTime, clock: ShareClock) throws {
        self.clock = clock
        self.database = database
        self.now = now.millisecondsSince1970
        due = try RawStatement(database, """
            SELECT legs.id, legs.address, legs.counted_attempts, legs.throttles, legs.in_doubt, legs.seal,
                legs.failures, legs.sole, legs.delivery_id, deliveries.external_id, deliveries.certainty, legs.cause,
                deliveries.language, legs.addendum
            FROM legs INDEXED BY legs_due JOIN deliveries ON deliveries.id = legs.delivery_id
            WHERE legs.campaign_id = ? AND legs.channel = ? AND legs.state = 'queued' AND legs.due_at <= ?
            ORDER BY legs.due_at, legs.id LIMIT ?
            """)
        fly = try RawStatement(database, "UPDATE legs SET state = 'in_flight' WHERE id = ?")
        open = try RawStatement(database, """
            INSERT INTO attempts (id, campaign_id, leg_id, gateway, possible_duplicate, started_at, message_version)
            VALUES (?, ?, ?, ?, ?, ?, ?)
            """)
        lastGateway = try database.cachedStatement(sql: """
            SELECT gateway FROM attempts WHERE leg_id = ? ORDER BY id DESC LIMIT 1
            """)
        start = try database.cachedStatement(sql: """
            UPDATE campaigns SET first_submission_at = ? WHERE id = ? AND first_submission_at IS NULL
            """)
        nextAttempt = (try Int64.fetchOne(database, sql: "SELECT max(id) FROM attempts") ?? 0) + 1
    }

    /// Shares a channel's places among campaigns of one kind.
    /// - Returns: whether legs may be left that are due: places ran out, or units.
    mutating func share(
        _ campaigns: [DispatchedCampaign], _ kind: CampaignKind, _ channel: Channel, _ chooser: inout SlotChooser
    ) throws -> Bool {
        guard !campaigns.isEmpty else { return false }
        var hungry = Dictionary(grouping: campaigns, by: \.organisation)
        var turns = OrganisationTurns(
            hungry.compactMapValues { $0.first?.access }, kind, channel: channel, gateways: chooser.gateways, clock: &clock)
        var isHungry = false
        while let turn = turns.next() {
            let organisation = turn.organisation
            let before = legs.count
            chooser.enter(turn.access)
            let places = chooser.places
            var isStarved = false
            if places > 0 {
                isStarved = try share(&hungry[organisation, default: []], turn.places(of: places), channel, &chooser)
            }
            let taken = legs.count - before
            let isEmpty = hungry[organisation, default: []].isEmpty
            // Its gateways have no room, or are none of these: it may have nothing to send either.
            let isWaiting = places == 0 ? try hasDue(hungry[organisation, default: []], channel) : isStarved || !isEmpty
            let isOut = isEmpty || taken == 0
            if isOut { isHungry = isHungry || isWaiting }
            turns.end(
                turn, given: chooser.leave(), messages: taken, isOut: isOut, isDone: isOut && !isWaiting, clock: &clock)
        }
        return isHungry
    }

    /// Shares so many places among an organisation's campaigns, and leaves those that want more.
    /// - Returns: whether legs are left that are due and that no gateway can take now.
    private mutating func share(
        _ hungry: inout [DispatchedCampaign], _ places: Int, _ channel: Channel, _ chooser: inout SlotChooser
    ) throws -> Bool {
        var left = places
        var isStarved = false
        var place = hungry.first.map { clock.place(of: $0.organisation) } ?? 0
        while !hungry.isEmpty, left > 0 {
            var count = min(left, chooser.places)
            if hungry.count > 1, count > 1, chooser.isMeasured {
                // No more places than there are units for: else whoever happens to be asked first would take the places
                // of those whose turn it was.
                for campaign in hungry {
                    chooser.prepare(campaign.message.wordings(on: channel))
                    count = min(count, max(1, chooser.affordable))
                }
            }
            let quotas = FairShares.quotas(count, weights: hungry.map(\.weight), from: place)
            let before = legs.count
            var still: [DispatchedCampaign] = []
            for (campaign, quota) in zip(hungry, quotas) {
                guard quota > 0 else {
                    still.append(campaign)
                    continue
                }
                chooser.prepare(campaign.message.wordings(on: channel))
                switch try take(quota, of: campaign, channel, &chooser) {
                case .all: still.append(campaign)
                case .fewer: break
                case .starved: isStarved = true
                }
            }
            let isIdle = legs.count == before && still.count == hungry.count
            hungry = still
            if isIdle { break }
            left -= legs.count - before
            place += legs.count - before
        }
        return isStarved
    }

    private func hasDue(_ campaigns: [DispatchedCampaign], _ channel: Channel) throws -> Bool {
        let statement = try database.cachedStatement(sql: """
            SELECT EXISTS (SELECT 1 FROM legs INDEXED BY legs_due
                WHERE campaign_id = ? AND channel = ? AND state = 'queued' AND due_at <= ?)
            """)
        return try campaigns.contains {
            try Bool.fetchOne(statement, arguments: [$0.id.rawValue, channel.rawValue, now]) == true
        }
    }

    private enum Taken {
        case all, fewer
        /// Due legs are left that no gateway can take now.
        case starved
    }

    /// A due leg as it was read: nothing is written while the index it was found by is walked.
    private struct DueLeg {
        let leg: ClaimedLeg
        let avoids: Bool
    }

    private mutating func take(
        _ count: Int, of dispatched: DispatchedCampaign, _ channel: Channel, _ chooser: inout SlotChooser
    ) throws -> Taken {
        let campaign = dispatched.id.rawValue
        due.bind(campaign, at: 1)
        due.bind(channel.rawValue, at: 2)
        due.bind(now, at: 3)
        due.bind(Int64(count), at: 4)
        var found: [DueLeg] = []
        found.reserveCapacity(count)
        while try due.step() {
            let isInDoubt = due.integer(4) != 0
            let cause = due.text(11)
            let leg = ClaimedLeg(
                attempt: AttemptID(rawValue: 0), leg: LegID(rawValue: due.integer(0)),
                campaign: CampaignID(rawValue: campaign), gateway: "", channel: channel,
                address: Redacted(due.text(1) ?? ""), externalID: due.text(9) ?? "",
                certainty: due.text(10).flatMap { Certainty(rawValue: $0) }, language: due.text(12) ?? "",
                seal: LegSeal(rawValue: due.integer(5)), countedAttempts: Int(due.integer(2)), throttles: Int(due.integer(3)), possibleDuplicate: isInDoubt,
                failures: FailureTally(rawValue: due.integer(6)),
                soleDelivery: due.integer(7) != 0 ? DeliveryID(rawValue: due.integer(8)) : nil,
                addendum: Int(due.integer(13)))
            found.append(DueLeg(leg: leg, avoids: cause == "network" || cause == "throttled"))
        }
        var isWaiting = false
        let isPersonal = dispatched.message.isPersonal
        for next in found {
            let leg = isPersonal ? next.leg.filled(with: try database.values(of: next.leg.leg.rawValue)) : next.leg
            let avoided = next.avoids ? try String.fetchOne(lastGateway, arguments: [leg.leg.rawValue]) : nil
            let gateway: String
            switch chooser.choose(avoiding: avoided) {
            case .gateway(let name): gateway = name
            case .later:
                isWaiting = true
                continue
            case .none: return .starved
            }
            legs.append(leg.claimed(as: AttemptID(rawValue: nextAttempt), through: gateway))
            fly.bind(leg.leg.rawValue, at: 1)
            try fly.run()
            open.bind(nextAttempt, at: 1)
            open.bind(campaign, at: 2)
            open.bind(leg.leg.rawValue, at: 3)
            open.bind(gateway, at: 4)
            open.bind(leg.possibleDuplicate, at: 5)
            open.bind(now, at: 6)
            open.bind(Int64(dispatched.messageVersion), at: 7)
            try open.run()
            nextAttempt += 1
            deltas.moveLeg(campaign: campaign, channel: channel.rawValue, from: .queued, to: .inFlight)
            if leg.possibleDuplicate { deltas.addPossibleDuplicate(campaign: campaign) }
            if started.insert(campaign).inserted { try start.execute(arguments: [now, campaign]) }
        }
        if isWaiting { return .starved }
        return found.count == count ? .all : .fewer
    }

    func finish() throws { try deltas.write(to: database) }
}

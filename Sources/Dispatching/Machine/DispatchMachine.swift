import AlertModel

/// The dispatcher's judgement as a value: what to do next, given what happened. It has no clock, no task and no
/// database, so that a simulation runs it through thousands of recipients and always gets the same answer.
///
/// Its owner asks `next`, carries out the answer, and tells it what came of it. One loop at a time may carry
/// out answers; results, receipts and probes may be told, and what is due taken by `release`, at any moment in
/// between.
package struct DispatchMachine: Sendable {
    package enum Action: Sendable {
        case record(RecordBatch)
        case settle(SettleRequest)
        case claim(ClaimRequest)
        /// Nothing to do before this moment, unless something is told.
        case wait(until: Uptime)
        /// Nothing is in flight and nothing is unwritten.
        case finish
        /// The time allowed for a graceful end has passed; this many are left to be found in doubt: in flight, or
        /// answered while the ledger refused to be written.
        case abandon(inFlight: Int)
    }

    /// What is to be handed over now.
    package struct Departures: Sendable {
        package var submissions: [(Gateway, Submission)] = []
        package var probes: [Gateway] = []
    }

    private let mode: CampaignMode
    private let channels: Set<Channel>
    private let settings: DispatcherSettings
    private var lanes: GatewayLanes

    private var inFlight: [AttemptID: Assignment] = [:]
    /// Ended and not yet written, oldest first.
    private var ended: [(record: AttemptRecord, lane: Int?)] = []
    private var receipts: [(receipt: Receipt, since: Uptime)] = []
    /// What the `record` under way carries: the first so many of `ended`, and these receipts.
    private var recordingCount = 0
    private var recordingReceipts: [(receipt: Receipt, since: Uptime)] = []
    private var recordDueAt: Uptime?
    private var settleAt: Uptime?
    private var claimPacedUntil: Uptime?
    /// Until when nothing is claimed after a claim that gave nothing although legs are due: they wait for a gateway that
    /// has no room.
    private var barrenUntil: Uptime?
    private var ledgerBlockedUntil: Uptime?
    /// Channels on which no due leg was left, and when something falls due there; a signal clears it.
    private var drainedUntil: [Channel: UTCTime] = [:]
    private var clock = ShareClock()
    private var shutdownDeadline: Uptime?

    package init(gateways: GatewaySet, settings: DispatcherSettings, from start: Uptime) {
        mode = gateways.mode
        channels = gateways.channels
        self.settings = settings
        lanes = GatewayLanes(gateways, from: start)
    }

    /// A submission in a gateway's hands, with what is needed to judge its answer.
    private struct Assignment: Sendable {
        let leg: ClaimedLeg
        let lane: Int
        let policy: Policy
        let expiresAt: UTCTime
        let access: GatewayAccess
    }

    /// Claimed and not yet answered.
    package var inFlightCount: Int { inFlight.count }

    // MARK: What to do next

    package mutating func next(now: Moment) -> Action {
        if let blocked = ledgerBlockedUntil, now.uptime < blocked {
            if let deadline = shutdownDeadline, now.uptime >= deadline {
                return .abandon(inFlight: inFlight.count + ended.count)
            }
            return .wait(until: min(blocked, shutdownDeadline ?? blocked))
        }
        ledgerBlockedUntil = nil
        if hasUnwritten, recordIsDue(now) { return record(now) }
        if let deadline = shutdownDeadline {
            if inFlight.isEmpty { return .finish }
            if now.uptime >= deadline { return .abandon(inFlight: inFlight.count) }
            return waiting(until: deadline, now: now)
        }
        if isDue(settleAt, now) { return .settle(SettleRequest(mode: mode, channels: channels, now: now.wall)) }
        if let request = claimRequest(now) { return .claim(request) }
        return waiting(until: settleAt ?? now.uptime, now: now)
    }

    private var hasUnwritten: Bool { !ended.isEmpty || !receipts.isEmpty }

    private func isDue(_ moment: Uptime?, _ now: Moment) -> Bool { moment.map { now.uptime >= $0 } ?? true }

    private func recordIsDue(_ now: Moment) -> Bool {
        inFlight.isEmpty || shutdownDeadline != nil || isDue(recordDueAt, now)
            || ended.count >= max(1, min(settings.recordLimit, inFlight.count))
    }

    private mutating func record(_ now: Moment) -> Action {
        recordingCount = min(ended.count, settings.recordLimit)
        recordingReceipts = receipts
        receipts.removeAll()
        return .record(
            RecordBatch(
                attempts: ended.prefix(recordingCount).map(\.record), receipts: recordingReceipts.map(\.receipt),
                now: now.wall))
    }

    private mutating func claimRequest(_ now: Moment) -> ClaimRequest? {
        if let barrenUntil, now.uptime < barrenUntil { return nil }
        let isPaced = claimPacedUntil.map { now.uptime < $0 } ?? false
        var slots: [ClaimRequest.Slot] = []
        var full: [ClaimRequest.Slot] = []
        for (number, room) in lanes.open(now.uptime) where !isDrained(lanes.all[number].gateway.channel, now.wall) {
            if room > 0, let slot = slot(number, room, isPaced, now.uptime) {
                slots.append(slot)
            } else {
                let gateway = lanes.all[number].gateway
                let end = now.uptime.advanced(byMilliseconds: settings.claimAheadMilliseconds)
                full.append(
                    .init(
                        gateway: gateway.name, channel: gateway.channel, count: 0, weight: gateway.traits.weight,
                        ceilings: lanes.all[number].ceilings(now.uptime, until: end)))
            }
        }
        guard !slots.isEmpty else { return nil }
        let channels = Set(slots.map(\.channel))
        return ClaimRequest(
            mode: mode, slots: slots + full.filter { channels.contains($0.channel) }, now: now.wall, clock: clock)
    }

    private mutating func slot(_ number: Int, _ room: Int, _ isPaced: Bool, _ now: Uptime) -> ClaimRequest.Slot? {
        let gateway = lanes.all[number].gateway
        var count = room
        var budget: ClaimRequest.Slot.Budget?
        if let units = lanes.all[number].budget(now, until: now.advanced(byMilliseconds: settings.claimAheadMilliseconds)) {
            guard !isPaced, units > 0 else { return nil }
            count = min(room, units)
            let isCounted = gateway.traits.rate?.unit == .segments
            budget = ClaimRequest.Slot.Budget(units: units, limit: lanes.all[number].pace.limit ?? 1) { message in
                isCounted ? gateway.segments(message) : 1
            }
        } else if isPaced, room < max(1, gateway.window / 4) {
            return nil
        }
        return ClaimRequest.Slot(
            gateway: gateway.name, channel: gateway.channel, count: count, weight: gateway.traits.weight,
            carried: lanes.all[number].carried, budget: budget,
            ceilings: lanes.all[number].ceilings(now, until: now.advanced(byMilliseconds: settings.claimAheadMilliseconds)),
            segments: gateway.segments)
    }

    private func isDrained(_ channel: Channel, _ now: UTCTime) -> Bool {
        drainedUntil[channel].map { now < $0 } ?? false
    }

    private mutating func waiting(until latest: Uptime, now: Moment) -> Action {
        var moment = latest
        if hasUnwritten, let due = recordDueAt { moment = min(moment, due) }
        if shutdownDeadline == nil {
            for (number, room) in lanes.open(now.uptime) where room > 0 {
                let due = drainedUntil[lanes.all[number].gateway.channel].map { now.uptime(of: $0) }
                let ahead = settings.claimAheadMilliseconds * 1000
                let claimable = lanes.all[number].claimableAt(now.uptime, ahead: ahead)
                moment = min(moment, max(claimable, due ?? claimable, claimPacedUntil ?? claimable, barrenUntil ?? claimable))
            }
        }
        // Never "now": a wait that does not wait would spin.
        return .wait(until: max(moment, now.uptime.advanced(byMilliseconds: 1)))
    }

    // MARK: What leaves

    /// When `release` has something to give, or nil.
    package mutating func nextRelease(now: Moment) -> Uptime? {
        var first: Uptime?
        for number in lanes.all.indices {
            let moments = [
                lanes.all[number].nextDeparture(now.uptime), shutdownDeadline == nil ? lanes.all[number].nextProbe(now.uptime) : nil,
            ]
            for moment in moments.compactMap({ $0 }) { first = min(first ?? moment, moment) }
        }
        return first
    }

    /// What is to be handed to the gateways now: submissions whose turn has come, and probes.
    package mutating func release(now: Moment) -> Departures {
        var departures = Departures()
        for number in lanes.all.indices {
            while let submission = lanes.all[number].depart(now.uptime) {
                guard now.wall < submission.expiresAt else {
                    _ = finished(submission.attempt, .failed(.expired), now: now)
                    continue
                }
                guard now.wall < submission.quietAt else {
                    _ = finished(submission.attempt, .quiet, now: now)
                    continue
                }
                departures.submissions.append((lanes.all[number].gateway, submission))
            }
            if shutdownDeadline == nil, let due = lanes.all[number].nextProbe(now.uptime), due <= now.uptime {
                lanes.all[number].beginProbe()
                departures.probes.append(lanes.all[number].gateway)
            }
        }
        return departures
    }

    /// How each gateway is now.
    package func vitals(now: Moment) -> [GatewayVitals] { lanes.all.map { $0.vitals(now) } }

    /// Gateways that went down or came back since this was last asked.
    package mutating func takeChanges() -> [GatewayChange] { lanes.takeChanges() }

    // MARK: What happened

    /// Takes in a claim. Each leg either is now to be taken by `release`, at once or when its gateway's rate allows,
    /// or, where the last check refuses it, is already recorded as withheld or expired.
    /// - Returns: those the last check refused.
    package mutating func claimed(_ claim: Claim, for request: ClaimRequest, now: Moment) -> [Withheld] {
        clock = claim.clock
        for channel in claim.drained { drainedUntil[channel] = .never }
        claimPacedUntil = now.uptime.advanced(byMilliseconds: settings.claimPaceMilliseconds)
        // By a ceiling that was not known nothing was claimed: now it is.
        let isNew = lanes.learn(claim.ceilings, now.uptime)
        barrenUntil = claim.legs.isEmpty && !isNew ? claimPacedUntil : nil
        for slot in request.slots {
            guard let number = lanes.number(of: slot.gateway) else { continue }
            if let need = claim.starved[slot.gateway] {
                lanes.all[number].need = need
            } else if claim.drained.contains(slot.channel) {
                lanes.all[number].need = 1
            }
        }

        var withheld: [Withheld] = []
        // When each campaign's quiet hours begin, worked out once a claim.
        var quietAt: [CampaignID: UTCTime] = [:]
        for leg in claim.legs {
            let number = lanes.number(of: leg.gateway)
            let campaign = claim.campaigns[leg.campaign]
            do throws(VerdictCheck.Refusal) {
                let audience = try VerdictCheck.check(
                    leg, of: campaign, through: number.map { lanes.all[$0].gateway }, mode: mode)
                guard let campaign, let number else { throw .wrongGateway }
                let message = try Self.message(of: leg, in: campaign)
                inFlight[leg.attempt] = Assignment(
                    leg: leg, lane: number, policy: campaign.policy, expiresAt: campaign.expiresAt, access: campaign.access)
                lanes.all[number].flying += 1
                lanes.all[number].carried += 1
                guard now.wall < campaign.expiresAt else {
                    _ = finished(leg.attempt, .failed(.expired), now: now)
                    continue
                }
                if let quiet = campaign.policy.quiet, quietAt[leg.campaign] == nil {
                    quietAt[leg.campaign] = quiet.start(from: now.wall)
                }
                lanes.all[number].hold(
                    submission(
                        of: leg, in: campaign, message, audience: audience, now: now.wall,
                        quietAt: quietAt[leg.campaign] ?? .never),
                    of: campaign.access.isLimited ? campaign.access.ceilingOwner(of: leg.gateway) : nil)
            } catch {
                withheld.append(Withheld(campaign: leg.campaign, leg: leg.leg, reason: error))
                note(
                    AttemptRecord(
                        leg, .failed(.withheld, detail: error.rawValue), endedAt: now.wall,
                        next: LegStep(
                            state: .failed, cause: .withheld, countedAttempts: leg.countedAttempts,
                            inDoubt: leg.possibleDuplicate, failures: leg.failures)),
                    lane: number, now: now)
            }
        }
        lanes.evenOut()
        return withheld
    }

    /// What leaves for one leg: its wording, with the places filled that are the recipient's own.
    private static func message(of leg: ClaimedLeg, in campaign: DispatchedCampaign) throws(VerdictCheck.Refusal) -> Message {
        let worded = campaign.message.worded(for: leg.channel, language: leg.language)
        guard worded.isPersonal else { return worded }
        do {
            return try worded.personal(leg.values?.values ?? PersonalValues())
        } catch {
            throw .textUnreadable
        }
    }

    private func submission(
        of leg: ClaimedLeg, in campaign: DispatchedCampaign, _ message: Message, audience: AudienceHash, now: UTCTime, quietAt: UTCTime
    ) -> Submission {
        Submission(
            attempt: leg.attempt, leg: leg.leg, campaign: leg.campaign, audience: audience, mode: mode,
            channel: leg.channel, address: leg.address,
            message: message, language: campaign.message.language(for: leg.channel, spoken: leg.language), isPersonal: campaign.message.isPersonal, number: leg.countedAttempts + 1,
            possibleDuplicate: leg.possibleDuplicate, claimedAt: now, expiresAt: campaign.expiresAt,
            kind: campaign.kind, quietAt: quietAt)
    }

    /// A gateway answered.
    /// - Returns: whether the loop should look now rather than when its wait ends.
    package mutating func finished(_ attempt: AttemptID, _ result: SubmissionResult, now: Moment) -> Bool {
        guard let assignment = inFlight.removeValue(forKey: attempt) else { return false }
        let leg = assignment.leg
        lanes.all[assignment.lane].flying -= 1
        lanes.judge(assignment.lane, result, now.uptime)
        let step = LegStep.after(
            result, leg.history, policy: assignment.policy, expiresAt: assignment.expiresAt, now: now.wall,
            hasOtherGateway: result.isGatewayFailure
                && lanes.hasOther(than: assignment.lane, leg, assignment.access, now.uptime))
        return note(AttemptRecord(leg, result, endedAt: now.wall, next: step), lane: assignment.lane, now: now)
    }

    /// A gateway answered a probe.
    package mutating func probed(_ gateway: String, _ answer: ProbeAnswer, now: Moment) {
        lanes.probed(gateway, answer, now.uptime)
    }

    @discardableResult
    private mutating func note(_ record: AttemptRecord, lane: Int?, now: Moment) -> Bool {
        ended.append((record, lane))
        if let lane { lanes.all[lane].unwritten += 1 }
        let isFirst = recordDueAt == nil
        if isFirst { recordDueAt = now.uptime.advanced(byMilliseconds: settings.recordPaceMilliseconds) }
        return isFirst || inFlight.isEmpty || ended.count == max(1, min(settings.recordLimit, inFlight.count))
    }

    private static let mostReceipts = 50_000

    /// A gateway sent a receipt.
    package mutating func received(_ receipt: Receipt, now: Moment) -> Bool {
        // While the ledger cannot be written: who brings it is not answered, and brings it again.
        guard receipt.ticket == nil || receipts.count < Self.mostReceipts else { return false }
        receipts.append((receipt, now.uptime))
        let pace = receipt.ticket == nil ? settings.recordPaceMilliseconds : settings.receiptPaceMilliseconds
        let due = now.uptime.advanced(byMilliseconds: pace)
        if let recordDueAt, recordDueAt <= due { return false }
        recordDueAt = due
        return true
    }

    /// The last `record` is durable.
    /// - Returns: the receipts given up: they name nothing this ledger knows.
    package mutating func recorded(unmatched: [Receipt], now: Moment) -> [Receipt] {
        for (record, lane) in ended.prefix(recordingCount) {
            guard let lane else { continue }
            lanes.all[lane].unwritten -= 1
            if let due = record.next.dueAt {
                let channel = lanes.all[lane].gateway.channel
                drainedUntil[channel] = min(drainedUntil[channel] ?? due, due)
            }
        }
        ended.removeFirst(recordingCount)
        recordingCount = 0
        // A receipt that overtook its answer finds its attempt once that answer is written: it goes with the
        // next batch, for a while.
        var givenUp: [Receipt] = []
        var since: [Receipt: Uptime] = [:]
        if !unmatched.isEmpty {
            since = Dictionary(recordingReceipts.map { ($0.receipt, $0.since) }, uniquingKeysWith: min)
        }
        recordingReceipts.removeAll()
        recordDueAt = hasUnwritten ? now.uptime : nil
        for receipt in unmatched {
            let came = since[receipt] ?? now.uptime
            let age = now.uptime.microseconds(since: came)
            if (inFlight.isEmpty && ended.isEmpty) || age >= settings.strayReceiptMilliseconds * 1000 {
                givenUp.append(receipt)
            } else {
                receipts.append((receipt, came))
                recordDueAt = recordDueAt ?? now.uptime.advanced(byMilliseconds: settings.claimPaceMilliseconds)
            }
        }
        if inFlight.isEmpty, !hasUnwritten { settleAt = now.uptime }
        return givenUp
    }

    package mutating func settled(_ settlement: Settlement, now: Moment) {
        settleAt =
            settlement.hasMore ? now.uptime : now.uptime.advanced(byMilliseconds: settings.settlePaceMilliseconds)
        for (channel, due) in settlement.due {
            drainedUntil[channel] = drainedUntil[channel].map { min($0, due) }
        }
    }

    /// The ledger refused the last action; nothing of it is lost, and it is tried again after a pause.
    package mutating func ledgerFailed(now: Moment) {
        receipts.insert(contentsOf: recordingReceipts, at: 0)
        recordingReceipts.removeAll()
        recordingCount = 0
        ledgerBlockedUntil = now.uptime.advanced(byMilliseconds: settings.ledgerRetryMilliseconds)
    }

    /// Something may be due earlier than thought: a campaign was launched, resumed or ended.
    package mutating func woken(now: Moment) {
        drainedUntil.removeAll(keepingCapacity: true)
        barrenUntil = nil
        settleAt = now.uptime
    }

    /// Claims nothing any more; what is in flight may end until the limit.
    package mutating func shutDown(now: Moment) {
        guard shutdownDeadline == nil else { return }
        shutdownDeadline = now.uptime.advanced(byMilliseconds: settings.shutdownLimitMilliseconds)
    }
}

/// A leg the last check refused.
package struct Withheld: Hashable, Sendable {
    package let campaign: CampaignID
    package let leg: LegID
    package let reason: VerdictCheck.Refusal
}

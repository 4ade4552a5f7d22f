import AlertModel

/// The dispatcher's judgement as a value: what to do next, given what happened. It has no clock, no task and no
/// database, so that a simulation runs it through thousands of recipients and always gets the same answer.
///
/// Its owner asks `next`, carries out the answer, and tells it what came of it. One loop at a time may carry
/// out answers; results and receipts may be told at any moment in between.
package struct DispatchMachine: Sendable {
    package enum Action: Sendable {
        case record(RecordBatch)
        case settle(SettleRequest)
        case claim(ClaimRequest)
        /// Nothing to do before this moment, unless something is told.
        case wait(until: UTCTime)
        /// Nothing is in flight and nothing is unwritten.
        case finish
        /// The time allowed for a graceful end has passed; this many are left to be found in doubt: in flight, or
        /// answered while the ledger refused to be written.
        case abandon(inFlight: Int)
    }

    private let gateways: [Gateway]
    private let mode: CampaignMode
    private let channels: Set<Channel>
    private let settings: DispatcherSettings

    private var inFlight: [AttemptID: Assignment] = [:]
    private var inFlightByGateway: [String: Int] = [:]
    private var unwrittenByGateway: [String: Int] = [:]
    /// Ended and not yet written, oldest first.
    private var ended: [(record: AttemptRecord, gateway: String)] = []
    private var receipts: [Receipt] = []
    /// What the `record` under way carries: the first so many of `ended`, and these receipts.
    private var recordingCount = 0
    private var recordingReceipts: [Receipt] = []
    private var recordDueAt: UTCTime?
    private var settleAt: UTCTime?
    private var claimPacedUntil: UTCTime?
    private var ledgerBlockedUntil: UTCTime?
    /// Channels whose last claim came back short, and when something falls due there; a signal clears it.
    private var drainedUntil: [Channel: UTCTime] = [:]
    private var turn = 0
    private var shutdownDeadline: UTCTime?

    package init(gateways: GatewaySet, settings: DispatcherSettings) {
        self.gateways = gateways.gateways
        mode = gateways.mode
        channels = gateways.channels
        self.settings = settings
    }

    /// A submission in a gateway's hands, with what is needed to judge its answer.
    private struct Assignment: Sendable {
        let leg: ClaimedLeg
        let policy: Policy
        let expiresAt: UTCTime
    }

    package var inFlightCount: Int { inFlight.count }

    // MARK: What to do next

    package mutating func next(now: UTCTime) -> Action {
        if let blocked = ledgerBlockedUntil, now < blocked {
            if let deadline = shutdownDeadline, now >= deadline {
                return .abandon(inFlight: inFlight.count + ended.count)
            }
            return .wait(until: min(blocked, shutdownDeadline ?? blocked))
        }
        ledgerBlockedUntil = nil
        if hasUnwritten, recordIsDue(now) { return record(now) }
        if let deadline = shutdownDeadline {
            if inFlight.isEmpty { return .finish }
            if now >= deadline { return .abandon(inFlight: inFlight.count) }
            return waiting(until: deadline, now: now)
        }
        if isDue(settleAt, now) { return .settle(SettleRequest(mode: mode, channels: channels, now: now)) }
        if let request = claimRequest(now) { return .claim(request) }
        return waiting(until: settleAt ?? now, now: now)
    }

    private var hasUnwritten: Bool { !ended.isEmpty || !receipts.isEmpty }

    private func isDue(_ moment: UTCTime?, _ now: UTCTime) -> Bool { moment.map { now >= $0 } ?? true }

    private func recordIsDue(_ now: UTCTime) -> Bool {
        inFlight.isEmpty || shutdownDeadline != nil || isDue(recordDueAt, now)
            || ended.count >= max(1, min(settings.recordLimit, inFlight.count))
    }

    private mutating func record(_ now: UTCTime) -> Action {
        recordingCount = min(ended.count, settings.recordLimit)
        recordingReceipts = receipts
        receipts.removeAll()
        return .record(
            RecordBatch(
                attempts: ended.prefix(recordingCount).map(\.record), receipts: recordingReceipts, now: now))
    }

    private mutating func claimRequest(_ now: UTCTime) -> ClaimRequest? {
        let paced = claimPacedUntil.map { now < $0 } ?? false
        var slots: [ClaimRequest.Slot] = []
        for gateway in gateways where !isDrained(gateway.channel, now) {
            let free = room(in: gateway)
            guard free > 0, !paced || free >= max(1, gateway.window / 4) else { continue }
            slots.append(.init(gateway: gateway.name, channel: gateway.channel, count: free))
        }
        guard !slots.isEmpty else { return nil }
        turn += 1
        return ClaimRequest(mode: mode, slots: slots, now: now, turn: turn)
    }

    private func isDrained(_ channel: Channel, _ now: UTCTime) -> Bool {
        drainedUntil[channel].map { now < $0 } ?? false
    }

    /// At most a window in flight, and at most two windows between claim and ledger: that is what a crash can
    /// leave in doubt.
    private func room(in gateway: Gateway) -> Int {
        let flying = inFlightByGateway[gateway.name, default: 0]
        let unwritten = unwrittenByGateway[gateway.name, default: 0]
        return min(gateway.window - flying, 2 * gateway.window - flying - unwritten)
    }

    private func waiting(until latest: UTCTime, now: UTCTime) -> Action {
        var moment = latest
        if hasUnwritten, let due = recordDueAt { moment = min(moment, due) }
        if shutdownDeadline == nil {
            for gateway in gateways where room(in: gateway) > 0 {
                let claimable = [drainedUntil[gateway.channel], claimPacedUntil].compactMap { $0 }.max()
                moment = min(moment, claimable ?? now)
            }
        }
        // Never "now": a wait that does not wait would spin.
        return .wait(until: max(moment, now.advanced(byMilliseconds: 1)))
    }

    // MARK: What happened

    /// Takes in a claim. Each leg either may be submitted now or, where the last check refuses it, is already
    /// recorded as withheld or expired.
    package mutating func claimed(
        _ claim: Claim, for request: ClaimRequest, now: UTCTime
    ) -> (submissions: [(Gateway, Submission)], withheld: [Withheld]) {
        var asked: [Channel: Int] = [:]
        for slot in request.slots { asked[slot.channel, default: 0] += slot.count }
        for leg in claim.legs { asked[leg.channel, default: 0] -= 1 }
        for (channel, missing) in asked where missing > 0 { drainedUntil[channel] = .never }
        claimPacedUntil = now.advanced(byMilliseconds: settings.claimPaceMilliseconds)

        var submissions: [(Gateway, Submission)] = []
        submissions.reserveCapacity(claim.legs.count)
        var withheld: [Withheld] = []
        for leg in claim.legs {
            let gateway = gateways.first { $0.name == leg.gateway }
            let campaign = claim.campaigns[leg.campaign]
            do throws(VerdictCheck.Refusal) {
                let audience = try VerdictCheck.check(leg, of: campaign, through: gateway, mode: mode)
                guard let campaign, let gateway else { throw .wrongGateway }
                inFlight[leg.attempt] = Assignment(
                    leg: leg, policy: campaign.policy, expiresAt: campaign.expiresAt)
                inFlightByGateway[gateway.name, default: 0] += 1
                guard now < campaign.expiresAt else {
                    _ = finished(leg.attempt, .failed(.expired), now: now)
                    continue
                }
                submissions.append((gateway, submission(of: leg, in: campaign, audience: audience, now: now)))
            } catch {
                withheld.append(Withheld(campaign: leg.campaign, leg: leg.leg, reason: error))
                note(
                    AttemptRecord(
                        attempt: leg.attempt, leg: leg.leg, campaign: leg.campaign,
                        result: .failed(.withheld, detail: error.rawValue), endedAt: now,
                        next: LegStep(
                            state: .failed, cause: .withheld, countedAttempts: leg.countedAttempts,
                            inDoubt: leg.possibleDuplicate)),
                    gateway: leg.gateway, now: now)
            }
        }
        return (submissions, withheld)
    }

    private func submission(
        of leg: ClaimedLeg, in campaign: DispatchedCampaign, audience: AudienceHash, now: UTCTime
    ) -> Submission {
        Submission(
            attempt: leg.attempt, leg: leg.leg, campaign: leg.campaign, audience: audience, mode: mode,
            channel: leg.channel, address: leg.address,
            message: campaign.message.worded(for: leg.channel, language: leg.language), number: leg.countedAttempts + 1,
            possibleDuplicate: leg.possibleDuplicate, claimedAt: now, expiresAt: campaign.expiresAt)
    }

    /// A gateway answered.
    /// - Returns: whether the loop should look now rather than when its wait ends.
    package mutating func finished(_ attempt: AttemptID, _ result: SubmissionResult, now: UTCTime) -> Bool {
        guard let assignment = inFlight.removeValue(forKey: attempt) else { return false }
        let leg = assignment.leg
        inFlightByGateway[leg.gateway, default: 0] -= 1
        let step = LegStep.after(
            result, countedAttempts: leg.countedAttempts, throttles: leg.throttles,
            wasInDoubt: leg.possibleDuplicate, policy: assignment.policy, expiresAt: assignment.expiresAt, now: now)
        return note(
            AttemptRecord(
                attempt: attempt, leg: leg.leg, campaign: leg.campaign, result: result, endedAt: now, next: step),
            gateway: leg.gateway, now: now)
    }

    @discardableResult
    private mutating func note(_ record: AttemptRecord, gateway: String, now: UTCTime) -> Bool {
        ended.append((record, gateway))
        unwrittenByGateway[gateway, default: 0] += 1
        let first = recordDueAt == nil
        if first { recordDueAt = now.advanced(byMilliseconds: settings.recordPaceMilliseconds) }
        return first || inFlight.isEmpty || ended.count == max(1, min(settings.recordLimit, inFlight.count))
    }

    /// A gateway sent a receipt.
    package mutating func received(_ receipt: Receipt, now: UTCTime) -> Bool {
        receipts.append(receipt)
        guard recordDueAt == nil else { return false }
        recordDueAt = now.advanced(byMilliseconds: settings.recordPaceMilliseconds)
        return true
    }

    /// The last `record` is durable.
    /// - Returns: the receipts given up: they name nothing this ledger knows.
    package mutating func recorded(unmatched: [Receipt], now: UTCTime) -> [Receipt] {
        for (record, gateway) in ended.prefix(recordingCount) {
            unwrittenByGateway[gateway, default: 0] -= 1
            if let due = record.next.dueAt, let channel = gateways.first(where: { $0.name == gateway })?.channel {
                drainedUntil[channel] = min(drainedUntil[channel] ?? due, due)
            }
        }
        ended.removeFirst(recordingCount)
        recordingCount = 0
        recordingReceipts.removeAll()
        recordDueAt = hasUnwritten ? now : nil
        // A receipt that overtook its answer finds its attempt once that answer is written: it goes with the
        // next batch, for a while.
        var givenUp: [Receipt] = []
        for receipt in unmatched {
            let age = now.milliseconds(since: receipt.receivedAt)
            if (inFlight.isEmpty && ended.isEmpty) || age >= settings.strayReceiptMilliseconds {
                givenUp.append(receipt)
            } else {
                receipts.append(receipt)
                recordDueAt = recordDueAt ?? now.advanced(byMilliseconds: settings.claimPaceMilliseconds)
            }
        }
        if inFlight.isEmpty, !hasUnwritten { settleAt = now }
        return givenUp
    }

    package mutating func settled(_ settlement: Settlement, now: UTCTime) {
        settleAt = settlement.hasMore ? now : now.advanced(byMilliseconds: settings.settlePaceMilliseconds)
        for (channel, due) in settlement.due {
            drainedUntil[channel] = drainedUntil[channel].map { min($0, due) }
        }
    }

    /// The ledger refused the last action; nothing of it is lost, and it is tried again after a pause.
    package mutating func ledgerFailed(now: UTCTime) {
        receipts.insert(contentsOf: recordingReceipts, at: 0)
        recordingReceipts.removeAll()
        recordingCount = 0
        ledgerBlockedUntil = now.advanced(byMilliseconds: settings.ledgerRetryMilliseconds)
    }

    /// Something may be due earlier than thought: a campaign was launched, resumed or ended.
    package mutating func woken(now: UTCTime) {
        drainedUntil.removeAll(keepingCapacity: true)
        settleAt = now
    }

    /// Claims nothing any more; what is in flight may end until the limit.
    package mutating func shutDown(now: UTCTime) {
        guard shutdownDeadline == nil else { return }
        shutdownDeadline = now.advanced(byMilliseconds: settings.shutdownLimitMilliseconds)
    }
}

/// A leg the last check refused.
package struct Withheld: Hashable, Sendable {
    package let campaign: CampaignID
    package let leg: LegID
    package let reason: VerdictCheck.Refusal
}

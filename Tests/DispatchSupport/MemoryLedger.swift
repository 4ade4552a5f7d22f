import AlertModel
import Campaigns
import Dispatching

/// The ledger port over arrays: the least that keeps its promises, to test the dispatcher without a database.
package actor MemoryLedger {
    package struct Leg: Sendable {
        package let id: Int64
        package let campaign: Int64
        package let channel: Channel
        package let address: String
        package var externalID: String
        package var certainty: Certainty?
        package var seal: LegSeal
        package var state = LegState.queued
        package var cause: FailureCause?
        /// Of its last attempt.
        package var gateway: String?
        package var dueAt: UTCTime
        package var counted = 0
        package var throttles = 0
        package var failures = FailureTally()
        package var inDoubt = false
        package var awaitingUntil: UTCTime?
    }

    package struct Attempt: Sendable {
        package let leg: Int64
        package let gateway: String
        package let possibleDuplicate: Bool
        package var outcome: SubmissionResult.Verdict?
        package var reference: String?
    }

    package private(set) var legs: [Leg] = []
    package private(set) var attempts: [Attempt] = []
    package private(set) var states: [CampaignID: CampaignState] = [:]
    private var campaigns: [CampaignID: DispatchedCampaign] = [:]
    /// Refuses the next so many transactions, as a full disk would.
    private var failuresLeft = 0

    package init() {}

    package func launch(_ town: Town, now: UTCTime) throws -> CampaignID {
        let id = CampaignID(rawValue: Int64(campaigns.count + 1))
        let hash = try town.hash
        campaigns[id] = DispatchedCampaign(
            id: id, mode: town.plan.mode, audience: hash, message: town.plan.message, policy: town.plan.policy,
            expiresAt: now.advanced(bySeconds: town.plan.policy.validitySeconds), kind: town.plan.kind,
            weight: town.plan.weight)
        states[id] = .running
        var seen: Set<String> = []
        for entry in town.entries {
            for contact in entry.contactPoints where seen.insert("\(contact.channel)\(contact.address.value)").inserted {
                legs.append(
                    Leg(
                        id: Int64(legs.count + 1), campaign: id.rawValue, channel: contact.channel,
                        address: contact.address.value, externalID: entry.externalID, certainty: entry.certainty,
                        seal: LegSeal(
                            audience: hash, externalID: entry.externalID, certainty: entry.certainty,
                            channel: contact.channel, address: contact.address), dueAt: now))
            }
        }
        return id
    }

    package func alter(_ leg: Int, _ change: @Sendable (inout Leg) -> Void) { change(&legs[leg]) }
    package func setState(_ state: CampaignState, of campaign: CampaignID) { states[campaign] = state }
    package func refuseTransactions(_ count: Int) { failuresLeft = count }

    package nonisolated var port: Ledger {
        Ledger(
            rescue: { mode, now in await self.rescue(mode, now) },
            claim: { try await self.claim($0) },
            record: { try await self.record($0) },
            settle: { try await self.settle($0) })
    }

    package struct Refusal: Error {}

    private func refuseIfAsked() throws {
        guard failuresLeft > 0 else { return }
        failuresLeft -= 1
        throw Refusal()
    }

    private func rescue(_ mode: CampaignMode, _ now: UTCTime) -> Int {
        var count = 0
        for index in attempts.indices where attempts[index].outcome == nil {
            attempts[index].outcome = .inDoubt
            let leg = Int(attempts[index].leg) - 1
            legs[leg].state = .queued
            legs[leg].dueAt = now
            legs[leg].inDoubt = true
            count += 1
        }
        return count
    }

    private func running(_ mode: CampaignMode) -> [DispatchedCampaign] {
        campaigns.values.filter { $0.mode == mode && states[$0.id] == .running }.sorted { $0.id < $1.id }
    }

    private func claim(_ request: ClaimRequest) throws -> Claim {
        try refuseIfAsked()
        let campaigns = running(request.mode).filter { $0.restEnd(at: request.now) == nil }
        var claimed: [ClaimedLeg] = []
        var drained: Set<Channel> = []
        var starved: [String: Int] = [:]
        for channel in request.channels {
            var chooser = SlotChooser(request.slots.filter { $0.channel == channel })
            var isHungry = false
            for kind in CampaignKind.allCases {
                for campaign in campaigns where campaign.kind == kind {
                    chooser.prepare(campaign.message.wordings(on: channel))
                    legs: for index in due(campaign, channel, request.now) {
                        let leg = legs[index]
                        let avoided = leg.cause == .network || leg.cause == .throttled ? leg.gateway : nil
                        switch chooser.choose(avoiding: avoided) {
                        case .gateway(let gateway): claimed.append(claim(index, gateway))
                        case .later: isHungry = true
                        case .none:
                            isHungry = true
                            break legs
                        }
                    }
                }
            }
            if !isHungry { drained.insert(channel) }
            starved.merge(chooser.starved, uniquingKeysWith: min)
        }
        return Claim(
            legs: claimed, campaigns: Dictionary(uniqueKeysWithValues: campaigns.map { ($0.id, $0) }), drained: drained,
            starved: starved)
    }

    private func due(_ campaign: DispatchedCampaign, _ channel: Channel, _ now: UTCTime) -> [Int] {
        let due = legs.indices.filter {
            legs[$0].state == .queued && legs[$0].campaign == campaign.id.rawValue && legs[$0].channel == channel
                && legs[$0].dueAt <= now
        }
        // They are in order until the first retry.
        let isInOrder = zip(due, due.dropFirst()).allSatisfy { legs[$0].dueAt <= legs[$1].dueAt }
        return isInOrder ? due : due.sorted { (legs[$0].dueAt, legs[$0].id) < (legs[$1].dueAt, legs[$1].id) }
    }

    private func claim(_ index: Int, _ gateway: String) -> ClaimedLeg {
        legs[index].state = .inFlight
        legs[index].gateway = gateway
        let leg = legs[index]
        attempts.append(Attempt(leg: leg.id, gateway: gateway, possibleDuplicate: leg.inDoubt))
        return ClaimedLeg(
            attempt: AttemptID(rawValue: Int64(attempts.count)), leg: LegID(rawValue: leg.id),
            campaign: CampaignID(rawValue: leg.campaign), gateway: gateway, channel: leg.channel,
            address: Redacted(leg.address), externalID: leg.externalID, certainty: leg.certainty, seal: leg.seal,
            countedAttempts: leg.counted, throttles: leg.throttles, possibleDuplicate: leg.inDoubt,
            failures: leg.failures)
    }

    private func record(_ batch: RecordBatch) throws -> [Receipt] {
        try refuseIfAsked()
        for record in batch.attempts {
            let attempt = Int(record.attempt.rawValue) - 1
            guard attempts[attempt].outcome == nil else { continue }
            attempts[attempt].outcome = record.result.verdict
            attempts[attempt].reference = record.result.reference
            let leg = Int(record.leg.rawValue) - 1
            legs[leg].state = record.next.state
            legs[leg].cause = record.next.cause
            legs[leg].dueAt = record.next.dueAt ?? record.endedAt
            legs[leg].counted = record.next.countedAttempts
            legs[leg].throttles = record.next.throttles
            legs[leg].failures = record.next.failures
            legs[leg].inDoubt = record.next.inDoubt
            legs[leg].awaitingUntil = record.next.awaitingUntil
        }
        return batch.receipts.filter { receipt in
            let attempt = attempts.last { $0.reference == receipt.reference && $0.gateway == receipt.gateway }
            guard let attempt else { return true }
            let leg = Int(attempt.leg) - 1
            guard legs[leg].state == .accepted else { return false }
            legs[leg].awaitingUntil = nil
            if case .failed(let cause) = receipt.outcome {
                legs[leg].state = .failed
                legs[leg].cause = cause
            } else {
                legs[leg].state = .delivered
            }
            return false
        }
    }

    private func settle(_ request: SettleRequest) throws -> Settlement {
        try refuseIfAsked()
        var completed: [CampaignID] = []
        var due: [Channel: UTCTime] = [:]
        for campaign in running(request.mode) {
            var isOpen = false
            for index in legs.indices where legs[index].campaign == campaign.id.rawValue {
                if legs[index].state == .queued {
                    if campaign.expiresAt <= request.now { end(index, .expired) }
                    if !request.channels.contains(legs[index].channel) { end(index, .unavailable) }
                }
                let leg = legs[index]
                if leg.state == .queued {
                    let first = max(leg.dueAt, campaign.restEnd(at: request.now) ?? leg.dueAt)
                    due[leg.channel] = min(due[leg.channel] ?? first, first)
                }
                isOpen = isOpen || leg.state.isOpen || (leg.awaitingUntil ?? request.now) > request.now
            }
            if !isOpen {
                states[campaign.id] = .completed
                completed.append(campaign.id)
            }
        }
        return Settlement(completed: completed, hasMore: false, due: due)
    }

    private func end(_ index: Int, _ cause: FailureCause) {
        legs[index].state = .failed
        legs[index].cause = cause
    }
}

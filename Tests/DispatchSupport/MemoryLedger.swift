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
    /// Legs that are or were due, of each campaign and channel; whether one still is, its leg says.
    private var queues: [Line: DueQueue] = [:]
    private var byReference: [String: Int] = [:]

    private struct Line: Hashable {
        let campaign: Int64
        let channel: Channel
    }

    private func queue(_ index: Int) {
        let leg = legs[index]
        queues[Line(campaign: leg.campaign, channel: leg.channel), default: DueQueue()].insert((leg.dueAt, index))
    }
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
                queue(legs.count - 1)
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
            queue(leg)
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
                    let line = Line(campaign: campaign.id.rawValue, channel: channel)
                    var passed: [(UTCTime, Int)] = []
                    legs: while let next = nextDue(line, request.now) {
                        let leg = legs[next.index]
                        let avoided = leg.cause == .network || leg.cause == .throttled ? leg.gateway : nil
                        switch chooser.choose(avoiding: avoided) {
                        case .gateway(let gateway):
                            claimed.append(claim(next.index, gateway))
                            continue legs
                        case .later:
                            isHungry = true
                            passed.append(next)
                        case .none:
                            isHungry = true
                            passed.append(next)
                            break legs
                        }
                    }
                    for leg in passed { queues[line]?.insert(leg) }
                }
            }
            if !isHungry { drained.insert(channel) }
            starved.merge(chooser.starved, uniquingKeysWith: min)
        }
        return Claim(
            legs: claimed, campaigns: Dictionary(uniqueKeysWithValues: campaigns.map { ($0.id, $0) }), drained: drained,
            starved: starved)
    }

    /// Takes the first leg that is due off its queue.
    private func nextDue(_ line: Line, _ now: UTCTime) -> (dueAt: UTCTime, index: Int)? {
        guard let first = firstQueued(line), first.dueAt <= now else { return nil }
        return queues[line]?.removeFirst()
    }

    /// Leaves it there, and what is no longer due as it was queued out.
    private func firstQueued(_ line: Line) -> (dueAt: UTCTime, index: Int)? {
        while let first = queues[line]?.first {
            if legs[first.index].state == .queued, legs[first.index].dueAt == first.dueAt { return first }
            _ = queues[line]?.removeFirst()
        }
        return nil
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
            if record.next.state == .queued { queue(leg) }
            if let reference = record.result.reference { byReference["\(attempts[attempt].gateway) \(reference)"] = attempt }
        }
        return batch.receipts.filter { receipt in
            guard let attempt = byReference["\(receipt.gateway) \(receipt.reference)"] else { return true }
            let leg = Int(attempts[attempt].leg) - 1
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
            let missing = campaign.policy.channels.contains { !request.channels.contains($0) }
            if campaign.expiresAt <= request.now || missing {
                for index in legs.indices where legs[index].campaign == campaign.id.rawValue && legs[index].state == .queued {
                    if campaign.expiresAt <= request.now { end(index, .expired) }
                    if !request.channels.contains(legs[index].channel) { end(index, .unavailable) }
                }
            }
            var isOpen = false
            for channel in campaign.policy.channels {
                guard let first = firstQueued(Line(campaign: campaign.id.rawValue, channel: channel)) else { continue }
                let moment = max(first.dueAt, campaign.restEnd(at: request.now) ?? first.dueAt)
                due[channel] = min(due[channel] ?? moment, moment)
                isOpen = true
            }
            // Looked for once nothing is queued: that is at the end.
            isOpen = isOpen || legs.contains {
                $0.campaign == campaign.id.rawValue && ($0.state.isOpen || ($0.awaitingUntil ?? request.now) > request.now)
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

/// Legs by the moment they fall due, then by number: a heap.
private struct DueQueue {
    private var heap: [(dueAt: UTCTime, index: Int)] = []

    var first: (dueAt: UTCTime, index: Int)? { heap.first }

    mutating func insert(_ leg: (dueAt: UTCTime, index: Int)) {
        heap.append(leg)
        var child = heap.count - 1
        while child > 0, heap[child] < heap[(child - 1) / 2] {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    mutating func removeFirst() -> (dueAt: UTCTime, index: Int) {
        heap.swapAt(0, heap.count - 1)
        let first = heap.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && heap[child] < heap[least] { least = child }
            if least == parent { return first }
            heap.swapAt(least, parent)
            parent = least
        }
    }
}

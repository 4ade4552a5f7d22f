import AlertModel
import Dispatching

/// Runs the dispatcher's machine in virtual time, one event after another: the same ledger, gateways' script and
/// seed give the same run, whatever the computer does.
package final class DispatchSimulation {
    /// What a gateway does with one submission.
    package struct Course: Sendable {
        package let answerMilliseconds: Int64
        package let result: SubmissionResult
        package let receipt: Outcome?
        package let receiptMilliseconds: Int64

        package init(
            answerMilliseconds: Int64, result: SubmissionResult, receipt: Outcome? = nil, receiptMilliseconds: Int64 = 0
        ) {
            self.answerMilliseconds = answerMilliseconds
            self.result = result
            self.receipt = receipt
            self.receiptMilliseconds = receiptMilliseconds
        }
    }

    /// One message that left, as the peer would log it.
    package struct Sent: Hashable, Sendable {
        package let at: UTCTime
        package let campaign: CampaignID
        package let channel: Channel
        package let address: String
        package let number: Int
        package let possibleDuplicate: Bool
    }

    private enum Happening { case answer(AttemptID, SubmissionResult), receipt(Receipt), call(() async throws -> Void) }

    package private(set) var now: UTCTime
    package private(set) var sent: [Sent] = []
    package private(set) var withheld: [Withheld] = []
    package private(set) var completed: [CampaignID] = []
    package private(set) var mostInFlight = 0
    package private(set) var transactions = 0
    private let gateways: GatewaySet
    private let ledger: Ledger
    private let settings: DispatcherSettings
    private let course: (Submission) -> Course
    private var machine: DispatchMachine
    private var happenings: [(at: UTCTime, order: Int, what: Happening)] = []
    private var order = 0

    package init(
        gateways: GatewaySet, ledger: Ledger, settings: DispatcherSettings = DispatcherSettings(), from start: UTCTime,
        course: @escaping (Submission) -> Course
    ) {
        self.gateways = gateways
        self.ledger = ledger
        self.settings = settings
        self.course = course
        now = start
        machine = DispatchMachine(gateways: gateways, settings: settings)
    }

    package var inFlight: Int { machine.inFlightCount }

    /// Something an operator does at a moment of virtual time.
    package func at(_ moment: UTCTime, _ call: @escaping () async throws -> Void) { add(moment, .call(call)) }

    /// A receipt that comes at its own moment, whatever was submitted.
    package func receive(_ receipt: Receipt) { add(receipt.receivedAt, .receipt(receipt)) }

    package func shutDown() { machine.shutDown(now: now) }
    package func signal() { machine.woken(now: now) }

    /// The process dies: whatever the machine knew, and every answer under way, is lost. The next one starts as
    /// a process does, with the rescue.
    package func killAndRestart() async throws -> Int {
        happenings = happenings.filter { if case .call = $0.what { true } else { false } }
            .sorted { ($0.at, $0.order) < ($1.at, $1.order) }
        machine = DispatchMachine(gateways: gateways, settings: settings)
        return try await ledger.rescue(gateways.mode, now)
    }

    /// Runs until the machine finishes, or `isOver` says so after an action. Returns the last action.
    @discardableResult
    package func run(actions limit: Int = 1_000_000, isOver: () async -> Bool = { false }) async throws
        -> DispatchMachine.Action?
    {
        for _ in 0..<limit {
            let action = machine.next(now: now)
            try await carryOut(action)
            switch action {
            case .finish, .abandon: return action
            case .record, .settle, .claim, .wait: if await isOver() { return action }
            }
        }
        return nil
    }

    /// Runs until as many campaigns have completed.
    package func run(untilCompleted count: Int) async throws { try await run { self.completed.count >= count } }

    private func carryOut(_ action: DispatchMachine.Action) async throws {
        switch action {
        case .record(let batch):
            transactions += 1
            do { _ = machine.recorded(unmatched: try await ledger.record(batch), now: now) } catch is MemoryLedger.Refusal {
                machine.ledgerFailed(now: now)
            }
        case .settle(let request):
            transactions += 1
            do {
                let settlement = try await ledger.settle(request)
                completed += settlement.completed
                machine.settled(settlement, now: now)
            } catch is MemoryLedger.Refusal { machine.ledgerFailed(now: now) }
        case .claim(let request):
            transactions += 1
            do { submit(try await ledger.claim(request), request) } catch is MemoryLedger.Refusal {
                machine.ledgerFailed(now: now)
            }
        case .wait(let moment): try await pass(until: moment)
        case .finish, .abandon: break
        }
    }

    private func submit(_ claim: Claim, _ request: ClaimRequest) {
        let (submissions, refused) = machine.claimed(claim, for: request, now: now)
        withheld += refused
        for (gateway, submission) in submissions {
            sent.append(
                Sent(
                    at: now, campaign: submission.campaign, channel: submission.channel,
                    address: submission.address.value, number: submission.number,
                    possibleDuplicate: submission.possibleDuplicate))
            let course = course(submission)
            let answerAt = now.advanced(byMilliseconds: course.answerMilliseconds)
            add(answerAt, .answer(submission.attempt, course.result))
            if let outcome = course.receipt, let reference = course.result.reference {
                let at = answerAt.advanced(byMilliseconds: course.receiptMilliseconds)
                add(at, .receipt(Receipt(gateway: gateway.name, reference: reference, outcome: outcome, receivedAt: at)))
            }
        }
        mostInFlight = max(mostInFlight, machine.inFlightCount)
    }

    /// Lets time pass to the next thing that happens, `moment` at the latest.
    private func pass(until moment: UTCTime) async throws {
        guard let first = happenings.first, first.at <= moment else {
            now = moment
            return
        }
        now = max(now, first.at)
        while let next = happenings.first, next.at <= now {
            removeFirst()
            switch next.what {
            case .answer(let attempt, let result): _ = machine.finished(attempt, result, now: now)
            case .receipt(let receipt): _ = machine.received(receipt, now: now)
            case .call(let call): try await call()
            }
        }
    }

    // MARK: A heap, by moment then order

    private func add(_ at: UTCTime, _ what: Happening) {
        order += 1
        happenings.append((at, order, what))
        var child = happenings.count - 1
        while child > 0, isEarlier(child, (child - 1) / 2) {
            happenings.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private func removeFirst() {
        happenings.swapAt(0, happenings.count - 1)
        happenings.removeLast()
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < happenings.count && isEarlier(child, least) {
                least = child
            }
            if least == parent { return }
            happenings.swapAt(least, parent)
            parent = least
        }
    }

    private func isEarlier(_ left: Int, _ right: Int) -> Bool {
        (happenings[left].at, happenings[left].order) < (happenings[right].at, happenings[right].order)
    }
}

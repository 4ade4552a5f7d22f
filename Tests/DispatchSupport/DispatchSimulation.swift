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
        /// When the receipt comes again, after the answer; below zero, before it.
        package let repetitions: [Int64]

        package init(
            answerMilliseconds: Int64, result: SubmissionResult, receipt: Outcome? = nil, receiptMilliseconds: Int64 = 0,
            repetitions: [Int64] = []
        ) {
            self.repetitions = repetitions
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
        package let gateway: String
        package let uptime: Uptime
    }

    private enum Happening {
        case answer(AttemptID, SubmissionResult), receipt(Receipt), call(() async throws -> Void)
        case probe(String, ProbeAnswer)
    }

    package var now: UTCTime { moment.wall }
    package private(set) var moment: Moment
    package private(set) var changes: [GatewayChange] = []
    package private(set) var sent: [Sent] = []
    package private(set) var withheld: [Withheld] = []
    package private(set) var completed: [CampaignID] = []
    package private(set) var mostInFlight = 0
    package private(set) var transactions = 0
    private let gateways: GatewaySet
    private let ledger: Ledger
    private let settings: DispatcherSettings
    private let course: (Submission, Gateway) -> Course
    /// What a gateway that can be asked says.
    package var probe: (Gateway) -> ProbeAnswer = { _ in .up }
    private var machine: DispatchMachine
    private var happenings: [(at: Uptime, order: Int, what: Happening)] = []
    private var order = 0

    package init(
        gateways: GatewaySet, ledger: Ledger, settings: DispatcherSettings = DispatcherSettings(), from start: UTCTime,
        course: @escaping (Submission, Gateway) -> Course
    ) {
        self.gateways = gateways
        self.ledger = ledger
        self.settings = settings
        self.course = course
        moment = Moment(wall: start, uptime: Uptime(microseconds: 0))
        machine = DispatchMachine(gateways: gateways, settings: settings, from: moment.uptime)
    }

    package convenience init(
        gateways: GatewaySet, ledger: Ledger, settings: DispatcherSettings = DispatcherSettings(), from start: UTCTime,
        course: @escaping (Submission) -> Course
    ) {
        self.init(gateways: gateways, ledger: ledger, settings: settings, from: start) { submission, _ in
            course(submission)
        }
    }

    /// Somebody sets the wall clock.
    package func setClock(byMilliseconds count: Int64) {
        moment = Moment(wall: moment.wall.advanced(byMilliseconds: count), uptime: moment.uptime)
    }

    package var inFlight: Int { machine.inFlightCount }

    /// Where the process dies inside an action: after the ledger has written, before the machine knows.
    package enum CrashPoint: Hashable, Sendable { case afterClaim, afterRecord, afterSettle }
    package struct Crash: Error {}
    /// The next action of that kind ends with a `Crash`; then `killAndRestart`.
    package var crashPoint: CrashPoint?

    private func crash(at point: CrashPoint) throws {
        guard crashPoint == point else { return }
        crashPoint = nil
        throw Crash()
    }

    /// Something an operator does at a moment of virtual time.
    package func at(_ moment: UTCTime, _ call: @escaping () async throws -> Void) {
        add(self.moment.uptime(of: moment), .call(call))
    }

    /// A receipt that comes at its own moment, whatever was submitted.
    package func receive(_ receipt: Receipt) { add(moment.uptime(of: receipt.receivedAt), .receipt(receipt)) }

    package func shutDown() { machine.shutDown(now: moment) }
    package func signal() { machine.woken(now: moment) }

    /// The process dies: whatever the machine knew, and every answer under way, is lost. The next one starts as
    /// a process does, with the rescue.
    package func killAndRestart() async throws -> Int {
        happenings = happenings.filter { if case .call = $0.what { true } else { false } }
            .sorted { ($0.at, $0.order) < ($1.at, $1.order) }
        machine = DispatchMachine(gateways: gateways, settings: settings, from: moment.uptime)
        return try await ledger.rescue(gateways.mode, now)
    }

    /// Runs until the machine finishes, or `isOver` says so after an action. Returns the last action.
    @discardableResult
    package func run(actions limit: Int = 1_000_000, isOver: () async -> Bool = { false }) async throws
        -> DispatchMachine.Action?
    {
        for _ in 0..<limit {
            release()
            let action = machine.next(now: moment)
            try await carryOut(action)
            switch action {
            case .finish, .abandon: return action
            case .record, .settle, .claim, .wait: if await isOver() { return action }
            }
        }
        return nil
    }

    /// Everything that happened, as text: equal for equal runs.
    package var report: String {
        let lines = sent.map {
            "\($0.uptime.microseconds) \($0.at.millisecondsSince1970) \($0.gateway) \($0.address) \($0.number) \($0.possibleDuplicate)"
        }
        return (lines + ["completed \(completed)", "withheld \(withheld)", "changes \(changes)", "transactions \(transactions)"])
            .joined(separator: "\n")
    }

    /// Runs until as many campaigns have completed.
    package func run(untilCompleted count: Int) async throws { try await run { self.completed.count >= count } }

    private func carryOut(_ action: DispatchMachine.Action) async throws {
        switch action {
        case .record(let batch):
            transactions += 1
            do {
                let unmatched = try await ledger.record(batch)
                try crash(at: .afterRecord)
                _ = machine.recorded(unmatched: unmatched, now: moment)
            } catch is MemoryLedger.Refusal {
                machine.ledgerFailed(now: moment)
            }
        case .settle(let request):
            transactions += 1
            do {
                let settlement = try await ledger.settle(request)
                completed += settlement.completed
                try crash(at: .afterSettle)
                machine.settled(settlement, now: moment)
            } catch is MemoryLedger.Refusal { machine.ledgerFailed(now: moment) }
        case .claim(let request):
            transactions += 1
            do {
                let claim = try await ledger.claim(request)
                try crash(at: .afterClaim)
                submit(claim, request)
            } catch is MemoryLedger.Refusal {
                machine.ledgerFailed(now: moment)
            }
        case .wait(let moment): try await pass(until: moment)
        case .finish, .abandon: break
        }
    }

    private func submit(_ claim: Claim, _ request: ClaimRequest) {
        withheld += machine.claimed(claim, for: request, now: moment)
        release()
    }

    private func release() {
        let departures = machine.release(now: moment)
        for (gateway, submission) in departures.submissions {
            sent.append(
                Sent(
                    at: now, campaign: submission.campaign, channel: submission.channel,
                    address: submission.address.value, number: submission.number,
                    possibleDuplicate: submission.possibleDuplicate, gateway: gateway.name, uptime: moment.uptime))
            let course = course(submission, gateway)
            add(
                moment.uptime.advanced(byMilliseconds: course.answerMilliseconds), .answer(submission.attempt, course.result))
            if let outcome = course.receipt, let reference = course.result.reference {
                for milliseconds in [course.receiptMilliseconds] + course.repetitions {
                    let wait = max(0, course.answerMilliseconds + milliseconds)
                    add(
                        moment.uptime.advanced(byMilliseconds: wait),
                        .receipt(
                            Receipt(
                                gateway: gateway.name, reference: reference, outcome: outcome,
                                receivedAt: now.advanced(byMilliseconds: wait))))
                }
            }
        }
        for gateway in departures.probes {
            add(moment.uptime.advanced(byMilliseconds: 1), .probe(gateway.name, probe(gateway)))
        }
        changes += machine.takeChanges()
        mostInFlight = max(mostInFlight, machine.inFlightCount)
    }

    /// Lets time pass to the next thing that happens, `moment` at the latest.
    private func pass(until latest: Uptime) async throws {
        let release = machine.nextRelease(now: moment).map { max($0, moment.uptime.advanced(byMicroseconds: 1)) }
        let end = min(latest, release ?? latest)
        guard let first = happenings.first, first.at <= end else { return advance(to: end) }
        advance(to: max(moment.uptime, first.at))
        while let next = happenings.first, next.at <= moment.uptime {
            removeFirst()
            switch next.what {
            case .answer(let attempt, let result): _ = machine.finished(attempt, result, now: moment)
            case .receipt(let receipt): _ = machine.received(receipt, now: moment)
            case .probe(let gateway, let answer): machine.probed(gateway, answer, now: moment)
            case .call(let call): try await call()
            }
        }
    }

    /// Both clocks go on; the wall clock is kept in whole milliseconds of the other, so that no part is lost.
    private func advance(to uptime: Uptime) {
        let milliseconds = uptime.microseconds / 1000 - moment.uptime.microseconds / 1000
        moment = Moment(wall: moment.wall.advanced(byMilliseconds: milliseconds), uptime: uptime)
    }

    // MARK: A heap, by moment then order

    private func add(_ at: Uptime, _ what: Happening) {
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

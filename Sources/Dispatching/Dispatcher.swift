import AlertModel
import Logging

/// Carries running campaigns of one mode: claims legs, hands them to gateways, writes what came of it.
///
/// The judgement is `DispatchMachine`'s; this actor owns the clock, the tasks and the ledger. One dispatcher per
/// mode and database: hold the database's dispatcher lock before building one.
package actor Dispatcher {
    private let gateways: GatewaySet
    private let ledger: Ledger
    private let time: DispatcherTime
    private let audit: @Sendable (DispatchEvent) async -> Void
    private let logger: Logger
    private var machine: DispatchMachine
    private var waiter: CheckedContinuation<Void, Never>?
    private var releaseTimer: (at: Uptime, task: Task<Void, Never>)?
    private var auditing: Task<Void, Never>?
    /// What people wrote, not in the ledger yet.
    private var inbound: [InboundMessage] = []
    private var receiving: Task<Void, Never>?
    private var isEnding = false
    private var isOver = false
    private let since: UTCTime
    /// The wait before the rescue is tried again after the ledger refused it (an import holds the database).
    private static let rescuePause = Duration.seconds(1)

    /// - Parameter audit: told of what an auditor wants to read; it must not wait for the dispatcher.
    package init(
        gateways: GatewaySet, ledger: Ledger, time: DispatcherTime = .system,
        settings: DispatcherSettings = DispatcherSettings(), logger: Logger,
        audit: @escaping @Sendable (DispatchEvent) async -> Void
    ) {
        self.gateways = gateways
        self.ledger = ledger
        self.time = time
        self.logger = logger
        self.audit = audit
        machine = DispatchMachine(gateways: gateways, settings: settings, from: time.uptime())
        since = time.now()
    }

    /// How each gateway is now; costs the dispatcher a copy of some numbers.
    package func vitals() -> GatewayVitalsSheet {
        let now = time.moment
        return GatewayVitalsSheet(mode: gateways.mode, at: now.wall, since: since, gateways: machine.vitals(now: now))
    }

    /// Runs until `shutDown`, or until its task is cancelled, which means the same: what is in flight still ends
    /// and is written, because the work is done outside the cancelled task.
    ///
    /// - Throws: `DispatchError.shutdownTimeout` when submissions were still in flight at the limit; the next
    ///   start finds them in doubt.
    package func run() async throws {
        let work = Task { try await self.work() }
        try await withTaskCancellationHandler {
            try await work.value
        } onCancel: {
            shutDown()
        }
    }

    /// Something may be due: a campaign was launched, resumed or stopped.
    package nonisolated func signal() { Task { await self.woken() } }

    /// Claims nothing any more and lets `run` return once what is in flight has ended.
    package nonisolated func shutDown() { Task { await self.beginShutdown() } }

    // MARK: The loop

    private func work() async throws {
        let readers = gateways.gateways.compactMap { gateway in
            gateway.receipts.map { receipts in
                Task { for await receipt in receipts { self.received(receipt) } }
            }
        }
        let listeners = gateways.gateways.compactMap { gateway in
            gateway.inbound.map { messages in
                Task { for await message in messages { self.received(message) } }
            }
        }
        defer {
            for reader in readers + listeners { reader.cancel() }
            releaseTimer?.task.cancel()
            isOver = true
        }
        await rescue()
        loop: while true {
            release()
            switch machine.next(now: time.moment) {
            case .record(let batch): await record(batch)
            case .settle(let request): await settle(request)
            case .claim(let request): await claim(request)
            case .wait(let moment): await wait(until: moment)
            case .finish: break loop
            case .abandon(let count):
                throw DispatchError(
                    .shutdownTimeout,
                    "\(count) submissions were still in flight when the time to end had passed; "
                        + "the next start marks them as in doubt and tries them again")
            }
        }
        await receiving?.value
        for gateway in gateways.gateways { await gateway.close() }
        // A closed gateway brings no more: what it had brought is kept.
        for listener in listeners { await listener.value }
        await receiving?.value
        await auditing?.value
    }

    /// Without the rescue nothing may be claimed: an attempt left open would be taken for this process's own.
    private func rescue() async {
        var count: Int?
        while count == nil, !isEnding {
            do {
                count = try await ledger.rescue(gateways.mode, time.now())
            } catch {
                await ledgerFailed("rescue", error)
                await time.sleep(Self.rescuePause)
            }
        }
        guard let count, count > 0 else { return }
        logger.notice("queued again after an interruption", metadata: ["in_doubt": "\(count)"])
        await audit(.rescued(mode: gateways.mode, count: count))
    }

    private func record(_ batch: RecordBatch) async {
        do {
            let unmatched = try await ledger.record(batch)
            // Those that name no known attempt too: they are of one in flight, which a crash leaves in doubt whatever its
            // receipt said, or of none.
            confirm(batch.receipts.compactMap { receipt in receipt.ticket.map { (receipt.gateway, $0) } })
            let stray = machine.recorded(unmatched: unmatched, now: time.moment)
            for (gateway, receipts) in Dictionary(grouping: stray, by: \.gateway) {
                await audit(.strayReceipts(gateway: gateway, count: receipts.count))
            }
        } catch {
            await ledgerFailed("record", error)
        }
    }

    private func settle(_ request: SettleRequest) async {
        do {
            let settlement = try await ledger.settle(request)
            machine.settled(settlement, now: time.moment)
            for campaign in settlement.completed {
                logger.info("campaign completed", metadata: ["campaign": "\(campaign)"])
                await audit(.completed(campaign))
            }
        } catch {
            await ledgerFailed("settle", error)
        }
    }

    private func claim(_ request: ClaimRequest) async {
        let claim: Claim
        do {
            claim = try await ledger.claim(request)
        } catch {
            return await ledgerFailed("claim", error)
        }
        let withheld = machine.claimed(claim, for: request, now: time.moment)
        release()
        for leg in withheld {
            logger.critical(
                "leg withheld by the last check before the gateway",
                metadata: [
                    "campaign": "\(leg.campaign)", "leg": "\(leg.leg)", "reason": "\(leg.reason.rawValue)",
                ])
            await audit(.withheld(leg))
        }
    }

    private func ledgerFailed(_ action: String, _ error: any Error) async {
        machine.ledgerFailed(now: time.moment)
        // The error's own description may quote a statement; its arguments are hidden by the store.
        logger.error("the ledger refused a transaction", metadata: ["action": "\(action)", "error": "\(error)"])
        await audit(.ledgerFailed(action: action, error: error))
    }

    // MARK: What leaves

    /// Hands over what is due, and comes back when more is: also while the loop waits for the ledger.
    private func release() {
        guard !isOver else { return }
        let departures = machine.release(now: time.moment)
        for (gateway, submission) in departures.submissions {
            // Not a child: a submission outlives the cancellation of whoever runs the dispatcher.
            Task {
                let result = await gateway.submit(submission)
                self.finished(submission.attempt, result)
            }
        }
        for gateway in departures.probes {
            guard let probe = gateway.probe else { continue }
            Task { self.probed(gateway.name, await probe()) }
        }
        tellChanges()
        guard let moment = machine.nextRelease(now: time.moment) else { return }
        if let timer = releaseTimer, timer.at <= moment { return }
        releaseTimer?.task.cancel()
        let time = time
        let wait = Duration.microseconds(max(0, moment.microseconds(since: time.uptime())))
        releaseTimer = (
            moment,
            Task {
                await time.sleep(wait)
                if !Task.isCancelled { self.releaseIsDue() }
            }
        )
    }

    private func releaseIsDue() {
        releaseTimer = nil
        release()
    }

    private func probed(_ gateway: String, _ answer: ProbeAnswer) {
        machine.probed(gateway, answer, now: time.moment)
        release()
        wake()
    }

    private func tellChanges() {
        for change in machine.takeChanges() {
            logger.warning(
                change.isUp ? "gateway is back" : "gateway is down", metadata: ["gateway": "\(change.gateway)"])
            // One after the other, and not waited for here: what is due must leave.
            let (audit, earlier) = (audit, auditing)
            auditing = Task {
                await earlier?.value
                await audit(.gatewayChanged(change))
            }
        }
    }

    // MARK: What happens meanwhile

    private func finished(_ attempt: AttemptID, _ result: SubmissionResult) {
        if machine.finished(attempt, result, now: time.moment) { wake() }
    }

    private func received(_ receipt: Receipt) {
        if machine.received(receipt, now: time.moment) { wake() }
    }

    /// Messages in one transaction.
    private static let inboundLimit = 200
    /// Messages kept while the ledger cannot be written; whoever brings more is not answered, and brings it again.
    private static let mostInbound = 10_000

    private func received(_ message: InboundMessage) {
        guard message.ticket == nil || inbound.count < Self.mostInbound else { return }
        inbound.append(message)
        guard receiving == nil else { return }
        receiving = Task { await self.receive() }
    }

    /// Takes what people wrote into the ledger, beside the loop: a reply must not wait for a claim, nor hold one up.
    private func receive() async {
        while !inbound.isEmpty {
            let batch = Array(inbound.prefix(Self.inboundLimit))
            do {
                try await ledger.receive(batch, gateways.mode, time.now())
            } catch {
                // The machine has no part in this: a record may be under way beside it.
                logger.error("the ledger refused a transaction", metadata: ["action": "receive", "error": "\(error)"])
                await audit(.ledgerFailed(action: "receive", error: error))
                // Whoever brought them was not answered and brings them again.
                if isEnding { break }
                await time.sleep(Self.rescuePause)
                continue
            }
            inbound.removeFirst(batch.count)
            confirm(batch.compactMap { message in message.ticket.map { (message.gateway, $0) } })
            woken()
        }
        receiving = nil
    }

    private func confirm(_ tickets: [(gateway: String, ticket: UInt64)]) {
        guard !tickets.isEmpty else { return }
        for (name, tickets) in Dictionary(grouping: tickets, by: \.gateway) {
            gateways.gateways.first { $0.name == name }?.confirm(tickets.map(\.ticket))
        }
    }

    private func woken() {
        machine.woken(now: time.moment)
        wake()
    }

    private func beginShutdown() {
        isEnding = true
        machine.shutDown(now: time.moment)
        wake()
    }

    // MARK: Waiting

    private func wait(until moment: Uptime) async {
        let duration = Duration.microseconds(max(0, moment.microseconds(since: time.uptime())))
        let time = time
        let timer = Task {
            await time.sleep(duration)
            if !Task.isCancelled { self.wake() }
        }
        await withCheckedContinuation { waiter = $0 }
        timer.cancel()
    }

    /// Without a waiter the loop is at work, and asks the machine again before it waits.
    private func wake() {
        waiter?.resume()
        waiter = nil
    }
}

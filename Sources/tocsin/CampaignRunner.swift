@preconcurrency import Dispatch
import AlertModel
import Campaigns
import Dispatching
import Foundation
import Logging
import Store
import Synchronization

/// Carries one campaign to its end from the command line, or follows whoever carries it.
struct CampaignRunner {
    /// How often progress is read while following: four times a second, a dozen rows each.
    private static let period = Duration.milliseconds(250)
    /// While another process carries the campaign, its lock is asked for once a second.
    private static let turnsBetweenLocks = 4

    let store: AlertDatabase

    /// Returns when the campaign has ended, and prints how on standard output.
    ///
    /// - Throws: `LedgerError.unknownCampaign`; `Interrupted` after Ctrl-C: what is in flight is then recorded
    ///   and the campaign goes on at the next start.
    func carry(_ id: CampaignID, purpose: String) async throws {
        let mode = try store.ledger.campaign(id).mode
        let logger = Logger(label: "tocsin.dispatch") { _ in StandardErrorLog(level: .warning) }
        let interruption = InterruptionSignal()
        var carrier: String?
        while true {
            do {
                let runtime = try DispatchRuntime(
                    store: store, means: try mode.means(), purpose: purpose, logger: logger)
                if carrier != nil { Terminal.say("nobody carries it any more: this process does") }
                try await carry(id, with: runtime, until: interruption)
                break
            } catch DispatcherLock.Failure.held(let holder) {
                // Whoever holds the lock may die or leave: follow for a while, then ask for the lock again.
                let name = holder?.description ?? "another process"
                if carrier != name { Terminal.say("carried by \(name); following") }
                carrier = name
                if try await follow(id, until: interruption, turns: Self.turnsBetweenLocks) { break }
            }
        }
        try report(id)
        // Where no server runs nobody else counts what it came to, until somebody asks.
        do {
            try store.settleCharges(isAside: true)
        } catch {
            Terminal.warn("what campaign \(id) came to was not counted yet: \(error)")
        }
    }

    private func carry(_ id: CampaignID, with runtime: DispatchRuntime, until interruption: InterruptionSignal) async throws {
        // Whichever ends first ends the other: a dispatcher that failed must not be watched for ever.
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await runtime.run() }
            group.addTask { _ = try await follow(id, until: interruption, turns: .max) }
            do {
                try await group.next()
            } catch {
                runtime.shutDown()
                group.cancelAll()
                try? await group.waitForAll()
                throw error
            }
            runtime.shutDown()
            try await group.waitForAll()
        }
    }

    /// - Returns: whether the campaign ended; false when the turns are used up.
    private func follow(_ id: CampaignID, until interruption: InterruptionSignal, turns: Int) async throws -> Bool {
        var line = ProgressLine("campaign \(id)")
        defer { line.finish() }
        for _ in 0..<turns {
            let record = try store.ledger.campaign(id)
            if record.state.isFinal { return true }
            let progress = record.progress
            let done = progress.recipients - progress.count(.pending)
            line.update(
                "\(record.state.rawValue), \(done)/\(progress.recipients) recipients, "
                    + "\(progress.openLegs - progress.heldLegs) messages to go, "
                    + (progress.heldLegs > 0 ? "\(progress.heldLegs) waiting for their turn, " : "")
                    + "\(progress.count(DeliveryState.failed)) failed"
                    + (record.waitsUntil().map { ", waits until \(record.policy.quiet.text($0))" } ?? ""))
            if interruption.isRaised { throw Interrupted(campaign: id) }
            try await Task.sleep(for: Self.period)
        }
        return false
    }

    private func report(_ id: CampaignID) throws {
        let record = try store.ledger.campaign(id)
        let account = try store.account(of: id)
        Terminal.out((CampaignSummary.lines(record) + EstimateSummary.lines(account)).map { "\($0.key)\t\($0.value)\n" }.joined())
    }
}

/// The operator pressed Ctrl-C, or the system asked the process to end.
struct Interrupted: Error, CustomStringConvertible {
    let campaign: CampaignID

    var description: String {
        "interrupted: campaign \(campaign) is not finished; `tocsin campaign watch \(campaign)` or "
            + "`tocsin serve` takes it up again, `tocsin campaign stop \(campaign)` ends it"
    }
}

/// Remembers SIGINT and SIGTERM instead of dying of them, so that what is in flight is recorded first.
final class InterruptionSignal: Sendable {
    private let sources: Mutex<[any DispatchSourceSignal]>
    private let raised = InterruptionFlag()

    init() {
        let raised = raised
        sources = Mutex([SIGINT, SIGTERM].map { number in
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { raised.raise() }
            source.resume()
            return source
        })
    }

    var isRaised: Bool { raised.isRaised }
}

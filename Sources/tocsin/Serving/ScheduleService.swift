import AlertModel
import Campaigns
import Dispatching
import Foundation
import Logging
import ServiceLifecycle
import Store

/// Decides what is due: launches it, or lets it pass and says why.
struct ScheduleOffice: Sendable {
    let store: AlertDatabase
    /// Of each mode whose schedules it launches.
    let means: [any CampaignMeans]

    /// What became of one occurrence.
    struct Decision: Sendable {
        let schedule: String
        let occurrence: UTCTime
        let outcome: OccurrenceOutcome
        /// The campaign's number, or why there is none.
        let word: String
    }

    /// Decides every occurrence that is due, each schedule's up to the newest.
    /// - Throws: when the database can't be read or written: what is left is decided at the next turn.
    func decideDue(now: UTCTime) throws -> [Decision] {
        let modes = means.map(\.mode)
        var decisions: [Decision] = []
        while true {
            let due = try store.dueSchedules(modes, now: now)
            guard !due.isEmpty else { return decisions }
            let before = decisions.count
            for schedule in due {
                if let decision = try decide(schedule, now: now) { decisions.append(decision) }
            }
            // Another server decided all of it.
            if decisions.count == before { return decisions }
        }
    }

    private func decide(_ schedule: SavedSchedule, now: UTCTime) throws -> Decision? {
        guard let occurrence = schedule.nextAt else { return nil }
        let draft = schedule.draft
        switch OccurrenceVerdict.judge(
            occurrence, following: draft.timing.next(after: occurrence),
            validitySeconds: draft.policy.validitySeconds, now: now)
        {
        case .skip(let reason): return try passOver(schedule, .skipped, reason, now)
        case .launch(let seconds):
            do {
                guard let launch = try launch(schedule, at: occurrence, validitySeconds: seconds, now: now) else { return nil }
                return Decision(
                    schedule: draft.name, occurrence: occurrence, outcome: .launched, word: launch.campaign.description)
            } catch where !store.isDatabaseFault(error) {
                return try passOver(schedule, .refused, "\(error)", now)
            }
        }
    }

    private func passOver(
        _ schedule: SavedSchedule, _ outcome: OccurrenceOutcome, _ reason: String, _ now: UTCTime
    ) throws -> Decision? {
        guard let occurrence = schedule.nextAt, try store.passOver(schedule, outcome, reason: reason, now: now) else { return nil }
        return Decision(schedule: schedule.draft.name, occurrence: occurrence, outcome: outcome, word: reason)
    }

    private func launch(
        _ schedule: SavedSchedule, at occurrence: UTCTime, validitySeconds: Int, now: UTCTime
    ) throws -> Launch? {
        let draft = schedule.draft
        if let template = draft.message.template {
            if draft.message.document == nil { throw ScheduleRefusal.textNotSeen }
            // Whoever took it away wants it said no more.
            _ = try store.template(named: template, of: draft.organisation)
        }
        let author = try author(of: schedule)
        // Due ones are of these modes.
        guard let means = means.first(where: { $0.mode == draft.mode }) else { return nil }
        let look = try ScheduledLook(
            at: draft, key: "schedule \(schedule.id) \(occurrence.millisecondsSince1970)", by: (schedule.createdBy, author),
            occurrence: occurrence, policy: draft.policy.valid(forSeconds: validitySeconds), through: means, in: store, now: now)
        let estimate = CampaignForecast(store: store, means: means, organisation: draft.organisation).estimateIfPossible(
            look.shown, kind: .information, weight: draft.weight, policy: look.policy, now: now)
        do {
            return try store.launchOccurrence(of: schedule, zone: look.zone, estimate: estimate, now: now, plan: look.plan)
        } catch LaunchError.guarded(let finding) where author == .account && finding.consequence == .secondPerson {
            throw ScheduleRefusal.secondPersonNeeded(finding)
        }
    }

    /// In whose name an occurrence is judged: the machine's administrator's, who made it without an account, or an account's,
    /// which must still be able to launch.
    ///
    /// - Throws: `ScheduleRefusal`.
    private func author(of schedule: SavedSchedule) throws -> LaunchAuthor {
        let name = schedule.createdBy
        // An account may have any name, that prefix too.
        if name.hasPrefix(Operator.machinePrefix), try !store.hasUser(named: name) { return .machine }
        let person: Operator
        do {
            person = try store.actingOperator(named: name)
        } catch RightsError.unknownPerson {
            throw ScheduleRefusal.noAccount(name: name)
        }
        guard person.organisation == schedule.draft.organisation, person.capabilities.contains(.launch) else {
            throw ScheduleRefusal.notPermitted(name: name)
        }
        return .account
    }
}

/// Why an occurrence of an account's schedule is passed over.
enum ScheduleRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case noAccount(name: String)
    case notPermitted(name: String)
    case secondPersonNeeded(GuardFinding)
    /// Its template had no text when it was made, as far as is known: nobody saw what it would say.
    case textNotSeen

    var description: String {
        switch self {
        case .textNotSeen:
            "what its template said when the schedule was made is not known: remove it and add it again, so that what is sent "
                + "has been seen"
        case .noAccount(let name):
            "the account “\(name)” that made the schedule is closed: remove it, and let somebody who may launch add it again"
        case .notPermitted(let name):
            "the account “\(name)” that made the schedule may no longer launch: remove it, and let somebody who may add it again"
        case .secondPersonNeeded(let finding):
            "\(finding): a second person must agree (guard rail “\(finding.rail.rawValue)”), and there is nobody to ask when an "
                + "account's schedule is due: launch it with `tocsin alert --kind information --ask`, or let the machine's "
                + "administrator add the schedule"
        }
    }
}

/// Launches scheduled campaigns for as long as the server runs.
struct ScheduleService: Service {
    /// The wall clock is asked this often: it may be set, and schedules are written by other processes. One look is one
    /// row of an index.
    private static let period = Duration.seconds(1)

    let office: ScheduleOffice
    let logger: Logger
    let signal: @Sendable () -> Void

    func run() async throws {
        await cancelWhenGracefulShutdown {
            var isFailing = false
            while !Task.isCancelled {
                do {
                    let decisions = try await Offload.run { try office.decideDue(now: .now) }
                    isFailing = false
                    for decision in decisions {
                        logger.notice(
                            "scheduled campaign \(decision.outcome.rawValue)",
                            metadata: ["schedule": "\(decision.schedule)", "what": "\(decision.word)"])
                    }
                    if decisions.contains(where: { $0.outcome == .launched }) { signal() }
                } catch {
                    // Said once: it is tried again every second.
                    if !isFailing { logger.error("schedules wait for the database", metadata: ["error": "\(error)"]) }
                    isFailing = true
                }
                try? await Task.sleep(for: Self.period)
            }
        }
    }
}

import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import GeoModel
import Store
import Targeting

extension ScheduleDesk {
    /// Schedules of the database; the running server launches what is due.
    init(store: AlertDatabase, means: any CampaignMeans) {
        @Sendable func name(_ id: Int64, _ account: Account) throws -> String {
            guard let found = try store.schedules(of: account.organisation).first(where: { $0.id == id }) else {
                throw ConsoleProblem(.notFound)
            }
            return found.draft.name
        }
        @Sendable func set(paused: Bool, _ id: Int64, _ account: Account) async throws {
            _ = try await ConsoleProblems.translating {
                try store.setSchedule(
                    named: name(id, account), of: account.organisation, paused: paused, actor: account.user, now: .now)
            }
        }
        self.init(
            list: { account in
                try await ConsoleProblems.translating {
                    try store.schedules(of: account.organisation).map { try ScheduleCard($0, store) }
                }
            },
            look: { account, new in
                try await ConsoleProblems.translating {
                    let now = UTCTime.now
                    return try PreparedSchedule(new, by: account, in: store, through: means, now: now).preview(now: now)
                }
            },
            add: { account, new in
                try await ConsoleProblems.translating {
                    let now = UTCTime.now
                    let prepared = try PreparedSchedule(new, by: account, in: store, through: means, now: now)
                    try store.add(prepared.draft, actor: account.user, now: now)
                }
            },
            pause: { account, id in try await set(paused: true, id, account) },
            resume: { account, id in try await set(paused: false, id, account) },
            remove: { account, id in
                try await ConsoleProblems.translating {
                    try store.removeSchedule(named: name(id, account), of: account.organisation, actor: account.user)
                }
            })
    }
}

/// A schedule that somebody is about to make: what would be refused when it is due is refused now.
private struct PreparedSchedule {
    let draft: ScheduleDraft
    let look: ScheduledLook

    /// - Throws: `ConsoleProblem`: `template_changed` where the template is no longer at the version that was seen; and as a launch.
    init(_ new: NewSchedule, by account: Account, in store: AlertDatabase, through means: any CampaignMeans, now: UTCTime) throws {
        let owner = (id: account.organisation, name: try store.name(of: account.organisation))
        guard try store.guardPolicy(of: owner.id).consequence(of: .freeText) < .secondPerson else {
            throw ConsoleProblem(
                .secondPersonNeeded,
                ProblemDetail(reason: "a second person is asked about texts, and when a schedule is due there is nobody to ask"))
        }
        let zone = try new.zone.mended().zone
        let policy = try PolicyRules.standard(channels: new.channels, mode: .real)
            .resting(in: store.quietHours(ofOrganisationNamed: owner.name))
        if let problem = PolicyRules.problems(of: policy).first { throw LaunchError.policyOutOfBounds(problem) }
        let source = try ScheduledMessage(template: new.template, values: new.values).seen(in: store, of: owner.id)
        if let seen = new.templateVersion, seen != source.version { throw ConsoleProblem(.templateChanged) }
        do {
            _ = try source.message(in: store, of: owner, at: .now)
        } catch let error as StoreError {
            throw error
        } catch {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "values", reason: "\(error)"))
        }
        let timing: ScheduleTiming
        do {
            timing = try ScheduleTiming(
                at: new.at, every: new.every, last: new.last, clock: store.localClock(ofOrganisationNamed: owner.name))
        } catch let fault as ScheduleWordsFault {
            throw ConsoleProblem(.invalidParameter, ProblemDetail(path: fault.word, reason: fault.reason))
        }
        guard let next = timing.next(after: now) else { throw StoreError.scheduleIsOver(name: new.name) }
        var draft = ScheduleDraft(
            organisation: owner.id, name: new.name, mode: .real,
            zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), onlyOrganisation: nil, message: source,
            policy: policy, weight: 1, timing: timing)
        draft.asOrganisation = true
        look = try ScheduledLook(
            at: draft, key: "schedule", by: (account.user, .account), occurrence: next, policy: policy, through: means, in: store,
            now: now)
        self.draft = draft
        if try store.territoryCut(of: zone, for: owner.id, scope: store.scope(of: draft, now: now)) != nil {
            throw LaunchError.outsideTerritory(wholly: false)
        }
        // Nobody can be asked, and nobody can accept, when it is due.
        if let refusal = look.shown.guards.filter({ !Self.ofTheMoment.contains($0.rail) }).refusal(acceptance: nil) { throw refusal }
    }

    /// Guard rails that say nothing of the day it is due: a list is filled, and a quota's period ends, until then. They are
    /// told, and judged again at the launch.
    private static let ofTheMoment: Set<GuardRail> = [.empty, .quota]

    /// What whoever makes it is shown before.
    func preview(now: UTCTime) -> SchedulePreview {
        let counts = look.shown.counts
        return SchedulePreview(
            recipients: counts.recipients, certain: counts.certain, possible: counts.possible, notLocated: counts.notLocated,
            next: draft.timing.next(ScheduleCard.shownOccurrences, after: now).map { Date($0) },
            timeZone: draft.timing.clock.zone, templateVersion: draft.message.version, subject: look.message.subject,
            text: look.message.text, guards: look.shown.guards.map { finding in
                guard Self.ofTheMoment.contains(finding.rail), finding.consequence > .warn else { return GuardNotice(finding) }
                return GuardNotice(
                    code: finding.rail.rawValue, consequence: GuardConsequence.warn.rawValue,
                    message: finding.french + " Si c’est encore le cas à la date prévue, rien ne partira.")
            })
    }
}

extension ScheduleCard {
    fileprivate static let shownOccurrences = 3
    private static let keptOccurrences = 10

    fileprivate init(_ saved: SavedSchedule, _ store: AlertDatabase) throws {
        let draft = saved.draft
        let written = try? draft.message.written(in: store, of: draft.organisation)
        let template = try? draft.message.template.map { try store.template(named: $0, of: draft.organisation).version }
        // What is overdue comes first.
        let from = min(saved.nextAt ?? .now, .now).advanced(byMilliseconds: -1)
        self.init(
            id: saved.id, name: draft.name, mode: draft.mode, state: saved.state.rawValue,
            next: saved.state == .active ? draft.timing.next(Self.shownOccurrences, after: from).map { Date($0) } : [],
            rule: draft.timing.rule?.description, timeZone: draft.timing.clock.zone,
            zone: try ZoneDocument.decode(Array(draft.zoneDocument.utf8)).label, template: draft.message.template,
            templateVersion: draft.message.version,
            isTemplateNewer: template.flatMap { $0 }.map { $0 != draft.message.version } ?? false,
            subject: written?.message.subject ?? "", text: written?.message.text ?? "", channels: draft.policy.channels.sorted(),
            createdBy: saved.createdBy,
            occurrences: try store.occurrences(of: saved, limit: Self.keptOccurrences).map {
                Occurrence(at: Date($0.at), outcome: $0.outcome.rawValue, campaign: $0.campaign?.rawValue, reason: $0.reason)
            })
    }
}

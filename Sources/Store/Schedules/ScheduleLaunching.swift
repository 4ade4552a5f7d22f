import AlertModel
import Campaigns
import GRDB
import GeoModel
import Targeting

/// Launching what is due. Each occurrence is decided once, whoever asks: the decision stands on `next_at`, which the
/// transaction that launches moves on.
extension AlertDatabase {
    /// Active schedules of these modes whose next occurrence has come, the longest due first.
    package func dueSchedules(_ modes: [CampaignMode], now: UTCTime) throws -> [SavedSchedule] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT * FROM schedules INDEXED BY schedules_due
                    WHERE state = 'active' AND next_at <= ? ORDER BY next_at, id LIMIT \(Self.mostDue)
                    """, arguments: [now.millisecondsSince1970]
            ).map { try SavedSchedule($0, database) }.filter { modes.contains($0.draft.mode) }
        }
    }

    /// At one turn; the others come at the next.
    private static let mostDue = 100

    /// Whether an error is the database's own (full disk, lock), and not a refusal of what was asked.
    package func isDatabaseFault(_ error: any Error) -> Bool { error is DatabaseError }

    /// Selects and launches a schedule's occurrence in one transaction.
    ///
    /// - Parameters:
    ///   - estimate: what is expected of it, kept beside it.
    ///   - plan: the campaign's plan, given how many recipients the zone could not judge.
    /// - Returns: nil when the occurrence was decided meanwhile, or the schedule paused, changed or removed.
    /// - Throws: as `launch(_:zone:scope:frozen:now:)`; the occurrence is then still to be decided.
    package func launchOccurrence(
        of schedule: SavedSchedule, zone: Zone, estimate: CampaignEstimate? = nil, now: UTCTime,
        plan: (_ notLocated: Int) -> CampaignPlan
    ) throws -> Launch? {
        try pool.write { database in
            let scope = try database.scope(of: schedule.draft, now: now)
            guard let occurrence = schedule.nextAt, try database.isOpen(schedule) else { return nil }
            try zone.requireReasonableSize()
            let plan = plan(try database.members(of: zone, scope: scope).notLocated)
            let launch = try launch(plan, zone: zone, scope: scope, estimate: estimate, now: now, in: database)
            try database.decide(schedule, .launched, campaign: launch.campaign, reason: nil, now: now)
            try database.audit(
                actor: schedule.createdBy, action: "schedule.launch", subject: schedule.draft.name,
                detail: ["campaign": launch.campaign.description, "occurrence": String(occurrence.millisecondsSince1970)],
                organisation: schedule.draft.organisation)
            return launch
        }
    }

    /// Lets an occurrence pass, and says why.
    /// - Parameter reason: safe to show.
    /// - Returns: whether it was this call that decided.
    package func passOver(
        _ schedule: SavedSchedule, _ outcome: OccurrenceOutcome, reason: String, now: UTCTime
    ) throws -> Bool {
        try pool.write { database in
            guard let occurrence = schedule.nextAt, try database.isOpen(schedule) else { return false }
            try database.decide(schedule, outcome, campaign: nil, reason: reason, now: now)
            try database.audit(
                actor: schedule.createdBy, action: "schedule.\(outcome.rawValue)", subject: schedule.draft.name,
                detail: ["reason": reason, "occurrence": String(occurrence.millisecondsSince1970)],
                organisation: schedule.draft.organisation)
            return true
        }
    }
}

extension Database {
    /// Whether the occurrence that was read is still the one to be decided.
    fileprivate func isOpen(_ schedule: SavedSchedule) throws -> Bool {
        try Bool.fetchOne(
            self, sql: "SELECT state = 'active' AND next_at = ? FROM schedules WHERE id = ?",
            arguments: [schedule.nextAt?.millisecondsSince1970, schedule.id]) ?? false
    }

    fileprivate func decide(
        _ schedule: SavedSchedule, _ outcome: OccurrenceOutcome, campaign: CampaignID?, reason: String?, now: UTCTime
    ) throws {
        guard let occurrence = schedule.nextAt else { return }
        try execute(
            sql: """
                INSERT INTO schedule_occurrences (schedule_id, at, outcome, campaign_id, reason, decided_at)
                VALUES (?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                schedule.id, occurrence.millisecondsSince1970, outcome.rawValue, campaign?.rawValue, reason,
                now.millisecondsSince1970,
            ])
        let next = schedule.draft.timing.next(after: occurrence)
        try execute(
            sql: "UPDATE schedules SET state = ?, next_at = ? WHERE id = ?",
            arguments: [
                (next == nil ? ScheduleState.ended : .active).rawValue, next?.millisecondsSince1970, schedule.id,
            ])
    }
}

extension AlertDatabase {
    /// Whose recipients a schedule's zone is looked for among, now.
    package func scope(of draft: ScheduleDraft, now: UTCTime) throws -> RegisterScope {
        try pool.read { try $0.scope(of: draft, now: now) }
    }
}

extension Database {
    fileprivate func scope(of draft: ScheduleDraft, now: UTCTime) throws -> RegisterScope {
        if draft.asOrganisation { return try scope(of: draft.organisation, now: now) }
        return draft.onlyOrganisation.map { .organisation($0) } ?? .all
    }
}

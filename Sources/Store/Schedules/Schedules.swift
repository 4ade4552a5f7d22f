import AlertModel
import Campaigns
import Foundation
import GRDB

/// A schedule as it stands.
package struct SavedSchedule: Sendable {
    /// The last occurrence that was decided.
    package struct Occurrence: Sendable {
        package let at: UTCTime
        package let outcome: OccurrenceOutcome
        package let campaign: CampaignID?
        package let reason: String?
    }

    package let id: Int64
    package let draft: ScheduleDraft
    package let state: ScheduleState
    /// The occurrence to be launched next; nil when none is to come.
    package let nextAt: UTCTime?
    package let createdAt: UTCTime
    package let createdBy: String
    package let last: Occurrence?
}

extension AlertDatabase {
    /// By name; removed ones are not among them.
    package func schedules(of organisation: OrganisationID) throws -> [SavedSchedule] {
        try pool.read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT * FROM schedules WHERE organisation_id = ? AND state <> 'removed' ORDER BY name",
                arguments: [organisation.rawValue]
            ).map { try SavedSchedule($0, database) }
        }
    }

    /// - Throws: `StoreError.unknownSchedule`.
    package func schedule(named name: String, of organisation: OrganisationID) throws -> SavedSchedule {
        let all = try schedules(of: organisation)
        guard let found = all.first(where: { $0.draft.name == name }) else {
            throw StoreError.unknownSchedule(name: name, known: all.map(\.draft.name))
        }
        return found
    }

    /// What became of a schedule's occurrences, newest first.
    package func occurrences(of schedule: SavedSchedule, limit: Int = 20) throws -> [SavedSchedule.Occurrence] {
        try pool.read { try $0.occurrences(of: schedule.id, limit: limit) }
    }

    /// - Returns: its first occurrence.
    /// - Throws: `StoreError.scheduleExists`, `.scheduleIsOver` when no occurrence is to come, `.listOfOnce`.
    @discardableResult
    package func add(_ draft: ScheduleDraft, actor: String, now: UTCTime) throws -> UTCTime {
        guard let next = draft.timing.next(after: now) else { throw StoreError.scheduleIsOver(name: draft.name) }
        try pool.write { database in
            let exists = try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM schedules WHERE organisation_id = ? AND name = ? AND state <> 'removed')",
                arguments: [draft.organisation.rawValue, draft.name])
            guard exists == false else { throw StoreError.scheduleExists(name: draft.name) }
            try database.requireLasting(draft.zoneDocument, of: draft.organisation, until: draft.timing.rule == nil ? next : nil)
            try database.insert(draft, next: next, actor: actor, now: now)
            try database.audit(
                actor: actor, action: "schedule.add", subject: draft.name,
                detail: ["mode": draft.mode.rawValue, "rule": draft.timing.rule?.description ?? "once"],
                organisation: draft.organisation)
        }
        return next
    }

    /// Lets occurrences pass, or launches them again from the next one on.
    /// - Returns: the next occurrence; nil when it has been paused, or nothing is left.
    /// - Throws: `StoreError.unknownSchedule`, `.scheduleIsOver`.
    @discardableResult
    package func setSchedule(
        named name: String, of organisation: OrganisationID, paused: Bool, actor: String, now: UTCTime
    ) throws -> UTCTime? {
        let schedule = try schedule(named: name, of: organisation)
        guard schedule.state != .ended else { throw StoreError.scheduleIsOver(name: name) }
        return try pool.write { database in
            let next = schedule.draft.timing.next(after: now)
            let state: ScheduleState = paused ? .paused : next == nil ? .ended : .active
            try database.execute(
                sql: "UPDATE schedules SET state = ?, next_at = ? WHERE id = ? AND state <> 'removed'",
                arguments: [
                    state.rawValue, (paused ? next ?? schedule.nextAt : next)?.millisecondsSince1970, schedule.id,
                ])
            try database.audit(
                actor: actor, action: paused ? "schedule.pause" : "schedule.resume", subject: name, organisation: organisation)
            return paused ? nil : next
        }
    }

    /// Takes a schedule away; campaigns it launched stay.
    /// - Throws: `StoreError.unknownSchedule`.
    package func removeSchedule(named name: String, of organisation: OrganisationID, actor: String) throws {
        let schedule = try schedule(named: name, of: organisation)
        try pool.write { database in
            try database.execute(
                sql: "UPDATE schedules SET state = 'removed', next_at = NULL WHERE id = ?", arguments: [schedule.id])
            try database.audit(actor: actor, action: "schedule.remove", subject: name, organisation: organisation)
        }
    }
}

extension Database {
    fileprivate func insert(_ draft: ScheduleDraft, next: UTCTime, actor: String, now: UTCTime) throws {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let rules = RetryDocument.encode(draft.policy)
        try execute(
            sql: """
                INSERT INTO schedules (organisation_id, name, state, mode, zone, only_organisation_id, message, channels,
                    maximum_retries, retry_period_seconds, validity_seconds, retry_rules, weight, time_zone, day, second,
                    rule, next_at, created_at, created_by, as_organisation)
                VALUES (?, ?, 'active', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                draft.organisation.rawValue, draft.name, draft.mode.rawValue, draft.zoneDocument,
                draft.onlyOrganisation?.rawValue, String(decoding: try encoder.encode(draft.message), as: UTF8.self),
                draft.policy.channels.sorted().map(\.rawValue).joined(separator: ","), draft.policy.maximumRetries,
                draft.policy.retryPeriodSeconds, draft.policy.validitySeconds,
                rules.isEmpty ? nil : String(decoding: rules, as: UTF8.self), draft.weight, draft.timing.clock.zone,
                draft.timing.day.number, draft.timing.second, draft.timing.rule?.description,
                next.millisecondsSince1970, now.millisecondsSince1970, actor, draft.asOrganisation,
            ])
    }

    func occurrences(of schedule: Int64, limit: Int) throws -> [SavedSchedule.Occurrence] {
        try Row.fetchAll(
            self, sql: "SELECT * FROM schedule_occurrences WHERE schedule_id = ? ORDER BY at DESC LIMIT ?",
            arguments: [schedule, limit]
        ).map { row in
            guard let outcome = OccurrenceOutcome(rawValue: row["outcome"]) else {
                throw LedgerError.unreadable("an occurrence's outcome")
            }
            return SavedSchedule.Occurrence(
                at: UTCTime(stored: row["at"]), outcome: outcome,
                campaign: (row["campaign_id"] as Int64?).map(CampaignID.init), reason: row["reason"])
        }
    }
}

extension SavedSchedule {
    init(_ row: Row, _ database: Database) throws {
        guard let state = ScheduleState(rawValue: row["state"]), let clock = LocalClock(row["time_zone"] as String) else {
            throw LedgerError.unreadable("a schedule's state or time zone")
        }
        let rule: Recurrence?
        do {
            rule = try (row["rule"] as String?).map { try Recurrence($0) }
        } catch {
            throw LedgerError.unreadable("a schedule's recurrence (\(error))")
        }
        id = row["id"]
        self.state = state
        nextAt = (row["next_at"] as Int64?).map(UTCTime.init(stored:))
        createdAt = UTCTime(stored: row["created_at"])
        createdBy = row["created_by"]
        last = try database.occurrences(of: row["id"], limit: 1).first
        var draft = ScheduleDraft(
            organisation: OrganisationID(rawValue: row["organisation_id"]), name: row["name"],
            mode: try CampaignMode(stored: row["mode"]), zoneDocument: row["zone"],
            onlyOrganisation: (row["only_organisation_id"] as Int64?).map(OrganisationID.init),
            message: try JSONDecoder().decode(ScheduledMessage.self, from: Data((row["message"] as String).utf8)),
            policy: try Policy(row), weight: row["weight"],
            timing: ScheduleTiming(clock: clock, day: CivilDay(number: row["day"]), second: row["second"], rule: rule))
        draft.asOrganisation = row["as_organisation"]
        self.draft = draft
    }
}

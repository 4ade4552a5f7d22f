import AlertModel
import Campaigns
import Foundation
import GRDB

/// Somebody asks that a scenario be approved as it stands.
package struct ScenarioRequest: Sendable {
    package let scenario: ScenarioID
    package let state: ScenarioRequestState
    package let askedBy: String
    package let askedAt: UTCTime
    package let decidedBy: String?
    package let decidedAt: UTCTime?
    package let reason: String?
}

package enum ScenarioRequestState: String, CaseIterable, Hashable, Sendable {
    case pending, approved, refused
    /// Taken back, or the scenario was changed since: what was asked is no longer there.
    case withdrawn
}

/// A scenario as it was last approved.
package struct ApprovedScenario: Sendable {
    package let scenario: Scenario
    package let approvedBy: String
    package let approvedAt: UTCTime
}

extension AlertDatabase {
    /// How long an e-mail about it is of use: nothing burns.
    private static let noticeSeconds = 7 * 86_400

    /// Asks that a scenario be approved; asked again while it waits, it is the same request.
    /// - Throws: `ScenarioError.unknown`, `.alreadyApproved`.
    package func askForScenario(named name: String, of organisation: OrganisationID, by user: String, now: UTCTime) throws {
        try pool.write { database in
            let saved = try database.scenario(named: name, of: organisation)
            guard !saved.isApproved else { throw ScenarioError.alreadyApproved(name) }
            let digest = saved.scenario.digest
            let waits = try Bool.fetchOne(
                database, sql: """
                    SELECT EXISTS (SELECT 1 FROM scenario_requests WHERE scenario_id = ? AND state = 'pending' AND hash = ?)
                    """, arguments: [saved.id.rawValue, digest])
            if waits == true { return }
            try database.execute(
                sql: """
                    INSERT INTO scenario_requests (organisation_id, scenario_id, state, hash, asked_by, asked_at)
                    VALUES (?, ?, 'pending', ?, ?, ?)
                    """,
                arguments: [organisation.rawValue, saved.id.rawValue, digest, user, now.millisecondsSince1970])
            try database.notice(
                .scenario, saved.id.rawValue, to: organisation, besides: user,
                until: now.advanced(bySeconds: Self.noticeSeconds), now: now)
            try database.audit(
                actor: user, action: "scenario.ask", subject: name, detail: ["hash": digest], organisation: organisation)
        }
    }

    /// Refuses a scenario as it stands, for a reason that whoever asked sees.
    ///
    /// - Parameter hash: what the person was shown; nil where it is read in this very call.
    /// - Throws: `ScenarioError.unknown`, `.changedMeanwhile`, `.notAsked`; `ApprovalRefusal.reasonNeeded`.
    package func refuseScenario(
        named name: String, of organisation: OrganisationID, hash: String? = nil, by user: String, reason: String, now: UTCTime
    ) throws {
        guard ApprovalRules.isReason(reason) else { throw ApprovalRefusal.reasonNeeded }
        try pool.write { database in
            let saved = try database.scenario(named: name, of: organisation)
            let digest = saved.scenario.digest
            guard hash == nil || hash == digest else { throw ScenarioError.changedMeanwhile }
            guard try database.settleRequests(of: saved.id, .refused, by: user, reason: reason, now: now) > 0 else {
                throw ScenarioError.notAsked(name)
            }
            try database.audit(
                actor: user, action: "scenario.refuse", subject: name, detail: ["hash": digest, "reason": reason],
                organisation: organisation)
        }
    }

    /// The last request about each scenario, by the scenario.
    package func scenarioRequests(of organisation: OrganisationID?) throws -> [ScenarioID: ScenarioRequest] {
        try pool.read { database in
            let rows = try Row.fetchAll(
                database, sql: """
                    SELECT *, max(id) FROM scenario_requests WHERE ?1 IS NULL OR organisation_id = ?1
                    GROUP BY scenario_id ORDER BY scenario_id
                    """, arguments: [organisation?.rawValue])
            return try Dictionary(uniqueKeysWithValues: rows.map { row in
                guard let state = ScenarioRequestState(rawValue: row["state"]) else {
                    throw LedgerError.unreadable("a scenario request's state")
                }
                let id = ScenarioID(rawValue: row["scenario_id"])
                return (
                    id,
                    ScenarioRequest(
                        scenario: id, state: state, askedBy: row["asked_by"], askedAt: UTCTime(stored: row["asked_at"]),
                        decidedBy: row["decided_by"], decidedAt: (row["decided_at"] as Int64?).map(UTCTime.init(stored:)),
                        reason: row["reason"])
                )
            })
        }
    }

    /// Nil where it was never approved.
    package func lastApproved(_ scenario: ScenarioID) throws -> ApprovedScenario? {
        try pool.read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM approved_scenarios WHERE scenario_id = ?", arguments: [scenario.rawValue]
            ).map { row in
                ApprovedScenario(
                    scenario: try Scenario(row), approvedBy: row["approved_by"], approvedAt: UTCTime(stored: row["approved_at"]))
            }
        }
    }
}

extension Database {
    /// - Returns: how many were settled.
    @discardableResult
    func settleRequests(
        of scenario: ScenarioID, _ state: ScenarioRequestState, by user: String, reason: String? = nil, now: UTCTime
    ) throws -> Int {
        try execute(
            sql: """
                UPDATE scenario_requests SET state = ?, decided_by = ?, decided_at = ?, reason = ?
                WHERE scenario_id = ? AND state = 'pending'
                """, arguments: [state.rawValue, user, now.millisecondsSince1970, reason, scenario.rawValue])
        let settled = changesCount
        try settleNotices(.scenario, scenario.rawValue, now: now)
        return settled
    }

    /// Keeps a scenario as it is approved, to say later what changed since.
    func keepApproved(_ scenario: ScenarioID) throws {
        try execute(
            sql: """
                INSERT OR REPLACE INTO approved_scenarios
                SELECT id, zone, message, channels, maximum_retries, retry_period_seconds, validity_seconds, retry_rules, kind,
                    weight, blanks, approved_by, approved_at
                FROM scenarios WHERE id = ?
                """, arguments: [scenario.rawValue])
    }

    /// - Throws: `ScenarioError.unknown`.
    func scenario(named name: String, of organisation: OrganisationID) throws -> SavedScenario {
        let row = try Row.fetchOne(
            self, sql: "SELECT * FROM scenarios WHERE organisation_id = ? AND name = ?",
            arguments: [organisation.rawValue, name])
        guard let row else { throw ScenarioError.unknown(name) }
        return try SavedScenario(row)
    }
}

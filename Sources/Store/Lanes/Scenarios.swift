import AlertModel
import Campaigns
import GRDB

/// A scenario as it is kept.
package struct SavedScenario: Sendable {
    package let id: ScenarioID
    package let organisation: OrganisationID
    package let name: String
    package let scenario: Scenario
    package let savedBy: String
    package let savedAt: UTCTime
    /// Nil while nobody approved it as it stands.
    package let approvedBy: String?
    package let approvedAt: UTCTime?

    package var isApproved: Bool { approvedBy != nil }
    /// Who stands behind its launch by an account.
    package var author: LaunchAuthor { isApproved ? .scenario : .account }
}

extension AlertDatabase {
    /// In the order of names.
    package func scenarios(of organisation: OrganisationID?) throws -> [SavedScenario] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM scenarios WHERE ?1 IS NULL OR organisation_id = ?1 ORDER BY name, id",
                arguments: [organisation?.rawValue]
            ).map { try SavedScenario($0) }
        }
    }

    /// - Throws: `ScenarioError.unknown`.
    package func scenario(named name: String, of organisation: OrganisationID) throws -> SavedScenario {
        try pool.read { try $0.scenario(named: name, of: organisation) }
    }

    /// Saves a scenario, or changes the one of its name; whatever was approved before is no longer.
    ///
    /// - Throws: `ScenarioError.badName`, `.undeclaredBlank`; `StoreError.listOfOnce`.
    package func save(
        _ scenario: Scenario, named name: String, of organisation: OrganisationID, standardBlanks: Set<String>,
        actor: String, now: UTCTime
    ) throws {
        let isLine = name.unicodeScalars.allSatisfy { $0.properties.generalCategory != .control }
        guard isLine, (1...Scenario.longestName).contains(name.count), name.contains(where: { !$0.isWhitespace }) else {
            throw ScenarioError.badName
        }
        for place in try scenario.message.placeholders
        where scenario.blanks[place.name] == nil && !standardBlanks.contains(place.name) {
            throw ScenarioError.undeclaredBlank(place.name)
        }
        let rules = RetryDocument.encode(scenario.policy)
        try pool.write { database in
            try database.requireLasting(scenario.zoneDocument, of: organisation, until: nil)
            try database.execute(
                sql: """
                    INSERT INTO scenarios (organisation_id, name, zone, message, channels, maximum_retries,
                        retry_period_seconds, validity_seconds, retry_rules, kind, weight, blanks, saved_by, saved_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    ON CONFLICT (organisation_id, name) DO UPDATE SET zone = excluded.zone, message = excluded.message,
                        channels = excluded.channels, maximum_retries = excluded.maximum_retries,
                        retry_period_seconds = excluded.retry_period_seconds,
                        validity_seconds = excluded.validity_seconds, retry_rules = excluded.retry_rules,
                        kind = excluded.kind, weight = excluded.weight, blanks = excluded.blanks,
                        saved_by = excluded.saved_by, saved_at = excluded.saved_at, approved_by = NULL,
                        approved_at = NULL, approved_hash = NULL
                    """,
                arguments: [
                    organisation.rawValue, name, scenario.zoneDocument, MessageDocument.encode(scenario.message),
                    scenario.policy.channels.sorted().map(\.rawValue).joined(separator: ","), scenario.policy.maximumRetries,
                    scenario.policy.retryPeriodSeconds, scenario.policy.validitySeconds,
                    rules.isEmpty ? nil : String(decoding: rules, as: UTF8.self), scenario.kind.rawValue, scenario.weight,
                    Scenario.write(scenario.blanks), actor, now.millisecondsSince1970,
                ])
            try database.audit(
                actor: actor, action: "scenario.save", subject: name, detail: ["hash": scenario.digest],
                organisation: organisation)
            // What was asked about is no longer there.
            let id = try database.scenario(named: name, of: organisation).id
            try database.settleRequests(of: id, .withdrawn, by: actor, now: now)
        }
    }

    /// A second person approves a scenario as it stands.
    ///
    /// - Parameter hash: what the person was shown; nil where it is read in this very call.
    /// - Throws: `ScenarioError.unknown`, `.ownScenario`, `.accountOfSaver`, `.changedMeanwhile`.
    package func approveScenario(
        named name: String, of organisation: OrganisationID, hash: String? = nil, by user: String, now: UTCTime
    ) throws {
        try pool.write { database in
            let saved = try database.scenario(named: name, of: organisation)
            guard saved.savedBy != user else { throw ScenarioError.ownScenario }
            guard try database.isAnotherPerson(user, than: saved.savedBy, now: now.millisecondsSince1970) else {
                throw ScenarioError.accountOfSaver
            }
            let digest = saved.scenario.digest
            guard hash == nil || hash == digest else { throw ScenarioError.changedMeanwhile }
            try database.execute(
                sql: "UPDATE scenarios SET approved_by = ?, approved_at = ?, approved_hash = ? WHERE id = ?",
                arguments: [user, now.millisecondsSince1970, digest, saved.id.rawValue])
            try database.keepApproved(saved.id)
            try database.settleRequests(of: saved.id, .approved, by: user, now: now)
            try database.audit(
                actor: user, action: "scenario.approve", subject: name, detail: ["hash": digest],
                organisation: organisation)
        }
    }

    /// - Throws: `ScenarioError.unknown`.
    package func removeScenario(named name: String, of organisation: OrganisationID, actor: String) throws {
        try pool.write { database in
            try database.execute(
                sql: "DELETE FROM scenarios WHERE organisation_id = ? AND name = ?", arguments: [organisation.rawValue, name])
            guard database.changesCount == 1 else { throw ScenarioError.unknown(name) }
            try database.audit(actor: actor, action: "scenario.remove", subject: name, organisation: organisation)
        }
    }
}

extension SavedScenario {
    init(_ row: Row) throws {
        id = ScenarioID(rawValue: row["id"])
        organisation = OrganisationID(rawValue: row["organisation_id"])
        name = row["name"]
        scenario = try Scenario(row)
        savedBy = row["saved_by"]
        savedAt = UTCTime(stored: row["saved_at"])
        // A row that was altered by other hands has another hash: it is approved by nobody.
        let holds = (row["approved_hash"] as String?) == scenario.digest
        approvedBy = holds ? row["approved_by"] : nil
        approvedAt = holds ? (row["approved_at"] as Int64?).map(UTCTime.init(stored:)) : nil
    }
}

extension Scenario {
    init(_ row: Row) throws {
        guard let blanks = Scenario.readBlanks(row["blanks"]) else { throw LedgerError.unreadable("a scenario's blanks") }
        let message: Message
        do {
            message = try MessageDocument.decode(Array((row["message"] as String).utf8))
        } catch {
            throw LedgerError.unreadable("a scenario's message")
        }
        self.init(
            zoneDocument: row["zone"], message: message, policy: try Policy(row), kind: try CampaignKind(stored: row["kind"]),
            weight: row["weight"], blanks: blanks)
    }
}

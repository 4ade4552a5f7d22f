import AlertModel
import Campaigns
import GRDB

/// The number by which a scenario is chosen on a telephone.
package struct ScenarioNumber: Sendable {
    package let number: Int
    /// `real` only for the scenario as somebody marked it; otherwise it is an exercise.
    package let mode: CampaignMode
    package let scenario: SavedScenario
}

extension AlertDatabase {
    package static let scenarioNumbers = 1...999

    /// By number.
    package func numberedScenarios(of organisation: OrganisationID) throws -> [ScenarioNumber] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT scenarios.*, number, real_hash FROM telephone_scenarios
                    JOIN scenarios ON scenarios.id = scenario_id
                    WHERE telephone_scenarios.organisation_id = ? ORDER BY number
                    """, arguments: [organisation.rawValue]
            ).map { row in
                let saved = try SavedScenario(row)
                return ScenarioNumber(
                    number: row["number"], mode: (row["real_hash"] as String?) == saved.scenario.digest ? .real : .exercise, scenario: saved)
            }
        }
    }

    /// Gives a scenario a number, or another one.
    ///
    /// - Parameter mode: `real` marks it as it stands now: once changed, it is an exercise again.
    /// - Throws: `ScenarioError.unknown`; `TelephoneError`; `RightsError.notPermitted`.
    package func number(
        scenario name: String, of organisation: OrganisationID, as number: Int, mode: CampaignMode, standardBlanks: Set<String>,
        by actor: Operator
    ) throws {
        try actor.require(mode == .real ? .launch : .prepare)
        guard Self.scenarioNumbers.contains(number) else { throw TelephoneError.numberOutOfRange }
        try pool.write { database in
            let saved = try database.scenario(named: name, of: organisation)
            let blanks = Set(saved.scenario.blanks.keys).subtracting(standardBlanks)
            guard blanks.isEmpty else { throw TelephoneError.blanks(blanks.sorted()) }
            let other = try Int64.fetchOne(
                database, sql: "SELECT scenario_id FROM telephone_scenarios WHERE organisation_id = ? AND number = ?",
                arguments: [organisation.rawValue, number])
            guard other == nil || other == saved.id.rawValue else { throw TelephoneError.scenarioNumberTaken(number) }
            try database.execute(
                sql: """
                    INSERT INTO telephone_scenarios (organisation_id, number, scenario_id, real_hash) VALUES (?, ?, ?, ?)
                    ON CONFLICT (scenario_id) DO UPDATE SET number = excluded.number, real_hash = excluded.real_hash
                    """,
                arguments: [organisation.rawValue, number, saved.id.rawValue, mode == .real ? saved.scenario.digest : nil])
            try database.audit(
                actor: actor.name, action: "scenario.number", subject: name,
                detail: ["number": String(number), "mode": mode.rawValue, "hash": saved.scenario.digest], organisation: organisation)
        }
    }

    /// Takes a scenario's number away: it is not to be had by telephone any more.
    package func takeNumber(fromScenario name: String, of organisation: OrganisationID, by actor: Operator) throws {
        try actor.require(.prepare)
        try pool.write { database in
            let saved = try database.scenario(named: name, of: organisation)
            try database.execute(sql: "DELETE FROM telephone_scenarios WHERE scenario_id = ?", arguments: [saved.id.rawValue])
            try database.audit(actor: actor.name, action: "scenario.number.remove", subject: name, organisation: organisation)
        }
    }
}

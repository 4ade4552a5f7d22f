import AlertModel
import Dispatching
import Foundation
import GRDB

/// What an organisation has settled once, by name.
package enum OrganisationSetting: String, CaseIterable, Sendable {
    /// JSON: header → column → field, the mapping of columns that was used last.
    case importColumns = "import.columns"
    /// Most emergency numbers of an office.
    case emergencyLimit = "contacts.emergency_limit"
    /// The guard rails' policy, as `GuardPolicy.text`.
    case guards = "guards.policy"
    /// The territory as a zone document of communes, departments and intercommunalités.
    case territory = "guards.territory"
    /// When information is not sent, as `QuietPattern` writes it.
    case quiet = "information.quiet"
    /// The time zone by its name, where it is not that of the territory.
    case timeZone = "time.zone"
    /// Which answers mean yes and stop, as `ReplyWords.text`.
    case replyWords = "replies.words"
    /// `required` where whoever may launch, approve or administer signs in with a second factor.
    case secondFactor = "security.second_factor"

    /// The one value of settings that ask for something.
    package static let required = "required"
}

extension AlertDatabase {
    /// - Returns: nil when the organisation is not there yet, or has not settled it.
    package func setting(_ setting: OrganisationSetting, ofOrganisationNamed name: String) throws -> String? {
        try pool.read { try $0.setting(setting, ofOrganisationNamed: name) }
    }

    /// Settles it, with an entry in the journal; nil unsettles it. Creates the organisation when it is new.
    package func set(
        _ setting: OrganisationSetting, to value: String?, ofOrganisationNamed name: String, actor: String
    ) throws {
        try pool.write { database in
            guard try database.setting(setting, ofOrganisationNamed: name) != value else { return }
            try database.set(setting, to: value, of: database.organisation(named: name))
            try database.audit(
                actor: actor, action: "organisation.setting", subject: setting.rawValue, detail: ["organisation": name])
        }
    }
}

extension AlertDatabase {
    /// Which words of people's answers mean yes and stop to an organisation: those that everybody knows where it settled none,
    /// or where what it settled can't be read.
    package func replyWords(ofOrganisationNamed name: String) throws -> ReplyWords {
        try pool.read { database in
            let id = try Int64.fetchOne(database, sql: "SELECT id FROM organisations WHERE name = ?", arguments: [name])
            return try id.map { try database.replyWords(of: $0) } ?? .standard
        }
    }
}

extension Database {
    func replyWords(of organisation: Int64) throws -> ReplyWords {
        guard let text = try String.fetchOne(
            cachedStatement(sql: "SELECT value FROM organisation_settings WHERE organisation_id = ? AND name = ?"),
            arguments: [organisation, OrganisationSetting.replyWords.rawValue])
        else { return .standard }
        // A damaged setting keeps nobody from answering: “oui” and “stop” mean what they mean everywhere.
        return ReplyWords(text: text) ?? .standard
    }

    func setting(_ setting: OrganisationSetting, ofOrganisationNamed name: String) throws -> String? {
        try String.fetchOne(
            self,
            sql: """
                SELECT value FROM organisation_settings JOIN organisations ON organisations.id = organisation_id
                WHERE organisations.name = ? AND organisation_settings.name = ?
                """, arguments: [name, setting.rawValue])
    }

    func set(_ setting: OrganisationSetting, to value: String?, of organisation: OrganisationID) throws {
        guard let value else {
            return try execute(
                sql: "DELETE FROM organisation_settings WHERE organisation_id = ? AND name = ?",
                arguments: [organisation.rawValue, setting.rawValue])
        }
        try execute(
            sql: """
                INSERT INTO organisation_settings (organisation_id, name, value) VALUES (?, ?, ?)
                ON CONFLICT (organisation_id, name) DO UPDATE SET value = excluded.value
                """, arguments: [organisation.rawValue, setting.rawValue, value])
    }
}

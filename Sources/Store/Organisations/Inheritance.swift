import AlertModel
import GRDB

/// What an organisation has from those above it, read-only: perimeters, templates, and the settings that
/// `OrganisationSetting.isInherited` names. Of several of one name the nearest is meant, its own first.
extension Database {
    /// A table expression of an organisation and those above it: `id`, and `distance` from it.
    ///
    /// - Parameter scope: nil above everything: every organisation, at distance 0.
    func lineageTable(_ scope: RegisterScope) throws -> (sql: String, arguments: StatementArguments) {
        guard let own = scope.own else { return ("(SELECT id, 0 AS distance FROM organisations)", []) }
        let line = try lineage(of: own)
        let rows = line.indices.map { _ in "(?, ?)" }.joined(separator: ", ")
        return (
            "(SELECT column1 AS id, column2 AS distance FROM (VALUES \(rows)))",
            StatementArguments(line.enumerated().flatMap { [$1.rawValue, Int64($0)] })
        )
    }

    /// As `effectiveSetting(_:of:)`; nil for an organisation that is not there yet.
    func effectiveSetting(_ setting: OrganisationSetting, ofOrganisationNamed name: String) throws -> String? {
        try organisationIfAny(named: name).flatMap { try effectiveSetting(setting, of: $0.id) }
    }

    func organisationIfAny(named name: String) throws -> Organisation? {
        try Row.fetchOne(
            self, sql: "SELECT id, name, nature, territory_code, parent_id FROM organisations WHERE name = ?", arguments: [name]
        ).map { try Organisation($0) }
    }

    /// A setting of an organisation, or else of the nearest above it that has settled it, where it is inherited.
    func effectiveSetting(_ setting: OrganisationSetting, of organisation: OrganisationID) throws -> String? {
        for id in setting.isInherited ? try lineage(of: organisation) : [organisation] {
            let value = try String.fetchOne(
                cachedStatement(sql: "SELECT value FROM organisation_settings WHERE organisation_id = ? AND name = ?"),
                arguments: [id.rawValue, setting.rawValue])
            if let value { return value }
        }
        return nil
    }
}

extension AlertDatabase {
    /// A setting of an organisation, or what it inherits; nil when nobody has settled it.
    package func effectiveSetting(_ setting: OrganisationSetting, ofOrganisationNamed name: String) throws -> String? {
        try pool.read { try $0.effectiveSetting(setting, ofOrganisationNamed: name) }
    }
}

extension OrganisationSetting {
    /// Whether those below have it as long as they settle nothing else: how careful a launch is, when information waits, how
    /// many emergency numbers an office has. A territory, columns of files, a clock,
    /// how people sign in and what answers mean are each one's own.
    package var isInherited: Bool {
        switch self {
        case .guards, .quiet, .emergencyLimit: true
        case .importColumns, .territory, .timeZone, .secondFactor, .replyWords: false
        }
    }
}

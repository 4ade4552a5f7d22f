import AlertModel
import GRDB

extension AlertDatabase {
    /// Whether whoever may launch, approve or administer in the organisation signs in with a second factor.
    package func requiresSecondFactor(in organisation: OrganisationID) throws -> Bool {
        try pool.read { database in
            try String.fetchOne(
                database, sql: "SELECT value FROM organisation_settings WHERE organisation_id = ? AND name = ?",
                arguments: [organisation.rawValue, OrganisationSetting.secondFactor.rawValue]) == OrganisationSetting.required
        }
    }

    /// Asks for it from now on, open sessions included, or no longer.
    package func requireSecondFactor(_ isRequired: Bool, in organisation: OrganisationID, by actor: Operator) throws {
        try actor.require(.administer)
        try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            try database.set(
                .secondFactor, to: isRequired ? OrganisationSetting.required : nil, of: organisation)
            try database.audit(
                actor: actor.name, action: "organisation.setting", subject: OrganisationSetting.secondFactor.rawValue,
                detail: ["organisation": try database.organisationName(organisation), "required": String(isRequired)])
        }
    }

    /// The name of an organisation, for people to read.
    package func organisationName(_ organisation: OrganisationID) throws -> String {
        try pool.read { try $0.organisationName(organisation) }
    }
}

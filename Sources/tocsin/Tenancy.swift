import AlertModel
import Dispatching
import Foundation
import Store

/// Whose affairs a command manages: those of the organisation of the account it runs as, or, for the machine's
/// administrator, everybody's.
///
/// What is not an account's own answers as what does not exist: with the same words, which name only what the account
/// sees anyway.
struct Tenancy {
    let store: AlertDatabase
    /// Nil for the machine's administrator.
    let organisation: OrganisationID?

    /// - Throws: `RightsError.unknownPerson`: a misspelt name never sees everything.
    init(_ store: AlertDatabase) throws {
        self.store = store
        organisation = try store.currentOperator().organisation
    }

    /// Whose recipients are looked for among: all that the account sees, or one register of it.
    ///
    /// - Throws: `StoreError.unknownOrganisation`.
    func scope(narrowedTo name: String?) throws -> RegisterScope {
        guard let organisation else { return try store.scope(organisationNamed: name) }
        let seen = try store.scope(of: organisation)
        return try name.map { try store.scope(seen, narrowedTo: $0) } ?? seen
    }

    /// The organisation that is written to.
    ///
    /// - Throws: `StoreError.unknownOrganisation`; `.organisationNeeded` for the machine's administrator when there are
    ///   several.
    func owner(named name: String?) throws -> OrganisationID {
        guard let organisation else { return try store.owner(organisationNamed: name) }
        let own = try store.name(of: organisation)
        guard name == nil || name == own else { throw StoreError.unknownOrganisation(name: name ?? "", known: [own]) }
        return organisation
    }

    /// As `owner`, by name; for the machine's administrator the first one where none is named, or the usual one to be made.
    func ownerName(named name: String?) throws -> String {
        guard organisation == nil else { return try store.name(of: owner(named: name)) }
        return try name ?? store.organisations().first?.name ?? DefaultOrganisation.name
    }

    /// What only an organisation itself has.
    var own: RegisterScope { organisation.map { .organisation($0) } ?? .all }

    /// - Throws: `LedgerError.unknownCampaign`, for one of another organisation too.
    func require(_ id: CampaignID) throws {
        let record = try store.ledger.campaign(id)
        guard organisation == nil || record.organisation == organisation else { throw LedgerError.unknownCampaign(id) }
    }
}

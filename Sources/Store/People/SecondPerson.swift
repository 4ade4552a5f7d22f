import AlertModel
import Foundation
import GRDB

extension Database {
    /// How long whoever gave somebody a one-time password counts as able to sign in as them.
    static let resetMemorySeconds = 7.0 * 86_400

    /// Whether an organisation's affairs are the actor's: their own organisation, one below it, or any for the machine's
    /// administrator.
    func reaches(_ actor: Operator, _ organisation: OrganisationID) throws -> Bool {
        guard let own = actor.organisation else { return true }
        return try lineage(of: organisation).contains(own)
    }

    /// - Throws: `RightsError.unknownPerson`: what is out of reach is as if it were not there.
    func requireReach(of actor: Operator, over organisation: OrganisationID) throws {
        guard try reaches(actor, organisation) else { throw RightsError.unknownPerson }
    }

    /// Holds a decision to two people: not who asked, not who receives, and nobody whose password the one who asked has set.
    func requireSecondPerson(_ actor: Operator, for record: GrantRecord, now: Date) throws {
        guard actor.name != record.makerName, actor.user == nil || actor.user != record.maker else {
            throw RightsError.secondPersonNeeded
        }
        guard let user = actor.user else { return }
        switch record.grant.beneficiary {
        case .person(let person): if person == user { throw RightsError.secondPersonNeeded }
        case .group(let group):
            let book = try rightsBook(of: record.organisation, at: now)
            if book.groups(of: user).contains(group) { throw RightsError.secondPersonNeeded }
        }
        // The machine's administrator holds the database's file: a password set by them shows no more than that.
        guard record.maker != nil else { return }
        let isSetByMaker = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE id = ? AND reset_by = ? AND reset_at > ?)",
            arguments: [
                user.rawValue, record.makerName, now.addingTimeInterval(-Self.resetMemorySeconds).milliseconds,
            ])
        if isSetByMaker == true { throw RightsError.secondPersonNeeded }
    }

    /// The people who may administer an organisation for good: by roles and groups that have no end.
    func lastingAdministrators(of organisation: OrganisationID, now: Date) throws -> Set<UserID> {
        let grants = try Row.fetchAll(
            self, sql: """
                SELECT * FROM grants WHERE organisation_id = ? AND state = 'active' AND ends_at IS NULL
                AND kind IN ('role', 'membership') ORDER BY id
                """, arguments: [organisation.rawValue]
        ).map { try Grant(row: $0) }
        let open = Set(try Int64.fetchAll(
            self, sql: "SELECT id FROM users WHERE organisation_id = ? AND closed_at IS NULL ORDER BY id",
            arguments: [organisation.rawValue]
        ).map(UserID.init(rawValue:)))
        let book = RightsBook(grants: grants, roles: try roles(of: organisation), open: open, at: now)
        return open.filter { book.capabilities(of: $0).contains(.administer) }
    }

    func hasAdministrator(overOrIn organisation: OrganisationID, now: Date) throws -> Bool {
        try lineage(of: organisation).contains { try !lastingAdministrators(of: $0, now: now).isEmpty }
    }

    /// Makes a change and undoes it if it would leave the organisation without any lasting administrator.
    ///
    /// - Throws: `RightsError.lastAdministrator`, which rolls the caller's transaction back.
    func keepingAnAdministrator(of organisation: OrganisationID, now: Date, _ change: () throws -> Void) throws {
        let had = try !lastingAdministrators(of: organisation, now: now).isEmpty
        try change()
        if had, try lastingAdministrators(of: organisation, now: now).isEmpty { throw RightsError.lastAdministrator }
    }

    func requireOpen(_ person: UserID, in organisation: OrganisationID) throws {
        guard let row = try Row.fetchOne(
            self, sql: "SELECT closed_at FROM users WHERE id = ? AND organisation_id = ?",
            arguments: [person.rawValue, organisation.rawValue])
        else { throw RightsError.unknownPerson }
        if row["closed_at"] as Int64? != nil { throw RightsError.personIsClosed }
    }

    func requireGroup(_ group: GroupID, in organisation: OrganisationID) throws {
        let exists = try Bool.fetchOne(
            self, sql: "SELECT EXISTS (SELECT 1 FROM user_groups WHERE id = ? AND organisation_id = ?)",
            arguments: [group.rawValue, organisation.rawValue])
        guard exists == true else { throw RightsError.unknownGroup(name: group.description) }
    }

    func userName(_ user: UserID) throws -> String {
        try String.fetchOne(self, sql: "SELECT name FROM users WHERE id = ?", arguments: [user.rawValue]) ?? "?"
    }

    func groupName(_ group: GroupID) throws -> String {
        try String.fetchOne(self, sql: "SELECT name FROM user_groups WHERE id = ?", arguments: [group.rawValue]) ?? "?"
    }
}

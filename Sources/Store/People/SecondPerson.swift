import AlertModel
import Foundation
import GRDB

/// Somebody who may have signed in as another within the week.
package struct AccountHand: Sendable, Hashable {
    package let user: String
    /// Until when that counts.
    package let until: Date
}

extension AlertDatabase {
    /// Whose requests an account may not decide, and until when.
    package func hands(on account: String, now: Date = .now) throws -> [AccountHand] {
        try pool.read { try $0.hands(on: account, now: now.milliseconds) }
    }
}

extension Database {
    /// How long whoever gave somebody a one-time password, or a token, counts as able to sign in as them.
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

    /// Holds what gives somebody rights, or a way to sign in as them, to the organisation's own administrators: those above it
    /// have no right to its register by rank, and would have one through an account of its own.
    ///
    /// - Parameter gives: what a role gives; the first administrator of an organisation that has none may come from above, and
    ///   waits for a second person there.
    /// - Throws: `RightsError.unknownPerson` out of reach, `.ofAnotherOrganisation` below.
    func requireOwnPeople(
        of actor: Operator, in organisation: OrganisationID, giving gives: Set<Capability> = [], now: Date = .now
    ) throws {
        try requireReach(of: actor, over: organisation)
        guard let own = actor.organisation, own != organisation else { return }
        guard gives.contains(.administer), try lastingAdministrators(of: organisation, now: now).isEmpty else {
            throw RightsError.ofAnotherOrganisation
        }
    }

    /// Whether an account is another person than whoever asks: nobody who may sign in as it, because within a week they opened
    /// it, set its password, took its second factor away or made it a token.
    ///
    /// - Parameters:
    ///   - approver: the name of whoever decides.
    ///   - asker: the name of whoever asked. One that is no account is the machine's administrator, who holds the database's
    ///     file: a password set by them shows no more than that.
    ///   - now: in milliseconds since 1970.
    func isAnotherPerson(_ approver: String, than asker: String, now: Int64) throws -> Bool {
        guard approver != asker else { return false }
        // One that is no account is in no list of hands.
        return try !hands(on: approver, now: now).contains { $0.user == asker }
    }

    /// Whose requests an account may not decide, and until when: who opened it, set its password, took a factor of it away or made
    /// it a token within the week. What `isAnotherPerson` refuses, and no more.
    func hands(on account: String, now: Int64) throws -> [AccountHand] {
        let since = now - Int64(Self.resetMemorySeconds * 1000)
        return try Row.fetchAll(
            self, sql: """
                SELECT hand, max(at) AS last FROM (
                    SELECT reset_by AS hand, reset_at AS at FROM users WHERE name = :account AND reset_at > :since
                    UNION ALL
                    SELECT actor, at FROM audit_entries WHERE subject = :account AND at > :since
                        AND action IN ('factor.remove', 'factor.key.remove', 'token.create')
                ) WHERE hand <> :account AND hand IN (SELECT name FROM users) GROUP BY hand ORDER BY hand
                """, arguments: ["account": account, "since": since]
        ).map { row in
            AccountHand(
                user: row["hand"], until: Date(milliseconds: row["last"]).addingTimeInterval(Self.resetMemorySeconds))
        }
    }

    /// Holds a decision to two people: not who asked, not who receives, and nobody as whom the one who asked may sign in.
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
        guard record.maker != nil else { return }
        guard try isAnotherPerson(actor.name, than: record.makerName, now: now.milliseconds) else {
            throw RightsError.secondPersonNeeded
        }
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

import AlertModel
import Foundation
import GRDB

/// An account as its organisation's administrators see it.
package struct Person: Sendable, Hashable {
    package let id: UserID
    package let name: String
    package let isClosed: Bool
    package let mustChangePassword: Bool
    /// What they may do now.
    package let capabilities: Set<Capability>
    /// What each grant in force gives them.
    package let sources: [RightsBook.Source]
}

extension AlertDatabase {
    /// Longest sign-in name, in characters.
    package static let longestPersonName = 128
    /// Accounts of one organisation.
    package static let mostPeople = 2_000

    /// An organisation's people, by name, the closed ones last.
    package func people(of organisation: OrganisationID, at moment: Date = .now) throws -> [Person] {
        try pool.read { database in
            let book = try database.rightsBook(of: organisation, at: moment)
            return try Row.fetchAll(
                database, sql: """
                    SELECT id, name, closed_at, must_change_password FROM users WHERE organisation_id = ?
                    ORDER BY closed_at IS NOT NULL, name
                    """, arguments: [organisation.rawValue]
            ).map { row in
                let id = UserID(rawValue: row["id"]), closedAt: Int64? = row["closed_at"]
                return Person(
                    id: id, name: row["name"], isClosed: closedAt != nil, mustChangePassword: row["must_change_password"],
                    capabilities: book.capabilities(of: id), sources: book.sources(of: id))
            }
        }
    }

    /// The account of this name, within reach of the actor.
    ///
    /// - Throws: `RightsError.unknownPerson`.
    package func person(named name: String, within actor: Operator) throws -> (id: UserID, organisation: OrganisationID) {
        try pool.read { database in
            guard let row = try Row.fetchOne(
                database, sql: "SELECT id, organisation_id FROM users WHERE name = ?", arguments: [name])
            else { throw RightsError.unknownPerson }
            let organisation = OrganisationID(rawValue: row["organisation_id"])
            try database.requireReach(of: actor, over: organisation)
            return (UserID(rawValue: row["id"]), organisation)
        }
    }

    /// Opens an account with a one-time password. Slow: call off the cooperative threads.
    ///
    /// - Parameter role: given at once, or pending like any other grant.
    /// - Returns: the one-time password, to be shown once and stored nowhere, and what became of the role.
    package func createPerson(
        named name: String, role: String, in organisation: OrganisationID, by actor: Operator, now: Date = .now
    ) throws -> (id: UserID, password: String, role: Grant.State) {
        try actor.require(.administer)
        try Self.checkName(name, longest: Self.longestPersonName)
        // The journal, approvals and schedules know the machine's administrator by it.
        guard !name.lowercased().hasPrefix(Operator.machinePrefix) else {
            throw RightsError.invalidName(longest: Self.longestPersonName)
        }
        let password = PasswordHash.random()
        let hash = try PasswordHash.make(password)
        return try pool.write { database in
            let gives = try database.gives(.role(role), in: organisation, at: now)
            try database.requireOwnPeople(of: actor, in: organisation, giving: gives, now: now)
            // A name is taken in every organisation: it is what people sign in with.
            let isTaken = try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM users WHERE name = ?)", arguments: [name])
            if isTaken == true { throw RightsError.personExists }
            let count = try Int.fetchOne(
                database, sql: "SELECT count(*) FROM users WHERE organisation_id = ? AND closed_at IS NULL",
                arguments: [organisation.rawValue]) ?? 0
            guard count < Self.mostPeople else { throw RightsError.tooMany(what: "accounts", limit: Self.mostPeople) }
            let id = try database.insertUser(
                named: name, role: role, hash: hash, in: organisation, by: actor.name, now: now)
            try database.audit(
                actor: actor.name, action: "user.create", subject: name,
                detail: ["organisation": try database.organisationName(organisation), "role": role])
            let grant = try database.give(
                GrantRequest(to: .person(id), .role(role), from: now), in: organisation, by: actor, now: now)
            return (id, password, grant.state)
        }
    }

    /// Closes an account for good: its sessions and tokens end at once.
    package func closePerson(_ person: UserID, by actor: Operator, now: Date = .now) throws {
        try actor.require(.administer)
        try pool.write { database in
            let organisation = try database.organisation(of: person, within: actor)
            try database.requireOpen(person, in: organisation)
            try database.keepingAnAdministrator(of: organisation, now: now) {
                try database.execute(
                    sql: "UPDATE users SET closed_at = ? WHERE id = ?", arguments: [now.milliseconds, person.rawValue])
            }
            try database.execute(sql: "DELETE FROM sessions WHERE user_id = ?", arguments: [person.rawValue])
            try database.audit(actor: actor.name, action: "user.close", subject: try database.userName(person))
        }
    }

    /// Gives an account a new one-time password and ends its sessions and its tokens. Slow: call off the cooperative threads.
    ///
    /// - Returns: the one-time password, to be shown once and stored nowhere.
    /// - Throws: `RightsError.ofOneself`: one's own password is changed by who knows it; `.ofAnotherOrganisation`.
    package func resetPassword(of person: UserID, by actor: Operator, now: Date = .now) throws -> String {
        try actor.require(.administer)
        guard actor.user != person else { throw RightsError.ofOneself }
        let password = PasswordHash.random()
        let hash = try PasswordHash.make(password)
        try pool.write { database in
            let organisation = try database.organisation(of: person, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.requireOpen(person, in: organisation)
            try database.replacePassword(of: person, with: hash, by: actor.name, now: now)
        }
        return password
    }

    /// - Throws: `RightsError.invalidName`.
    static func checkName(_ name: String, longest: Int) throws {
        let isClean = name.unicodeScalars.allSatisfy { scalar in
            ![.control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .privateUse, .unassigned]
                .contains(scalar.properties.generalCategory)
        }
        let isFramed = name.first?.isWhitespace == true || name.last?.isWhitespace == true
        guard !name.isEmpty, name.count <= longest, isClean, !isFramed else {
            throw RightsError.invalidName(longest: longest)
        }
    }
}

extension Database {
    /// A one-time password set by somebody else: the account's sessions and tokens end, and the journal says who has seen it.
    func replacePassword(of person: UserID, with hash: String, by actor: String, now: Date) throws {
        try execute(
            sql: """
                UPDATE users SET password_hash = ?, must_change_password = 1, reset_by = ?, reset_at = ? WHERE id = ?
                """, arguments: [hash, actor, now.milliseconds, person.rawValue])
        try execute(sql: "DELETE FROM sessions WHERE user_id = ?", arguments: [person.rawValue])
        let revoked = try revokeTokens(of: person, now: now)
        try audit(
            actor: actor, action: "user.password.reset", subject: try userName(person),
            detail: ["tokens_revoked": String(revoked)])
    }

    /// - Parameter actor: who is shown the one-time password.
    func insertUser(
        named name: String, role: String, hash: String, in organisation: OrganisationID, by actor: String, now: Date
    ) throws -> UserID {
        try execute(
            sql: """
                INSERT INTO users (organisation_id, name, role, password_hash, must_change_password, created_at, reset_by,
                    reset_at)
                VALUES (?, ?, ?, ?, 1, ?, ?, ?)
                """,
            arguments: [organisation.rawValue, name, role, hash, now.milliseconds, actor, now.milliseconds])
        return UserID(rawValue: lastInsertedRowID)
    }

    /// - Throws: `RightsError.unknownPerson`, also for somebody out of reach.
    func organisation(of person: UserID, within actor: Operator) throws -> OrganisationID {
        guard let id = try Int64.fetchOne(
            self, sql: "SELECT organisation_id FROM users WHERE id = ?", arguments: [person.rawValue])
        else { throw RightsError.unknownPerson }
        try requireReach(of: actor, over: OrganisationID(rawValue: id))
        return OrganisationID(rawValue: id)
    }
}

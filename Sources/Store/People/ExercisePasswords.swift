import AlertModel
import Foundation
import GRDB

/// The password an account signs in with where exercises are held. It opens nothing else, and the account's own does not
/// open exercises: what is typed in a training room, seen on its wall or kept by its browsers is worth nothing outside.
extension AlertDatabase {
    /// Sets one's own. Slow: call off the cooperative threads.
    ///
    /// - Parameter password: nil takes it away.
    /// - Throws: `RightsError.samePassword` when it is the account's own.
    package func setExercisePassword(_ password: String?, of person: UserID) throws {
        if let password, try isOwnPassword(password, of: person) { throw RightsError.samePassword }
        let hash = try password.map { try PasswordHash.make($0) }
        try pool.write { database in
            let name = try database.userName(person)
            try database.setExercisePassword(hash, ofUserNamed: name, by: name)
        }
    }

    /// Gives an account one that is made for it. Slow: call off the cooperative threads.
    ///
    /// - Returns: the password, to be shown once and stored nowhere.
    /// - Throws: `RightsError.ofAnotherOrganisation`, `.personIsClosed`, `.unknownPerson`.
    package func makeExercisePassword(of person: UserID, by actor: Operator) throws -> String {
        let password = PasswordHash.random()
        try setExercisePassword(hash: try PasswordHash.make(password), of: person, by: actor)
        return password
    }

    /// - Throws: as `makeExercisePassword`.
    package func removeExercisePassword(of person: UserID, by actor: Operator) throws {
        try setExercisePassword(hash: nil, of: person, by: actor)
    }

    package func hasExercisePassword(_ person: UserID) throws -> Bool {
        try pool.read { database in
            try Bool.fetchOne(
                database, sql: "SELECT exercise_password_hash IS NOT NULL FROM users WHERE id = ?",
                arguments: [person.rawValue]) ?? false
        }
    }

    private func setExercisePassword(hash: String?, of person: UserID, by actor: Operator) throws {
        if actor.user != person { try actor.require(.administer) }
        try pool.write { database in
            let organisation = try database.organisation(of: person, within: actor)
            try database.requireOwnPeople(of: actor, in: organisation)
            try database.requireOpen(person, in: organisation)
            try database.setExercisePassword(hash, ofUserNamed: try database.userName(person), by: actor.name)
        }
    }

    private func isOwnPassword(_ password: String, of person: UserID) throws -> Bool {
        let hash = try pool.read { database in
            try String.fetchOne(
                database, sql: "SELECT password_hash FROM users WHERE id = ?", arguments: [person.rawValue])
        }
        return hash.map { PasswordHash.verify(password, against: $0) } ?? false
    }

    func isExercisePassword(_ password: String, ofUserNamed name: String) throws -> Bool {
        let hash = try pool.read { database in
            try String.fetchOne(
                database, sql: "SELECT exercise_password_hash FROM users WHERE name = ?", arguments: [name])
        }
        return hash.map { PasswordHash.verify(password, against: $0) } ?? false
    }
}

extension Database {
    /// Replaces it, and ends the sessions that the former one opened.
    func setExercisePassword(_ hash: String?, ofUserNamed name: String, by actor: String) throws {
        try execute(sql: "UPDATE users SET exercise_password_hash = ? WHERE name = ?", arguments: [hash, name])
        try execute(
            sql: "DELETE FROM sessions WHERE mode = 'exercise' AND user_id = (SELECT id FROM users WHERE name = ?)",
            arguments: [name])
        try audit(
            actor: actor, action: hash == nil ? "user.exercise_password.remove" : "user.exercise_password.set", subject: name)
    }
}

extension UserAccount {
    /// The account as it acts in a mode: somebody who trains has the rights of an exercise at most, and is asked for neither
    /// their own password nor their second factor, which are not to be typed there.
    func acting(in mode: CampaignMode) -> UserAccount {
        guard mode == .exercise else { return self }
        return UserAccount(
            id: id, name: name, role: role, organisation: organisation, organisationName: organisationName,
            mustChangePassword: false, capabilities: capabilities.intersection(Capability.exercise), hasSecondFactor: false,
            hasKeys: false, needsSecondFactor: false)
    }
}

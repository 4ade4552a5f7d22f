import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// Roles of one organisation.
    package static let mostRoles = 100

    /// The roles an organisation can give: the built-in ones, then its own by name.
    package func roles(of organisation: OrganisationID) throws -> [Role] {
        try pool.read { Role.builtIn + (try $0.roles(of: organisation)) }
    }

    /// Makes a role, or changes what one gives; whoever has it gains or loses it at once.
    ///
    /// - Throws: `RightsError.roleInUse` when people have it and it would gain what takes a second person;
    ///   `.beyondOwnRights`, `.lastAdministrator`.
    package func save(_ role: Role, in organisation: OrganisationID, by actor: Operator, now: Date = .now) throws {
        try actor.require(.administer)
        try Self.checkName(role.name, longest: Role.longestName)
        if Role.builtIn(named: role.name) != nil { throw RightsError.roleExists(name: role.name) }
        try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            let known = try database.roles(of: organisation)
            let former = known.first { $0.name == role.name }?.capabilities
            let gained = role.capabilities.subtracting(former ?? [])
            let missing = gained.subtracting(actor.capabilities)
            guard missing.isEmpty else { throw RightsError.beyondOwnRights(missing.sorted()) }
            if former == nil, known.count >= Self.mostRoles {
                throw RightsError.tooMany(what: "roles", limit: Self.mostRoles)
            }
            if !gained.isDisjoint(with: Capability.grave), try database.isGiven(role.name, in: organisation, now: now) {
                throw RightsError.roleInUse(name: role.name)
            }
            try database.keepingAnAdministrator(of: organisation, now: now) {
                try database.execute(
                    sql: """
                        INSERT INTO roles (organisation_id, name, capabilities) VALUES (?, ?, ?)
                        ON CONFLICT (organisation_id, name) DO UPDATE SET capabilities = excluded.capabilities
                        """, arguments: [organisation.rawValue, role.name, try Capability.write(role.capabilities)])
            }
            try database.audit(
                actor: actor.name, action: "role.save", subject: role.name,
                detail: ["capabilities": role.capabilities.names.joined(separator: " ")])
        }
    }

    /// - Throws: `RightsError.roleInUse`, `.unknownRole`.
    package func removeRole(named name: String, in organisation: OrganisationID, by actor: Operator, now: Date = .now)
        throws
    {
        try actor.require(.administer)
        try pool.write { database in
            try database.requireReach(of: actor, over: organisation)
            guard try database.roles(of: organisation).contains(where: { $0.name == name }) else {
                throw RightsError.unknownRole(name: String(name.prefix(Role.longestName)))
            }
            if try database.isGiven(name, in: organisation, now: now) { throw RightsError.roleInUse(name: name) }
            try database.execute(
                sql: "DELETE FROM roles WHERE organisation_id = ? AND name = ?", arguments: [organisation.rawValue, name])
            try database.audit(actor: actor.name, action: "role.remove", subject: name)
        }
    }
}

extension Database {
    /// Whether somebody has the role, will have it, or waits for it.
    fileprivate func isGiven(_ role: String, in organisation: OrganisationID, now: Date) throws -> Bool {
        try Bool.fetchOne(
            self, sql: """
                SELECT EXISTS (SELECT 1 FROM grants WHERE organisation_id = ? AND role = ?
                AND state IN ('pending', 'active') AND (ends_at IS NULL OR ends_at > ?))
                """, arguments: [organisation.rawValue, role, now.milliseconds]) ?? false
    }
}

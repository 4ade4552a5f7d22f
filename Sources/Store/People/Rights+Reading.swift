import AlertModel
import Foundation
import GRDB

extension AlertDatabase {
    /// What somebody may do at this moment; nothing when the account is closed or unknown.
    package func capabilities(of user: UserID, at moment: Date = .now) throws -> Set<Capability> {
        try pool.read { try $0.capabilities(of: user, at: moment) }
    }

    /// The account that acts under this name, with its rights at this moment.
    ///
    /// - Throws: `RightsError.unknownPerson` for a closed account too.
    package func actingOperator(named name: String, at moment: Date = .now) throws -> Operator {
        try pool.read { database in
            guard let row = try Row.fetchOne(
                database, sql: "SELECT id, organisation_id FROM users WHERE name = ? AND closed_at IS NULL", arguments: [name])
            else { throw RightsError.unknownPerson }
            let user = UserID(rawValue: row["id"])
            return Operator(
                name: name, user: user, organisation: OrganisationID(rawValue: row["organisation_id"]),
                capabilities: try database.capabilities(of: user, at: moment))
        }
    }
}

extension Database {
    /// What somebody may do at a moment, in one to four small reads: it is asked with every request.
    func capabilities(of user: UserID, at moment: Date) throws -> Set<Capability> {
        var grants = try activeGrants(whereColumn: "user_id", isIn: [user.rawValue])
        var people: Set<UserID> = [user]
        let lenders = grants.compactMap { grant -> Int64? in
            if case .rights(let lender) = grant.gift { lender.rawValue } else { nil }
        }
        if !lenders.isEmpty {
            grants += try activeGrants(whereColumn: "user_id", isIn: lenders)
            people.formUnion(lenders.map(UserID.init(rawValue:)))
        }
        let groups = Set(grants.compactMap { grant -> Int64? in
            if case .membership(let group) = grant.gift { group.rawValue } else { nil }
        })
        if !groups.isEmpty { grants += try activeGrants(whereColumn: "group_id", isIn: groups.sorted()) }
        let open = try openUsers(among: people)
        let isBuiltIn = grants.allSatisfy { grant in
            switch grant.gift {
            case .role(let name), .shift(let name): Role.builtIn(named: name) != nil
            case .rights, .membership: true
            }
        }
        let roles = isBuiltIn ? [] : try roles(ofOrganisationOf: user)
        return RightsBook(grants: grants, roles: roles, open: open, at: moment).capabilities(of: user)
    }

    /// The rights of a whole organisation at a moment.
    func rightsBook(of organisation: OrganisationID, at moment: Date) throws -> RightsBook {
        let grants = try Row.fetchAll(
            self, sql: "SELECT * FROM grants WHERE organisation_id = ? AND state = 'active' ORDER BY id",
            arguments: [organisation.rawValue]
        ).map { try Grant(row: $0) }
        let open = try Int64.fetchAll(
            self, sql: "SELECT id FROM users WHERE organisation_id = ? AND closed_at IS NULL ORDER BY id",
            arguments: [organisation.rawValue])
        return RightsBook(
            grants: grants, roles: try roles(of: organisation), open: Set(open.map(UserID.init(rawValue:))), at: moment)
    }

    /// The roles an organisation made itself, by name.
    func roles(of organisation: OrganisationID) throws -> [Role] {
        try Row.fetchAll(
            self, sql: "SELECT name, capabilities FROM roles WHERE organisation_id = ? ORDER BY name",
            arguments: [organisation.rawValue]
        ).map { Role(name: $0["name"], capabilities: try Capability.read($0["capabilities"])) }
    }

    private func roles(ofOrganisationOf user: UserID) throws -> [Role] {
        guard let id = try Int64.fetchOne(
            self, sql: "SELECT organisation_id FROM users WHERE id = ?", arguments: [user.rawValue])
        else { return [] }
        return try roles(of: OrganisationID(rawValue: id))
    }

    private func activeGrants(whereColumn column: String, isIn ids: [Int64]) throws -> [Grant] {
        let places = Array(repeating: "?", count: ids.count).joined(separator: ", ")
        return try Row.fetchAll(
            cachedStatement(sql: "SELECT * FROM grants WHERE \(column) IN (\(places)) AND state = 'active' ORDER BY id"),
            arguments: StatementArguments(ids)
        ).map { try Grant(row: $0) }
    }

    private func openUsers(among people: Set<UserID>) throws -> Set<UserID> {
        let places = Array(repeating: "?", count: people.count).joined(separator: ", ")
        return Set(try Int64.fetchAll(
            cachedStatement(sql: "SELECT id FROM users WHERE id IN (\(places)) AND closed_at IS NULL ORDER BY id"),
            arguments: StatementArguments(people.map(\.rawValue))
        ).map(UserID.init(rawValue:)))
    }
}

extension Capability {
    /// Reads what `names` wrote. A word this version does not know is a right it cannot give.
    static func read(_ json: String) throws -> Set<Capability> {
        Set(try JSONDecoder().decode([String].self, from: Data(json.utf8)).compactMap(Capability.init(rawValue:)))
    }

    /// A JSON array of words, in the enumeration's order.
    static func write(_ capabilities: Set<Capability>) throws -> String {
        String(decoding: try JSONEncoder().encode(capabilities.names), as: UTF8.self)
    }
}

extension Grant {
    /// - Throws: `StoreError.damagedGrant` for a row that no schema's check let through.
    init(row: Row) throws {
        let user: Int64? = row["user_id"], group: Int64? = row["group_id"]
        let beneficiary: Beneficiary? = user.map { .person(UserID(rawValue: $0)) } ?? group.map { .group(GroupID(rawValue: $0)) }
        let role: String? = row["role"], lender: Int64? = row["lender_id"], inGroup: Int64? = row["in_group_id"]
        let gift: Gift? =
            switch row["kind"] as String {
            case "role": role.map { .role($0) }
            case "shift": role.map { .shift($0) }
            case "rights": lender.map { .rights(of: UserID(rawValue: $0)) }
            case "membership": inGroup.map { .membership(GroupID(rawValue: $0)) }
            default: nil
            }
        guard let beneficiary, let gift, let state = State(rawValue: row["state"]) else {
            throw StoreError.damagedGrant(id: row["id"])
        }
        self.init(
            id: GrantID(rawValue: row["id"]), beneficiary: beneficiary, gift: gift, state: state,
            startsAt: Date(milliseconds: row["starts_at"]),
            endsAt: (row["ends_at"] as Int64?).map { Date(milliseconds: $0) })
    }
}

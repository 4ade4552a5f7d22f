import AlertModel
import Foundation
import GRDB

/// What somebody asks to be given, to whom, from when and until when.
package struct GrantRequest: Sendable, Hashable {
    /// A replacement of somebody else lasts a year at most: longer is another role.
    package static let longestReplacementDays = 366
    /// One turn of duty.
    package static let longestShiftDays = 31
    /// Grants of one organisation that are not over: beyond it something makes them by itself.
    package static let mostPerOrganisation = 5_000

    package let beneficiary: Grant.Beneficiary
    package let gift: Grant.Gift
    package let startsAt: Date
    package let endsAt: Date?

    package init(to beneficiary: Grant.Beneficiary, _ gift: Grant.Gift, from startsAt: Date, until endsAt: Date? = nil) {
        self.beneficiary = beneficiary
        self.gift = gift
        self.startsAt = startsAt
        self.endsAt = endsAt
    }

    /// - Throws: `RightsError` for a time that cannot be.
    func checkTimes(now: Date) throws {
        let longestDays: Int? =
            switch gift {
            case .rights: Self.longestReplacementDays
            case .shift: Self.longestShiftDays
            case .role, .membership: nil
            }
        if let endsAt, endsAt <= startsAt || endsAt <= now { throw RightsError.endsBeforeItStarts }
        if let longestDays {
            guard let endsAt, endsAt.timeIntervalSince(startsAt) <= Double(longestDays) * 86_400 else {
                throw RightsError.needsAnEnd(longestDays: longestDays)
            }
        }
    }
}

extension AlertDatabase {
    /// Gives a right, or asks for it: what gives launch, approve or administer, and whatever lends somebody's rights, is
    /// pending until a second administrator confirms it.
    ///
    /// - Parameter organisation: whose people and groups these are.
    /// - Throws: `RightsError`.
    @discardableResult
    package func give(
        _ request: GrantRequest, in organisation: OrganisationID, by actor: Operator, now: Date = .now
    ) throws -> (id: GrantID, state: Grant.State) {
        try pool.write { try $0.give(request, in: organisation, by: actor, now: now) }
    }

    /// Confirms a pending grant, as the second person.
    ///
    /// - Throws: `RightsError.secondPersonNeeded` for who asked for it or receives it.
    package func confirm(_ grant: GrantID, by actor: Operator, now: Date = .now) throws {
        try pool.write { database in
            let record = try database.grantRecord(grant, within: actor, now: now)
            try actor.require(.administer)
            guard record.grant.state == .pending else { throw RightsError.notPending }
            try database.requireSecondPerson(actor, for: record, now: now)
            // Who asked may have lost rights since.
            if let maker = record.maker {
                let missing = try database.gives(record.grant.gift, in: record.organisation, at: now)
                    .subtracting(try database.capabilities(of: maker, at: now))
                guard missing.isEmpty else { throw RightsError.beyondOwnRights(missing.sorted()) }
            }
            try database.settle(record, as: .active, "grant.confirm", by: actor, now: now)
        }
    }

    /// Refuses a pending grant.
    package func refuse(_ grant: GrantID, by actor: Operator, now: Date = .now) throws {
        try pool.write { database in
            let record = try database.grantRecord(grant, within: actor, now: now)
            try actor.require(.administer)
            guard record.grant.state == .pending else { throw RightsError.notPending }
            try database.settle(record, as: .refused, "grant.refuse", by: actor, now: now)
        }
    }

    /// Takes a right back, at once. Whoever received or lent it may do so too.
    ///
    /// - Throws: `RightsError.lastAdministrator`.
    package func withdraw(_ grant: GrantID, by actor: Operator, now: Date = .now) throws {
        try pool.write { database in
            let record = try database.grantRecord(grant, within: actor, now: now)
            var isTheirs = false
            if let user = actor.user {
                isTheirs = record.grant.beneficiary == .person(user) || record.grant.gift == .rights(of: user)
            }
            if !isTheirs { try actor.require(.administer) }
            guard [.pending, .active].contains(record.grant.state) else { throw RightsError.alreadyOver }
            try database.keepingAnAdministrator(of: record.organisation, now: now) {
                try database.settle(record, as: .withdrawn, "grant.withdraw", by: actor, now: now)
            }
        }
    }
}

/// A grant with what deciding about it takes.
struct GrantRecord {
    let grant: Grant
    let organisation: OrganisationID
    let maker: UserID?
    let makerName: String
}

extension Database {
    func give(
        _ request: GrantRequest, in organisation: OrganisationID, by actor: Operator, now: Date
    ) throws -> (id: GrantID, state: Grant.State) {
        try requireReach(of: actor, over: organisation)
        let lendsOwn = actor.user.map { request.gift == .rights(of: $0) } ?? false
        if !lendsOwn { try actor.require(.administer) }
        try request.checkTimes(now: now)
        try checkParties(of: request, in: organisation, by: actor)
        let gives = try gives(request.gift, in: organisation, at: now)
        var ofRole: Set<Capability> = []
        if case .role = request.gift { ofRole = gives }
        try requireOwnPeople(of: actor, in: organisation, giving: ofRole, now: now)
        let missing = gives.subtracting(actor.capabilities)
        guard missing.isEmpty else { throw RightsError.beyondOwnRights(missing.sorted()) }
        let count = try Int.fetchOne(
            self, sql: """
                SELECT count(*) FROM grants WHERE organisation_id = ? AND state IN ('pending', 'active')
                AND (ends_at IS NULL OR ends_at > ?)
                """, arguments: [organisation.rawValue, now.milliseconds]) ?? 0
        guard count < GrantRequest.mostPerOrganisation else {
            throw RightsError.tooMany(what: "grants", limit: GrantRequest.mostPerOrganisation)
        }
        // What a lender may do can grow later: lending always takes a second person.
        var isGrave = !gives.isDisjoint(with: Capability.grave)
        if case .rights = request.gift { isGrave = true }
        // The first administrator of all has nobody to ask.
        let isFirst = try actor.user == nil && !hasAdministrator(overOrIn: organisation, now: now)
        let state = isGrave && !isFirst ? Grant.State.pending : .active
        let record = try insert(request, state: state, in: organisation, by: actor, now: now)
        try audit(record, state == .pending ? "grant.request" : "grant.give", by: actor, until: request.endsAt)
        return (record.grant.id, state)
    }

    /// A role given by whoever holds the machine, to somebody just made, without asking anybody.
    func giveFirst(_ role: String, to user: UserID, in organisation: OrganisationID, actor: String, now: Date) throws {
        let machine = Operator(name: actor, user: nil, organisation: nil, capabilities: Set(Capability.allCases))
        let record = try insert(
            GrantRequest(to: .person(user), .role(role), from: now), state: .active, in: organisation, by: machine, now: now)
        try audit(record, "grant.give", by: machine, until: nil)
    }

    /// What a gift gives whoever receives it, as things stand.
    func gives(_ gift: Grant.Gift, in organisation: OrganisationID, at moment: Date) throws -> Set<Capability> {
        let book = try rightsBook(of: organisation, at: moment)
        switch gift {
        case .role(let name), .shift(let name): return book.capabilities(ofRole: name)
        case .rights(let lender): return book.ownCapabilities(of: lender)
        case .membership(let group):
            // What it may give soon counts too: its grants that are still to begin.
            let names = try String.fetchAll(
                self, sql: """
                    SELECT role FROM grants WHERE group_id = ? AND state = 'active' AND (ends_at IS NULL OR ends_at > ?)
                    ORDER BY id
                    """, arguments: [group.rawValue, moment.milliseconds])
            return names.reduce(into: []) { $0.formUnion(book.capabilities(ofRole: $1)) }
        }
    }

    /// - Throws: `RightsError` when somebody or something named is not the organisation's, or is closed.
    private func checkParties(of request: GrantRequest, in organisation: OrganisationID, by actor: Operator) throws {
        switch request.beneficiary {
        case .person(let person):
            try requireOpen(person, in: organisation)
            if person == actor.user { throw RightsError.toOneself }
        case .group(let group):
            try requireGroup(group, in: organisation)
            guard case .role = request.gift else { throw RightsError.unknownGrant }
        }
        switch request.gift {
        case .role(let name), .shift(let name):
            guard try Role.builtIn(named: name) != nil || roles(of: organisation).contains(where: { $0.name == name })
            else { throw RightsError.unknownRole(name: String(name.prefix(Role.longestName))) }
        case .rights(let lender):
            try requireOpen(lender, in: organisation)
            if request.beneficiary == .person(lender) { throw RightsError.toOneself }
        case .membership(let group): try requireGroup(group, in: organisation)
        }
    }

    /// A grant that the actor may know of; one of an organisation out of reach is as unknown as one that is not.
    func grantRecord(_ id: GrantID, within actor: Operator, now: Date) throws -> GrantRecord {
        guard let row = try Row.fetchOne(self, sql: "SELECT * FROM grants WHERE id = ?", arguments: [id.rawValue]) else {
            throw RightsError.unknownGrant
        }
        let organisation = OrganisationID(rawValue: row["organisation_id"])
        guard try reaches(actor, organisation) else { throw RightsError.unknownGrant }
        let grant = try Grant(row: row)
        if let endsAt = grant.endsAt, endsAt <= now, grant.state == .pending { throw RightsError.alreadyOver }
        return GrantRecord(
            grant: grant, organisation: organisation, maker: (row["made_by_user_id"] as Int64?).map(UserID.init(rawValue:)),
            makerName: row["made_by"])
    }

    private func insert(
        _ request: GrantRequest, state: Grant.State, in organisation: OrganisationID, by actor: Operator, now: Date
    ) throws -> GrantRecord {
        var user: Int64?, group: Int64?, role: String?, lender: Int64?, inGroup: Int64?
        let kind: String
        switch request.beneficiary {
        case .person(let id): user = id.rawValue
        case .group(let id): group = id.rawValue
        }
        switch request.gift {
        case .role(let name): (kind, role) = ("role", name)
        case .shift(let name): (kind, role) = ("shift", name)
        case .rights(let id): (kind, lender) = ("rights", id.rawValue)
        case .membership(let id): (kind, inGroup) = ("membership", id.rawValue)
        }
        try execute(
            sql: """
                INSERT INTO grants (organisation_id, user_id, group_id, kind, role, lender_id, in_group_id, starts_at,
                    ends_at, state, made_by, made_by_user_id, made_at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                organisation.rawValue, user, group, kind, role, lender, inGroup, request.startsAt.milliseconds,
                request.endsAt?.milliseconds, state.rawValue, actor.name, actor.user?.rawValue, now.milliseconds,
            ])
        return GrantRecord(
            grant: Grant(
                id: GrantID(rawValue: lastInsertedRowID), beneficiary: request.beneficiary, gift: request.gift, state: state,
                startsAt: request.startsAt, endsAt: request.endsAt),
            organisation: organisation, maker: actor.user, makerName: actor.name)
    }

    func settle(_ record: GrantRecord, as state: Grant.State, _ action: String, by actor: Operator, now: Date)
        throws
    {
        try execute(
            sql: "UPDATE grants SET state = ?, decided_by = ?, decided_at = ? WHERE id = ?",
            arguments: [state.rawValue, actor.name, now.milliseconds, record.grant.id.rawValue])
        try audit(record, action, by: actor, until: record.grant.endsAt)
    }

    private func audit(_ record: GrantRecord, _ action: String, by actor: Operator, until: Date?) throws {
        var detail = ["grant": record.grant.id.description]
        if let until { detail["until"] = until.formatted(.iso8601) }
        switch record.grant.gift {
        case .role(let name), .shift(let name): detail["role"] = name
        case .rights(let lender): detail["rights of"] = try userName(lender)
        case .membership(let group): detail["group"] = try groupName(group)
        }
        let subject =
            switch record.grant.beneficiary {
            case .person(let person): try userName(person)
            case .group(let group): try groupName(group)
            }
        try audit(actor: actor.name, action: action, subject: subject, detail: detail)
    }
}

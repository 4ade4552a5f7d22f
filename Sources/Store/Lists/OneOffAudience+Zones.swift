import AlertModel
import Dispatching
import GRDB
import Targeting

/// How a zone names people who are alerted once, and what it may not do with them.
extension Database {
    /// The list that a zone names: of the register, or of people who are written to once.
    ///
    /// - Throws: as `list(named:scope:)`; people whose time is over have no list any more, erased or not.
    func zoneList(named name: String, scope: RegisterScope, now: UTCTime = .now) throws -> RecipientList {
        let owner = scope.writable.condition(on: "annex_of")
        let registers = try Int64.fetchAll(
            self,
            sql: """
                SELECT organisations.id FROM organisations JOIN lists ON lists.organisation_id = organisations.id
                WHERE annex_of IS NOT NULL AND \(owner.sql) AND lists.name = ? AND (\(Self.isNeeded)) ORDER BY 1
                """, arguments: owner.arguments + [name] + ["now": now.millisecondsSince1970])
        guard let register = registers.first else { return try list(named: name, scope: scope) }
        // An import may have made a list of that name since: nobody guesses which of them is meant.
        guard registers.count == 1, try lists(scope: scope, where: "lists.name = ?", [name]).isEmpty else {
            throw StoreError.ambiguousList(name: name)
        }
        return try list(named: name, scope: .organisation(OrganisationID(rawValue: register)))
    }

    /// Refuses a zone that limits people of a register apart by anything but lists of them: no ground, label or filter has them,
    /// so that they would be left out without a word.
    ///
    /// - Throws: `StoreError.peopleOnceLimited`; as `zoneList(named:scope:)`.
    func requireUnlimitedOnce(_ zone: Zone, scope: RegisterScope) throws {
        switch zone {
        case .perimeter, .circle, .communes, .department, .epci, .members, .widened: return
        case .certainly(let zone), .difference(let zone, _): try requireUnlimitedOnce(zone, scope: scope)
        case .union(let zones): for zone in zones { try requireUnlimitedOnce(zone, scope: scope) }
        case .intersection(let zones):
            for zone in zones { try requireUnlimitedOnce(zone, scope: scope) }
            let named = try zones.map { try $0.terms.filter { try isOfOnce($0, scope: scope) } }
            for (index, zone) in zones.enumerated() where named[index].count < zone.terms.count {
                guard let other = named.indices.first(where: { $0 != index && !named[$0].isEmpty }) else { continue }
                throw StoreError.peopleOnceLimited(by: zone.terms.first?.label ?? "", name: named[other][0].label)
            }
        }
    }

    /// Whether a term takes people of a register apart.
    private func isOfOnce(_ term: Zone, scope: RegisterScope) throws -> Bool {
        switch term {
        case .members(.list(let name)):
            let register = try zoneList(named: name, scope: scope).organisation.rawValue
            // Who was ticked has the register's ground.
            return try register < 0 && Bool.fetchOne(
                self, sql: "SELECT EXISTS (SELECT 1 FROM recipients WHERE organisation_id = ?)", arguments: [register]) == true
        case .members(.campaign(let id, _)):
            let registers = try oneOffRegisters(in: scope)
            return try !registers.isEmpty && Bool.fetchOne(
                self,
                sql: """
                    SELECT EXISTS (
                        SELECT 1 FROM recipients CROSS JOIN deliveries ON deliveries.recipient_id = recipients.id AND campaign_id = ?
                        WHERE recipients.organisation_id IN (SELECT value FROM json_each(?)))
                    """, arguments: [id.rawValue, registers.sorted().json]) == true
        default: return false
        }
    }

    /// Refuses a zone that is kept for later and names a list that will be gone by then.
    ///
    /// - Parameter last: when it is launched for the last time; nil when nobody knows.
    /// - Throws: `StoreError.listOfOnce`.
    func requireLasting(_ zoneDocument: String, of owner: OrganisationID, until last: UTCTime?) throws {
        for name in try ZoneDocument.decode(Array(zoneDocument.utf8)).listNames {
            let until = try Int64.fetchOne(
                self,
                sql: """
                    SELECT min(annex_until) FROM lists JOIN organisations ON organisations.id = lists.organisation_id
                    WHERE annex_of = ? AND lists.name = ?
                    """, arguments: [owner.rawValue, name])
            guard let until else { continue }
            guard let last, last.millisecondsSince1970 < until else { throw StoreError.listOfOnce(name: name) }
        }
    }

    /// The registers apart that zones of a scope may reach into.
    func oneOffRegisters(in scope: RegisterScope, now: UTCTime = .now) throws -> Set<Int64> {
        let owner = scope.writable.condition(on: "annex_of")
        return try Int64.fetchSet(
            cachedStatement(sql: """
                SELECT id FROM organisations WHERE annex_of IS NOT NULL AND \(owner.sql) AND (\(Self.isNeeded))
                """), arguments: owner.arguments + ["now": now.millisecondsSince1970])
    }

    /// A condition on `recipients`: they are of the scope, or of a register apart that its zones may reach into.
    func reachCondition(of scope: RegisterScope) throws -> (sql: String, arguments: StatementArguments) {
        let owner = scope.condition(on: "+recipients.organisation_id")
        return (
            "\(owner.sql) OR recipients.organisation_id IN (SELECT value FROM json_each(?))",
            owner.arguments + [try oneOffRegisters(in: scope).sorted().json]
        )
    }

    /// How many of these are of a register apart.
    func peopleOnce(among recipients: some Collection<RecipientID>, scope: RegisterScope) throws -> Int {
        let registers = try oneOffRegisters(in: scope)
        guard !registers.isEmpty else { return 0 }
        let people = try Int64.fetchSet(
            self, sql: "SELECT id FROM recipients WHERE organisation_id IN (SELECT value FROM json_each(?))",
            arguments: [registers.sorted().json])
        return recipients.count { people.contains($0.rawValue) }
    }
}

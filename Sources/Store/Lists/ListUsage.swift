import AlertModel
import GRDB

/// What names the lists of one organisation from outside its lists: a launch from there stops once the name is gone.
struct ListUsage {
    /// Names of its own scenarios, by list.
    var scenarios: [String: [String]] = [:]
    /// Names of its own schedules, not removed or over, by list.
    var schedules: [String: [String]] = [:]
    /// Names of organisations that see its register, by a delegation or by what their schedule was made over, and of which a
    /// scenario or a schedule may mean the list, by list. What they are called is theirs.
    var organisations: [String: [String]] = [:]

    /// All that names a list, as whoever takes it away is told.
    func users(of list: String) -> [String] {
        (scenarios[list] ?? []) + (schedules[list] ?? []) + (organisations[list] ?? [])
    }
}

extension Database {
    private static let liveSchedules = "state IN ('active', 'paused')"
    /// Of a schedule that does not go by what its organisation sees: it looks for lists of the first argument's register.
    private static let isMadeOver = "(only_organisation_id IS NULL OR only_organisation_id = ?1)"

    func listUsage(of organisation: OrganisationID, now: UTCTime) throws -> ListUsage {
        var usage = ListUsage()
        usage.scenarios = try namesByList("SELECT name, zone FROM scenarios WHERE organisation_id = ? ORDER BY name", [organisation.rawValue])
        usage.schedules = try namesByList(
            """
            SELECT name, zone FROM schedules WHERE organisation_id = ?1 AND (as_organisation OR \(Self.isMadeOver))
                AND \(Self.liveSchedules) ORDER BY name
            """, [organisation.rawValue])
        // These look for nobody's own list first: a list of whoever made one does not stand before this one.
        usage.organisations = try namesByList(
            """
            SELECT organisations.name, zone FROM schedules JOIN organisations ON organisations.id = organisation_id
            WHERE organisation_id <> ?1 AND NOT as_organisation AND \(Self.isMadeOver) AND \(Self.liveSchedules)
            """, [organisation.rawValue])
        for delegate in try delegates(of: organisation, now: now) {
            // Its own list of a name is meant before one that is delegated to it.
            let own = try String.fetchSet(self, sql: "SELECT name FROM lists WHERE organisation_id = ?", arguments: [delegate.id])
            let named = try namesByList(
                """
                SELECT name, zone FROM scenarios WHERE organisation_id = ?1
                UNION ALL SELECT name, zone FROM schedules
                WHERE organisation_id = ?1 AND as_organisation AND \(Self.liveSchedules)
                """, [delegate.id])
            for list in named.keys where !own.contains(list) { usage.organisations[list, default: []].append(delegate.name) }
        }
        usage.organisations = usage.organisations.mapValues { Set($0).sorted(by: Self.byteOrder) }
        return usage
    }

    /// Whom a register is delegated to, or will be, by name.
    private func delegates(of owner: OrganisationID, now: UTCTime) throws -> [(id: Int64, name: String)] {
        try Row.fetchAll(
            self,
            sql: """
                SELECT DISTINCT organisations.id, organisations.name
                FROM register_delegations JOIN organisations ON organisations.id = to_id
                WHERE owner_id = ? AND withdrawn_at IS NULL AND (until_at IS NULL OR until_at > ?) ORDER BY organisations.name
                """, arguments: [owner.rawValue, now.millisecondsSince1970]
        ).map { ($0[0], $0[1]) }
    }

    /// - Parameter sql: gives names and canonical documents of zones.
    private func namesByList(_ sql: String, _ arguments: StatementArguments) throws -> [String: [String]] {
        var names: [String: [String]] = [:]
        for row in try Row.fetchAll(self, sql: sql, arguments: arguments) {
            // Documents are written by this program; one it can't read stops its launch, not this.
            guard let zone = try? ZoneDocument.decode(Array((row[1] as String).utf8)) else { continue }
            for list in zone.listNames { names[list, default: []].append(row[0]) }
        }
        return names
    }
}

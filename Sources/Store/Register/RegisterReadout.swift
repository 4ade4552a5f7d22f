import AlertModel
import Foundation
import GRDB
import GeoModel
import Targeting

/// Which recipients of an organisation to read out.
package struct RegisterSelection: Sendable {
    package let organisation: OrganisationID
    /// Whom a zone selects; nil for the whole register.
    package let zone: Zone?
    /// These alone, by row number; nil for no such bound.
    package var people: Set<Int64>?
    package let filter: SelectionFilter
    /// With the protected table, which nothing else reads.
    package let withProtected: Bool

    package init(
        organisation: OrganisationID, zone: Zone? = nil, filter: SelectionFilter = SelectionFilter(),
        withProtected: Bool = false
    ) {
        self.organisation = organisation
        self.zone = zone
        self.filter = filter
        self.withProtected = withProtected
    }
}

/// An organisation's register in one read transaction, page by page: its size never is in memory.
package struct RegisterReadout {
    /// Recipients read at a time.
    private static let pageSize = 500

    private let database: Database
    private let selection: RegisterSelection
    /// Whom the zone or the search selects; nil for everybody.
    private let selected: Set<Int64>?

    fileprivate init(database: Database, selection: RegisterSelection) throws {
        self.database = database
        self.selection = selection
        guard let zone = selection.zone else {
            selected = selection.people
            return
        }
        var ids: Set<Int64> = []
        _ = try database.forEachSelected(
            in: zone, scope: .organisation(selection.organisation), filter: selection.filter,
            as: CountedRow.self
        ) { ids.insert($0.id.rawValue) }
        selected = ids
    }

    /// The most contact points that any recipient of the organisation has, by channel.
    package func greatestContactCounts() throws -> [Channel: Int] {
        let rows = try Row.fetchAll(
            database,
            sql: """
                SELECT channel, MAX(points) AS points FROM (
                    SELECT channel, COUNT(*) AS points FROM contact_points JOIN recipients ON recipients.id = recipient_id
                    WHERE organisation_id = ? AND source IS NOT ? GROUP BY recipient_id, channel)
                GROUP BY channel ORDER BY channel
                """, arguments: [selection.organisation.rawValue, TownHalls.source])
        return rows.reduce(into: [:]) { counts, row in
            if let channel = Channel(rawValue: row["channel"]) { counts[channel] = row["points"] }
        }
    }

    /// The most emergency numbers that any recipient of the organisation has.
    package func greatestEmergencyCount() throws -> Int {
        try Int.fetchOne(
            database,
            sql: """
                SELECT MAX(numbers) FROM (
                    SELECT COUNT(DISTINCT contact_points.address) AS numbers FROM contact_points
                    JOIN recipients ON recipients.id = recipient_id
                    WHERE organisation_id = ? AND is_emergency = 1 AND source IS NOT ? GROUP BY recipient_id)
                """, arguments: [selection.organisation.rawValue, TownHalls.source]) ?? 0
    }

    /// Hands over every recipient of the selection, in the byte order of external identifiers. Other organisations' cards
    /// are theirs: they are not in what is read out, and do not come back by an import.
    package func forEach(_ body: (RegisterEntry) throws -> Void) throws {
        let next = try database.makeStatement(sql: """
            SELECT id, external_id FROM recipients WHERE organisation_id = ? AND external_id > ? AND source IS NOT ?
            ORDER BY external_id LIMIT \(Self.pageSize)
            """)
        var last = ""
        while true {
            let rows = try Row.fetchAll(next, arguments: [selection.organisation.rawValue, last, TownHalls.source])
            guard let end = rows.last else { return }
            last = end["external_id"]
            let ids = rows.map { $0["id"] as Int64 }.filter { selected?.contains($0) ?? true }
            if !ids.isEmpty {
                for entry in try database.registerEntries(ids, withProtected: selection.withProtected) { try body(entry) }
            }
        }
    }
}

extension AlertDatabase {
    /// Reads out an organisation's register, or whom a zone selects of it, as it is at one moment.
    ///
    /// - Throws: as `Selector.select`, and what `body` throws.
    package func readOut<Value>(
        _ selection: RegisterSelection, _ body: (RegisterReadout) throws -> Value
    ) throws -> Value {
        try pool.read { try body(RegisterReadout(database: $0, selection: selection)) }
    }
}

import AlertModel
import GRDB

extension AlertDatabase {
    /// Looks one organisation's register through for people who may be twice in it: two passes over it inside a read
    /// transaction, which holds no writer up. Nothing of anybody leaves it but row numbers.
    package func findDoubles(in organisation: OrganisationID) throws -> DoubleFindings {
        try pool.read { try DoubleSearch(database: $0, organisation: organisation.rawValue).findings() }
    }
}

private struct DoubleSearch {
    let database: Database
    let organisation: Int64

    func findings() throws -> DoubleFindings {
        var found: Set<DoubleGroup> = []
        try shared(into: &found)
        // Who was found by a number is not shown a second time for the address.
        var paired = Set(found.lazy.filter { $0.reason == .nameAndContact }.map(\.members))
        for group in try neighbours() where paired.insert(group.members).inserted { found.insert(group) }
        let groups = ordered(found)
        return DoubleFindings(groups: Array(groups.prefix(DoubleFindings.mostGroups)), isCut: groups.count > DoubleFindings.mostGroups)
    }

    /// By contact point.
    private func shared(into found: inout Set<DoubleGroup>) throws {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                WITH shared AS MATERIALIZED (
                    SELECT address FROM contact_points INDEXED BY contact_points_by_address
                    GROUP BY address HAVING MIN(recipient_id) < MAX(recipient_id))
                SELECT DISTINCT shared.address, recipients.id, recipients.name
                FROM shared CROSS JOIN contact_points INDEXED BY contact_points_by_address ON contact_points.address = shared.address
                CROSS JOIN recipients ON recipients.id = contact_points.recipient_id
                WHERE organisation_id = ? AND source IS NOT ? ORDER BY shared.address, recipients.id
                """, arguments: [organisation, TownHalls.source])
        var address: String?
        var holders: [(id: Int64, name: UInt64)] = []
        func end() {
            guard holders.count > 1 else { return }
            for (name, same) in Dictionary(grouping: holders, by: \.name) where same.count > 1 && name != 0 {
                found.insert(group(.nameAndContact, same.map(\.id)))
            }
            let isOneName = holders.allSatisfy { $0.name == holders[0].name && $0.name != 0 }
            if !isOneName, holders.count <= DoubleGroup.most { found.insert(group(.contact, holders.map(\.id))) }
        }
        while let row = try rows.next() {
            let next: String = row[0]
            if next != address {
                end()
                trim(&found, to: 4 * DoubleFindings.mostGroups)
                address = next
                holders.removeAll(keepingCapacity: true)
            }
            holders.append((row[1], IdentityKeys.words(row[2])))
        }
        end()
    }

    /// By name and address.
    private func neighbours() throws -> [DoubleGroup] {
        let rows = try Row.fetchCursor(
            database,
            sql: """
                SELECT id, name, address, ifnull(commune_code, postcode) FROM recipients
                WHERE organisation_id = ? AND address IS NOT NULL AND source IS NOT ?
                """, arguments: [organisation, TownHalls.source])
        // Sixteen bytes a person, where a table by key takes four times that.
        var holders: [(key: UInt64, id: Int64)] = []
        while let row = try rows.next() {
            let name: String = row[1], place: String = row[2], commune: String? = row[3]
            guard let key = IdentityKeys(name: name, address: place, commune: commune, contacts: EmptyCollection()).persons.first
            else { continue }
            holders.append((key, row[0]))
        }
        holders.sort { ($0.key, $0.id) < ($1.key, $1.id) }
        var groups: [DoubleGroup] = []
        var start = holders.startIndex
        while start < holders.endIndex {
            let end = holders[start...].firstIndex { $0.key != holders[start].key } ?? holders.endIndex
            if end - start > 1 { groups.append(group(.nameAndAddress, holders[start..<end].map(\.id))) }
            start = end
        }
        return groups
    }

    /// The strongest, and no more of them than are kept, once they are many: a register may be all duplicates.
    private func trim(_ found: inout Set<DoubleGroup>, to most: Int) {
        guard found.count > most else { return }
        found = Set(ordered(found).prefix(DoubleFindings.mostGroups + 1))
    }

    private func ordered(_ groups: Set<DoubleGroup>) -> [DoubleGroup] {
        groups.sorted { ($0.reason.rawValue, $0.members[0]) < ($1.reason.rawValue, $1.members[0]) }
    }

    /// Of a name that a whole town bears the first: when those are one, the others follow.
    private func group(_ reason: DoubleGroup.Reason, _ ids: [Int64]) -> DoubleGroup {
        DoubleGroup(
            reason: reason, members: ids.sorted().prefix(DoubleGroup.most).map { RecipientID(rawValue: $0) },
            others: max(0, ids.count - DoubleGroup.most))
    }
}

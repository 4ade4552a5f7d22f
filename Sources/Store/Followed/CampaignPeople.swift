import AlertModel
import GRDB
import GeoModel
import Targeting

extension AlertDatabase {
    /// People of a campaign, in the order of their numbers.
    ///
    /// - Parameters:
    ///   - scope: of the campaign's organisation: nothing of the register beyond it is told.
    ///   - after: only those of a higher number: the last one of the page before, or 0.
    ///   - within: what `peopleNumbers(of:)` told before the first of many pages.
    /// - Throws: `StoreError.unknownList`, `.ambiguousList`, `.unknownTag`; for who is not located what selecting the
    ///   campaign's zone throws, and `LedgerError.unknownCampaign`.
    package func people(
        of id: CampaignID, _ filter: PeopleFilter, scope: RegisterScope, after: Int64 = 0, limit: Int,
        within: ClosedRange<Int64>? = nil
    ) throws -> [CampaignPerson] {
        try pool.read { database in
            guard filter.group != .notLocated else {
                let ids = try database.notLocated(id, filter, scope: scope).drop { $0 <= after }.prefix(limit)
                return try database.registered(Array(ids), scope: scope)
            }
            let query = try PeopleQuery(filter, of: id, scope: scope, after: after, within: within, in: database)
            return try database.delivered(
                Int64.fetchAll(
                    database, sql: "SELECT deliveries.id FROM deliveries WHERE \(query.sql) ORDER BY deliveries.id LIMIT ?",
                    arguments: query.arguments + [limit]), scope: scope)
        }
    }

    /// Between which numbers a campaign's people stand in the ledger; nil for a campaign of nobody.
    package func peopleNumbers(of id: CampaignID) throws -> ClosedRange<Int64>? {
        try pool.read { try $0.deliveryNumbers(of: id) }
    }

    /// How many `people(of:_:scope:)` lists in all. - Throws: as it.
    package func countPeople(of id: CampaignID, _ filter: PeopleFilter, scope: RegisterScope) throws -> Int {
        try pool.read { database in
            guard filter.group != .notLocated else { return try database.notLocated(id, filter, scope: scope).count }
            let query = try PeopleQuery(filter, of: id, scope: scope, after: 0, in: database)
            return try Int.fetchOne(
                database, sql: "SELECT count(*) FROM deliveries WHERE \(query.sql)", arguments: query.arguments) ?? 0
        }
    }

    /// People for whom nothing passed, by the causes of their ways: who has several is counted for each, and in a channel
    /// and cause once. In the order of channel and cause.
    package func failures(of id: CampaignID) throws -> [(channel: Channel, cause: FailureCause, people: Int)] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    WITH gone AS (
                        SELECT id FROM deliveries WHERE campaign_id = ? AND state = 'failed' AND \(PeopleQuery.few)),
                    ways AS (
                        SELECT gone.id, channel, cause FROM gone JOIN legs ON legs.delivery_id = gone.id
                        WHERE state = 'failed' AND cause IS NOT NULL
                        UNION
                        SELECT gone.id, channel, cause FROM gone JOIN leg_shares ON leg_shares.delivery_id = gone.id
                            JOIN legs ON legs.id = leg_shares.leg_id
                        WHERE state = 'failed' AND cause IS NOT NULL)
                    SELECT channel, cause, count(*) FROM ways GROUP BY channel, cause ORDER BY channel, cause
                    """, arguments: [id.rawValue]
            ).map { (try Channel(stored: $0[0]), try FailureCause(stored: $0[1]), $0[2]) }
        }
    }

    /// Writes down, before anything is shown, that somebody is about to see these people of a campaign.
    ///
    /// - Parameter numbers: theirs, as `CampaignPerson.number` has them; of many only how many they are is written.
    package func recordSight(
        _ action: String, of id: CampaignID, _ filter: PeopleFilter, people: Int, numbers: [Int64] = [], actor: String,
        detail more: [String: String] = [:]
    ) throws {
        var detail = filter.detail.merging(more) { _, new in new }
        detail["recipients"] = String(people)
        if !numbers.isEmpty, numbers.count <= Self.mostSightNumbers {
            // Who is not located has no place in the ledger.
            let table: SightNumbers = filter.group == .notLocated ? .recipients : .deliveries
            detail.merge(table.detail(numbers)) { _, new in new }
        }
        try audit(
            actor: actor, action: action, subject: id.description, detail: detail, organisation: try ledger.campaign(id).organisation)
    }
}

extension Database {
    /// The register's numbers of those whom the campaign's zone could not place, in their order, as the register is now.
    fileprivate func notLocated(_ id: CampaignID, _ filter: PeopleFilter, scope: RegisterScope) throws -> [Int64] {
        let all = try UnplacedPeople.current(of: id, scope: scope, self)
        guard !filter.memberships.isEmpty || filter.isVulnerable else { return all }
        var ids = Set(all)
        for membership in filter.memberships {
            ids.formIntersection(try members(of: membership, scope: scope).map(\.rawValue))
        }
        if filter.isVulnerable {
            ids.formIntersection(try Int64.fetchAll(self, sql: "SELECT recipient_id FROM vulnerabilities"))
        }
        return ids.sorted()
    }

    fileprivate func registered(_ ids: [Int64], scope: RegisterScope) throws -> [CampaignPerson] {
        let owner = scope.condition(on: "organisation_id")
        return try Row.fetchAll(
            self, sql: """
                SELECT id, external_id, name, address, building, postcode, commune_code, commune_name, NULL AS state,
                       NULL AS certainty, NULL AS changed_at
                FROM recipients WHERE id IN (SELECT value FROM json_each(?)) AND \(owner.sql) ORDER BY id
                """, arguments: [ids.json] + owner.arguments
        ).map { try CampaignPerson($0, ways: []) }
    }

    fileprivate func delivered(_ ids: [Int64], scope: RegisterScope) throws -> [CampaignPerson] {
        let json = ids.json
        var ways: [Int64: [CampaignPerson.Way]] = [:]
        for row in try Row.fetchAll(
            self, sql: """
                SELECT delivery_id, legs.id, channel, address, state, cause FROM legs
                WHERE delivery_id IN (SELECT value FROM json_each(?1))
                UNION
                SELECT leg_shares.delivery_id, legs.id, channel, address, state, cause FROM leg_shares
                    JOIN legs ON legs.id = leg_shares.leg_id
                WHERE leg_shares.delivery_id IN (SELECT value FROM json_each(?1))
                ORDER BY 1, 2
                """, arguments: [json])
        {
            ways[row[0], default: []].append(CampaignPerson.Way(
                channel: try Channel(stored: row[2]), address: Redacted(row[3]), state: try LegState(stored: row[4]),
                cause: try (row[5] as String?).map { try FailureCause(stored: $0) }))
        }
        let owner = try reachCondition(of: scope)
        return try Row.fetchAll(
            self, sql: """
                SELECT deliveries.id, deliveries.external_id, recipients.name, address, building, postcode,
                       deliveries.commune_code, state, certainty, changed_at, (
                           SELECT communes.name FROM communes WHERE code = deliveries.commune_code
                           ORDER BY kind = 'COM' DESC, vintage DESC LIMIT 1) AS commune_name
                FROM deliveries LEFT JOIN recipients ON recipients.id = \(PeopleQuery.registered) AND (\(owner.sql))
                WHERE deliveries.id IN (SELECT value FROM json_each(?)) ORDER BY deliveries.id
                """, arguments: owner.arguments + [json]
        ).map { try CampaignPerson($0, ways: ways[$0["id"]] ?? []) }
    }
}

extension CampaignPerson {
    fileprivate init(_ row: Row, ways: [Way]) throws {
        self.init(
            number: row["id"], externalID: row["external_id"], name: (row["name"] as String?).map { Redacted($0) },
            address: (row["address"] as String?).map { Redacted($0) }, building: row["building"], postcode: row["postcode"],
            communeCode: (row["commune_code"] as String?).flatMap { CommuneCode($0) }, communeName: row["commune_name"],
            state: try (row["state"] as String?).map { try DeliveryState(stored: $0) },
            certainty: try (row["certainty"] as String?).map { try Certainty(stored: $0) },
            changedAt: (row["changed_at"] as Int64?).map(UTCTime.init(stored:)), ways: ways)
    }
}

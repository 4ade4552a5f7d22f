import AlertModel
import GRDB
import GeoModel

/// The rows of `deliveries` that a filter takes, as a condition with its values.
struct PeopleQuery {
    private(set) var sql: String
    private(set) var arguments: StatementArguments

    /// What the index of the few stands for; the words are those of the index.
    static let few = "deliveries.state NOT IN ('pending', 'passed')"

    /// The register's row of a delivery's person. Whoever left the register and came back to the campaign's organisation under
    /// the same identifier is the same recipient, if the campaign had one of their addresses, or they never had any: registers
    /// and tables count their rows alike, and the wrong name at a door is worse than none. Of a campaign that went to others'
    /// registers too nobody knows whose identifier it was.
    static let registered = """
        coalesce(deliveries.recipient_id, (
            SELECT back.id FROM recipients AS back WHERE back.external_id = deliveries.external_id AND back.organisation_id = (
                SELECT campaigns.organisation_id FROM campaigns JOIN audiences ON audiences.campaign_id = campaigns.id
                WHERE campaigns.id = deliveries.campaign_id AND audiences.delegated IS NULL)
            AND iif(
                EXISTS (SELECT 1 FROM legs WHERE legs.delivery_id = deliveries.id)
                    OR EXISTS (SELECT 1 FROM leg_shares WHERE leg_shares.delivery_id = deliveries.id),
                EXISTS (
                    SELECT 1 FROM contact_points AS now JOIN legs ON legs.channel = now.channel AND legs.address = now.address
                    WHERE now.recipient_id = back.id AND (legs.delivery_id = deliveries.id OR legs.id IN (
                        SELECT leg_shares.leg_id FROM leg_shares WHERE leg_shares.delivery_id = deliveries.id))),
                NOT EXISTS (SELECT 1 FROM contact_points AS now WHERE now.recipient_id = back.id))))
        """

    /// - Parameters:
    ///   - after: only those of a higher number.
    ///   - within: the campaign's numbers in the ledger, where they are known; else they are looked for.
    /// - Throws: as `Database.condition(of:scope:)`.
    init(
        _ filter: PeopleFilter, of campaign: CampaignID, scope: RegisterScope, after: Int64, within: ClosedRange<Int64>? = nil,
        in database: Database
    ) throws {
        let states = filter.group.states
        let words = states.map(\.rawValue).sorted().map { "'\($0)'" }.joined(separator: ", ")
        sql = "deliveries.state IN (\(words)) AND deliveries.id > ?"
        arguments = [after]
        if filter.commune != nil || filter.list != nil || filter.tag != nil || filter.isVulnerable {
            add("deliveries.campaign_id = ?", [campaign.rawValue])
        } else if states.isDisjoint(with: [.pending, .passed]) {
            add("deliveries.campaign_id = ? AND \(Self.few)", [campaign.rawValue])
        } else {
            // Most of the campaign: its rows lie together, and are walked in their order until the page is full.
            let ends = try within ?? database.deliveryNumbers(of: campaign) ?? 0...0
            add(
                "+deliveries.campaign_id = ? AND deliveries.id BETWEEN ? AND ?",
                [campaign.rawValue, ends.lowerBound, ends.upperBound])
        }
        if let commune = filter.commune { add("deliveries.commune_code = ?", [commune.rawValue]) }
        try add(membershipsOf: filter, scope: scope, in: database)
        if filter.isVulnerable { add("\(Self.registered) IN (SELECT recipient_id FROM vulnerabilities)", []) }
        if filter.channel != nil || filter.cause != nil { addWays(filter) }
    }

    private mutating func add(_ condition: String, _ values: StatementArguments) {
        sql += " AND \(condition)"
        arguments += values
    }

    private mutating func add(membershipsOf filter: PeopleFilter, scope: RegisterScope, in database: Database) throws {
        for membership in filter.memberships {
            let condition = try database.condition(of: membership, scope: scope)
            add("\(Self.registered) IN (SELECT recipients.id FROM recipients WHERE \(condition.sql))", condition.arguments)
        }
    }

    /// A way is the person's own, or one that is shared with them.
    private mutating func addWays(_ filter: PeopleFilter) {
        var way = "1"
        var values: StatementArguments = []
        if let channel = filter.channel {
            way += " AND legs.channel = ?"
            values += [channel.rawValue]
        }
        if let cause = filter.cause {
            way += " AND legs.state = 'failed' AND legs.cause = ?"
            values += [cause.rawValue]
        }
        add("""
            (EXISTS (SELECT 1 FROM legs WHERE legs.delivery_id = deliveries.id AND \(way))
             OR EXISTS (SELECT 1 FROM leg_shares JOIN legs ON legs.id = leg_shares.leg_id
                        WHERE leg_shares.delivery_id = deliveries.id AND \(way)))
            """, values + values)
    }
}

extension PeopleFilter {
    /// What of the register, as it is now, they must be on.
    var memberships: [Membership] { [list.map { .list($0) }, tag.map { .tag($0) }].compactMap(\.self) }
}

extension Database {
    /// The lowest and the highest number of a campaign's people, by a walk over an index: some 50 ms for a million.
    func deliveryNumbers(of campaign: CampaignID) throws -> ClosedRange<Int64>? {
        let ends = try Row.fetchOne(
            self, sql: "SELECT min(id), max(id) FROM deliveries WHERE campaign_id = ?", arguments: [campaign.rawValue])
        guard let first = ends?[0] as Int64?, let last = ends?[1] as Int64? else { return nil }
        return first...last
    }
}

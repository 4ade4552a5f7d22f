import AlertModel
import Campaigns
import Dispatching
import GRDB

/// What an organisation's campaigns of a period came to through one gateway.
package struct CostLine: Hashable, Sendable {
    package let organisation: OrganisationID
    package let name: String
    package let channel: Channel
    package let gateway: String
    package let campaigns: Int
    package let messages: Int
    package let segments: Int
    /// Nil where the gateway had no tariff for one of them, or they are in several currencies.
    package let cost: Money?
}

extension AlertDatabase {
    /// What the real campaigns that were launched in a month came to, of an organisation and those below it: in their order,
    /// by channel and gateway. What is under way is counted as far as it went.
    ///
    /// - Parameter month: of the organisation's own clock.
    package func costs(under organisation: OrganisationID, year: Int, month: Int, now: UTCTime = .now) throws -> [CostLine] {
        try settleCharges(most: Self.mostSettledAtOnce, now: now)
        return try pool.read { database in
            var lines: [CostLine] = []
            let clock = try database.localClock(ofOrganisationNamed: database.organisationName(organisation))
            let first = clock.moment(of: CivilDay(year: year, month: month, day: 1), second: 0)
            let next = clock.moment(of: CivilDay(year: year, month: month + 1, day: 1), second: 0)
            for place in try database.places(under: organisation).map(\.organisation) {
                var sums: [Way: Sum] = [:]
                let campaigns = try Int64.fetchAll(
                    database,
                    sql: """
                        SELECT id FROM campaigns INDEXED BY campaigns_by_organisation
                        WHERE organisation_id = ? AND mode = 'real' AND created_at >= ? AND created_at < ? ORDER BY id
                        """, arguments: [place.id.rawValue, first.millisecondsSince1970, next.millisecondsSince1970])
                for id in campaigns {
                    for (gateway, charge) in try database.chargesByGateway(of: CampaignID(rawValue: id)) {
                        sums[Way(channel: charge.channel, gateway: gateway), default: Sum()].add(charge)
                    }
                }
                lines += sums.sorted { $0.key < $1.key }.map { way, sum in
                    CostLine(
                        organisation: place.id, name: place.name, channel: way.channel, gateway: way.gateway,
                        campaigns: sum.campaigns, messages: sum.messages, segments: sum.segments, cost: sum.cost)
                }
            }
            return lines
        }
    }
}

extension Database {
    /// As they were kept, or counted now.
    fileprivate func chargesByGateway(of campaign: CampaignID) throws -> [(gateway: String, charge: Charge)] {
        let isSettled = try Bool.fetchOne(
            self, sql: "SELECT charged_at >= ended_at FROM campaigns WHERE id = ?", arguments: [campaign.rawValue]) ?? false
        guard isSettled else { return try countCharges(of: campaign) }
        return try Row.fetchAll(
            self,
            sql: """
                SELECT gateway, channel, messages, segments, cost, currency FROM campaign_charges
                WHERE campaign_id = ? AND state = 'spent' ORDER BY channel, gateway
                """, arguments: [campaign.rawValue]
        ).map { row in
            let currency: String? = row[5]
            return (
                row[0],
                Charge(
                    channel: try Channel(stored: row[1]), messages: row[2], segments: row[3],
                    cost: currency.map { Money(millionths: row[4], currency: $0) })
            )
        }
    }
}

private struct Way: Hashable, Comparable {
    let channel: Channel
    let gateway: String

    static func < (left: Way, right: Way) -> Bool { (left.channel, left.gateway) < (right.channel, right.gateway) }
}

private struct Sum {
    private(set) var campaigns = 0
    private(set) var messages = 0
    private(set) var segments = 0
    private(set) var cost: Money?
    private var isKnown = true

    mutating func add(_ charge: Charge) {
        campaigns += 1
        messages += charge.messages
        segments += charge.segments
        guard isKnown, let own = charge.cost else {
            isKnown = false
            cost = nil
            return
        }
        cost = cost.map { $0.adding(own) } ?? own
        if cost == nil { isKnown = false }
    }
}

import AlertModel
import Dispatching
import Foundation
import GRDB

/// What is asked for an organisation and a gateway.
package struct GatewayGift: Hashable, Sendable {
    /// Nil leaves each as it is.
    package let isReserved: Bool?
    package let share: Int?
    /// 0 takes the ceiling away.
    package let ceiling: Int?

    package init(isReserved: Bool? = nil, share: Int? = nil, ceiling: Int? = nil) {
        self.isReserved = isReserved
        self.share = share
        self.ceiling = ceiling
    }
}

extension AlertDatabase {
    package func gatewayBook() throws -> GatewayBook { try pool.read { try $0.gatewayBook() } }

    /// Which gateways an organisation may use, by the book as it stands.
    package func gatewayAccess(of organisation: OrganisationID) throws -> GatewayAccess {
        try pool.read { try $0.gatewayBook().access(of: organisation) }
    }

    /// What was given to one organisation, or to all, in the order of their numbers and the gateways' names.
    package func gatewayAssignments(of organisation: OrganisationID? = nil) throws -> [GatewayAssignment] {
        try pool.read { try $0.gatewayAssignments().filter { organisation == nil || $0.organisation == organisation } }
    }

    /// Gives an organisation a gateway or a part of one, in one transaction with its entry in the journal.
    ///
    /// - Parameter gateways: all that the machine has, by channel: nobody with a campaign under way may be left without.
    /// - Throws: `StoreError.gatewayInUse`; `QuotaError.outOfBounds`.
    package func give(
        _ gift: GatewayGift, of gateway: String, on channel: Channel, to organisation: OrganisationID,
        gateways: [Channel: Set<String>], actor: String, now: UTCTime = .now
    ) throws {
        if let share = gift.share, !GatewayAssignment.shares.contains(share) {
            throw QuotaError.outOfBounds("a share is from 1 to 100")
        }
        if let ceiling = gift.ceiling, ceiling != 0, !GatewayAssignment.ceilings.contains(ceiling) {
            throw QuotaError.outOfBounds("a ceiling is from 1 to 100000 a second, or none")
        }
        try pool.write { database in
            let name = try database.organisationName(organisation)
            let old = try database.gatewayAssignments().first { $0.organisation == organisation && $0.gateway == gateway }
            let new = GatewayAssignment(
                organisation: organisation, gateway: gateway, channel: channel,
                isReserved: gift.isReserved ?? old?.isReserved ?? false, share: gift.share ?? old?.share ?? 1,
                ceiling: gift.ceiling.map { $0 == 0 ? nil : $0 } ?? old?.ceiling)
            try database.execute(
                sql: "DELETE FROM gateway_assignments WHERE organisation_id = ? AND gateway = ?",
                arguments: [organisation.rawValue, gateway])
            if new.isReserved || new.share != 1 || new.ceiling != nil {
                try database.execute(
                    sql: """
                        INSERT INTO gateway_assignments (organisation_id, gateway, channel, reserved, share, ceiling, set_at, set_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        organisation.rawValue, gateway, channel.rawValue, new.isReserved, new.share, new.ceiling,
                        now.millisecondsSince1970, actor,
                    ])
            }
            try database.requireCarried(gateways)
            try database.audit(
                actor: actor, action: "organisation.gateway", subject: name,
                detail: [
                    "gateway": gateway, "channel": channel.rawValue, "reserved": new.isReserved ? "yes" : "no",
                    "share": String(new.share), "ceiling": new.ceiling.map(String.init) ?? "none",
                ], organisation: organisation)
        }
    }

    /// A real campaign under way whose organisation has no gateway on a channel of it; nil when there is none.
    package func campaignWithoutGateway(_ gateways: [Channel: Set<String>]) throws -> (id: CampaignID, channels: [Channel])? {
        try pool.read { try $0.campaignWithoutGateway(gateways) }
    }
}

extension Database {
    func gatewayAssignments() throws -> [GatewayAssignment] {
        try Row.fetchAll(
            cachedStatement(sql: """
                SELECT organisation_id, gateway, channel, reserved, share, ceiling FROM gateway_assignments
                ORDER BY organisation_id, gateway
                """)
        ).map { row in
            GatewayAssignment(
                organisation: OrganisationID(rawValue: row[0]), gateway: row[1], channel: try Channel(stored: row[2]),
                isReserved: row[3], share: row[4], ceiling: row[5])
        }
    }

    /// Read at every claim: without assignments, one empty table.
    func gatewayBook() throws -> GatewayBook {
        let assignments = try gatewayAssignments()
        guard !assignments.isEmpty else { return .open }
        let parents = try Row.fetchAll(
            cachedStatement(sql: "SELECT id, parent_id FROM organisations WHERE parent_id IS NOT NULL ORDER BY id"))
        return GatewayBook(
            assignments,
            parents: Dictionary(uniqueKeysWithValues: parents.map {
                (OrganisationID(rawValue: $0[0]), OrganisationID(rawValue: $0[1]))
            }))
    }

    /// A campaign under way keeps a gateway on each of its channels: whoever takes the last away is told.
    fileprivate func requireCarried(_ gateways: [Channel: Set<String>]) throws {
        if let (campaign, channels) = try campaignWithoutGateway(gateways) {
            throw QuotaError.gatewayInUse(campaign, channels)
        }
    }

    fileprivate func campaignWithoutGateway(_ gateways: [Channel: Set<String>]) throws -> (id: CampaignID, channels: [Channel])? {
        let book = try gatewayBook()
        let live = try Row.fetchAll(
            self, sql: """
                SELECT id, organisation_id, channels FROM campaigns
                WHERE mode = 'real' AND (state = 'running' OR state = 'paused') ORDER BY id
                """)
        for row in live {
            let access = book.access(of: OrganisationID(rawValue: row["organisation_id"]))
            let channels: String = row["channels"]
            let missing = try channels.split(separator: ",").map { try Channel(stored: String($0)) }.filter { channel in
                // A channel that the machine does not carry is another matter.
                guard let all = gateways[channel], !all.isEmpty else { return false }
                return !all.contains { access.allows($0, on: channel) }
            }
            if !missing.isEmpty { return (CampaignID(rawValue: row["id"]), missing) }
        }
        return nil
    }
}

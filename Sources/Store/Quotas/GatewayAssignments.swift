import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB

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
    /// - Throws: `QuotaError.gatewayInUse`, `.unknownGateway`.
    package func settle(_ setting: ShareSetting, of organisation: OrganisationID, actor: String, now: UTCTime = .now) throws {
        try pool.write { database in
            let name = try database.organisationName(organisation)
            let old = try database.gatewayAssignments().first { $0.organisation == organisation && $0.gateway == setting.gateway }
            let known = try database.knownGateways()
            guard let channel = known.first(where: { $0.name == setting.gateway })?.channel ?? old?.channel else {
                throw QuotaError.unknownGateway(setting.gateway)
            }
            let new = GatewayAssignment(setting, over: old, organisation, channel)
            try database.execute(
                sql: "DELETE FROM gateway_assignments WHERE organisation_id = ? AND gateway = ?",
                arguments: [organisation.rawValue, new.gateway])
            if new.isReserved || new.share != 1 || new.ceiling != nil {
                try database.execute(
                    sql: """
                        INSERT INTO gateway_assignments (organisation_id, gateway, channel, reserved, share, ceiling, set_at, set_by)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        organisation.rawValue, new.gateway, channel.rawValue, new.isReserved, new.share, new.ceiling,
                        now.millisecondsSince1970, actor,
                    ])
            }
            // A campaign under way keeps a gateway on each of its channels: whoever takes the last away is told.
            if let (campaign, channels) = try database.campaignWithoutGateway() { throw QuotaError.gatewayInUse(campaign, channels) }
            try database.audit(
                actor: actor, action: "organisation.gateway", subject: name,
                detail: [
                    "gateway": new.gateway, "channel": channel.rawValue, "reserved": new.isReserved ? "yes" : "no",
                    "share": String(new.share), "ceiling": new.ceiling.map(String.init) ?? "none",
                ], organisation: organisation)
        }
    }

    /// A real campaign under way whose organisation has no gateway on a channel of it; nil when there is none.
    package func campaignWithoutGateway() throws -> (id: CampaignID, channels: [Channel])? {
        try pool.read { try $0.campaignWithoutGateway() }
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

    fileprivate func campaignWithoutGateway() throws -> (id: CampaignID, channels: [Channel])? {
        let book = try gatewayBook()
        let gateways = Dictionary(grouping: try knownGateways(), by: \.channel)
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
                return !all.contains { access.allows($0.name, on: channel) }
            }
            if !missing.isEmpty { return (CampaignID(rawValue: row["id"]), missing) }
        }
        return nil
    }
}

extension GatewayAssignment {
    /// What was given before, changed by one setting.
    fileprivate init(_ setting: ShareSetting, over old: GatewayAssignment?, _ organisation: OrganisationID, _ channel: Channel) {
        var (isReserved, share, ceiling) = (old?.isReserved ?? false, old?.share ?? 1, old?.ceiling)
        switch setting.word {
        case .reserve: isReserved = true
        case .release: isReserved = false
        case .share(let number): share = number
        case .ceiling(let number): ceiling = number
        }
        self.init(
            organisation: organisation, gateway: setting.gateway, channel: channel, isReserved: isReserved, share: share,
            ceiling: ceiling)
    }
}

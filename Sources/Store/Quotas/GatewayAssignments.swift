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
    /// - Parameter account: the organisation of the account that settles it, which learns of no campaign beyond; nil for the
    ///   machine's administrator.
    /// - Throws: `QuotaError.gatewayInUse`, `.unknownGateway`.
    package func settle(
        _ setting: ShareSetting, of organisation: OrganisationID, actor: String, within account: OrganisationID? = nil,
        now: UTCTime = .now
    ) throws {
        try pool.write { database in
            let stranded = try database.campaignsWithoutGateway()
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
            try database.requireGateways(besides: stranded, within: account)
            try database.audit(
                actor: actor, action: "organisation.gateway", subject: name,
                detail: [
                    "gateway": new.gateway, "channel": channel.rawValue, "reserved": new.isReserved ? "yes" : "no",
                    "share": String(new.share), "ceiling": new.ceiling.map(String.init) ?? "none",
                ], organisation: organisation)
        }
    }

    /// The real campaigns under way whose organisation has no gateway on a channel of theirs, in the order of their numbers.
    package func campaignsWithoutGateway() throws -> [StrandedCampaign] {
        try pool.read { try $0.campaignsWithoutGateway() }
    }
}

/// A campaign under way that waits on some of its channels, since its organisation may use no gateway of the machine's there.
package struct StrandedCampaign: Hashable, Sendable {
    package let id: CampaignID
    package let organisation: OrganisationID
    /// The organisation's.
    package let name: String
    package let channels: [Channel]
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

    /// For the organisations of running campaigns only. Read at every claim: without assignments, one empty table; with some,
    /// the few lines of parents that are needed, however many organisations there are.
    func runningGatewayBook() throws -> GatewayBook {
        let assignments = try gatewayAssignments()
        guard !assignments.isEmpty else { return .open }
        let parents = try Row.fetchAll(
            cachedStatement(sql: """
                WITH RECURSIVE line (id, parent_id) AS (
                    SELECT id, parent_id FROM organisations
                    WHERE id IN (SELECT organisation_id FROM campaigns WHERE mode = 'real' AND state = 'running')
                    UNION SELECT organisations.id, organisations.parent_id
                    FROM line JOIN organisations ON organisations.id = line.parent_id)
                SELECT id, parent_id FROM line WHERE parent_id IS NOT NULL ORDER BY id
                """))
        return GatewayBook(
            assignments,
            parents: Dictionary(uniqueKeysWithValues: parents.map {
                (OrganisationID(rawValue: $0[0]), OrganisationID(rawValue: $0[1]))
            }))
    }

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

    func campaignsWithoutGateway() throws -> [StrandedCampaign] {
        let book = try gatewayBook()
        let gateways = Dictionary(grouping: try knownGateways(), by: \.channel)
        let live = try Row.fetchAll(
            self, sql: """
                SELECT id, organisation_id, channels FROM campaigns
                WHERE mode = 'real' AND (state = 'running' OR state = 'paused') ORDER BY id
                """)
        return try live.compactMap { row -> StrandedCampaign? in
            let organisation = OrganisationID(rawValue: row["organisation_id"])
            let words: String = row["channels"]
            let missing = Self.closed(
                try words.split(separator: ",").map { try Channel(stored: String($0)) }, to: book.access(of: organisation), gateways)
            guard !missing.isEmpty else { return nil }
            return StrandedCampaign(
                id: CampaignID(rawValue: row["id"]), organisation: organisation, name: try organisationName(organisation),
                channels: missing)
        }
    }

    /// Channels that the machine carries, by gateways none of which an organisation may use. A channel that the machine does
    /// not carry is another matter.
    private static func closed(
        _ channels: [Channel], to access: GatewayAccess, _ gateways: [Channel: [KnownGateway]]
    ) -> [Channel] {
        channels.filter { channel in
            guard let all = gateways[channel], !all.isEmpty else { return false }
            return !all.contains { access.allows($0.name, on: channel) }
        }
    }

    /// A campaign under way keeps a gateway on each of its channels: whoever takes the last away is told. Those that had none
    /// before keep nobody from settling anything.
    ///
    /// - Parameters:
    ///   - before: who had none.
    ///   - account: whoever is told learns of no campaign beyond it; nil for the machine's administrator.
    /// - Throws: `QuotaError.gatewayInUse`.
    func requireGateways(besides before: [StrandedCampaign], within account: OrganisationID?) throws {
        let known = Dictionary(before.map { ($0.id, $0.channels) }) { first, _ in first }
        let new = try campaignsWithoutGateway().compactMap { campaign -> (campaign: StrandedCampaign, channels: [Channel])? in
            let channels = campaign.channels.filter { !known[campaign.id, default: []].contains($0) }
            return channels.isEmpty ? nil : (campaign, channels)
        }
        guard let first = new.first else { return }
        guard let account else { throw QuotaError.gatewayInUse(first.campaign.id, first.channels) }
        let reach = Set(try places(under: account).map(\.organisation.id))
        guard let own = new.first(where: { reach.contains($0.campaign.organisation) }) else {
            throw QuotaError.gatewayInUse(nil, first.channels)
        }
        throw QuotaError.gatewayInUse(own.campaign.id, own.channels)
    }

    /// A launch is for gateways that its organisation may use, by what holds in the launching transaction: what was planned by
    /// an earlier book would wait for nothing.
    ///
    /// - Throws: `LaunchError.channelUnavailable`.
    func requireGateways(of plan: CampaignPlan) throws {
        guard plan.mode == .real else { return }
        let missing = Self.closed(
            plan.policy.channels, to: try gatewayBook().access(of: plan.organisation),
            Dictionary(grouping: try knownGateways(), by: \.channel))
        if !missing.isEmpty { throw LaunchError.channelUnavailable(missing) }
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

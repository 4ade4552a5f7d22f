import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting

/// What a launch of a plan would do, computed in one read transaction.
package struct AudiencePreview: Sendable {
    package let hash: AudienceHash
    package let counts: ZoneCounts
    /// Distinct addresses that would be used, by channel of the plan.
    package let legs: [Channel: Int]
    /// By wording, those that leave without waiting for an answer: of a cascade everybody's first turn.
    package let loads: [MessageLoad]
    /// What a cascade may add, by channel and wording, to addresses that nothing is sent to before.
    package let laterLoads: [MessageLoad]
    /// Of a cascade, of the recipient who waits longest for the last turn.
    package let longestWaitSeconds: Int

    /// Segments of the longest SMS; nil without SMS.
    package var longestSegments: Int? {
        loads.filter { $0.channel == .sms }.map { SMSText($0.message.text).segments }.max()
    }

    /// Those that a cascade may add.
    package var laterMessages: Int { legs.values.reduce(0, +) - loads.reduce(0) { $0 + $1.messages } }
    /// Communes of the selected recipients by their number, most first.
    package let communes: [(name: String, recipients: Int)]
    /// The guard rails it touches, the weightiest first.
    package let guards: [GuardFinding]
    /// The quotas it would count in, as they stand; none for an exercise.
    package let quotas: [QuotaLevel]
}

extension AlertDatabase {
    /// Selects a plan's audience without launching it.
    ///
    /// - Parameter frozen: an audience that was frozen before, which the selection must equal.
    /// - Throws: as `Selector.select`; `StoreError.audienceOutdated`; why a personal message may not go to this audience.
    package func previewAudience(
        of plan: CampaignPlan, zone: Zone, scope: RegisterScope, frozen: FrozenAudience? = nil, now: UTCTime = .now
    ) throws -> AudiencePreview {
        try zone.requireReasonableSize()
        return try pool.read { database in
            if let frozen { try database.requireCurrent(frozen, zone: zone, scope: scope) }
            try database.requireCampaigns(of: zone, in: plan.mode)
            let audience = try database.audience(of: zone, scope: scope, for: plan)
            var digest = plan.digest()
            var addresses: [Channel: Set<String>] = [:]
            var loads = try AudienceLoads(plan)
            var communes: [String: Int] = [:]
            for entry in audience.entries {
                try digest.update(entry)
                try loads.take(entry)
                for point in entry.contactPoints where plan.policy.channels.contains(point.channel) {
                    addresses[point.channel, default: []].insert(point.address.value)
                }
                communes[entry.communeCode?.rawValue ?? "", default: 0] += 1
            }
            if let refusal = loads.refusal { throw refusal }
            let first = loads.first
            communes = try database.byCommuneToday(communes)
            let named = try communes.map { code, count in
                (name: try CommuneCode(code).flatMap { try database.commune(code: $0)?.name } ?? code, recipients: count)
            }
            let guards = try database.guardFindings(
                of: zone, audience.members.recipients, scope: scope, for: plan,
                charges: try database.charges(of: first, for: plan.organisation, now: now), now: now)
            return AudiencePreview(
                hash: digest.finalize(), counts: audience.counts, legs: addresses.mapValues(\.count),
                loads: first, laterLoads: try loads.later(), longestWaitSeconds: loads.longestWaitSeconds,
                communes: named.filter { !$0.name.isEmpty }.sorted {
                    ($0.recipients, $1.name) > ($1.recipients, $0.name)
                }, guards: guards,
                quotas: plan.mode == .real ? try database.quotaLevels(over: plan.organisation, now: now) : [])
        }
    }

    /// Recomputes the audience and launches it, in one transaction with its entry in the journal.
    ///
    /// - Parameters:
    ///   - frozen: an audience that was frozen before: launched exactly so, or not at all.
    ///   - estimate: what was expected of it, kept beside it.
    ///   - isAllClear: nobody joins the campaigns that the zone names any more.
    /// - Throws: `LaunchError.audienceChanged` when the plan's approved hash is no longer the audience's,
    ///   `LaunchError.emptyAudience`, `.guarded`, `StoreError.audienceOutdated`, and as `Selector.select`; nothing is
    ///   launched then.
    package func launch(
        _ plan: CampaignPlan, zone: Zone, scope: RegisterScope, frozen: FrozenAudience? = nil, isAllClear: Bool = false,
        estimate: CampaignEstimate? = nil, now: UTCTime
    ) throws -> Launch {
        try pool.write {
            try launch(
                plan, zone: zone, scope: scope, frozen: frozen, isAllClear: isAllClear, estimate: estimate, now: now, in: $0)
        }
    }

    /// The same inside the caller's write transaction, which is rolled back on a throw.
    func launch(
        _ plan: CampaignPlan, zone: Zone, scope: RegisterScope, frozen: FrozenAudience? = nil, isAllClear: Bool = false,
        estimate: CampaignEstimate? = nil, now: UTCTime, in database: Database
    ) throws -> Launch {
        try require(plan.mode)
        // Selected only when asked for: a key that has launched answers its campaign, even when the zone can no
        // longer be judged.
        var entries: IndexingIterator<[AudienceEntry]>?
        var guards: [GuardFinding] = []
        var members = AudienceMembers()
        var charges: [Charge] = []
        let launch = try database.launch(plan, now: now) {
            if entries == nil {
                try database.requireFirstLaunch(of: plan)
                try database.requireGateways(of: plan)
                try database.requireRecordings(of: plan.message, for: plan.organisation)
                try zone.requireReasonableSize()
                if let frozen { try database.requireCurrent(frozen, zone: zone, scope: scope) }
                try database.requireCampaigns(of: zone, in: plan.mode)
                try database.requireJurisdiction(of: plan, zone: zone, scope: scope)
                let audience = try database.audience(of: zone, scope: scope, for: plan)
                charges = try database.reservation(of: audience.entries, for: plan, now: now)
                guards = try database.guardFindings(
                    of: zone, audience.members.recipients, scope: scope, for: plan, charges: charges, isLaunch: true, now: now)
                try database.requireConsent(of: plan, guards)
                members = audience.members
                entries = audience.entries.makeIterator()
            }
            return entries?.next()
        }
        if launch.isNew {
            if isAllClear {
                for case .members(.campaign(let ended, _)) in zone.terms { try database.closeToJoiners(ended, now: now) }
            }
            try database.insert(
                FrozenAudience(
                    at: now, actor: plan.createdBy, scope: scope, zone: plan.zoneDocument,
                    members: members, notLocated: plan.notLocated, cards: nil),
                name: nil, campaign: launch.campaign)
            if let estimate { try database.write(estimate, of: launch.campaign) }
            if plan.mode == .real { try database.keep(charges, of: launch.campaign, for: plan.organisation, now: now) }
            var detail = [
                "mode": plan.mode.rawValue, "audience": launch.audience.hexadecimal,
                "recipients": String(launch.recipients),
                "channels": plan.policy.channels.map(\.rawValue).joined(separator: ","),
            ]
            let asking = guards.filter { $0.consequence == .secondPerson }
            if let agreement = plan.agreement, !asking.isEmpty {
                detail["guards"] = asking.map(\.rail.rawValue).joined(separator: ",")
                detail["accepted"] = agreement
            }
            let lane = Lane(mode: plan.mode, author: plan.circumstances.author, findings: guards)
            try database.journal(guards.compactMap(\.quota), of: launch.campaign, by: plan.createdBy)
            detail["lane"] = lane.rawValue
            detail["scenario"] = plan.circumstances.scenario
            try database.audit(
                actor: plan.createdBy, action: "campaign.launch", subject: launch.campaign.description, detail: detail)
            try database.note(plan, lane: lane, of: launch.campaign, now: now)
        }
        return launch
    }

    /// The ledger of this database's campaigns.
    package var ledger: CampaignLedger { CampaignLedger(pool) }
}

extension Database {
    /// What a campaign copies of somebody who is selected.
    /// - Parameter isPersonal: with what fills the places of a text.
    func audienceEntry(_ member: SelectedMember<NamedRow>, contacts: ContactReading, isPersonal: Bool) throws -> AudienceEntry {
        AudienceEntry(
            recipient: member.id, externalID: member.row.externalID, name: member.row.name,
            communeCode: member.row.communeCode, precision: member.row.precision, certainty: member.certainty,
            language: member.row.language, why: member.why,
            contactPoints: try contacts.points(of: member.id), values: isPersonal ? try values(of: member) : nil)
    }

    private func values(of member: SelectedMember<NamedRow>) throws -> PersonalValues {
        let address = try String.fetchOne(
            cachedStatement(sql: "SELECT address FROM recipients WHERE id = ?"), arguments: [member.id.rawValue])
        let commune = try member.row.communeName ?? member.row.communeCode.flatMap { try self.commune(code: $0)?.name }
        return PersonalValues([.name: member.row.name.value, .commune: commune, .address: address])
    }
}

/// A selection ready to be frozen.
private struct SelectedAudience {
    /// In the byte order of external identifiers.
    let entries: [AudienceEntry]
    /// The same in the order of row numbers.
    let members: AudienceMembers
    let counts: ZoneCounts
}

extension Database {
    /// What a plan may be sent to: an alert goes to every contact point, information to those that did not refuse it.
    fileprivate func audience(
        of zone: Zone, scope: RegisterScope, for plan: CampaignPlan
    ) throws -> SelectedAudience {
        var entries: [AudienceEntry] = []
        var members = AudienceMembers()
        let contacts = try ContactReading(
            self, for: plan.kind == .information ? .information(plan.organisation) : .alert)
        let counts = try forEachSelected(in: zone, scope: scope, as: NamedRow.self) { member in
            members.append(member.id, member.certainty, member.reasons)
            entries.append(try audienceEntry(member, contacts: contacts, isPersonal: plan.message.isPersonal))
        }
        entries.sort { left, right in
            left.externalID == right.externalID
                ? left.recipient < right.recipient : Self.byteOrder(left.externalID, right.externalID)
        }
        return SelectedAudience(entries: entries, members: members, counts: counts)
    }
}

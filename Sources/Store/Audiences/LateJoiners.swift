import AlertModel
import Campaigns
import Dispatching
import Foundation
import GRDB
import GeoModel
import Targeting

/// What came of a look for late joiners.
package struct Joining: Hashable, Sendable {
    package enum Outcome: Hashable, Sendable {
        /// Nobody is new.
        case nobody
        /// They would join.
        case found
        /// More than join by themselves: a person must say so.
        case proposed
        /// They are in the campaign, as this addendum.
        case joined(number: Int, hash: AudienceHash)
    }

    package let campaign: CampaignID
    package let outcome: Outcome
    /// Who is new in the zone, or has an address now.
    package let recipients: Int
    /// Of them, who was in the audience without an address.
    package let known: Int
    /// The campaign has ended and would go on for them, and nothing carries these of its channels any more: they are not
    /// used, rather than failed later.
    package let missing: [Channel]
    /// Who would join but for that: they have no other channel. They join once it is carried again.
    package let leftOut: Int
}

extension AlertDatabase {
    /// What changes whenever somebody may have entered a zone: of the register, and of what places mean.
    package func joiningMark() throws -> [Int64] {
        try pool.read { try $0.joiningMark() }
    }

    /// Campaigns that somebody may still join, and whether lists decide on it, whose changes `joiningMark` does not tell.
    package func joinableCampaigns(_ modes: [CampaignMode], now: UTCTime) throws -> [(id: CampaignID, namesLists: Bool)] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT * FROM campaigns INDEXED BY campaigns_by_state
                    WHERE state IN ('running', 'paused', 'completed') AND mode IN ('exercise', 'real') AND closed_at IS NULL
                        AND kind = 'alert' AND expires_at > ? ORDER BY id
                    """, arguments: [now.millisecondsSince1970]
            ).compactMap { row in
                guard modes.contains(try CampaignMode(stored: row["mode"])), let live = try LiveCampaign(row) else { return nil }
                return (live.id, live.zone.terms.contains { if case .members = $0 { true } else { false } })
            }
        }
    }

    /// Who would join a campaign now. Changes nothing.
    ///
    /// - Parameter carried: the channels that real gateways carry.
    /// - Throws: `LedgerError.unknownCampaign`, `.closedToJoiners`, and as `Selector.select`.
    package func lateJoiners(of id: CampaignID, carried: Set<Channel>, now: UTCTime) throws -> Joining {
        try pool.read { database in
            let campaign = try database.liveCampaign(id, now: now)
            let joiners = try database.lateJoiners(of: campaign, carried: carried)
            return Joining(id, try database.outcome(of: joiners, campaign, isAutomatic: false), joiners)
        }
    }

    /// Adds whoever entered a live alert's zone since it was launched, in one transaction with its entry in the journal:
    /// selected by Targeting over the campaign's own zone, once each, sealed by the addendum's hash.
    ///
    /// - Parameters:
    ///   - isAutomatic: nobody has looked: more than `JoiningRules` lets pass are only proposed.
    ///   - author: who asks for it by hand: an account adds no more people than one person alerts without a reason.
    ///   - reason: why one person adds so many alone; kept in the journal where it is due.
    ///   - carried: the channels that real gateways carry.
    /// - Throws: as `lateJoiners(of:carried:now:)`, and `LedgerError.reasonNeeded`; nobody has joined then.
    package func join(
        _ id: CampaignID, actor: String, isAutomatic: Bool, author: LaunchAuthor = .machine, reason: String? = nil,
        carried: Set<Channel>, now: UTCTime
    ) throws -> Joining {
        // Most looks find nobody, or those who were proposed before: they do not keep writers waiting.
        let first = try pool.read { database in
            try requireMode(of: id, in: database)
            let campaign = try database.liveCampaign(id, now: now)
            let joiners = try database.lateJoiners(of: campaign, carried: carried)
            return Joining(id, try database.outcome(of: joiners, campaign, isAutomatic: isAutomatic), joiners)
        }
        guard first.outcome == .found else { return first }
        return try pool.write { database in
            let campaign = try database.liveCampaign(id, now: now)
            let joiners = try database.lateJoiners(of: campaign, carried: carried)
            let outcome = try database.outcome(of: joiners, campaign, isAutomatic: isAutomatic)
            guard outcome == .found else { return Joining(id, outcome, joiners) }
            // In several goes they are as many.
            let alone = try isAutomatic ? nil : database.reasonDue(
                .largeAudience, in: campaign.row, of: id, people: joiners.joining.count + database.joinedByHand(id),
                author: author, reason: reason)
            let addendum = try database.append(joiners, to: campaign, isAutomatic: isAutomatic, actor: actor, now: now)
            if let alone {
                try database.noteAlone(
                    .join, of: id, in: campaign.row, by: actor, reason: alone, ["recipients": String(joiners.joining.count)])
            }
            return Joining(id, .joined(number: addendum.number, hash: addendum.hash), joiners)
        }
    }

    /// Nobody joins a campaign any more. - Throws: `LedgerError.unknownCampaign`.
    package func closeToJoiners(_ id: CampaignID, actor: String, now: UTCTime) throws {
        try pool.write { database in
            try database.closeToJoiners(id, now: now)
            try database.audit(actor: actor, action: "campaign.close", subject: id.description)
        }
    }
}

extension Joining {
    fileprivate init(_ campaign: CampaignID, _ outcome: Outcome, _ joiners: LateJoiners) {
        self.init(
            campaign: campaign, outcome: outcome, recipients: joiners.joining.count,
            known: joiners.joining.count { $0.delivery != nil }, missing: joiners.missing, leftOut: joiners.leftOut)
    }
}

/// A campaign that somebody may still join.
private struct LiveCampaign {
    let id: CampaignID
    let row: Row
    let zone: Zone
    let policy: Policy

    /// Nil for one that admits nobody: by its policy, or because its zone is what became of another campaign, which is
    /// not a place to enter.
    init?(_ row: Row) throws {
        policy = try Policy(row)
        guard policy.admitsLateJoiners, row["kind"] == CampaignKind.alert.rawValue else { return nil }
        zone = try ZoneDocument.decode(Array((row["zone"] as String).utf8))
        let follows = zone.terms.contains { if case .members(.campaign) = $0 { true } else { false } }
        guard !follows else { return nil }
        id = CampaignID(rawValue: row["id"])
        self.row = row
    }
}

/// Somebody new in the zone, or of the audience and reachable only now.
private struct LateJoiner {
    let entry: AudienceEntry
    /// Where the person is in the campaign already, without an address.
    let delivery: Int64?
}

private struct LateJoiners {
    var joining: [LateJoiner] = []
    var missing: [Channel] = []
    var leftOut = 0
    /// Whose text would be longer than a launch lets pass: they get it without the longest of what it says of them.
    var cut = 0
}

extension Database {
    /// As `AlertDatabase.joiningMark`, of what the transaction sees.
    func joiningMark() throws -> [Int64] {
        let row = try Row.fetchOne(
            self, sql: """
                SELECT ifnull((SELECT seq FROM sqlite_sequence WHERE name = 'register_changes'), 0),
                    (SELECT number FROM territory_version), (SELECT count(*) FROM campaigns)
                """)
        return row.map { [$0[0], $0[1], $0[2]] } ?? []
    }
}

extension Database {
    func closeToJoiners(_ id: CampaignID, now: UTCTime) throws {
        try execute(
            sql: "UPDATE campaigns SET closed_at = ifnull(closed_at, ?) WHERE id = ?",
            arguments: [now.millisecondsSince1970, id.rawValue])
        guard changesCount == 1 else { throw LedgerError.unknownCampaign(id) }
    }

    fileprivate func liveCampaign(_ id: CampaignID, now: UTCTime) throws -> LiveCampaign {
        guard let row = try Row.fetchOne(self, sql: "SELECT * FROM campaigns WHERE id = ?", arguments: [id.rawValue])
        else { throw LedgerError.unknownCampaign(id) }
        guard row["closed_at"] as Int64? == nil, row["state"] != CampaignState.stopped.rawValue,
            UTCTime(stored: row["expires_at"]) > now, let live = try LiveCampaign(row)
        else { throw LedgerError.closedToJoiners(id) }
        return live
    }

    /// What is to be done with those who were found: nothing, to ask, or to let them join.
    fileprivate func outcome(
        of joiners: LateJoiners, _ campaign: LiveCampaign, isAutomatic: Bool
    ) throws -> Joining.Outcome {
        if joiners.joining.isEmpty { return .nobody }
        return try isAutomatic && needsWord(joiners.joining.count, campaign) ? .proposed : .found
    }

    fileprivate func needsWord(_ joining: Int, _ campaign: LiveCampaign) throws -> Bool {
        let sums = try Row.fetchOne(
            self, sql: """
                SELECT ifnull(sum(recipients - known), 0), ifnull(sum(recipients) FILTER (WHERE is_automatic), 0)
                FROM campaign_addenda WHERE campaign_id = ?
                """, arguments: [campaign.id.rawValue])
        let added: Int = sums?[0] ?? 0
        return JoiningRules.needsWord(
            joining: joining, joined: sums?[1] ?? 0, approved: (campaign.row["recipients"] as Int) - added)
    }

    /// In the byte order of external identifiers.
    fileprivate func lateJoiners(of campaign: LiveCampaign, carried: Set<Channel>) throws -> LateJoiners {
        let id = campaign.id.rawValue
        var found = LateJoiners()
        // One that still runs waits for a process that carries all of it; one that has ended would be carried by what is
        // there now, and give up the rest.
        if campaign.row["state"] == CampaignState.completed.rawValue, campaign.row["mode"] == CampaignMode.real.rawValue {
            // By a gateway that its organisation may use.
            let access = try gatewayBook().access(of: OrganisationID(rawValue: campaign.row["organisation_id"]))
            let known = try knownGateways().filter { access.allows($0.name, on: $0.channel) }.map(\.channel)
            let all = Set(try knownGateways().map(\.channel))
            found.missing = campaign.policy.channels.filter {
                !carried.contains($0) || all.contains($0) && !known.contains($0)
            }.sorted()
        }
        let scope = try joiningScope(id)
        let within = try Int64.fetchSet(
            self, sql: "SELECT recipient_id FROM deliveries WHERE campaign_id = ? AND recipient_id IS NOT NULL AND state <> 'unreachable'",
            arguments: [id])
        let lookup = try SelectedRows<NamedRow>(self)
        let place = try makeStatement(sql: "SELECT id FROM deliveries WHERE recipient_id = ? AND campaign_id = ?")
        let contacts = try ContactReading(self, for: .alert)
        let gone = try departed(from: id)
        let labels = campaign.zone.terms.map(\.label)
        // Values are frozen with whoever joins, where they were with the audience: the text may name people again.
        let isPersonal = try message(of: id, version: 1)?.isPersonal ?? false
        var census = try PersonalCensus(
            try currentMessage(of: id).message, policy: campaign.policy, mode: try CampaignMode(stored: campaign.row["mode"]))
        var joiners: [LateJoiner] = []
        let verdicts = try Selector(register: RegisterReader(database: self, scope: scope)).select(campaign.zone)
        for verdict in verdicts.entries where !within.contains(verdict.recipient.rawValue) {
            guard let certainty = verdict.verdict.certainty,
                let row = try lookup.row(of: verdict.recipient)
            else { continue }
            let member = SelectedMember(
                id: verdict.recipient, row: row, certainty: certainty, reasons: verdict.reasons, labels: labels)
            var entry = try audienceEntry(member, contacts: contacts, isPersonal: isPersonal)
            var usable = entry.contactPoints.filter { campaign.policy.channels.contains($0.channel) }
            let delivery = try Int64.fetchOne(place, arguments: [verdict.recipient.rawValue, id])
            if delivery != nil, usable.isEmpty { continue }
            if delivery == nil, try gone[entry.externalID]?.contains(where: { try isSame($0, usable) }) ?? false { continue }
            if usable.contains(where: { found.missing.contains($0.channel) }) {
                usable.removeAll { found.missing.contains($0.channel) }
                guard !usable.isEmpty else {
                    found.leftOut += 1
                    continue
                }
                entry = entry.with(contactPoints: usable)
            }
            let fitting = try census.fitting(entry)
            if fitting.isCut { found.cut += 1 }
            joiners.append(LateJoiner(entry: fitting.entry, delivery: delivery))
        }
        found.joining = joiners.sorted { left, right in
            left.entry.externalID == right.entry.externalID
                ? left.entry.recipient < right.entry.recipient : Self.byteOrder(left.entry.externalID, right.entry.externalID)
        }
        return found
    }

    /// What the audience was selected over, without the registers that are no longer delegated; those delegated since were
    /// not part of what was approved.
    private func joiningScope(_ campaign: Int64) throws -> RegisterScope {
        let row = try Row.fetchOne(
            self, sql: "SELECT organisation_id, delegated FROM audiences WHERE campaign_id = ?", arguments: [campaign])
        // Without it nobody knows whose register was chosen from: never everybody's.
        guard let row else { throw LedgerError.closedToJoiners(CampaignID(rawValue: campaign)) }
        let frozen = RegisterScope(audience: row)
        guard let own = frozen.own else { return frozen }
        guard !frozen.delegated.isEmpty else { return frozen }
        let now = Set(try delegations(to: own, now: .now))
        return .registers(of: own, delegated: frozen.delegated.filter { now.contains($0) })
    }

    /// Places of the campaign whose recipients have left the register, by external identifier.
    private func departed(from campaign: Int64) throws -> [String: [Int64]] {
        try Row.fetchAll(
            self, sql: "SELECT external_id, id FROM deliveries WHERE recipient_id IS NULL AND campaign_id = ? ORDER BY id",
            arguments: [campaign]
        ).reduce(into: [:]) { $0[$1[0], default: []].append($1[1]) }
    }

    /// Whether somebody who was deleted and came again is who he was: the campaign had each of the addresses for him.
    private func isSame(_ delivery: Int64, _ contacts: [ContactPoint]) throws -> Bool {
        let known = try Row.fetchAll(
            cachedStatement(sql: """
                SELECT channel, address FROM legs WHERE delivery_id = ?1
                UNION SELECT channel, address FROM leg_shares JOIN legs ON legs.id = leg_id WHERE leg_shares.delivery_id = ?1
                """), arguments: [delivery]
        ).map { "\($0[0] as String) \($0[1] as String)" }
        return contacts.allSatisfy { known.contains("\($0.channel.rawValue) \($0.address.value)") }
    }

    fileprivate func append(
        _ late: LateJoiners, to campaign: LiveCampaign, isAutomatic: Bool, actor: String, now: UTCTime
    ) throws -> (number: Int, hash: AudienceHash) {
        let joiners = late.joining
        let id = campaign.id.rawValue
        guard let own = AudienceHash(hexadecimal: campaign.row["audience_hash"]) else {
            throw LedgerError.unreadable("a damaged audience hash")
        }
        let number: Int = campaign.row["addenda"] + 1
        let message = try currentMessage(of: id)
        var digest = AudienceDigest(
            zoneDocument: (campaign.row["zone"] as String).utf8, message: message.message, policy: campaign.policy,
            mode: try CampaignMode(stored: campaign.row["mode"]), kind: .alert, weight: campaign.row["weight"],
            addendum: (own, number))
        for joiner in joiners { try digest.update(joiner.entry) }
        let hash = digest.finalize()
        let known = joiners.count { $0.delivery != nil }
        let certain = joiners.count { $0.delivery == nil && $0.entry.certainty == .certain }
        let new = joiners.count - known
        try execute(
            sql: """
                INSERT INTO campaign_addenda (campaign_id, number, hash, recipients, known, message_version, is_automatic, at, actor)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                id, number, hash.hexadecimal, joiners.count, known, message.version, isAutomatic, now.millisecondsSince1970, actor,
            ])
        try execute(
            sql: """
                UPDATE campaigns SET addenda = ?2, recipients = recipients + ?3, certain = certain + ?4,
                    possible = possible + ?3 - ?4,
                    -- There is something to send again: what is completed goes on until that is done.
                    ended_at = CASE state WHEN 'completed' THEN NULL ELSE ended_at END,
                    state = CASE state WHEN 'completed' THEN 'running' ELSE state END
                WHERE id = ?1
                """, arguments: [id, number, new, certain])
        var writer = try AudienceWriter(
            database: self, campaign: id, audience: hash, policy: campaign.policy, now: now, addendum: number)
        var deliveries: [Int64] = []
        for joiner in joiners {
            if let delivery = joiner.delivery {
                try writer.write(contactsOf: sealable(joiner.entry, delivery), to: delivery)
                deliveries.append(delivery)
            } else {
                deliveries.append(try writer.write(joiner.entry))
            }
        }
        try writer.finish()
        // Who shares an address that was reached before is reached.
        var refresh = try DeliveryRefresh(self)
        var deltas = CounterDeltas()
        for delivery in deliveries { try refresh.refresh(delivery, now: now, &deltas) }
        try deltas.write(to: self)
        try audit(
            actor: actor, action: "campaign.join", subject: campaign.id.description,
            detail: [
                "addendum": String(number), "recipients": String(joiners.count), "known": String(known), "hash": hash.hexadecimal,
            ].merging(late.cut > 0 ? ["shortened": String(late.cut)] : [:]) { $1 })
        return (number, hash)
    }

    /// The last check takes a delivery's verdict as it was written.
    private func sealable(_ entry: AudienceEntry, _ delivery: Int64) throws -> AudienceEntry {
        let row = try Row.fetchOne(self, sql: "SELECT external_id, certainty FROM deliveries WHERE id = ?", arguments: [delivery])
        return AudienceEntry(
            recipient: entry.recipient, externalID: row?[0] ?? entry.externalID, name: entry.name,
            communeCode: entry.communeCode, precision: entry.precision,
            certainty: try row.map { try Certainty(stored: $0[1]) } ?? entry.certainty, language: entry.language, why: entry.why,
            contactPoints: entry.contactPoints, values: entry.values)
    }

    fileprivate func joinedByHand(_ campaign: CampaignID) throws -> Int {
        try Int.fetchOne(
            self, sql: "SELECT ifnull(sum(recipients), 0) FROM campaign_addenda WHERE campaign_id = ? AND NOT is_automatic",
            arguments: [campaign.rawValue]) ?? 0
    }

    /// Recipients who came with a campaign's addenda.
    func joined(_ campaign: Int64) throws -> Int {
        try Int.fetchOne(
            cachedStatement(sql: "SELECT ifnull(sum(recipients - known), 0) FROM campaign_addenda WHERE campaign_id = ?"),
            arguments: [campaign]) ?? 0
    }

    /// The hashes of a campaign's addenda, by their numbers.
    func addenda(of campaign: Int64) throws -> [Int: AudienceHash] {
        let rows = try Row.fetchAll(
            cachedStatement(sql: "SELECT number, hash FROM campaign_addenda WHERE campaign_id = ? ORDER BY number"),
            arguments: [campaign])
        var hashes: [Int: AudienceHash] = [:]
        for row in rows { hashes[row[0]] = AudienceHash(hexadecimal: row[1]) }
        return hashes
    }
}

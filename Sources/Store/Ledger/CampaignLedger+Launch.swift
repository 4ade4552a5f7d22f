import AlertModel
import Campaigns
import GRDB
import GeoModel

/// What a launch did.
package struct Launch: Hashable, Sendable {
    package let campaign: CampaignID
    package let audience: AudienceHash
    package let recipients: Int
    /// False when the request key had already launched this campaign: nothing was added.
    package let isNew: Bool
}

extension CampaignLedger {
    /// Freezes an audience and launches it, in one transaction.
    ///
    /// - Parameter nextEntry: gives the recipients in the byte order of their external id, then nil. It is called
    ///   inside the write transaction, on the writer's own connection where the caller composes its own.
    /// - Throws: `LaunchError.audienceChanged` when the hash differs from the plan's approved one,
    ///   `LaunchError.emptyAudience`, and what `nextEntry` throws; nothing is launched then.
    package func launch(
        _ plan: CampaignPlan, now: UTCTime, nextEntry: () throws -> AudienceEntry?
    ) throws -> Launch {
        try writer.write { try $0.launch(plan, now: now, nextEntry: nextEntry) }
    }
}

extension CampaignLedger {
    /// What the plan's request key launched before, or nil: a request repeated because its answer was lost gets the
    /// campaign it launched, whatever has changed in the register since.
    ///
    /// - Throws: `LedgerError.requestKeyReused` when that was another plan.
    package func launched(_ plan: CampaignPlan) throws -> Launch? {
        try writer.read { try $0.launched(plan) }
    }
}

extension CampaignPlan {
    /// The policy's channels as the ledger writes them.
    fileprivate var channelWords: String { policy.channels.sorted().map(\.rawValue).joined(separator: ",") }

    /// The policy's rules for single causes as the ledger writes them; nil for none.
    fileprivate var retryRules: String? {
        let bytes = RetryDocument.encode(policy)
        return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }
}

extension Database {
    /// As `CampaignLedger.launch`, inside the caller's write transaction: the audience can be selected in it too,
    /// so that nothing changes between the selection and the freeze. The caller rolls back on a throw.
    func launch(_ plan: CampaignPlan, now: UTCTime, nextEntry: () throws -> AudienceEntry?) throws -> Launch {
        if let earlier = try launched(plan) { return earlier }
        // The hash is known only at the end, and the legs' seals need it: recipients are read once, then written.
        var digest = plan.digest()
        var entries = EntrySpool()
        while let entry = try nextEntry() {
            try digest.update(entry)
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw LaunchError.emptyAudience }
        let audience = digest.finalize()
        if let approved = plan.approvedHash, approved != audience {
            throw LaunchError.audienceChanged(recipients: entries.count)
        }
        let campaign = try insertCampaign(plan, audience, entries, now)
        try write(plan.message, of: campaign, by: plan.createdBy, now)
        var writer = try AudienceWriter(database: self, campaign: campaign, audience: audience, plan: plan, now: now)
        try entries.forEach { try writer.write($0) }
        try writer.finish()
        return Launch(
            campaign: CampaignID(rawValue: campaign), audience: audience, recipients: entries.count, isNew: true)
    }

    fileprivate func launched(_ plan: CampaignPlan) throws -> Launch? {
        let row = try Row.fetchOne(
            self, sql: """
                SELECT * FROM campaigns WHERE request_key = ?
                """, arguments: [plan.requestKey])
        guard let row else { return nil }
        guard row["organisation_id"] == plan.organisation.rawValue, row["mode"] == plan.mode.rawValue,
            try message(of: row["id"], version: 1) == plan.message,
            row["zone"] == plan.zoneDocument, row["channels"] == plan.channelWords,
            row["maximum_retries"] == plan.policy.maximumRetries,
            row["retry_period_seconds"] == plan.policy.retryPeriodSeconds,
            row["validity_seconds"] == plan.policy.validitySeconds, row["retry_rules"] == plan.retryRules,
            row["kind"] == plan.kind.rawValue, row["weight"] == plan.weight
        else { throw LedgerError.requestKeyReused }
        guard let audience = AudienceHash(hexadecimal: row["audience_hash"]) else {
            throw LedgerError.unreadable("a damaged audience hash")
        }
        return Launch(
            campaign: CampaignID(rawValue: row["id"]), audience: audience, recipients: row["recipients"], isNew: false)
    }

    private func insertCampaign(
        _ plan: CampaignPlan, _ audience: AudienceHash, _ entries: EntrySpool, _ now: UTCTime
    ) throws -> Int64 {
        let certain = entries.certainCount
        try execute(
            sql: """
                INSERT INTO campaigns (organisation_id, request_key, mode, state, subject, text, channels,
                    maximum_retries, retry_period_seconds, validity_seconds, zone, audience_hash, recipients, certain,
                    possible, not_located, created_at, created_by, started_at, expires_at,
                    kind, weight, retry_rules)
                VALUES (?, ?, ?, 'running', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """,
            arguments: [
                plan.organisation.rawValue, plan.requestKey, plan.mode.rawValue, plan.message.subject,
                plan.message.text, plan.channelWords,
                plan.policy.maximumRetries, plan.policy.retryPeriodSeconds, plan.policy.validitySeconds,
                plan.zoneDocument, audience.hexadecimal, entries.count, certain, entries.count - certain,
                plan.notLocated, now.millisecondsSince1970, plan.createdBy, now.millisecondsSince1970,
                now.advanced(bySeconds: plan.policy.validitySeconds).millisecondsSince1970, plan.kind.rawValue,
                plan.weight, plan.retryRules,
            ])
        return lastInsertedRowID
    }
}

/// Writes an audience's deliveries and legs. One leg per channel and address: a household that shares a number is
/// called once, and each of its members is followed through that one leg.
private struct AudienceWriter {
    private let database: Database
    private let campaign: Int64
    private let audience: AudienceHash
    private let channels: Set<Channel>
    private let cascade: Cascade?
    private let now: Int64
    private let insertDelivery: RawStatement
    private let insertLeg: RawStatement
    private let findLeg: Statement
    private let shareLeg: Statement
    private let markShared: Statement
    private let release: Statement
    private var deltas = CounterDeltas()

    init(database: Database, campaign: Int64, audience: AudienceHash, plan: CampaignPlan, now: UTCTime) throws {
        self.database = database
        self.campaign = campaign
        self.audience = audience
        self.now = now.millisecondsSince1970
        channels = Set(plan.policy.channels)
        cascade = plan.policy.cascade
        insertDelivery = try RawStatement(database, """
            INSERT INTO deliveries (campaign_id, recipient_id, external_id, name, commune_code, precision, certainty,
                language, why, state, changed_at)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            """)
        insertLeg = try RawStatement(database, """
            INSERT INTO legs (campaign_id, delivery_id, channel, address, rank, state, due_at, seal, sole, stage)
            VALUES (?, ?, ?, ?, ?, 'queued', ?, ?, ?, ?)
            ON CONFLICT (campaign_id, channel, address) DO NOTHING
            """)
        findLeg = try database.makeStatement(sql: """
            SELECT id, delivery_id, due_at FROM legs WHERE campaign_id = ? AND channel = ? AND address = ?
            """)
        shareLeg = try database.makeStatement(sql: """
            INSERT INTO leg_shares (delivery_id, leg_id, stage) VALUES (?, ?, ?) ON CONFLICT DO NOTHING
            """)
        markShared = try database.makeStatement(sql: "UPDATE legs SET shared = 1, sole = 0 WHERE id = ?")
        release = try database.makeStatement(sql: "UPDATE legs SET due_at = ? WHERE id = ?")
        for channel in plan.policy.channels { deltas.add(0, campaign: campaign, channel: channel.rawValue, .queued) }
    }

    mutating func write(_ entry: AudienceEntry) throws {
        let contacts = entry.contactPoints.filter { channels.contains($0.channel) }
        let state = contacts.isEmpty ? DeliveryState.unreachable : .pending
        insertDelivery.bind(campaign, at: 1)
        insertDelivery.bind(entry.recipient.rawValue, at: 2)
        insertDelivery.bind(entry.externalID, at: 3)
        insertDelivery.bind(entry.name?.value, at: 4)
        insertDelivery.bind(entry.communeCode?.rawValue, at: 5)
        insertDelivery.bind(entry.precision.rawValue, at: 6)
        insertDelivery.bind(entry.certainty.rawValue, at: 7)
        insertDelivery.bind(entry.language, at: 8)
        insertDelivery.bind(entry.why, at: 9)
        insertDelivery.bind(state.rawValue, at: 10)
        insertDelivery.bind(now, at: 11)
        try insertDelivery.run()
        deltas.add(1, campaign: campaign, delivery: state)
        let delivery = database.lastInsertedRowID
        guard let cascade else {
            for contact in contacts { try write(contact, of: entry, delivery, isSole: contacts.count == 1) }
            return
        }
        let stages = cascade.stages(of: contacts)
        for (contact, stage) in stages {
            // Steps for which the recipient has nothing are not waited for.
            try write(
                contact, of: entry, delivery, isSole: contacts.count == 1, stage: stage,
                isHeld: stage != stages.first?.stage)
        }
    }

    private mutating func write(
        _ contact: ContactPoint, of entry: AudienceEntry, _ delivery: Int64, isSole: Bool, stage: Int = 0,
        isHeld: Bool = false
    ) throws {
        let seal = LegSeal(
            audience: audience, externalID: entry.externalID, certainty: entry.certainty, channel: contact.channel,
            address: contact.address)
        insertLeg.bind(campaign, at: 1)
        insertLeg.bind(delivery, at: 2)
        insertLeg.bind(contact.channel.rawValue, at: 3)
        insertLeg.bind(contact.address.value, at: 4)
        insertLeg.bind(Int64(contact.rank), at: 5)
        insertLeg.bind(isHeld ? UTCTime.never.millisecondsSince1970 : now, at: 6)
        insertLeg.bind(seal.rawValue, at: 7)
        insertLeg.bind(isSole, at: 8)
        insertLeg.bind(Int64(stage), at: 9)
        try insertLeg.run()
        if database.changesCount == 1 {
            deltas.add(1, campaign: campaign, channel: contact.channel.rawValue, .queued)
            if isHeld { deltas.add(1, campaign: campaign, heldOn: contact.channel.rawValue) }
            return
        }
        let row = try Row.fetchOne(
            findLeg, arguments: [campaign, contact.channel.rawValue, contact.address.value])
        // The same number twice in one recipient's own card needs no link.
        guard let row, row[1] != delivery else { return }
        let leg: Int64 = row[0]
        try shareLeg.execute(arguments: [delivery, leg, stage])
        try markShared.execute(arguments: [leg])
        // Whoever of the household comes first has it sent.
        guard !isHeld, UTCTime(stored: row[2]) == .never else { return }
        try release.execute(arguments: [now, leg])
        deltas.add(-1, campaign: campaign, heldOn: contact.channel.rawValue)
    }

    func finish() throws { try deltas.write(to: database) }
}

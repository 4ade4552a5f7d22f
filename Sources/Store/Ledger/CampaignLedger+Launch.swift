import AlertModel
import Campaigns
import GRDB

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

    /// The same for a launch of a scenario, which may have been changed since, or fill its time's place otherwise by now.
    ///
    /// - Parameters:
    ///   - audience: the hash that was shown, which is of the message too; nil where a command repeats itself.
    ///   - scenario: its name; nil for any.
    /// - Throws: `LedgerError.requestKeyReused`.
    package func launched(
        requestKey: String, of organisation: OrganisationID, mode: CampaignMode, audience: String?, scenario: String? = nil
    ) throws -> Launch? {
        try writer.read { database in
            let row = try Row.fetchOne(
                database, sql: """
                    SELECT id, organisation_id, mode, audience_hash, recipients, scenario FROM campaigns WHERE request_key = ?
                    """, arguments: [requestKey])
            guard let row else { return nil }
            let hash: String = row["audience_hash"], name: String? = row["scenario"]
            guard row["organisation_id"] == organisation.rawValue, row["mode"] == mode.rawValue,
                audience == nil || audience == hash, name != nil, scenario == nil || scenario == name
            else { throw LedgerError.requestKeyReused }
            guard let frozen = AudienceHash(hexadecimal: hash) else {
                throw LedgerError.unreadable("a damaged audience hash")
            }
            return Launch(
                campaign: CampaignID(rawValue: row["id"]), audience: frozen, recipients: row["recipients"], isNew: false)
        }
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
        if let refusal = plan.quietRefusal(at: now) { throw refusal }
        // The hash is known only at the end, and the legs' seals need it: recipients are read once, then written.
        var digest = plan.digest()
        var entries = EntrySpool()
        var census = try PersonalCensus(plan.message, policy: plan.policy, mode: plan.mode)
        while let entry = try nextEntry() {
            try digest.update(entry)
            try census.take(entry)
            entries.append(entry)
        }
        guard !entries.isEmpty else { throw LaunchError.emptyAudience }
        let audience = digest.finalize()
        if let approved = plan.approvedHash, approved != audience {
            throw LaunchError.audienceChanged(recipients: entries.count)
        }
        if let refusal = census.refusal { throw refusal }
        let campaign = try insertCampaign(plan, audience, entries, now)
        try write(plan.message, of: campaign, by: plan.createdBy, now)
        var writer = try AudienceWriter(database: self, campaign: campaign, audience: audience, policy: plan.policy, now: now)
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

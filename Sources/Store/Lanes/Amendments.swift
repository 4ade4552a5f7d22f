import AlertModel
import Campaigns
import Foundation
import GRDB

/// A request for approval of another text for a campaign under way, as it is kept.
package struct SavedAmendment: Sendable {
    package let id: AmendmentID
    package let organisation: OrganisationID
    package let campaign: CampaignID
    package let facts: ApprovalFacts
    /// The version that was read, and its message.
    package let baseVersion: Int
    package let before: Message?
    /// As written, without the campaign's mark.
    package let message: Message
    package let decidedBy: String?
    package let decidedAt: UTCTime?
    package let reason: String?
    package let version: Int?

    /// As it stands at a moment: nobody decides on what is too old.
    package func state(at now: UTCTime) -> ApprovalState {
        facts.state == .pending && now >= facts.expiresAt ? .expired : facts.state
    }
}

extension AlertDatabase {
    /// Asks a second person about another text for a real campaign under way. Asked again with the same key, it is the same
    /// request. Meanwhile the old text goes on leaving unless the campaign is paused, which anybody who launches may do at once.
    ///
    /// - Parameter read: the version that was read.
    /// - Throws: as `amend`; `LedgerError.requestKeyReused`, `.amendedMeanwhile`.
    package func askAmendment(
        of campaign: CampaignID, with message: Message, read: Int, requestKey: String, by user: String, now: UTCTime
    ) throws -> SavedAmendment {
        _ = try measured(message, of: campaign)
        return try pool.write { database in
            try requireMode(of: campaign, in: database)
            if let earlier = try database.amendment("request_key = ?", [requestKey]) {
                guard earlier.campaign == campaign, earlier.message == message else { throw LedgerError.requestKeyReused }
                return earlier
            }
            let row = try database.amendable(campaign, author: .account, now: now)
            guard try CampaignMode(stored: row["mode"]) == .real else {
                throw LedgerError.notAllowed(
                    campaign, state: try CampaignState(stored: row["state"]),
                    command: "have its text approved: it is an exercise, whose text one person changes")
            }
            guard try database.currentMessage(of: campaign.rawValue).version == read else {
                throw LedgerError.amendedMeanwhile(campaign)
            }
            let organisation = OrganisationID(rawValue: row["organisation_id"])
            let policy = try database.guardPolicy(of: organisation)
            let expiry = now.advanced(bySeconds: policy.approvalMinutes * 60)
            try database.execute(
                sql: """
                    INSERT INTO amendment_requests (organisation_id, campaign_id, state, request_key, base_version, message,
                        asked_by, asked_at, break_glass_at, expires_at)
                    VALUES (?, ?, 'pending', ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    organisation.rawValue, campaign.rawValue, requestKey, read, MessageDocument.encode(message), user,
                    now.millisecondsSince1970, now.advanced(bySeconds: policy.breakGlassSeconds).millisecondsSince1970,
                    expiry.millisecondsSince1970,
                ])
            let id = AmendmentID(rawValue: database.lastInsertedRowID)
            try database.audit(
                actor: user, action: "amendment.ask", subject: id.description,
                detail: ["campaign": campaign.description, "version": String(read)], organisation: organisation)
            try database.notice(.amendment, id.rawValue, to: organisation, besides: user, until: expiry, now: now)
            return try database.amendment(id, of: organisation)
        }
    }

    /// Newest first.
    package func amendments(of organisation: OrganisationID?, limit: Int = 20) throws -> [SavedAmendment] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT * FROM amendment_requests WHERE ?1 IS NULL OR organisation_id = ?1 ORDER BY id DESC LIMIT ?2
                    """, arguments: [organisation?.rawValue, limit]
            ).map { try SavedAmendment($0, database) }
        }
    }

    /// - Throws: `ApprovalRefusal.unknown`.
    package func amendment(_ id: AmendmentID, of organisation: OrganisationID?) throws -> SavedAmendment {
        try pool.read { try $0.amendment(id, of: organisation) }
    }

    /// A second person approves: from now on the campaign says it.
    ///
    /// - Throws: `ApprovalRefusal`; the request is void after `LedgerError.amendedMeanwhile`, `.notAllowed` once the campaign
    ///   has ended, and `ApprovalRefusal.askerGone`.
    package func approveAmendment(
        _ id: AmendmentID, of organisation: OrganisationID?, by approver: String, now: UTCTime
    ) throws -> SavedAmendment {
        try settle(id, of: organisation, by: approver, now: now) { database, request in
            try database.requireSecondPerson(approver, for: request.facts, now: now)
            return (.approved, nil)
        }
    }

    /// Changes alone what nobody answered, for a reason that is kept.
    /// - Throws: as `approveAmendment`; `ApprovalRefusal.tooEarly`, `.reasonNeeded`.
    package func breakGlassOnAmendment(
        _ id: AmendmentID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws -> SavedAmendment {
        try settle(id, of: organisation, by: user, now: now) { database, request in
            try database.requireNobodyAnswered(request.facts, of: request.organisation, by: user, reason: reason, now: now)
            return (.broken, reason)
        }
    }

    /// - Throws: `ApprovalRefusal`.
    package func refuseAmendment(
        _ id: AmendmentID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws -> SavedAmendment {
        try pool.write { database in
            let request = try database.amendment(id, of: organisation)
            if let refusal = ApprovalRules.refusal(of: request.facts, reason: reason, now: now) { throw refusal }
            return try database.decide(request, .refused, by: user, reason: reason, now: now)
        }
    }

    /// - Throws: `ApprovalRefusal`.
    package func withdrawAmendment(
        _ id: AmendmentID, of organisation: OrganisationID?, by user: String, now: UTCTime
    ) throws -> SavedAmendment {
        try pool.write { database in
            let request = try database.amendment(id, of: organisation)
            if let refusal = ApprovalRules.withdrawal(of: request.facts, by: user, now: now) { throw refusal }
            return try database.decide(request, .withdrawn, by: user, now: now)
        }
    }

    private func settle(
        _ id: AmendmentID, of organisation: OrganisationID?, by user: String, now: UTCTime,
        _ judge: (Database, SavedAmendment) throws -> (ApprovalState, reason: String?)
    ) throws -> SavedAmendment {
        do {
            let asked = try amendment(id, of: organisation)
            let measured = try measured(asked.message, of: asked.campaign)
            return try pool.write { database in
                let request = try database.amendment(id, of: organisation)
                try requireMode(of: request.campaign, in: database)
                let (state, reason) = try judge(database, request)
                let row = try database.amendable(request.campaign, author: .account, now: now)
                let version = try database.amend(
                    request.campaign, row, with: request.message, measured: measured, read: request.baseVersion,
                    actor: request.facts.askedBy, now: now)
                if let reason {
                    try database.noteAlone(
                        .amend, of: request.campaign, in: row, by: user, reason: reason, ["version": String(version)])
                }
                return try database.decide(request, state, by: user, reason: reason, version: version, now: now)
            }
        } catch let error as LedgerError where error.voidsAmendment {
            try void(id, of: organisation, by: user, reason: error.code, now: now)
            throw error
        } catch ApprovalRefusal.askerGone {
            try void(id, of: organisation, by: user, reason: ApprovalRefusal.askerGone.code, now: now)
            throw ApprovalRefusal.askerGone
        }
    }

    private func void(
        _ id: AmendmentID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws {
        try pool.write { database in
            let request = try database.amendment(id, of: organisation)
            try database.decide(request, .void, by: user, reason: reason, now: now)
        }
    }
}

extension LedgerError {
    /// Whether what was asked about is no longer there, whoever approves it.
    fileprivate var voidsAmendment: Bool {
        switch self {
        case .amendedMeanwhile, .notAllowed: true
        default: false
        }
    }
}

extension Database {
    /// An account asks where somebody may answer; where nobody may, it goes on alone with a reason.
    /// - Throws: `LedgerError.secondPersonNeeded`.
    func requireNobodyToAsk(about row: Row, of campaign: CampaignID, by actor: String) throws {
        guard try CampaignMode(stored: row["mode"]) == .real else { return }
        let organisation = OrganisationID(rawValue: row["organisation_id"])
        let facts = GuardFacts(recipients: 1, register: 0, mode: .real, author: .account)
        guard let finding = try guardPolicy(of: organisation).findings(facts).first(where: { $0.rail == .freeText }),
            finding.consequence == .secondPerson, try !approvers(of: organisation, besides: actor).isEmpty
        else { return }
        throw LedgerError.secondPersonNeeded(campaign, why: finding.description)
    }

    fileprivate func amendment(_ id: AmendmentID, of organisation: OrganisationID?) throws -> SavedAmendment {
        guard let request = try amendment("id = ?", [id.rawValue]), organisation == nil || request.organisation == organisation
        else { throw ApprovalRefusal.unknown(ApprovalID(rawValue: id.rawValue)) }
        return request
    }

    fileprivate func amendment(_ condition: String, _ arguments: StatementArguments) throws -> SavedAmendment? {
        try Row.fetchOne(self, sql: "SELECT * FROM amendment_requests WHERE \(condition) ORDER BY id", arguments: arguments)
            .map { try SavedAmendment($0, self) }
    }

    /// Settles a request that is still open, with its entry in the journal.
    @discardableResult
    fileprivate func decide(
        _ request: SavedAmendment, _ state: ApprovalState, by user: String, reason: String? = nil, version: Int? = nil,
        now: UTCTime
    ) throws -> SavedAmendment {
        try execute(
            sql: """
                UPDATE amendment_requests SET state = ?, decided_by = ?, decided_at = ?, reason = ?, version = ?
                WHERE id = ? AND state = 'pending'
                """,
            arguments: [state.rawValue, user, now.millisecondsSince1970, reason, version, request.id.rawValue])
        guard changesCount == 1 else { throw ApprovalRefusal.alreadyDecided(state) }
        try settleNotices(.amendment, request.id.rawValue, now: now)
        var detail = ["asked_by": request.facts.askedBy, "campaign": request.campaign.description]
        detail["reason"] = reason
        detail["version"] = version.map(String.init)
        try audit(
            actor: user, action: "amendment.\(state.rawValue)", subject: request.id.description, detail: detail,
            organisation: request.organisation)
        return try amendment(request.id, of: nil)
    }
}

extension SavedAmendment {
    fileprivate init(_ row: Row, _ database: Database) throws {
        guard let state = ApprovalState(rawValue: row["state"]) else { throw LedgerError.unreadable("an amendment's state") }
        let message: Message
        do {
            message = try MessageDocument.decode(Array((row["message"] as String).utf8))
        } catch {
            throw LedgerError.unreadable("an amendment's message")
        }
        let campaign: Int64 = row["campaign_id"], base: Int = row["base_version"]
        self.init(
            id: AmendmentID(rawValue: row["id"]), organisation: OrganisationID(rawValue: row["organisation_id"]),
            campaign: CampaignID(rawValue: campaign),
            facts: ApprovalFacts(
                state: state, askedBy: row["asked_by"], askedAt: UTCTime(stored: row["asked_at"]),
                expiresAt: UTCTime(stored: row["expires_at"]), breakGlassAt: UTCTime(stored: row["break_glass_at"])),
            baseVersion: base, before: try database.message(of: campaign, version: base), message: message,
            decidedBy: row["decided_by"], decidedAt: (row["decided_at"] as Int64?).map(UTCTime.init(stored:)),
            reason: row["reason"], version: row["version"])
    }
}

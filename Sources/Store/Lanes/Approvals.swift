import AlertModel
import Campaigns
import Foundation
import GRDB

extension AlertDatabase {
    /// Most communes whose names are kept with a request.
    private static let mostCommunes = 10

    /// Asks for a second person, with an entry in the journal. Asked again with the same key, it is the same request.
    ///
    /// - Throws: `LedgerError.requestKeyReused` when the key is another organisation's or another
    ///   audience's, or its request is over: refused, withdrawn, void or expired.
    package func askApproval(_ draft: ApprovalDraft, now: UTCTime) throws -> SavedApproval {
        guard let audience = draft.plan.approvedHash else { throw LaunchError.audienceChanged(recipients: draft.recipients) }
        return try pool.write { database in
            let plan = draft.plan
            if let earlier = try database.approval("request_key = ?", [plan.requestKey]) {
                guard earlier.organisation == plan.organisation, earlier.audience == audience else {
                    throw LedgerError.requestKeyReused
                }
                // Nobody is told of one that is over: answered again, it would be waited for in vain.
                switch earlier.state(at: now) {
                case .pending, .approved, .broken: return earlier
                case .refused, .withdrawn, .void, .expired: throw LedgerError.requestKeyReused
                }
            }
            let policy = try database.guardPolicy(of: plan.organisation)
            let rules = RetryDocument.encode(plan.policy)
            let names = try JSONEncoder().encode(Array(draft.communes.prefix(Self.mostCommunes)))
            try database.execute(
                sql: """
                    INSERT INTO approvals (organisation_id, state, request_key, kind, weight, zone, message, channels,
                        maximum_retries, retry_period_seconds, validity_seconds, retry_rules, is_all_clear, scenario,
                        audience_hash, recipients, certain, not_located, communes, communes_total, guards, opened_at,
                        asked_by, asked_at, break_glass_at, expires_at)
                    VALUES (?, 'pending', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    plan.organisation.rawValue, plan.requestKey, plan.kind.rawValue, plan.weight, plan.zoneDocument,
                    MessageDocument.encode(plan.message),
                    plan.policy.channels.sorted().map(\.rawValue).joined(separator: ","), plan.policy.maximumRetries,
                    plan.policy.retryPeriodSeconds, plan.policy.validitySeconds,
                    rules.isEmpty ? nil : String(decoding: rules, as: UTF8.self), draft.isAllClear,
                    plan.circumstances.scenario, audience.hexadecimal, draft.recipients, draft.certain, plan.notLocated,
                    String(decoding: names, as: UTF8.self), draft.communesTotal,
                    draft.guards.map(\.rawValue).joined(separator: ","),
                    plan.circumstances.openedAt?.millisecondsSince1970, plan.createdBy, now.millisecondsSince1970,
                    now.advanced(bySeconds: policy.breakGlassSeconds).millisecondsSince1970,
                    now.advanced(bySeconds: policy.approvalMinutes * 60).millisecondsSince1970,
                ])
            let id = ApprovalID(rawValue: database.lastInsertedRowID)
            try database.audit(
                actor: plan.createdBy, action: "approval.ask", subject: id.description,
                detail: [
                    "audience": audience.hexadecimal, "recipients": String(draft.recipients),
                    "guards": draft.guards.map(\.rawValue).joined(separator: ","),
                ], organisation: plan.organisation)
            try database.notice(
                .launch, id.rawValue, to: plan.organisation, besides: plan.createdBy,
                until: now.advanced(bySeconds: policy.approvalMinutes * 60), now: now)
            return try database.approval(id, of: plan.organisation)
        }
    }

    /// Newest first.
    package func approvals(of organisation: OrganisationID?, limit: Int = 50) throws -> [SavedApproval] {
        try pool.read { database in
            try Row.fetchAll(
                database, sql: """
                    SELECT * FROM approvals WHERE ?1 IS NULL OR organisation_id = ?1 ORDER BY id DESC LIMIT ?2
                    """, arguments: [organisation?.rawValue, limit]
            ).map { try SavedApproval($0) }
        }
    }

    /// - Parameter organisation: whose it must be; nil for any.
    /// - Throws: `ApprovalRefusal.unknown`.
    package func approval(_ id: ApprovalID, of organisation: OrganisationID?) throws -> SavedApproval {
        try pool.read { try $0.approval(id, of: organisation) }
    }

    /// Names of those who may approve what `user` asks for, or could within the last hour: with them the time to answer is
    /// waited for.
    package func approvers(of organisation: OrganisationID, besides user: String) throws -> [String] {
        try pool.read { try $0.approvers(of: organisation, besides: user) }
    }

    /// - Parameter reason: seen by whoever asked, and kept in the journal.
    /// - Throws: `ApprovalRefusal`.
    package func refuseApproval(
        _ id: ApprovalID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws -> SavedApproval {
        try pool.write { database in
            let request = try database.approval(id, of: organisation)
            if let refusal = ApprovalRules.refusal(of: request.facts, reason: reason, now: now) { throw refusal }
            return try database.decide(request, .refused, by: user, reason: reason, now: now)
        }
    }

    /// Takes a request back.
    /// - Throws: `ApprovalRefusal`.
    package func withdrawApproval(
        _ id: ApprovalID, of organisation: OrganisationID?, by user: String, now: UTCTime
    ) throws -> SavedApproval {
        try pool.write { database in
            let request = try database.approval(id, of: organisation)
            if let refusal = ApprovalRules.withdrawal(of: request.facts, by: user, now: now) { throw refusal }
            return try database.decide(request, .withdrawn, by: user, now: now)
        }
    }
}

extension Database {
    func approval(_ id: ApprovalID, of organisation: OrganisationID?) throws -> SavedApproval {
        guard let request = try approval("id = ?", [id.rawValue]), organisation == nil || request.organisation == organisation
        else { throw ApprovalRefusal.unknown(id) }
        return request
    }

    fileprivate func approval(_ condition: String, _ arguments: StatementArguments) throws -> SavedApproval? {
        try Row.fetchOne(self, sql: "SELECT * FROM approvals WHERE \(condition) ORDER BY id", arguments: arguments)
            .map { try SavedApproval($0) }
    }

    /// Whoever may approve besides one person, in the order of names: now, or within the last hour, since nobody may take
    /// the second person away and then have nobody to ask.
    func approvers(of organisation: OrganisationID, besides user: String, at moment: Date = .now) throws -> [String] {
        let since = moment.addingTimeInterval(-Double(ApprovalRules.youngestRightSeconds))
        let others = try Row.fetchAll(
            self, sql: """
                SELECT id, name FROM users
                WHERE organisation_id = ? AND name <> ? AND (closed_at IS NULL OR closed_at > ?) ORDER BY name
                """, arguments: [organisation.rawValue, user, since.milliseconds])
        let open = try Int64.fetchAll(
            self, sql: "SELECT id FROM users WHERE organisation_id = ? AND (closed_at IS NULL OR closed_at > ?) ORDER BY id",
            arguments: [organisation.rawValue, since.milliseconds])
        let grants = try Row.fetchAll(
            self, sql: """
                SELECT * FROM grants WHERE organisation_id = ?
                    AND (state = 'active' OR state = 'withdrawn' AND decided_at > ?) ORDER BY id
                """, arguments: [organisation.rawValue, since.milliseconds]
        ).map { row in
            let grant = try Grant(row: row)
            return Grant(
                id: grant.id, beneficiary: grant.beneficiary, gift: grant.gift, state: .active, startsAt: grant.startsAt,
                endsAt: grant.endsAt)
        }
        let book = RightsBook(
            grants: grants, roles: try roles(of: organisation), open: Set(open.map(UserID.init(rawValue:))), at: moment)
        return others.filter { book.capabilities(of: UserID(rawValue: $0["id"])).contains(.approve) }.map { $0["name"] }
    }

    /// When somebody last received rights from another: made, confirmed or lent by them, and still in force; themselves, through
    /// a group they are in, or through whoever lends them rights.
    func rightsGiven(to beneficiary: String, by giver: String) throws -> UTCTime? {
        try Int64.fetchOne(
            self, sql: """
                WITH sources (id) AS (
                    SELECT users.id FROM users WHERE users.name = ?1
                    UNION
                    SELECT lent.lender_id FROM grants AS lent JOIN users ON users.id = lent.user_id
                    WHERE users.name = ?1 AND lent.kind = 'rights' AND lent.state = 'active'
                )
                SELECT MAX(COALESCE(grants.decided_at, grants.made_at)) FROM grants
                LEFT JOIN users AS lenders ON lenders.id = grants.lender_id
                WHERE grants.state = 'active'
                    AND (grants.made_by = ?2 OR grants.decided_by = ?2 OR lenders.name = ?2)
                    AND (grants.user_id IN (SELECT id FROM sources) OR grants.group_id IN (
                        SELECT memberships.in_group_id FROM grants AS memberships
                        WHERE memberships.user_id IN (SELECT id FROM sources)
                            AND memberships.kind = 'membership' AND memberships.state = 'active'))
                """, arguments: [beneficiary, giver]
        ).map { UTCTime(millisecondsSince1970: $0) }
    }

    /// Settles a request that is still open, with its entry in the journal.
    @discardableResult
    func decide(
        _ request: SavedApproval, _ state: ApprovalState, by user: String, reason: String? = nil, campaign: CampaignID? = nil,
        now: UTCTime
    ) throws -> SavedApproval {
        try execute(
            sql: """
                UPDATE approvals SET state = ?, decided_by = ?, decided_at = ?, reason = ?, campaign_id = ?
                WHERE id = ? AND state = 'pending'
                """,
            arguments: [
                state.rawValue, user, now.millisecondsSince1970, reason, campaign?.rawValue, request.id.rawValue,
            ])
        guard changesCount == 1 else { throw ApprovalRefusal.alreadyDecided(state) }
        try settleNotices(.launch, request.id.rawValue, now: now)
        var detail = ["asked_by": request.facts.askedBy, "audience": request.audience.hexadecimal]
        detail["reason"] = reason
        detail["campaign"] = campaign?.description
        if state == .broken { detail["severity"] = "critical" }
        try audit(
            actor: user, action: state == .broken ? "launch.break_glass" : "approval.\(state.rawValue)",
            subject: request.id.description, detail: detail, organisation: request.organisation)
        if state == .broken, let campaign { try noticeAlone(campaign, of: request.organisation, by: user, now: now) }
        return try approval(request.id, of: nil)
    }
}

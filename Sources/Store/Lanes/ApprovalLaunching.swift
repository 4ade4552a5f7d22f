import AlertModel
import Campaigns
import GRDB
import Targeting

/// Turning a request into a campaign: decision, launch and journal in one transaction.
extension AlertDatabase {
    /// Approves a request: its audience is selected again and launched, if it is still the one that was shown.
    ///
    /// - Parameters:
    ///   - rightGivenAt: when the approver got this right from whoever asks; nil when it came from elsewhere.
    ///   - scope: the register it was asked over.
    ///   - allow: refuses by throwing, before anything is written, what no gateway carries any more.
    /// - Throws: `ApprovalRefusal`, and as `launch`. The request is void after `LaunchError.audienceChanged`,
    ///   `.emptyAudience`, `.outsideTerritory` and a guard rail that stops it.
    package func approve(
        _ id: ApprovalID, of organisation: OrganisationID?, by approver: String, rightGivenAt: UTCTime? = nil,
        scope: RegisterScope, now: UTCTime
    ) throws -> Launch {
        try settle(id, of: organisation, scope: scope, by: approver, now: now) { _, request in
            if let refusal = ApprovalRules.approval(of: request.facts, by: approver, rightGivenAt: rightGivenAt, now: now) {
                throw refusal
            }
            return (.approved, .approved(by: approver, request: id), nil)
        }
    }

    /// Launches a request that nobody answered, alone, for a reason that is kept.
    ///
    /// - Throws: `ApprovalRefusal`, `.tooEarly` among them; and as `approve`.
    package func breakGlass(
        _ id: ApprovalID, of organisation: OrganisationID?, by user: String, reason: String, scope: RegisterScope,
        now: UTCTime
    ) throws -> Launch {
        try settle(id, of: organisation, scope: scope, by: user, now: now) { database, request in
            let others = try database.approvers(of: request.organisation, besides: request.facts.askedBy)
            if let refusal = ApprovalRules.breakGlass(
                of: request.facts, by: user, reason: reason, othersMayApprove: !others.isEmpty, now: now)
            { throw refusal }
            return (.broken, .brokenGlass(reason: reason, request: id), reason)
        }
    }

    private func settle(
        _ id: ApprovalID, of organisation: OrganisationID?, scope: RegisterScope, by user: String, now: UTCTime,
        _ decide: (Database, SavedApproval) throws -> (ApprovalState, LaunchConsent, reason: String?)
    ) throws -> Launch {
        do {
            return try pool.write { database in
                let request = try database.approval(id, of: organisation)
                let (state, consent, reason) = try decide(database, request)
                let zone = try ZoneDocument.decode(Array(request.zoneDocument.utf8))
                let launch = try launch(
                    request.plan(consent), zone: zone, scope: scope, isAllClear: request.isAllClear, now: now, in: database)
                try database.decide(request, state, by: user, reason: reason, campaign: launch.campaign, now: now)
                return launch
            }
        } catch let error as LaunchError where error.voidsApproval {
            try pool.write { database in
                let request = try database.approval(id, of: organisation)
                try database.decide(request, .void, by: user, reason: error.code, now: now)
            }
            throw error
        }
    }
}

extension LaunchError {
    /// Whether what was shown is no longer true, whoever approves it.
    fileprivate var voidsApproval: Bool {
        switch self {
        case .audienceChanged, .emptyAudience, .outsideTerritory: true
        case .guarded(let finding): finding.consequence == .stop
        default: false
        }
    }
}

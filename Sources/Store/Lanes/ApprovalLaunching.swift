import AlertModel
import Campaigns
import Foundation
import GRDB
import Targeting

/// Turning a request into a campaign: decision, launch and journal in one transaction.
extension AlertDatabase {
    /// Approves a request: its audience is selected again and launched, if it is still the one that was shown.
    ///
    /// - Parameters:
    ///   - scope: the register it was asked over.
    /// - Throws: `ApprovalRefusal`, and as `launch`. The request is void after `LaunchError.audienceChanged`,
    ///   `.emptyAudience`, `.outsideTerritory` and a guard rail that stops it, `ZoneRequestRefusal.alreadyLaunched`, and
    ///   `ApprovalRefusal.askerGone`.
    package func approve(
        _ id: ApprovalID, of organisation: OrganisationID?, by approver: String,
        scope: RegisterScope, now: UTCTime
    ) throws -> Launch {
        try settle(id, of: organisation, scope: scope, by: approver, now: now) { database, request in
            try database.requireSecondPerson(approver, for: request.facts, now: now)
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
            try database.requireNobodyAnswered(request.facts, of: request.organisation, by: user, reason: reason, now: now)
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
            try void(id, of: organisation, by: user, reason: error.code, now: now)
            throw error
        } catch let error as ZoneRequestRefusal {
            // What was handed over was launched meanwhile, by somebody who had the same draft.
            try void(id, of: organisation, by: user, reason: error.code, now: now)
            throw error
        } catch ApprovalRefusal.askerGone {
            try void(id, of: organisation, by: user, reason: ApprovalRefusal.askerGone.code, now: now)
            throw ApprovalRefusal.askerGone
        }
    }

    private func void(
        _ id: ApprovalID, of organisation: OrganisationID?, by user: String, reason: String, now: UTCTime
    ) throws {
        try pool.write { database in
            let request = try database.approval(id, of: organisation)
            try database.decide(request, .void, by: user, reason: reason, now: now)
        }
    }
}

extension Database {
    /// Holds whoever approves to being a second person, whatever was asked, and whoever asked to being one who still launches.
    /// - Throws: `ApprovalRefusal`.
    func requireSecondPerson(_ approver: String, for facts: ApprovalFacts, now: UTCTime) throws {
        let given = try rightsGiven(to: approver, by: facts.askedBy)
        if let refusal = ApprovalRules.approval(of: facts, by: approver, rightGivenAt: given, now: now) { throw refusal }
        guard try isAnotherPerson(approver, than: facts.askedBy, now: now.millisecondsSince1970) else {
            throw ApprovalRefusal.accountOfAsker
        }
        guard try mayLaunch(facts.askedBy) else { throw ApprovalRefusal.askerGone }
    }

    /// Holds whoever goes on alone to the time that others have to answer, and to a reason.
    /// - Throws: `ApprovalRefusal`.
    func requireNobodyAnswered(
        _ facts: ApprovalFacts, of organisation: OrganisationID, by user: String, reason: String, now: UTCTime
    ) throws {
        let others = try approvers(of: organisation, besides: facts.askedBy)
        if let refusal = ApprovalRules.breakGlass(
            of: facts, by: user, reason: reason, othersMayApprove: !others.isEmpty, now: now)
        { throw refusal }
    }

    /// Whether somebody whom a request names may launch now: the machine's administrator, or an open account with the right.
    func mayLaunch(_ name: String) throws -> Bool {
        let user = try Row.fetchOne(self, sql: "SELECT id, closed_at FROM users WHERE name = ?", arguments: [name])
        guard let user else { return name.hasPrefix(Operator.machinePrefix) }
        guard user["closed_at"] as Int64? == nil else { return false }
        return try capabilities(of: UserID(rawValue: user["id"]), at: .now).contains(.launch)
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

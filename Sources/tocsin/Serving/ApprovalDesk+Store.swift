import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import GeoModel
import Store
import Targeting

extension ApprovalDesk {
    /// Requests in the database; approved, they are carried by the server's dispatchers.
    init(store: AlertDatabase, gateways: GatewaySettings, signal: @escaping @Sendable () -> Void) {
        let office = ApprovalOffice(
            store: store, campaigns: CampaignOffice(store: store, means: gateways, signal: signal), gateways: gateways,
            signal: signal)
        self.init(
            ask: { account, launch in
                try await ConsoleProblems.translating { try office.ask(launch, account: account) }
            },
            list: { account in try await ConsoleProblems.translating { try office.board(account) } },
            find: { account, id in
                try await ConsoleProblems.translating {
                    ApprovalCard(try store.approval(id, of: account.organisation), for: account, at: .now)
                }
            },
            approve: { account, id in
                try await ConsoleProblems.translating { try office.approve(id, account: account) }
            },
            refuse: { account, id, reason in
                try await ConsoleProblems.translating {
                    ApprovalCard(
                        try store.refuseApproval(id, of: account.organisation, by: account.user, reason: reason, now: .now),
                        for: account, at: .now)
                }
            },
            withdraw: { account, id in
                try await ConsoleProblems.translating {
                    ApprovalCard(
                        try store.withdrawApproval(id, of: account.organisation, by: account.user, now: .now),
                        for: account, at: .now)
                }
            },
            breakGlass: { account, id, reason in
                try await ConsoleProblems.translating { try office.breakGlass(id, reason: reason, account: account) }
            })
    }
}

/// The console's verbs on requests. Blocking: called off the cooperative threads.
struct ApprovalOffice: Sendable {
    let store: AlertDatabase
    let campaigns: CampaignOffice
    let gateways: GatewaySettings
    let signal: @Sendable () -> Void

    func ask(_ given: CampaignLaunch, account: Account) throws -> ApprovalCard {
        let (launch, shown, plan) = try campaigns.judged(given, account: account)
        if let stop = shown.guards.first(where: { $0.consequence == .stop }) { throw LaunchError.guarded(stop) }
        try campaigns.noteHandover(launch, plan)
        let saved = try store.askApproval(
            ApprovalDraft(
                plan: plan, recipients: shown.counts.recipients, certain: shown.counts.certain,
                communes: shown.communes.map(\.name), communesTotal: shown.communes.count,
                guards: shown.guards.filter { $0.consequence == .secondPerson }.map(\.rail), isAllClear: launch.isAllClear),
            now: .now)
        return ApprovalCard(saved, for: account, at: .now)
    }

    func board(_ account: Account) throws -> ApprovalBoard {
        let now = UTCTime.now
        return ApprovalBoard(
            approvals: try store.approvals(of: account.organisation).map { ApprovalCard($0, for: account, at: now) },
            alone: try store.brokenGlass(of: account.organisation, since: now.advanced(bySeconds: -86_400)).map {
                .init(campaign: $0.campaign, user: $0.user, at: Date($0.at), reason: $0.reason,
                    change: $0.change?.rawValue ?? "launch")
            }, approvers: try store.approvers(of: account.organisation, besides: account.user).count,
            amendments: try store.amendments(of: account.organisation).map { AmendmentCard($0, for: account, at: now) },
            scenarios: account.capabilities.contains(.approve) ? try waitingScenarios(account) : 0,
            handed: account.capabilities.contains(.launch)
                ? try store.waitingZoneRequests(to: account.organisation, now: now) : 0)
    }

    /// Scenarios that somebody else asks the account to approve.
    private func waitingScenarios(_ account: Account) throws -> Int {
        let requests = try store.scenarioRequests(of: account.organisation).values.filter { $0.state == .pending }
        guard !requests.isEmpty else { return 0 }
        let saved = try store.scenarios(of: account.organisation)
        return requests.count { request in
            saved.contains { $0.id == request.scenario && $0.savedBy != account.user }
        }
    }

    func approve(_ id: ApprovalID, account: Account) throws -> CampaignID {
        try requireGateways(of: id, account)
        defer { signal() }
        return try store.approve(id, of: account.organisation, by: account.user, scope: try store.scope(of: account.organisation), now: .now
        ).campaign
    }

    func breakGlass(_ id: ApprovalID, reason: String, account: Account) throws -> CampaignID {
        try requireGateways(of: id, account)
        defer { signal() }
        return try store.breakGlass(
            id, of: account.organisation, by: account.user, reason: reason, scope: try store.scope(of: account.organisation),
            now: .now
        ).campaign
    }

    /// What no gateway carries any more stays a request: nothing is wrong with it once the gateway is back.
    private func requireGateways(of id: ApprovalID, _ account: Account) throws {
        let request = try store.approval(id, of: account.organisation)
        let refusals = try gateways.launchRules(of: request.organisation, in: store).refusals(message: request.message, policy: request.policy)
        if let refusal = refusals.first { throw refusal }
    }
}

extension ApprovalCard {
    init(_ saved: SavedApproval, for account: Account, at now: UTCTime) {
        let state = saved.state(at: now)
        let isMine = saved.facts.askedBy == account.user
        let zone = try? ZoneDocument.decode(Array(saved.zoneDocument.utf8))
        self.init(
            id: saved.id, state: state, subject: saved.message.subject, text: saved.message.text,
            channels: saved.policy.channels.sorted(), kind: saved.kind, recipients: saved.recipients, certain: saved.certain,
            notLocated: saved.notLocated, communes: saved.communes, communesTotal: saved.communesTotal,
            zone: zone?.label ?? "", audienceHash: saved.audience.hexadecimal, guards: saved.guards.map(\.rawValue),
            scenario: saved.scenario, askedBy: saved.facts.askedBy, askedAt: Date(saved.facts.askedAt),
            breakGlassAt: Date(saved.facts.breakGlassAt), expiresAt: Date(saved.facts.expiresAt),
            decidedBy: saved.decidedBy, decidedAt: saved.decidedAt.map { Date($0) }, reason: saved.reason,
            campaign: saved.campaign, isMine: isMine,
            mayApprove: state == .pending && !isMine && account.capabilities.contains(.approve))
    }
}

import AlertModel
import Campaigns
import Console
import Dispatching
import Foundation
import GeoModel
import Store
import Targeting

extension ScenarioDesk {
    /// Scenarios in the database; launched, they are carried by the server's dispatchers.
    init(store: AlertDatabase, means: any CampaignMeans, signal: @escaping @Sendable () -> Void) {
        let office = ScenarioOffice(store: store, means: means)
        self.init(
            list: { account in
                try await ConsoleProblems.translating {
                    let requests = try store.scenarioRequests(of: account.organisation)
                    return try store.scenarios(of: account.organisation).map { try ScenarioCard($0, requests[$0.id], store) }
                }
            },
            preview: { account, id, gesture, openedAt in
                try await ConsoleProblems.translating {
                    let draft = try office.draft(id, gesture, openedAt: openedAt, account: account)
                    return try CampaignPreview(draft, store: store, account: account)
                }
            },
            launch: { account, id, launch in
                try await ConsoleProblems.translating {
                    try means.require(launch.gesture.mode)
                    // A request that is repeated because its answer was lost gets the campaign it launched, whatever
                    // became of the scenario, the register or the minute.
                    if let earlier = try store.ledger.launched(
                        requestKey: launch.requestKey.uuidString, of: account.organisation, mode: launch.gesture.mode,
                        audience: launch.audienceHash)
                    {
                        return earlier.campaign
                    }
                    let draft = try office.draft(
                        id, launch.gesture, launch, openedAt: launch.openedAt, account: account)
                    guard draft.plan.approvedHash?.hexadecimal == launch.audienceHash else {
                        throw ConsoleProblem(
                            .audienceChanged,
                            ProblemDetail(
                                counts: Console.ZoneCounts(draft.shown.counts, population: nil, areaSquareMetres: nil)))
                    }
                    let launched = try office.launch(draft)
                    signal()
                    return launched.campaign
                }
            },
            approve: { account, id, hash in
                try await ConsoleProblems.translating {
                    let saved = try store.scenario(id, of: account.organisation)
                    try store.approveScenario(
                        named: saved.name, of: account.organisation, hash: hash, by: account.user, now: .now)
                    return try office.card(id, account)
                }
            })
        save = { account, draft in try await ConsoleProblems.translating { try office.save(draft, account: account) } }
        find = { account, id in
            try await ConsoleProblems.translating {
                let scenario = try store.scenario(id, of: account.organisation).scenario
                return ScenarioDossier(
                    card: try office.card(id, account), zone: scenario.zoneDocument, message: scenario.message,
                    policy: scenario.policy, kind: scenario.kind, weight: scenario.weight)
            }
        }
        remove = { account, id in
            try await ConsoleProblems.translating {
                let name = try store.scenario(id, of: account.organisation).name
                try store.removeScenario(named: name, of: account.organisation, actor: account.user)
            }
        }
        ask = { account, id in
            try await ConsoleProblems.translating {
                let name = try store.scenario(id, of: account.organisation).name
                try store.askForScenario(named: name, of: account.organisation, by: account.user, now: .now)
                return try office.card(id, account)
            }
        }
        refuse = { account, id, hash, reason in
            try await ConsoleProblems.translating {
                let name = try store.scenario(id, of: account.organisation).name
                try store.refuseScenario(
                    named: name, of: account.organisation, hash: hash, by: account.user, reason: reason, now: .now)
                return try office.card(id, account)
            }
        }
    }
}

extension ScenarioOffice {
    fileprivate func card(_ id: ScenarioID, _ account: Account) throws -> ScenarioCard {
        try ScenarioCard(
            store.scenario(id, of: account.organisation), store.scenarioRequests(of: account.organisation)[id], store)
    }

    /// Unknown codes and zones that can't be judged are refused now, not at the launch.
    fileprivate func save(_ draft: ScenarioDraft, account: Account) throws -> ScenarioCard {
        let owner = account.organisation, plan = draft.plan
        let zone = try plan.zone.mended().zone
        _ = try store.counts(of: zone, scope: store.scope(of: owner))
        let policy = plan.kind == .information && plan.policy.quiet == nil
            ? plan.policy.resting(in: try store.quietHours(ofOrganisationNamed: store.name(of: owner))) : plan.policy
        guard let blanks = Scenario.readBlanks(draft.blanks.map { "\($0.name)=\($0.kind)" }.joined(separator: ",")) else {
            throw ConsoleProblem(.invalidParameter, ProblemDetail(path: "blanks", reason: "a blank's name and kind are due"))
        }
        do {
            _ = try plan.message.placeholders
        } catch {
            throw ConsoleProblem(.invalidMessage, ProblemDetail(path: "message", reason: error.description))
        }
        try store.save(
            Scenario(
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: plan.message, policy: policy,
                kind: plan.kind, weight: plan.weight, blanks: blanks),
            named: draft.name, of: owner, standardBlanks: StandardPlaces.names,
            actor: account.user, now: .now)
        return try card(store.scenario(named: draft.name, of: owner).id, account)
    }
}

extension ScenarioOffice {
    fileprivate func draft(
        _ id: ScenarioID, _ gesture: ScenarioGesture, _ launch: ScenarioLaunch? = nil, openedAt: Date?, account: Account
    ) throws -> Draft {
        try means.require(gesture.mode)
        let saved = try store.scenario(id, of: account.organisation)
        return try draft(
            saved.name, of: account.organisation, values: gesture.values, by: account.acting,
            reason: launch?.acceptance, openedAt: openedAt.flatMap { CampaignOffice.plausible($0) },
            requestKey: launch?.requestKey.uuidString ?? "")
    }
}

extension AlertDatabase {
    /// - Throws: `ConsoleProblem` `not_found`.
    fileprivate func scenario(_ id: ScenarioID, of organisation: OrganisationID) throws -> SavedScenario {
        guard let found = try scenarios(of: organisation).first(where: { $0.id == id }) else { throw ConsoleProblem(.notFound) }
        return found
    }
}

extension ScenarioCard {
    fileprivate init(_ saved: SavedScenario, _ asked: ScenarioRequest?, _ store: AlertDatabase) throws {
        let last = saved.isApproved ? nil : try store.lastApproved(saved.id)
        self.init(
            id: saved.id, name: saved.name, subject: saved.scenario.message.subject, text: saved.scenario.message.text,
            channels: saved.scenario.policy.channels.sorted(),
            zone: try ZoneDocument.decode(Array(saved.scenario.zoneDocument.utf8)).label,
            blanks: saved.scenario.blanks.sorted { $0.key < $1.key }.map { .init(name: $0.key, kind: $0.value.rawValue) },
            hash: saved.scenario.digest, savedBy: saved.savedBy, approvedBy: saved.approvedBy,
            request: asked.map {
                Request(
                    state: $0.state.rawValue, askedBy: $0.askedBy, askedAt: Date($0.askedAt), decidedBy: $0.decidedBy,
                    reason: $0.reason)
            },
            changes: last.map { saved.scenario.changes(since: $0.scenario, zoneLabel: ScenarioOffice.label(ofZone:)) }?
                .map { Change(field: $0.field.rawValue, before: $0.before, after: $0.after) } ?? [])
    }
}

extension CampaignPreview {
    fileprivate init(_ draft: ScenarioOffice.Draft, store: AlertDatabase, account: Account) throws {
        let plan = draft.plan, shown = draft.shown
        self.init(
            audienceHash: shown.hash.hexadecimal,
            counts: Console.ZoneCounts(
                shown.counts, population: nil, areaSquareMetres: nil, mappings: try store.mappings(of: draft.zone)),
            legs: shown.legs, communes: shown.communes.prefix(10).map(\.name), communesTotal: shown.communes.count,
            unavailable: [], segments: plan.policy.channels.contains(.sms) ? CampaignOffice.measure(plan.message, plan.mode).segments : 0,
            guards: shown.guards.map { GuardNotice($0) }, estimate: nil, lane: draft.lane,
            approvers: try store.approvers(of: account.organisation, besides: account.user).count, isTyped: false,
            cut: draft.cut.map { TerritoryCutDocument($0) }, quotas: shown.quotas.map { QuotaDocument($0) })
    }
}

import AlertModel
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Store
import Targeting

/// Launches scenarios, for the command line and the console alike.
struct ScenarioOffice: Sendable {
    let store: AlertDatabase
    /// Of the one mode it launches in.
    let means: any CampaignMeans

    /// A scenario as it would be launched now, and what was found of it.
    struct Draft: Sendable {
        let plan: CampaignPlan
        let zone: Zone
        let cut: TerritoryCut?
        let shown: AudiencePreview
        let lane: Lane
    }

    /// - Parameters:
    ///   - values: of its blanks, by their folded names.
    ///   - reason: why it is launched alone, where it takes two and there is nobody to ask.
    ///   - openedAt: when it was first shown: its standard places hold that time, so that what is launched is what was read.
    /// - Throws: `ScenarioError`, `LaunchError`, and as a selection.
    func draft(
        _ name: String, of owner: OrganisationID, values: [String: String], by person: Operator,
        reason: String? = nil, openedAt: UTCTime? = nil, requestKey: String, now: UTCTime = .now
    ) throws -> Draft {
        let saved = try store.scenario(named: name, of: owner)
        let scope = try store.scope(of: owner)
        let scenario = saved.scenario
        let organisation = try store.name(of: owner)
        let clock = try store.localClock(ofOrganisationNamed: organisation)
        let message = try scenario.filled(
            values,
            standard: StandardPlaces.values(
                organisation: organisation, at: Date(openedAt ?? now), zone: TimeZone(identifier: clock.zone) ?? .current))
        let mode = means.mode
        let rules = try means.launchRules(of: owner, in: store)
        if let refusal = rules.refusals(message: message, policy: scenario.policy).first { throw refusal }
        let asked = try ZoneDocument.decode(Array(scenario.zoneDocument.utf8))
        let cut = asked.namesNothing ? nil : try store.territoryCut(of: asked, for: owner, scope: scope)
        let zone = cut?.zone ?? asked
        let typed = reason.flatMap { ApprovalRules.isReason($0) ? $0 : nil }
        let others = try store.approvers(of: owner, besides: person.name)
        func plan(_ notLocated: Int, _ approved: AudienceHash?) -> CampaignPlan {
            CampaignPlan(
                organisation: owner, requestKey: requestKey, mode: mode,
                zoneDocument: String(decoding: ZoneDocument.encode(zone), as: UTF8.self), message: message,
                policy: scenario.policy, notLocated: notLocated, approvedHash: approved, createdBy: person.name,
                acceptance: typed, kind: scenario.kind, weight: scenario.weight,
                circumstances: LaunchCircumstances(
                    author: person.user == nil ? .machine : saved.author,
                    consent: person.user != nil && others.isEmpty
                        ? typed.map { .brokenGlass(reason: $0, request: nil) } ?? .none : .none,
                    openedAt: openedAt ?? now, undoSeconds: Lane.undoSeconds, scenario: saved.name))
        }
        let shown = try store.previewAudience(of: plan(0, nil), zone: zone, scope: scope, now: now)
        if let refusal = rules.refusals(
            zone: zone, recipients: shown.counts.recipients, message: message, policy: scenario.policy
        ).first { throw refusal }
        let final = plan(shown.counts.notLocated, shown.hash)
        return Draft(
            plan: final, zone: zone, cut: cut, shown: shown,
            lane: Lane(mode: mode, author: final.circumstances.author, findings: shown.guards))
    }

    /// A zone's document in words; nothing for one that can't be read.
    static func label(ofZone document: String) -> String {
        (try? ZoneDocument.decode(Array(document.utf8)))?.label ?? ""
    }

    /// - Throws: `LaunchError.guarded` when it takes a second person.
    func launch(_ draft: Draft) throws -> Launch {
        if let refusal = draft.shown.guards.refusal(acceptance: draft.plan.agreement) { throw refusal }
        let estimate = CampaignForecast(store: store, means: means, organisation: draft.plan.organisation).estimateIfPossible(
            draft.shown, kind: draft.plan.kind, weight: draft.plan.weight, policy: draft.plan.policy)
        return try store.launch(
            draft.plan, zone: draft.zone, scope: try store.scope(of: draft.plan.organisation), estimate: estimate, now: .now)
    }
}

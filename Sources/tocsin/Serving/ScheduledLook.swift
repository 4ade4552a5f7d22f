import AlertModel
import Campaigns
import Dispatching
import Foundation
import GeoModel
import Store
import Targeting

/// What a schedule would launch at a moment, looked at without launching: what it says, and whom it reaches now.
struct ScheduledLook {
    let zone: Zone
    let policy: Policy
    let message: Message
    let shown: AudiencePreview
    /// The campaign, given how many recipients the zone could not judge.
    let plan: (_ notLocated: Int) -> CampaignPlan

    /// - Parameters:
    ///   - key: which occurrence of which schedule it is, of its organisation's launches.
    ///   - person: in whose name, and as what.
    ///   - occurrence: what {date} and {heure} stand for.
    ///   - policy: the schedule's, valid for as long as is left of it.
    /// - Throws: what would keep the launch from leaving before its guard rails are asked: no gateway, a text that can't be
    ///   filled, a zone that names nothing or can't be judged.
    init(
        at draft: ScheduleDraft, key: String, by person: (name: String, author: LaunchAuthor), occurrence: UTCTime,
        policy: Policy, through means: any CampaignMeans, in store: AlertDatabase, now: UTCTime
    ) throws {
        let zone = try ZoneDocument.decode(Array(draft.zoneDocument.utf8))
        let message = try draft.message.message(
            in: store, of: (draft.organisation, try store.name(of: draft.organisation)), at: Date(occurrence),
            zone: TimeZone(identifier: draft.timing.clock.zone) ?? .current)
        let rules = try means.launchRules(of: draft.organisation, in: store)
        if let refusal = rules.refusals(message: message, policy: policy).first { throw refusal }
        if zone.namesNothing { throw LaunchError.emptyZone }
        plan = { notLocated in
            CampaignPlan(
                organisation: draft.organisation, requestKey: key, mode: draft.mode, zoneDocument: draft.zoneDocument,
                message: message, policy: policy, notLocated: notLocated, approvedHash: nil, createdBy: person.name,
                kind: .information, weight: draft.weight, circumstances: LaunchCircumstances(author: person.author))
        }
        shown = try store.previewAudience(of: plan(0), zone: zone, scope: try store.scope(of: draft, now: now), now: now)
        self.zone = zone
        self.policy = policy
        self.message = message
    }
}

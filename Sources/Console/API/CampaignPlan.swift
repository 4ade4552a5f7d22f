import AlertModel
import Campaigns
import Foundation

/// What an operator wants to send, to whom and how: the body of a preview, and most of a launch's.
package struct CampaignPlan: Hashable, Sendable {
    package let zone: Zone
    /// As typed: the desk marks it with EXERCICE in an exercise.
    package let message: Message
    package let policy: Policy
    package let mode: CampaignMode
    package let kind: CampaignKind
    /// Its share beside other campaigns of its kind.
    package let weight: Int

    package init(
        zone: Zone, message: Message, policy: Policy, mode: CampaignMode, kind: CampaignKind = .alert, weight: Int = 1
    ) {
        self.kind = kind
        self.weight = weight
        self.zone = zone
        self.message = message
        self.policy = policy
        self.mode = mode
    }
}

/// A launch: the plan, and the proof that the operator saw its preview.
package struct CampaignLaunch: Hashable, Sendable {
    package let plan: CampaignPlan
    /// The hash the preview showed; a launch whose recomputed hash differs is refused.
    package let audienceHash: String
    /// The number of recipients the operator typed.
    package let confirmation: Int
    /// Makes a repeated request harmless: the same key gives the same campaign.
    package let requestKey: UUID
    /// Why it is launched alone where nobody else may approve; nil when nothing was said.
    package let acceptance: String?
    /// When the operator was first shown what would happen; nil where that is not known.
    package let openedAt: Date?
    /// Nobody joins the campaigns that its zone names any more.
    package let isAllClear: Bool
    /// The request of another organisation that it follows; nil for none.
    package let handed: ZoneRequestID?

    package init(
        plan: CampaignPlan, audienceHash: String, confirmation: Int, requestKey: UUID, acceptance: String? = nil,
        isAllClear: Bool = false, openedAt: Date? = nil, handed: ZoneRequestID? = nil
    ) {
        self.handed = handed
        self.openedAt = openedAt
        self.isAllClear = isAllClear
        self.acceptance = acceptance
        self.plan = plan
        self.audienceHash = audienceHash
        self.confirmation = confirmation
        self.requestKey = requestKey
    }
}

/// What a launch of a plan would do, as the desk computes it.
package struct CampaignPreview: Hashable, Sendable {
    package let audienceHash: String
    package let counts: ZoneCounts
    /// Contact points that would be used, by channel; channels the plan does not use are absent.
    package let legs: [Channel: Int]
    /// Names of the communes with the most selected recipients, most first, ten at most.
    package let communes: [String]
    package let communesTotal: Int
    /// Channels of the plan that nothing carries in its mode.
    package let unavailable: [Channel]
    /// SMS segments per recipient; 0 when the plan does not use SMS.
    package let segments: Int
    /// The guard rails it touches, the weightiest first.
    package let guards: [GuardNotice]
    package let estimate: CampaignEstimate?
    /// When the quiet hours that hold it back now end; nil when none does.
    package let quietUntil: Date?
    /// How it would be launched.
    package let lane: Lane
    /// How many besides the account may approve it.
    package let approvers: Int
    /// Whether the number of recipients, or a commune's name, is to be typed.
    package let isTyped: Bool
    /// What the organisation's territory takes away from the zone; nil when nothing.
    package let cut: TerritoryCutDocument?
    /// The quotas it would count in, as they stand.
    package let quotas: [QuotaDocument]

    package init(
        audienceHash: String, counts: ZoneCounts, legs: [Channel: Int], communes: [String], communesTotal: Int,
        unavailable: [Channel], segments: Int, guards: [GuardNotice] = [],
        estimate: CampaignEstimate? = nil, quietUntil: Date? = nil, lane: Lane = .alone, approvers: Int = 0,
        isTyped: Bool = true, cut: TerritoryCutDocument? = nil, quotas: [QuotaDocument] = []
    ) {
        self.quotas = quotas
        self.lane = lane
        self.approvers = approvers
        self.isTyped = isTyped
        self.cut = cut
        self.quietUntil = quietUntil
        self.estimate = estimate
        self.guards = guards
        self.audienceHash = audienceHash
        self.counts = counts
        self.legs = legs
        self.communes = communes
        self.communesTotal = communesTotal
        self.unavailable = unavailable
        self.segments = segments
    }
}

/// `POST /api/campaigns/preview` as answered: the preview, in words too.
package struct CampaignPreviewDocument: Codable, Hashable, Sendable {
    package let audienceHash: String
    package let counts: ZoneCounts
    package let legs: ByChannel<Int>
    package let communes: [String]
    package let communesTotal: Int
    /// What will happen, as a French sentence.
    package let sentence: String
    /// The number the operator must type to launch.
    package let expectedNumber: Int
    package let unavailable: [Channel]
    package let segments: Int
    package let guards: [GuardNotice]
    package let estimate: EstimateDocument
    @Nullable package var quietUntil: Date?
    /// `scenario`, `second_person`, `exercise` or `alone`.
    package let lane: String
    /// How many besides the account may approve it; with none it is launched alone, for a reason.
    package let approvers: Int
    /// Whether the number, or a commune's name, is to be typed.
    package let typed: Bool
    @Nullable package var cut: TerritoryCutDocument?
    /// The quotas it would count in, as they stand: of the organisation, and of those above it.
    package let quotas: [QuotaDocument]
    /// When it was shown: sent back with the launch.
    package let openedAt: Date

    package init(_ preview: CampaignPreview, sentence: String, openedAt: Date) {
        self.openedAt = openedAt
        quotas = preview.quotas
        lane = preview.lane.rawValue
        approvers = preview.approvers
        typed = preview.isTyped
        cut = preview.cut
        audienceHash = preview.audienceHash
        counts = preview.counts
        legs = ByChannel(all: preview.legs)
        communes = preview.communes
        communesTotal = preview.communesTotal
        self.sentence = sentence
        expectedNumber = preview.counts.recipients
        unavailable = preview.unavailable
        segments = preview.segments
        guards = preview.guards
        quietUntil = preview.quietUntil
        estimate = EstimateDocument(CampaignAccount(estimate: preview.estimate))
    }
}

/// What lies beyond the organisation's territory, and is left out.
package struct TerritoryCutDocument: Codable, Hashable, Sendable {
    /// Of the account's own register, those that are left out.
    package let recipients: Int
    @Nullable package var areaSquareMetres: Double?
    /// Names of the communes that are left out, wholly or in part, ten at most.
    package let communes: [String]
    package let communesTotal: Int
    /// The territory in words.
    package let territory: String

    package init(recipients: Int, areaSquareMetres: Double?, communes: [String], communesTotal: Int, territory: String) {
        self.recipients = recipients
        self.communes = communes
        self.communesTotal = communesTotal
        self.territory = territory
        self.areaSquareMetres = areaSquareMetres
    }
}

/// A guard rail that a plan touches.
package struct GuardNotice: Codable, Hashable, Sendable {
    /// Stable: `register_share`, `larger_than_territory`…
    package let code: String
    /// `stop`, or `second_person`: a launch then needs an `acceptance`.
    package let consequence: String
    /// A French sentence for the operator.
    package let message: String

    package init(code: String, consequence: String, message: String) {
        self.code = code
        self.consequence = consequence
        self.message = message
    }
}

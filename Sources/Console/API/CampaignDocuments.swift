import AlertModel
import Campaigns
import Foundation

/// A campaign as lists show it.
package struct CampaignCard: Codable, Hashable, Sendable {
    package let id: CampaignID
    /// What people call it, such as `2026-0042`.
    package let reference: String
    package let subject: String
    package let mode: CampaignMode
    package let state: CampaignState
    package let createdAt: Date
    @Nullable package var startedAt: Date?
    @Nullable package var endedAt: Date?
    /// The user's name at sign-in.
    package let createdBy: String
    package let progress: CampaignProgress

    package init(
        id: CampaignID, reference: String, subject: String, mode: CampaignMode, state: CampaignState,
        createdAt: Date, startedAt: Date?, endedAt: Date?, createdBy: String, progress: CampaignProgress
    ) {
        self.id = id
        self.reference = reference
        self.subject = subject
        self.mode = mode
        self.state = state
        self.createdAt = createdAt
        self.startedAt = startedAt
        self.endedAt = endedAt
        self.createdBy = createdBy
        self.progress = progress
    }
}

/// `GET /api/campaigns`, newest first.
package struct CampaignList: Codable, Hashable, Sendable {
    package let campaigns: [CampaignCard]

    package init(campaigns: [CampaignCard]) {
        self.campaigns = campaigns
    }
}

/// The frozen audience in numbers.
package struct AudienceFigures: Codable, Hashable, Sendable {
    package let recipients: Int
    package let certain: Int
    package let possible: Int
    package let notLocated: Int

    package init(certain: Int, possible: Int, notLocated: Int) {
        recipients = certain + possible
        self.certain = certain
        self.possible = possible
        self.notLocated = notLocated
    }
}

/// One campaign with all that was frozen at its launch.
package struct CampaignDossier: Hashable, Sendable {
    package let card: CampaignCard
    /// As sent, with EXERCICE in an exercise.
    package let message: Message
    package let zone: Zone
    package let policy: Policy
    package let audienceHash: String
    package let audience: AudienceFigures
    package let kind: CampaignKind
    package let weight: Int
    /// 1 as launched, more when it was amended since.
    package let messageVersion: Int
    package let account: CampaignAccount
    /// What it said before its text of now, oldest first.
    package let earlier: [Message]

    package init(
        card: CampaignCard, message: Message, zone: Zone, policy: Policy, audienceHash: String,
        audience: AudienceFigures, kind: CampaignKind = .alert, weight: Int = 1, messageVersion: Int = 1,
        account: CampaignAccount = CampaignAccount(estimate: nil), earlier: [Message] = []
    ) {
        self.earlier = earlier
        self.kind = kind
        self.weight = weight
        self.messageVersion = messageVersion
        self.account = account
        self.card = card
        self.message = message
        self.zone = zone
        self.policy = policy
        self.audienceHash = audienceHash
        self.audience = audience
    }
}

/// What an operator can do to a campaign under way.
package enum CampaignAction: String, CaseIterable, Hashable, Sendable {
    case pause, resume, stop
}

/// The formats of a campaign's report.
package enum ReportFormat: String, CaseIterable, Hashable, Sendable {
    case json, csv, geojson, text
}

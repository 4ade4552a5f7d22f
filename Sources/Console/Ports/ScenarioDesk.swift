import AlertModel
import Foundation

/// Scenarios, as the console needs them. Every function may throw `ConsoleProblem`; another organisation's scenario is
/// `not_found`, as one that is not there.
package struct ScenarioDesk: Sendable {
    /// In the order of names.
    package var list: @Sendable (Account) async throws -> [ScenarioCard]
    /// - Parameter openedAt: when it is shown: the time that its text says.
    package var preview: @Sendable (Account, ScenarioID, ScenarioGesture, _ openedAt: Date) async throws -> CampaignPreview
    /// Nothing of it leaves before the seconds to take it back are over.
    package var launch: @Sendable (Account, ScenarioID, ScenarioLaunch) async throws -> CampaignID
    /// - Parameter hash: of the scenario as it was shown.
    package var approve: @Sendable (Account, ScenarioID, _ hash: String) async throws -> ScenarioCard
    /// Saves one, or changes the one of its name: it is then approved by nobody.
    package var save: @Sendable (Account, ScenarioDraft) async throws -> ScenarioCard = { _, _ in throw ConsoleProblem(.notFound) }
    /// With all that a draft is made of.
    package var find: @Sendable (Account, ScenarioID) async throws -> ScenarioDossier = { _, _ in throw ConsoleProblem(.notFound) }
    package var remove: @Sendable (Account, ScenarioID) async throws -> Void = { _, _ in throw ConsoleProblem(.notFound) }
    /// Asks that it be approved as it stands.
    package var ask: @Sendable (Account, ScenarioID) async throws -> ScenarioCard = { _, _ in throw ConsoleProblem(.notFound) }
    package var refuse: @Sendable (Account, ScenarioID, _ hash: String, _ reason: String) async throws -> ScenarioCard = {
        _, _, _, _ in throw ConsoleProblem(.notFound)
    }

    package init(
        list: @escaping @Sendable (Account) async throws -> [ScenarioCard],
        preview: @escaping @Sendable (Account, ScenarioID, ScenarioGesture, Date) async throws -> CampaignPreview,
        launch: @escaping @Sendable (Account, ScenarioID, ScenarioLaunch) async throws -> CampaignID,
        approve: @escaping @Sendable (Account, ScenarioID, String) async throws -> ScenarioCard
    ) {
        self.list = list
        self.preview = preview
        self.launch = launch
        self.approve = approve
    }
}

/// What is said of a scenario when it is to be launched.
package struct ScenarioGesture: Hashable, Sendable {
    package let mode: CampaignMode
    /// Values of blanks, by their names.
    package let values: [String: String]

    package init(mode: CampaignMode, values: [String: String]) {
        self.mode = mode
        self.values = values
    }
}

/// A scenario's launch, with the proof that its preview was seen.
package struct ScenarioLaunch: Hashable, Sendable {
    package let gesture: ScenarioGesture
    package let audienceHash: String
    package let requestKey: UUID
    package let openedAt: Date?
    /// Why it is launched alone where it takes two and nobody else may approve.
    package let acceptance: String?

    package init(gesture: ScenarioGesture, audienceHash: String, requestKey: UUID, openedAt: Date?, acceptance: String?) {
        self.gesture = gesture
        self.audienceHash = audienceHash
        self.requestKey = requestKey
        self.openedAt = openedAt
        self.acceptance = acceptance
    }
}

/// A scenario as it is saved.
package struct ScenarioDraft: Hashable, Sendable {
    package let name: String
    package let plan: CampaignPlan
    package let blanks: [ScenarioCard.Blank]

    package init(name: String, plan: CampaignPlan, blanks: [ScenarioCard.Blank]) {
        self.name = name
        self.plan = plan
        self.blanks = blanks
    }
}

/// A scenario with all that a draft is made of.
package struct ScenarioDossier: Hashable, Sendable {
    package let card: ScenarioCard
    /// The zone's canonical document.
    package let zone: String
    package let message: Message
    package let policy: Policy
    package let kind: CampaignKind
    package let weight: Int

    package init(card: ScenarioCard, zone: String, message: Message, policy: Policy, kind: CampaignKind, weight: Int) {
        self.card = card
        self.zone = zone
        self.message = message
        self.policy = policy
        self.kind = kind
        self.weight = weight
    }
}

/// A scenario as lists show it.
package struct ScenarioCard: Codable, Hashable, Sendable {
    package struct Blank: Codable, Hashable, Sendable {
        package let name: String
        /// `time`, `place` or `text`.
        package let kind: String

        package init(name: String, kind: String) {
            self.name = name
            self.kind = kind
        }
    }

    package let id: ScenarioID
    package let name: String
    package let subject: String
    package let text: String
    package let channels: [Channel]
    /// The zone in words.
    package let zone: String
    package let blanks: [Blank]
    package let hash: String
    package let savedBy: String
    /// Nil while nobody approved it as it stands.
    @Nullable package var approvedBy: String?
    /// The last request for its approval; nil while nobody asked.
    @Nullable package var request: Request?
    /// What is otherwise than when it was last approved; nothing where it never was, or is.
    package let changes: [Change]

    /// Somebody asks for its approval, or did.
    package struct Request: Codable, Hashable, Sendable {
        /// `pending`, `approved`, `refused` or `withdrawn`.
        package let state: String
        package let askedBy: String
        package let askedAt: Date
        @Nullable package var decidedBy: String?
        @Nullable package var reason: String?

        package init(state: String, askedBy: String, askedAt: Date, decidedBy: String?, reason: String?) {
            self.state = state
            self.askedBy = askedBy
            self.askedAt = askedAt
            self.decidedBy = decidedBy
            self.reason = reason
        }
    }

    package struct Change: Codable, Hashable, Sendable {
        package let field: String
        package let before: String
        package let after: String

        package init(field: String, before: String, after: String) {
            self.field = field
            self.before = before
            self.after = after
        }
    }

    package init(
        id: ScenarioID, name: String, subject: String, text: String, channels: [Channel], zone: String, blanks: [Blank],
        hash: String, savedBy: String, approvedBy: String?, request: Request? = nil, changes: [Change] = []
    ) {
        self.changes = changes
        self.request = request
        self.id = id
        self.name = name
        self.subject = subject
        self.text = text
        self.channels = channels
        self.zone = zone
        self.blanks = blanks
        self.hash = hash
        self.savedBy = savedBy
        self.approvedBy = approvedBy
    }
}

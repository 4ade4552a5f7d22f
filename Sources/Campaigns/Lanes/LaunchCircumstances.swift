import AlertModel

/// Who stands behind a launch, as far as the lanes go by it.
package enum LaunchAuthor: Hashable, Sendable {
    /// Whoever holds the database's file, or the clock in their name: the command line without an account.
    case machine
    /// A person with an account, and a text written for the occasion.
    case account
    /// A person with an account, and a scenario as a second person approved it, its blanks alone filled.
    case scenario
}

/// How a launch came by the second person that it needed.
package enum LaunchConsent: Hashable, Sendable {
    /// Nobody was asked.
    case none
    /// Whoever approved the audience's hash.
    case approved(by: String, request: ApprovalID)
    /// Nobody answered in time, or there is nobody to ask: the asker went on alone, for a reason of theirs.
    case brokenGlass(reason: String, request: ApprovalID?)
}

/// Everything of a launch that is neither its audience nor its message: none of it enters the audience's hash.
package struct LaunchCircumstances: Hashable, Sendable {
    package var author: LaunchAuthor
    package var consent: LaunchConsent
    /// When the operator was first shown what would happen; nil where nobody was shown.
    package var openedAt: UTCTime?
    /// Nothing leaves before so many seconds are over.
    package var undoSeconds: Int
    /// The scenario's name, where it is one.
    package var scenario: String?

    package init(
        author: LaunchAuthor = .machine, consent: LaunchConsent = .none, openedAt: UTCTime? = nil, undoSeconds: Int = 0,
        scenario: String? = nil
    ) {
        self.author = author
        self.consent = consent
        self.openedAt = openedAt
        self.undoSeconds = undoSeconds
        self.scenario = scenario
    }
}

extension CampaignPlan {
    /// Why a launch may go on that a guard rail asks a second person about: in whose word, or for what reason. Nil when
    /// nobody said anything. Only the machine's administrator states a reason without being asked for it.
    package var agreement: String? {
        switch circumstances.consent {
        case .none: circumstances.author == .machine ? acceptance : nil
        case .approved(let approver, _): approver
        case .brokenGlass(let reason, _): reason
        }
    }
}

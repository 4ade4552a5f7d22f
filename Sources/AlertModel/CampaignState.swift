/// Whether a campaign may reach people.
package enum CampaignMode: String, CaseIterable, Codable, Hashable, Sendable {
    /// Built with simulators only; every text starts with EXERCICE.
    case exercise
    /// Built with real gateways only; a channel without one is unavailable.
    case real
}

/// Where a campaign stands. Allowed moves are in `transitions`; nothing else moves a campaign, but that an addendum for
/// those who joined late sets a completed one running again.
package enum CampaignState: String, CaseIterable, Codable, Hashable, Sendable {
    case running, paused
    /// Nothing is left to attempt.
    case completed
    /// Ended by an operator; whatever had not left never will.
    case stopped

    package static let transitions: [CampaignState: Set<CampaignState>] = [
        .running: [.paused, .stopped, .completed],
        .paused: [.running, .stopped],
        .completed: [],
        .stopped: [],
    ]

    package func canBecome(_ next: CampaignState) -> Bool { Self.transitions[self]!.contains(next) }

    package var isFinal: Bool { Self.transitions[self]!.isEmpty }
}

/// Channels one after another: the next step's turn comes when the recipient has not confirmed the one before in time.
package struct Cascade: Hashable, Sendable {
    /// Channels that leave together.
    package struct Step: Hashable, Sendable {
        package let channels: [Channel]
        /// Between the first answer to the step before and this step; not used for a recipient's first.
        package let waitSeconds: Int
        /// Between two contact points of the step, taken one by one by their rank; nil for all at once.
        package let eachSeconds: Int?

        package init(channels: [Channel], waitSeconds: Int = 0, eachSeconds: Int? = nil) {
            self.channels = channels
            self.waitSeconds = waitSeconds
            self.eachSeconds = eachSeconds
        }
    }

    package let steps: [Step]
    /// What a recipient's contact point must come to for the others to be left alone.
    package let until: StopWord

    package init(steps: [Step], until: StopWord = .acknowledged) {
        self.steps = steps
        self.until = until
    }

    package var channels: [Channel] { steps.flatMap(\.channels) }
}

/// What ends a recipient's part of a campaign: this, or more.
package enum StopWord: String, CaseIterable, Codable, Hashable, Sendable {
    // Not “accepted”: a receipt may take that back, and by then nobody would be left to try.
    case delivered, answered, acknowledged

    package func isReached(by state: LegState) -> Bool {
        guard let confirmation = state.confirmation else { return false }
        return confirmation >= self.confirmation
    }

    private var confirmation: Int {
        switch self {
        case .delivered: 2
        case .answered: 3
        case .acknowledged: 4
        }
    }
}

extension LegState {
    /// How much is confirmed of a leg, from 0; nil while nothing can be, or for good.
    package var confirmation: Int? {
        switch self {
        case .queued, .failed: 0
        case .accepted: 1
        case .delivered: 2
        case .answered: 3
        case .acknowledged: 4
        case .inFlight, .cancelled: nil
        }
    }
}

extension Cascade {
    /// Contact points of one step that can be told apart: more are tried with the last.
    private static let turnsInStep = 1_000

    /// The stage of each of a recipient's contact points on the cascade's channels, in the order of stages: a number that
    /// grows with its turn, and tells step and place within the step.
    package func stages(of contacts: [ContactPoint]) -> [(contact: ContactPoint, stage: Int)] {
        steps.enumerated().flatMap { index, step in
            let own = contacts.filter { step.channels.contains($0.channel) }
                .sorted { ($0.rank, $0.channel, $0.address.value) < ($1.rank, $1.channel, $1.address.value) }
            return own.enumerated().map { turn, contact in
                let place = step.eachSeconds == nil ? 0 : min(turn, Self.turnsInStep - 1)
                return (contact, index * Self.turnsInStep + place)
            }
        }
    }

    /// How long the stage waits after the recipient's stage before; 0 for one that no step of this cascade has.
    package func waitSeconds(before stage: Int) -> Int {
        let index = stage / Self.turnsInStep
        guard steps.indices.contains(index) else { return 0 }
        return stage % Self.turnsInStep == 0 ? steps[index].waitSeconds : steps[index].eachSeconds ?? 0
    }

    /// A channel's part of a cascade that was not even tried holds the next up for so long while nothing passes on it.
    /// Not less than a gateway needs to come back from a restart.
    package func patienceSeconds(of channel: Channel) -> Int {
        guard let index = steps.firstIndex(where: { $0.channels.contains(channel) }) else { return Self.shortestPatience }
        let next = index + 1 < steps.count ? steps[index + 1].waitSeconds : nil
        return max(Self.shortestPatience, [next, steps[index].eachSeconds].compactMap { $0 }.min() ?? 0)
    }

    private static let shortestPatience = 60
}

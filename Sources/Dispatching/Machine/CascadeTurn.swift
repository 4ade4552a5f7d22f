import AlertModel

/// When a recipient's later contact points get their turn, and when they need none: pure functions of what became of the
/// earlier ones. The ledger asks after every change, so that no turn hangs on a process that remembers it.
package enum CascadeTurn {
    /// A contact point as one recipient's cascade sees it.
    package struct Leg: Hashable, Sendable {
        package let id: LegID
        package let stage: Int
        package let state: LegState
        /// `.never` while it is held back.
        package let dueAt: UTCTime
        /// When the first answer to an attempt came, of whatever kind; nil while it was not tried.
        package let firstHeardAt: UTCTime?
        /// Its channel carries nothing: it is no longer waited for.
        package let isPassedOver: Bool

        package init(
            id: LegID, stage: Int, state: LegState, dueAt: UTCTime, firstHeardAt: UTCTime?, isPassedOver: Bool = false
        ) {
            self.id = id
            self.stage = stage
            self.state = state
            self.dueAt = dueAt
            self.firstHeardAt = firstHeardAt
            self.isPassedOver = isPassedOver
        }

        fileprivate var isUntried: Bool { state == .queued && firstHeardAt == nil }
        /// Ended without a single attempt: as though the recipient did not have it.
        fileprivate var isVoid: Bool { firstHeardAt == nil && (state == .failed || state == .cancelled) }
    }

    /// Whether the recipient has confirmed enough for every other contact point to be left alone.
    /// - Parameter cascade: nil for channels all at once: an acknowledgement stops those too.
    package static func isOver(_ states: some Sequence<LegState>, _ cascade: Cascade?) -> Bool {
        let until = cascade?.until ?? .acknowledged
        return states.contains { until.isReached(by: $0) }
    }

    /// Legs whose turn is known and comes before the time they are due at, with that turn.
    ///
    /// A stage's turn comes its wait after the stage before was first heard of, all of it: a retry under way does not
    /// hold it up. When the stage before has failed for good, it comes at once.
    package static func releases(_ legs: [Leg], _ cascade: Cascade, now: UTCTime) -> [(leg: LegID, turn: UTCTime)] {
        let stages = Dictionary(grouping: legs.filter { !$0.isVoid }, by: \.stage).sorted { $0.key < $1.key }
        var releases: [(leg: LegID, turn: UTCTime)] = []
        var before: [Leg]?
        for (stage, group) in stages {
            let waiting = group.filter(\.isUntried)
            if !waiting.isEmpty, let turn = turn(after: before, cascade.waitSeconds(before: stage), now) {
                releases += waiting.filter { turn < $0.dueAt }.map { ($0.id, turn) }
            }
            before = group
        }
        return releases
    }

    /// Nil while it can't be told.
    private static func turn(after stage: [Leg]?, _ waitSeconds: Int, _ now: UTCTime) -> UTCTime? {
        guard let stage else { return now }
        var heard: UTCTime?
        for leg in stage where leg.state != .failed && leg.state != .cancelled {
            let first = leg.firstHeardAt ?? (leg.isPassedOver ? now.advanced(bySeconds: -waitSeconds) : nil)
            guard let first else { return nil }
            heard = max(heard ?? first, first)
        }
        return heard?.advanced(bySeconds: waitSeconds) ?? now
    }
}

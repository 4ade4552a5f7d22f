import AlertModel

/// From the decision to the first message, as far as it is known. Nothing is reckoned: each moment was written down when it
/// came, or is nil.
package struct DecisionTimes: Hashable, Sendable {
    /// When whoever launched was first shown what would happen: the preview was read, the scenario chosen, the command begun.
    package let openedAt: UTCTime?
    /// When a second person was asked; nil where none was.
    package let askedAt: UTCTime?
    package let launchedAt: UTCTime
    package let firstMessageAt: UTCTime?

    package init(openedAt: UTCTime?, askedAt: UTCTime?, launchedAt: UTCTime, firstMessageAt: UTCTime?) {
        self.openedAt = openedAt
        self.askedAt = askedAt
        self.launchedAt = launchedAt
        self.firstMessageAt = firstMessageAt
    }

    /// Seconds, to the tenth below; nil where an end of it is not known.
    package var decisionToLaunch: Double? { openedAt.flatMap { Self.seconds(from: $0, to: launchedAt) } }
    package var decisionToFirstMessage: Double? {
        openedAt.flatMap { opened in firstMessageAt.flatMap { Self.seconds(from: opened, to: $0) } }
    }

    static func seconds(from start: UTCTime, to end: UTCTime) -> Double {
        Double(end.milliseconds(since: start) / 100) / 10
    }
}

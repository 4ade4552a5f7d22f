/// How a campaign's messages are tried, and for how long.
package struct Policy: Codable, Hashable, Sendable {
    /// Channels used: all at once, or as the cascade says.
    package let channels: [Channel]
    /// Submissions after the first one that failed for a cause worth retrying and without a rule of its own.
    package let maximumRetries: Int
    package let retryPeriodSeconds: Int
    /// A message is not submitted after this long; a late alert misleads.
    package private(set) var validitySeconds: Int
    /// Causes with a count and a period of their own.
    package private(set) var retries: [FailureCause: RetryRule] = [:]
    /// Each wait is longer by up to this part of it, so that those who failed together are not tried together.
    package private(set) var jitterPercent = 0
    /// Channels one after another; nil for all at once.
    package private(set) var cascade: Cascade?
    /// Whether whoever enters the zone while an alert is live gets it too.
    package private(set) var admitsLateJoiners = true
    /// When nothing of it leaves. An alert has none: see `awake`.
    package private(set) var quiet: QuietHours?

    /// The members that interfaces had before there were rules for single causes.
    private enum CodingKeys: String, CodingKey { case channels, maximumRetries, retryPeriodSeconds, validitySeconds }

    package init(
        channels: [Channel], maximumRetries: Int, retryPeriodSeconds: Int, validitySeconds: Int,
        retries: [FailureCause: RetryRule] = [:], jitterPercent: Int = 0, cascade: Cascade? = nil,
        admitsLateJoiners: Bool = true, quiet: QuietHours? = nil
    ) {
        self.quiet = quiet
        self.channels = channels
        self.maximumRetries = maximumRetries
        self.retryPeriodSeconds = retryPeriodSeconds
        self.validitySeconds = validitySeconds
        self.retries = retries
        self.jitterPercent = jitterPercent
        self.cascade = cascade
        self.admitsLateJoiners = admitsLateJoiners
    }

    /// The same for a message that is valid for so long.
    package func valid(forSeconds seconds: Int) -> Policy {
        var policy = self
        policy.validitySeconds = seconds
        return policy
    }

    /// The same without quiet hours: an alert never waits.
    package var awake: Policy {
        var policy = self
        policy.quiet = nil
        return policy
    }
}

/// How often and how soon a message is tried again after one cause of failure.
package struct RetryRule: Hashable, Sendable {
    /// Further submissions after failures for this cause.
    package let count: Int
    package let periodSeconds: Int

    package init(count: Int, periodSeconds: Int) {
        self.count = count
        self.periodSeconds = periodSeconds
    }
}

extension FailureCause {
    /// Causes that a rule may be given for. The others never pass later, or are not a gateway's answer.
    package static let retriable: [FailureCause] = [.busy, .noAnswer, .network, .refused, .throttled]
}

/// How often a leg failed for each cause that has a rule: eight bits a cause, in the order of `retriable`.
package struct FailureTally: RawRepresentable, Hashable, Sendable {
    package let rawValue: Int64

    package init(rawValue: Int64 = 0) { self.rawValue = rawValue }

    /// Up to 255.
    package func count(_ cause: FailureCause) -> Int {
        Self.shift(cause).map { Int(rawValue >> $0 & 0xFF) } ?? 0
    }

    package func adding(_ cause: FailureCause) -> FailureTally {
        guard let shift = Self.shift(cause), count(cause) < 255 else { return self }
        return FailureTally(rawValue: rawValue + (1 << shift))
    }

    private static func shift(_ cause: FailureCause) -> Int64? {
        FailureCause.retriable.firstIndex(of: cause).map { Int64(8 * $0) }
    }
}

/// What a campaign is for: an alert pre-empts information.
package enum CampaignKind: String, CaseIterable, Codable, Hashable, Sendable {
    case alert
    case information
}

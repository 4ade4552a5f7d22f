import AlertModel

/// Where a leg goes after an attempt: a pure function of the answer, the policy and the clock.
package struct LegStep: Hashable, Sendable {
    package let state: LegState
    /// Set when `state` is failed, and when a failed leg is queued again.
    package let cause: FailureCause?
    /// When a queued leg may be claimed again.
    package let dueAt: UTCTime?
    /// Until when an accepted leg waits for its receipt; a campaign does not complete before.
    package let awaitingUntil: UTCTime?
    /// Attempts that count against the policy, after this one.
    package let countedAttempts: Int
    /// Throttled answers in a row, after this one.
    package let throttles: Int
    /// The recipient may have been reached without our knowing: the next attempt is a possible duplicate.
    package let inDoubt: Bool

    package init(
        state: LegState, cause: FailureCause? = nil, dueAt: UTCTime? = nil, awaitingUntil: UTCTime? = nil,
        countedAttempts: Int, throttles: Int = 0, inDoubt: Bool = false
    ) {
        self.state = state
        self.cause = cause
        self.dueAt = dueAt
        self.awaitingUntil = awaitingUntil
        self.countedAttempts = countedAttempts
        self.throttles = throttles
        self.inDoubt = inDoubt
    }

    /// The wait after the first throttled answer, doubled at each one in a row up to the longest: a relay that
    /// greylists or is full wants seconds to minutes, and validity bounds the whole.
    package static let firstThrottleSeconds = 5
    package static let longestThrottleSeconds = 300

    /// - Parameters:
    ///   - countedAttempts: attempts that counted before this one.
    ///   - throttles: throttled answers in a row before this one.
    ///   - wasInDoubt: an earlier attempt may have reached the recipient; that is not forgotten by a failure.
    package static func after(
        _ result: SubmissionResult, countedAttempts: Int, throttles: Int, wasInDoubt: Bool, policy: Policy,
        expiresAt: UTCTime, now: UTCTime
    ) -> LegStep {
        let counted = countedAttempts + 1
        switch result.verdict {
        case .known(.accepted):
            return LegStep(
                state: .accepted, awaitingUntil: result.receiptWithin.map(now.advanced(by:)), countedAttempts: counted)
        case .known(.delivered): return LegStep(state: .delivered, countedAttempts: counted)
        case .known(.answered): return LegStep(state: .answered, countedAttempts: counted)
        case .known(.acknowledged): return LegStep(state: .acknowledged, countedAttempts: counted)
        case .known(.failed(.throttled)):
            let seconds = min(longestThrottleSeconds, firstThrottleSeconds << min(throttles, 10))
            return retry(
                cause: .throttled, at: now.advanced(bySeconds: seconds), countedAttempts: countedAttempts,
                throttles: throttles + 1, inDoubt: wasInDoubt, expiresAt: expiresAt)
        case .known(.failed(let cause)):
            return afterFailure(
                cause, counted: counted, inDoubt: wasInDoubt, policy: policy, expiresAt: expiresAt, now: now)
        case .inDoubt:
            return afterFailure(
                .network, counted: counted, inDoubt: true, policy: policy, expiresAt: expiresAt, now: now)
        }
    }

    /// A receipt that says the message did not arrive, for a leg that was accepted.
    package static func afterFailure(
        _ cause: FailureCause, counted: Int, inDoubt: Bool, policy: Policy, expiresAt: UTCTime, now: UTCTime
    ) -> LegStep {
        guard cause.isWorthRetrying, counted <= policy.maximumRetries else {
            return LegStep(state: .failed, cause: cause, countedAttempts: counted, inDoubt: inDoubt)
        }
        return retry(
            cause: cause, at: now.advanced(bySeconds: policy.retryPeriodSeconds), countedAttempts: counted,
            throttles: 0, inDoubt: inDoubt, expiresAt: expiresAt)
    }

    /// A retry that would fall after the end of validity is not waited for.
    private static func retry(
        cause: FailureCause, at dueAt: UTCTime, countedAttempts: Int, throttles: Int, inDoubt: Bool,
        expiresAt: UTCTime
    ) -> LegStep {
        guard dueAt < expiresAt else {
            return LegStep(
                state: .failed, cause: cause == .throttled ? .expired : cause, countedAttempts: countedAttempts,
                throttles: throttles, inDoubt: inDoubt)
        }
        return LegStep(
            state: .queued, cause: cause, dueAt: dueAt, countedAttempts: countedAttempts, throttles: throttles,
            inDoubt: inDoubt)
    }
}

extension FailureCause {
    /// Whether the same submission may pass later. An address that does not exist will not.
    package var isWorthRetrying: Bool {
        switch self {
        case .busy, .noAnswer, .network, .throttled: true
        case .refused, .invalidAddress, .expired, .unavailable, .withheld: false
        }
    }
}

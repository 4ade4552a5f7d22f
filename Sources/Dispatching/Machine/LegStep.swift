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
    /// Throttled answers and other gateways tried in a row, after this one.
    package let throttles: Int
    /// The recipient may have been reached without our knowing: the next attempt is a possible duplicate.
    package let inDoubt: Bool
    /// Failures by cause, after this one.
    package let failures: FailureTally

    package init(
        state: LegState, cause: FailureCause? = nil, dueAt: UTCTime? = nil, awaitingUntil: UTCTime? = nil,
        countedAttempts: Int, throttles: Int = 0, inDoubt: Bool = false, failures: FailureTally = FailureTally()
    ) {
        self.failures = failures
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
    ///   - history: before this attempt.
    ///   - hasOtherGateway: whether one that has not failed the leg yet carries the channel: a gateway that is not
    ///     there costs the leg neither a try nor a wait.
    package static func after(
        _ result: SubmissionResult, _ history: LegHistory, policy: Policy, expiresAt: UTCTime, now: UTCTime,
        hasOtherGateway: Bool = false
    ) -> LegStep {
        let counted = history.countedAttempts + 1
        var history = history
        if result.isPartial || result.isLeftBehind { history.inDoubt = true }
        switch result.verdict {
        case .known(.accepted):
            return LegStep(
                state: .accepted, awaitingUntil: result.receiptWithin.map(now.advanced(by:)), countedAttempts: counted,
                // A receipt may still send it back: what an earlier attempt left in doubt is not settled by this one.
                inDoubt: history.inDoubt, failures: history.failures)
        case .known(.delivered): return LegStep(state: .delivered, countedAttempts: counted)
        case .known(.answered): return LegStep(state: .answered, countedAttempts: counted)
        case .known(.acknowledged): return LegStep(state: .acknowledged, countedAttempts: counted)
        case .known(.failed(.network)) where result.isGatewayFailure && hasOtherGateway:
            return history.retry(
                .network, at: now, counted: history.countedAttempts, throttles: history.throttles + 1,
                failures: history.failures, policy: policy, expiresAt: expiresAt)
        case .known(.failed) where result == .quiet:
            return history.retry(
                nil, at: now, counted: history.countedAttempts, throttles: history.throttles, failures: history.failures,
                policy: policy, expiresAt: expiresAt)
        case .known(.failed(.throttled)): return afterThrottle(history, policy, expiresAt: expiresAt, now: now)
        case .known(.failed(let cause)):
            let step = afterFailure(cause, history, counted: counted, policy: policy, expiresAt: expiresAt, now: now)
            return step.state == .failed && result.isLeftBehind ? LegStep(state: .delivered, countedAttempts: counted) : step
        case .inDoubt:
            var doubtful = history
            doubtful.inDoubt = true
            return afterFailure(.network, doubtful, counted: counted, policy: policy, expiresAt: expiresAt, now: now)
        }
    }

    /// A failure, or a receipt that says the message did not arrive, for a leg that was accepted.
    /// - Parameter counted: attempts that count, this one included.
    package static func afterFailure(
        _ cause: FailureCause, _ history: LegHistory, counted: Int, policy: Policy, expiresAt: UTCTime, now: UTCTime
    ) -> LegStep {
        let failures = history.failures.adding(cause)
        let rule = policy.retries[cause]
        let isOver = rule.map { failures.count(cause) > $0.count } ?? (!cause.isWorthRetrying || counted > policy.maximumRetries)
        guard !isOver else {
            return LegStep(
                state: .failed, cause: cause, countedAttempts: counted, inDoubt: history.inDoubt, failures: failures)
        }
        let period = history.jittered(rule?.periodSeconds ?? policy.retryPeriodSeconds, counted, policy)
        return history.retry(
            cause, at: now.advanced(byMilliseconds: period), counted: counted, throttles: 0, failures: failures,
            policy: policy, expiresAt: expiresAt)
    }

    /// Without a rule of its own a throttled answer costs no try, and waits longer each time.
    private static func afterThrottle(
        _ history: LegHistory, _ policy: Policy, expiresAt: UTCTime, now: UTCTime
    ) -> LegStep {
        let counted = history.countedAttempts
        let failures = history.failures.adding(.throttled)
        let wait: Int64
        if let rule = policy.retries[.throttled] {
            guard failures.count(.throttled) <= rule.count else {
                return LegStep(
                    state: .failed, cause: .throttled, countedAttempts: counted, throttles: history.throttles + 1,
                    inDoubt: history.inDoubt, failures: failures)
            }
            wait = history.jittered(rule.periodSeconds, failures.count(.throttled), policy)
        } else {
            let seconds = min(longestThrottleSeconds, firstThrottleSeconds << min(history.throttles, 10))
            wait = history.jittered(seconds, history.throttles, policy)
        }
        return history.retry(
            .throttled, at: now.advanced(byMilliseconds: wait), counted: counted, throttles: history.throttles + 1,
            failures: failures, policy: policy, expiresAt: expiresAt)
    }
}

/// What is known of a leg before an attempt's answer is judged.
package struct LegHistory: Hashable, Sendable {
    /// Tells the leg's jitter from another's, the same in every run.
    package let leg: LegID
    /// Attempts that counted before.
    package let countedAttempts: Int
    /// Throttled answers and other gateways tried in a row before.
    package let throttles: Int
    /// An earlier attempt may have reached the recipient; that is not forgotten by a failure.
    package var inDoubt: Bool
    package let failures: FailureTally

    package init(
        leg: LegID, countedAttempts: Int, throttles: Int = 0, inDoubt: Bool = false,
        failures: FailureTally = FailureTally()
    ) {
        self.leg = leg
        self.countedAttempts = countedAttempts
        self.throttles = throttles
        self.inDoubt = inDoubt
        self.failures = failures
    }

    /// A wait in milliseconds, lengthened by the leg's own part of the policy's jitter.
    func jittered(_ seconds: Int, _ number: Int, _ policy: Policy) -> Int64 {
        let base = Int64(seconds) * 1000
        guard policy.jitterPercent > 0 else { return base }
        // SplitMix64 over leg and number: the same wait whenever it is asked for.
        var z = UInt64(bitPattern: leg.rawValue) &* 0x9e37_79b9_7f4a_7c15 &+ UInt64(number)
        z = (z ^ (z >> 30)) &* 0xbf58_476d_1ce4_e5b9
        z = (z ^ (z >> 27)) &* 0x94d0_49bb_1331_11eb
        z ^= z >> 31
        return base + base * Int64(policy.jitterPercent) / 100 * Int64(z % 1000) / 1000
    }

    /// A retry that would fall after the end of validity is not waited for; one that falls in quiet hours comes after.
    fileprivate func retry(
        _ cause: FailureCause?, at moment: UTCTime, counted: Int, throttles: Int, failures: FailureTally, policy: Policy,
        expiresAt: UTCTime
    ) -> LegStep {
        let dueAt = policy.quiet?.end(at: moment) ?? moment
        let isLate = dueAt >= expiresAt
        return LegStep(
            state: isLate ? .failed : .queued, cause: isLate && (cause == nil || cause == .throttled) ? .expired : cause,
            dueAt: isLate ? nil : dueAt, countedAttempts: counted, throttles: throttles, inDoubt: inDoubt,
            failures: failures)
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

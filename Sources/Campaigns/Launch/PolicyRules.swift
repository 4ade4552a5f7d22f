import AlertModel

/// What is wrong with a policy.
package enum PolicyProblem: Hashable, Sendable, CustomStringConvertible {
    case retries(Int)
    case retryPeriod(seconds: Int)
    case validity(seconds: Int)
    case repeatedChannel(Channel)
    case causeRetries(FailureCause, Int)
    case causePeriod(FailureCause, seconds: Int)
    case jitter(percent: Int)
    case weight(Int)
    case cascadeSteps(Int)
    case cascadeChannel(Channel)
    case cascadeWait(seconds: Int)

    package var code: String {
        switch self {
        case .retries: "retries_out_of_bounds"
        case .retryPeriod: "retry_period_out_of_bounds"
        case .validity: "validity_out_of_bounds"
        case .repeatedChannel: "repeated_channel"
        case .causeRetries: "retries_out_of_bounds"
        case .causePeriod: "retry_period_out_of_bounds"
        case .jitter: "jitter_out_of_bounds"
        case .weight: "weight_out_of_bounds"
        case .cascadeSteps: "cascade_steps_out_of_bounds"
        case .cascadeChannel: "cascade_channels_differ"
        case .cascadeWait: "cascade_wait_out_of_bounds"
        }
    }

    package var description: String {
        switch self {
        case .retries(let count):
            "\(count) retries asked: choose \(Self.words(PolicyRules.retries))"
        case .retryPeriod(let seconds):
            "a retry period of \(seconds) s asked: choose \(Self.words(PolicyRules.retryPeriodSeconds)) seconds"
        case .validity(let seconds):
            "a validity of \(seconds) s asked: choose \(Self.words(PolicyRules.validitySeconds)) seconds"
        case .causeRetries(let cause, let count):
            "\(count) retries asked after \(cause.rawValue): choose \(Self.words(PolicyRules.retries(after: cause)))"
        case .causePeriod(let cause, let seconds):
            "a retry period of \(seconds) s asked after \(cause.rawValue): choose "
                + "\(Self.words(PolicyRules.retryPeriodSeconds)) seconds"
        case .jitter(let percent):
            "a jitter of \(percent) % asked: choose \(Self.words(PolicyRules.jitterPercent))"
        case .weight(let weight): "a weight of \(weight) asked: choose \(Self.words(PolicyRules.weights))"
        case .cascadeSteps(let count):
            "a cascade of \(count) steps: name \(Self.words(PolicyRules.cascadeSteps)), each with a channel"
        case .cascadeChannel(let channel):
            "the channel \(channel.rawValue) must be in exactly one step of the cascade, and in the policy's channels"
        case .cascadeWait(let seconds):
            "a cascade waits \(seconds) s: choose \(Self.words(PolicyRules.cascadeWaitSeconds)) seconds between steps"
        case .repeatedChannel(let channel): "the channel \(channel.rawValue) is named twice"
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
}

/// The bounds of a policy, with their reasons.
package enum PolicyRules {
    /// Networks drop more than about twenty identical messages to a number in an hour; ten retries stay below.
    package static let retries = 0...10
    /// What never reached the recipient's network may be tried more often.
    package static func retries(after cause: FailureCause) -> ClosedRange<Int> {
        cause == .network || cause == .throttled ? 0...100 : retries
    }
    /// Half as long again, at most.
    package static let jitterPercent = 0...50
    /// A campaign's share beside others of its kind.
    package static let weights = 1...100
    /// From at once (a network that failed) to the next day.
    package static let retryPeriodSeconds = 1...86_400
    /// Every channel has a step of its own at most.
    package static let cascadeSteps = 1...Channel.allCases.count
    /// A second shows the order in an exercise; what waits for more than a day is no alert.
    package static let cascadeWaitSeconds = 1...86_400
    /// Under a minute nothing would leave in time; after a week an alert misleads.
    package static let validitySeconds = 60...604_800

    /// What an operator who chose nothing gets: two more tries, two minutes apart, within a day.
    package static func standard(channels: [Channel], mode: CampaignMode = .real) -> Policy {
        // Somebody watches an exercise: its retries are seen within the minute.
        Policy(
            channels: channels.sorted(), maximumRetries: 2, retryPeriodSeconds: mode == .exercise ? 10 : 120,
            validitySeconds: 86_400)
    }

    package static func problems(of policy: Policy) -> [PolicyProblem] {
        var problems: [PolicyProblem] = []
        if !retries.contains(policy.maximumRetries) { problems.append(.retries(policy.maximumRetries)) }
        if !retryPeriodSeconds.contains(policy.retryPeriodSeconds) {
            problems.append(.retryPeriod(seconds: policy.retryPeriodSeconds))
        }
        if !validitySeconds.contains(policy.validitySeconds) {
            problems.append(.validity(seconds: policy.validitySeconds))
        }
        for (cause, rule) in policy.retries.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if !retries(after: cause).contains(rule.count) { problems.append(.causeRetries(cause, rule.count)) }
            if !retryPeriodSeconds.contains(rule.periodSeconds) {
                problems.append(.causePeriod(cause, seconds: rule.periodSeconds))
            }
        }
        if !jitterPercent.contains(policy.jitterPercent) { problems.append(.jitter(percent: policy.jitterPercent)) }
        for channel in Channel.allCases where policy.channels.filter({ $0 == channel }).count > 1 {
            problems.append(.repeatedChannel(channel))
        }
        return problems + (policy.cascade.map { self.problems(of: $0, channels: policy.channels) } ?? [])
    }

    private static func problems(of cascade: Cascade, channels: [Channel]) -> [PolicyProblem] {
        var problems: [PolicyProblem] = []
        if !cascadeSteps.contains(cascade.steps.count) || cascade.steps.contains(where: { $0.channels.isEmpty }) {
            problems.append(.cascadeSteps(cascade.steps.count))
        }
        for channel in Channel.allCases {
            let isUsed = channels.contains(channel)
            if cascade.channels.filter({ $0 == channel }).count != (isUsed ? 1 : 0) { problems.append(.cascadeChannel(channel)) }
        }
        let waits = cascade.steps.dropFirst().map(\.waitSeconds) + cascade.steps.compactMap(\.eachSeconds)
        problems += waits.filter { !cascadeWaitSeconds.contains($0) }.map { .cascadeWait(seconds: $0) }
        if let first = cascade.steps.first?.waitSeconds, first != 0 { problems.append(.cascadeWait(seconds: first)) }
        return problems
    }
}

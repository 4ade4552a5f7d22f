import AlertModel

/// What is wrong with a policy.
package enum PolicyProblem: Hashable, Sendable, CustomStringConvertible {
    case retries(Int)
    case retryPeriod(seconds: Int)
    case validity(seconds: Int)
    case repeatedChannel(Channel)

    package var code: String {
        switch self {
        case .retries: "retries_out_of_bounds"
        case .retryPeriod: "retry_period_out_of_bounds"
        case .validity: "validity_out_of_bounds"
        case .repeatedChannel: "repeated_channel"
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
        case .repeatedChannel(let channel): "the channel \(channel.rawValue) is named twice"
        }
    }

    private static func words(_ range: ClosedRange<Int>) -> String { "\(range.lowerBound) to \(range.upperBound)" }
}

/// The bounds of a policy, with their reasons.
package enum PolicyRules {
    /// Networks drop more than about twenty identical messages to a number in an hour; ten retries stay below.
    package static let retries = 0...10
    /// From at once (a network that failed) to the next day.
    package static let retryPeriodSeconds = 1...86_400
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
        for channel in Channel.allCases where policy.channels.filter({ $0 == channel }).count > 1 {
            problems.append(.repeatedChannel(channel))
        }
        return problems
    }
}

/// Where a leg stands: one contact point of one delivery, the dispatcher's unit of work.
///
/// A leg advances only on what a gateway confirmed.
package enum LegState: String, CaseIterable, Codable, Hashable, Sendable {
    /// Waiting for its turn, or for its retry time.
    case queued
    /// Claimed by the dispatcher: an attempt is open and its outcome is not yet known.
    case inFlight = "in_flight"
    /// The gateway took the message; nothing is known of its arrival.
    case accepted
    /// The gateway confirmed arrival (delivery receipt, answering machine, fax page confirmation).
    case delivered
    /// A person answered without confirming.
    case answered
    /// The person confirmed: pressed 1, replied, clicked.
    case acknowledged
    /// Given up: see the last attempt's cause.
    case failed
    /// Never submitted: the campaign was stopped, or the recipient confirmed on another channel.
    case cancelled

    /// Whether the dispatcher still owes this leg an attempt or an outcome.
    package var isOpen: Bool { self == .queued || self == .inFlight }
}

/// Why an attempt did not pass. Retry policies are set per cause.
package enum FailureCause: String, CaseIterable, Codable, Hashable, Sendable {
    case busy
    case noAnswer = "no_answer"
    /// The network or the gateway did not answer.
    case network
    case refused
    /// The gateway asked to slow down; does not count as an attempt.
    case throttled
    case invalidAddress = "invalid_address"
    case expired
    /// Outside an exercise, no gateway carries the channel.
    case unavailable
    /// The last check before the gateway found that the leg does not belong to what was frozen.
    case withheld
}

/// What a gateway says of a submission, at once or later by a receipt.
package enum Outcome: Hashable, Sendable {
    case accepted
    case delivered
    case answered
    case acknowledged
    case failed(FailureCause)
}

/// A delivery's state, for reports: the best its legs reached.
package enum DeliveryState: String, CaseIterable, Codable, Hashable, Sendable {
    /// No usable contact point on the campaign's channels.
    case unreachable
    /// Something is still to be attempted and nothing has passed yet.
    case pending
    /// Passed to the recipient's device or to the operator, without an answer.
    case passed
    /// Answered, not validated.
    case answered
    /// Answered and validated.
    case acknowledged
    case failed
    case cancelled

    /// - Parameter legs: the states of all the delivery's legs, in any order.
    package init(legs: some Sequence<LegState>) {
        var best = DeliveryState.unreachable
        for leg in legs {
            let state = Self.state(of: leg)
            if state.rank > best.rank { best = state }
        }
        self = best
    }

    private static func state(of leg: LegState) -> DeliveryState {
        switch leg {
        case .queued, .inFlight: .pending
        case .accepted, .delivered: .passed
        case .answered: .answered
        case .acknowledged: .acknowledged
        case .failed: .failed
        case .cancelled: .cancelled
        }
    }

    /// The higher rank wins when legs differ: one channel that passed outweighs another that failed.
    private var rank: Int {
        switch self {
        case .unreachable: 0
        case .cancelled: 1
        case .failed: 2
        case .pending: 3
        case .passed: 4
        case .answered: 5
        case .acknowledged: 6
        }
    }
}

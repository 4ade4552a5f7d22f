import AlertModel

/// Where a request for a second person's approval stands.
package enum ApprovalState: String, CaseIterable, Codable, Hashable, Sendable {
    case pending
    /// A second person approved it: it is a campaign.
    case approved
    /// Nobody answered: whoever asked launched it alone.
    case broken
    case refused
    /// Taken back by whoever asked.
    case withdrawn
    /// The audience is no longer the one that was asked about.
    case void
    /// Nobody answered before it was too old to be true.
    case expired
}

/// What is asked of a request before it is decided.
package struct ApprovalFacts: Hashable, Sendable {
    package let state: ApprovalState
    package let askedBy: String
    package let askedAt: UTCTime
    package let expiresAt: UTCTime
    /// From when whoever asked may go on alone.
    package let breakGlassAt: UTCTime

    package init(state: ApprovalState, askedBy: String, askedAt: UTCTime, expiresAt: UTCTime, breakGlassAt: UTCTime) {
        self.state = state
        self.askedBy = askedBy
        self.askedAt = askedAt
        self.expiresAt = expiresAt
        self.breakGlassAt = breakGlassAt
    }
}

/// Why a decision on a request is refused. Descriptions are safe to show.
package enum ApprovalRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case unknown(ApprovalID)
    case alreadyDecided(ApprovalState)
    case ownRequest
    /// The approver has the right from whoever asks, since less than an hour.
    case rightFromAsker
    /// Whoever asks opened the approver's account, set its password, took its second factor away or made it a token, less than a
    /// week ago: they may be one person.
    case accountOfAsker
    case notAsker
    /// Whoever asked may not launch any more.
    case askerGone
    case tooEarly(seconds: Int)
    case reasonNeeded

    package var code: String {
        switch self {
        case .unknown: "not_found"
        case .alreadyDecided: "approval_decided"
        case .ownRequest: "approval_own"
        case .rightFromAsker: "approval_right_too_new"
        case .accountOfAsker: "approval_own"
        case .notAsker: "approval_not_asker"
        case .askerGone: "approval_asker_gone"
        case .tooEarly: "break_glass_too_early"
        case .reasonNeeded: "reason_needed"
        }
    }

    package var description: String {
        switch self {
        case .unknown(let id): "there is no request \(id): `tocsin approval list` shows those there are"
        case .alreadyDecided(let state):
            state == .expired
                ? "the request is too old: prepare the alert again, so that what is approved is true now"
                : "the request is decided already: \(state.rawValue)"
        case .ownRequest: "who asks can't approve: a second person has to"
        case .rightFromAsker: "this right to approve was given by who asks, less than an hour ago: somebody else has to approve"
        case .accountOfAsker:
            "who asks opened this account, or reset its password or second factor, or made it a token, less than a week ago: "
                + "somebody else has to approve"
        case .notAsker: "only who asked for the launch can do this"
        case .askerGone:
            "who asked may not launch any more (account closed, or right withdrawn): the request is void, prepare the alert again"
        case .tooEarly(let seconds):
            "approvers have \(seconds) more seconds to answer; then it may be launched alone, with a reason"
        case .reasonNeeded: "a reason is due, in some words: it is kept in the journal"
        }
    }
}

/// Who may decide on a request, and when.
package enum ApprovalRules {
    /// A reason that says something.
    package static let shortestReason = 5
    package static let longestReason = 500
    /// A right younger than this, given by whoever asks, is no second person.
    package static let youngestRightSeconds = 3_600

    /// - Parameter rightGivenAt: when `user` got the right to approve from whoever asks; nil when it came from elsewhere.
    package static func approval(
        of request: ApprovalFacts, by user: String, rightGivenAt: UTCTime? = nil, now: UTCTime
    ) -> ApprovalRefusal? {
        if let refusal = decided(request, now) { return refusal }
        if user == request.askedBy { return .ownRequest }
        if let rightGivenAt, now < rightGivenAt.advanced(bySeconds: youngestRightSeconds) { return .rightFromAsker }
        return nil
    }

    /// Whoever asked may withdraw instead of refusing.
    package static func refusal(of request: ApprovalFacts, reason: String, now: UTCTime) -> ApprovalRefusal? {
        decided(request, now) ?? (isReason(reason) ? nil : .reasonNeeded)
    }

    package static func withdrawal(of request: ApprovalFacts, by user: String, now: UTCTime) -> ApprovalRefusal? {
        decided(request, now) ?? (user == request.askedBy ? nil : .notAsker)
    }

    /// - Parameter othersMayApprove: whether anybody but whoever asked could answer: nobody is waited for in vain.
    package static func breakGlass(
        of request: ApprovalFacts, by user: String, reason: String, othersMayApprove: Bool, now: UTCTime
    ) -> ApprovalRefusal? {
        if let refusal = decided(request, now) { return refusal }
        guard user == request.askedBy else { return .notAsker }
        guard isReason(reason) else { return .reasonNeeded }
        guard othersMayApprove, now < request.breakGlassAt else { return nil }
        return .tooEarly(seconds: Int((request.breakGlassAt.millisecondsSince1970 - now.millisecondsSince1970 + 999) / 1000))
    }

    package static func isReason(_ text: String) -> Bool {
        text.count { !$0.isWhitespace } >= shortestReason && text.count <= longestReason
    }

    private static func decided(_ request: ApprovalFacts, _ now: UTCTime) -> ApprovalRefusal? {
        guard request.state == .pending else { return .alreadyDecided(request.state) }
        return now >= request.expiresAt ? .alreadyDecided(.expired) : nil
    }
}

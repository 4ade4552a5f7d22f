/// How one bound session behaves. Times are milliseconds.
package struct SessionSettings: Sendable {
    package var kind = BindKind.transceiver
    package var bind = Bind()
    /// Submissions sent and not answered. SMSCs commonly allow ten; beyond their limit they throttle or drop.
    package var window = 10
    package var bindTimeout: Int64 = 10_000
    /// A submission without an answer for this long is in doubt.
    package var responseTimeout: Int64 = 30_000
    /// Silence after which the link is asked whether it lives. The answer is waited for as long again, so that a
    /// dead link is found out within twenty seconds.
    package var enquireInterval: Int64 = 10_000
    package var unbindTimeout: Int64 = 3_000
    /// No submission for this long after the SMSC asks to slow down, doubled at each such answer up to the longest.
    package var firstThrottlePause: Int64 = 200
    package var longestThrottlePause: Int64 = 5_000
    /// PDUs that are wrong or answer nothing, in one session: a peer that sends more is not an SMSC.
    package var faultLimit = 100

    package init() {}
}

/// What became of one submit_sm.
package enum SubmitAnswer: Hashable, Sendable {
    case accepted(messageID: String)
    case refused(CommandStatus)
    /// It was sent, and whether it was taken is not known.
    case inDoubt(reason: String)
    /// It was never sent.
    case unsent(reason: String)
    /// It was never sent: whoever gave it no longer wanted it when its turn came.
    case withdrawn

    package var isAccepted: Bool { if case .accepted = self { true } else { false } }
}

/// Why a session ends.
package enum CloseReason: Hashable, Sendable, CustomStringConvertible {
    case bindRefused(CommandStatus)
    case bindTimeout
    case linkDead
    case peerUnbound
    case unbound
    case badStream(PDUError)
    case tooManyFaults
    /// The connection went away, or never came.
    case connection(String)

    package var description: String {
        switch self {
        case .bindRefused(let status): "bind refused: \(status)"
        case .bindTimeout: "no answer to the bind"
        case .linkDead: "no answer to enquire_link"
        case .peerUnbound: "the SMSC unbound"
        case .unbound: "unbound"
        case .badStream(let error): "not SMPP: \(error)"
        case .tooManyFaults: "too many faulty PDUs"
        case .connection(let reason): reason
        }
    }
}

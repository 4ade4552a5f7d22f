import AlertModel
import SMPP

/// What an SMSC's refusal means for a leg.
///
/// A cause decides whether the leg is tried again, so the rule for what is not listed is the safe one: a status
/// nobody explained is taken for the SMSC's passing trouble and tried again, as often as the policy says.
enum StatusCauses {
    static func cause(of status: CommandStatus) -> FailureCause {
        switch status.rawValue {
        // The SMSC asks for less: does not count as an attempt.
        case 0x58, 0x14: .throttled  // RTHROTTLED, RMSGQFUL
        // This number, whoever writes to it.
        case 0x0B: .invalidAddress  // RINVDSTADR
        // The message outlived its validity on the way.
        case 0x62: .expired  // RINVEXPIRY
        // The message, its sender or our settings: the next try would be refused alike.
        case 0x01, 0x02, 0x03, 0x06, 0x07, 0x0A, 0x15,  // lengths, command, flags, RINVSRCADR, RINVSERTYP
            0x33, 0x34, 0x40, 0x42, 0x43, 0x44,  // destinations and esm_class
            0x48, 0x49, 0x50, 0x51, 0x53, 0x54, 0x55, 0x61, 0x63,  // kinds of number, system type, times
            0x65, 0x66,  // RX_P_APPN, RX_R_APPN: refused for good
            0xC0...0xC4:  // parameters
            .refused
        // RSYSERR, RSUBMITFAIL, RX_T_APPN, RDELIVERYFAILURE, RUNKNOWNERR, a session in the wrong state, and the
        // operators' own: passing, or not explained.
        default: .network
        }
    }

    /// What a receipt says of its message; nil while more is to come, and when it says nothing.
    static func outcome(of receipt: DeliveryReceipt) -> Outcome? {
        switch receipt.state {
        case .delivered: .delivered
        // Known not to have arrived: worth another try while the alert is valid.
        case .expired: .failed(.noAnswer)
        case .undeliverable: .failed(undeliverable(receipt))
        case .deleted, .rejected, .skipped: .failed(.refused)
        // Not an end, or an end the SMSC knows nothing of: the leg stays as its answer left it.
        case .scheduled, .enroute, .accepted, .unknown: nil
        }
    }

    /// GSM's own errors say more (3GPP TS 29.002 §17.6.6): 1 unknown subscriber, 5 unidentified, 12 illegal phone,
    /// 13 call barred, 21 no short messages.
    private static func undeliverable(_ receipt: DeliveryReceipt) -> FailureCause {
        guard let error = receipt.networkError, error.network == DeliveryReceipt.NetworkError.gsm else { return .noAnswer }
        return switch error.code {
        case 1, 5: .invalidAddress
        case 12, 13, 21: .refused
        default: .noAnswer
        }
    }
}

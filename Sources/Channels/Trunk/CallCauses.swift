import AlertModel
import Dispatching
import Telephony

/// What the end of a call means for a leg.
///
/// | end | cause |
/// |---|---|
/// | 486, 600 | busy |
/// | 480, 408, 487, not answered in time | no answer |
/// | 404, 410, 484, 485, 604 | invalid address |
/// | 603, 403, 433, 488, 606, other 4xx and 6xx | refused |
/// | 503 | throttled: the trunk has no line now, and it does not count |
/// | 401, 407 (our account), other 5xx, no answer from the trunk | network, the gateway's own fault |
enum CallCauses {
    /// What a call that nobody answered comes to.
    static func failure(_ reason: CallEnd.Reason) -> (cause: FailureCause, isGatewayFailure: Bool) {
        switch reason {
        case .theirs(let status?): cause(ofStatus: status)
        case .unanswered: (.noAnswer, false)
        // Ours without an answer: the gateway is closing.
        case .ours, .theirs(nil), .silent, .fault: (.network, true)
        }
    }

    /// What is written of a call that nobody answered.
    static func result(of end: CallEnd) -> SubmissionResult {
        let (cause, isGatewayFailure) = failure(end.reason)
        let detail = switch end.reason {
        case .theirs(let status): status.map { "sip \($0)" }
        case .unanswered: "ring_timeout"
        case .fault(let number): "errno \(number)"
        case .ours, .silent: String?.none
        }
        return .failed(cause, detail: detail, isGatewayFailure: isGatewayFailure)
    }

    private static func cause(ofStatus status: Int) -> (FailureCause, Bool) {
        switch status {
        case 486, 600: (.busy, false)
        case 480, 408, 487: (.noAnswer, false)
        case 404, 410, 484, 485, 604: (.invalidAddress, false)
        case 503: (.throttled, false)
        case 401, 407, 500...599: (.network, true)
        default: (.refused, false)
        }
    }
}

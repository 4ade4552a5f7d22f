import AlertModel
import Mail

/// What a returned message says of one of our attempts.
package struct ReturnedWord: Sendable {
    package let attempt: AttemptID
    package let outcome: Outcome

    /// - Returns: nil when it came to no return address of ours, or says nothing that changes a leg: still being tried, an
    ///   out-of-office answer.
    package init?(_ message: ReturnedMessage, key: LinkKey) {
        guard let attempt = message.addresses.lazy.compactMap({ ReturnAddress.attempt(in: $0, key: key) }).first else {
            return nil
        }
        self.attempt = attempt
        switch message.meaning {
        case .failed(let status, let reply): outcome = .failed(MailCauses.cause(nil, reply: status == nil ? reply : nil, status))
        case .delivered: outcome = .delivered
        case .delayed, .other: return nil
        }
    }
}

import AlertModel

/// What the dispatcher did that an auditor wants to read. Holds ids and counts, never addresses.
package enum DispatchEvent: Sendable {
    /// Attempts of an earlier process, closed as in doubt and queued again.
    case rescued(mode: CampaignMode, count: Int)
    /// The last check before the gateway refused a leg.
    case withheld(Withheld)
    case completed(CampaignID)
    /// Receipts that name no known attempt.
    case strayReceipts(gateway: String, count: Int)
    /// A gateway went down, or came back.
    case gatewayChanged(GatewayChange)
    /// A transaction failed; it is tried again.
    case ledgerFailed(action: String, error: any Error)
}

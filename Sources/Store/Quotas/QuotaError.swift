import AlertModel

/// Why a share, a tariff or a quota is not settled so. Descriptions are safe to show.
package enum QuotaError: Error, Hashable, Sendable, CustomStringConvertible {
    case outOfBounds(String)
    /// A campaign under way would be left without a gateway on these channels.
    case gatewayInUse(CampaignID, [Channel])
    /// What was paid before cannot be settled anew.
    case inThePast
    case twoCurrencies(String, String)

    package var description: String {
        switch self {
        case .outOfBounds(let rule): rule
        case .gatewayInUse(let campaign, let channels):
            "campaign \(campaign) is under way, and nothing would carry \(channels.map(\.rawValue).joined(separator: ", ")) of it "
                + "any more: give its organisation another gateway first, or wait until the campaign has ended"
        case .inThePast: "a tariff holds from now on, or from a later day: what was sent before keeps its price"
        case .twoCurrencies(let new, let old):
            "the organisation's other tariffs and quotas are in \(old), not in \(new): sums of two currencies mean nothing"
        }
    }
}

import AlertModel

/// Why a share, a tariff or a quota is not settled so. Descriptions are safe to show.
package enum QuotaError: Error, Hashable, Sendable, CustomStringConvertible {
    case outOfBounds(String)
    /// A campaign under way would be left without a gateway on these channels; nil where whoever asks may not know of it.
    case gatewayInUse(CampaignID?, [Channel])
    /// What was paid before cannot be settled anew.
    case inThePast
    case unknownGateway(String)
    /// Only who is above the organisation settles it; `isGateway` where only who has the gateway gives it away.
    case notAbove(name: String, isGateway: Bool)

    package var description: String {
        switch self {
        case .outOfBounds(let rule): rule
        case .gatewayInUse(let campaign, let channels):
            (campaign.map { "campaign \($0)" } ?? "a campaign of an organisation that you do not administer")
                + " is under way, and nothing would carry \(channels.map(\.rawValue).joined(separator: ", ")) of it any more: give its organisation another gateway first, or wait until the campaign has ended"
        case .inThePast: "a tariff holds from now on, or from a later day: what was sent before keeps its price"
        case .unknownGateway(let name):
            "there is no gateway “\(name.prefix(60))” that could be given: `tocsin organisation gateways` lists those an organisation has"
        case .notAbove(let name, false):
            "how much “\(name)” may send, and what it pays, is for an administrator of an organisation above it to settle, or for "
                + "the machine's administrator (without TOCSIN_USER)"
        case .notAbove(let name, true):
            "a gateway is reserved for “\(name)” by whoever has it: an administrator of an organisation above that it is reserved for, "
                + "or the machine's administrator (without TOCSIN_USER)"
        }
    }
}

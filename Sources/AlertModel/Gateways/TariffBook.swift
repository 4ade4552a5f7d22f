/// What an organisation pays for one unit on a channel, from a moment on.
package struct DatedTariff: Hashable, Sendable {
    package let organisation: OrganisationID
    package let channel: Channel
    /// Nil for all the channel's gateways that have none of their own.
    package let gateway: String?
    /// Nil ends what held before: that of the organisation above holds again.
    package let tariff: Tariff?
    package let from: UTCTime

    package init(organisation: OrganisationID, channel: Channel, gateway: String?, tariff: Tariff?, from: UTCTime) {
        self.organisation = organisation
        self.channel = channel
        self.gateway = gateway
        self.tariff = tariff
        self.from = from
    }
}

/// The tariffs that hold for one organisation: its own, or those of the nearest above it that has one; of each, the
/// gateway's own before the channel's.
package struct TariffBook: Sendable {
    private let lineage: [OrganisationID]
    private let tariffs: [DatedTariff]

    /// - Parameters:
    ///   - lineage: the organisation, then those above it, the nearest first.
    ///   - tariffs: in the order in which they were settled.
    package init(lineage: [OrganisationID], _ tariffs: [DatedTariff]) {
        self.lineage = lineage
        self.tariffs = tariffs
    }

    /// - Returns: whose it is, with it; nil where nobody has settled one, so that the gateway's files tell.
    package func tariff(of gateway: String, on channel: Channel, at time: UTCTime) -> DatedTariff? {
        for organisation in lineage {
            for scope in [gateway, nil] {
                let latest = tariffs.enumerated().filter {
                    $1.organisation == organisation && $1.channel == channel && $1.gateway == scope && $1.from <= time
                }.max { ($0.element.from, $0.offset) < ($1.element.from, $1.offset) }?.element
                if let latest, latest.tariff != nil { return latest }
            }
        }
        return nil
    }
}

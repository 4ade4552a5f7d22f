import AlertModel

/// What the console shows of the installation: `GET /api/config`, less the server's time.
package struct InstallationFacts: Codable, Hashable, Sendable {
    package struct Organisation: Codable, Hashable, Sendable {
        package let name: String

        package init(name: String) {
            self.name = name
        }
    }

    package struct Communes: Codable, Hashable, Sendable {
        package let count: Int
        /// Year of the Code officiel géographique; nil when no commune is loaded.
        @Nullable package var vintage: Int?
        @Nullable package var bounds: Bounds?

        package init(count: Int, vintage: Int?, bounds: Bounds?) {
            self.count = count
            self.vintage = vintage
            self.bounds = bounds
        }
    }

    package struct Recipients: Codable, Hashable, Sendable {
        package let count: Int
        package let notLocated: Int

        package init(count: Int, notLocated: Int) {
            self.count = count
            self.notLocated = notLocated
        }
    }

    package struct ChannelFacts: Codable, Hashable, Sendable {
        package let channel: Channel
        /// Whether a real gateway carries it; an exercise simulates all four whatever this says.
        package let available: Bool
        /// The gateway's name for people, without credentials.
        @Nullable package var gateway: String?

        package init(channel: Channel, available: Bool, gateway: String?) {
            self.channel = channel
            self.available = available
            self.gateway = gateway
        }
    }

    package let version: String
    package let organisation: Organisation
    package let communes: Communes
    package let recipients: Recipients
    package let channels: [ChannelFacts]
    /// What people wrote back that waits for a reader.
    package let unread: Int

    package init(
        version: String, organisation: Organisation, communes: Communes, recipients: Recipients,
        channels: [ChannelFacts], unread: Int = 0
    ) {
        self.unread = unread
        self.version = version
        self.organisation = organisation
        self.communes = communes
        self.recipients = recipients
        self.channels = channels
    }
}

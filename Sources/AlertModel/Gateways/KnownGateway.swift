/// A real gateway of the machine as its files describe it, without what it takes to use it.
package struct KnownGateway: Hashable, Sendable {
    package let name: String
    package let channel: Channel
    /// What the files say; nil where they say nothing.
    package let tariff: Tariff?

    package init(name: String, channel: Channel, tariff: Tariff?) {
        self.name = name
        self.channel = channel
        self.tariff = tariff
    }
}
